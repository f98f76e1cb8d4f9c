"""Passkeys and two-step verification as a person sets them up and logs in with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import RunningStudio
from tests.plugins.authenticator import app_code, time_step

pytestmark = pytest.mark.browser

PASSWORD = "a fine long password"
NO_SUGGESTIONS = """
if (self.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
"""
"""The virtual authenticator answers what a browser asks at once, also what waits for a person's choice."""


@pytest.fixture
def named(chromium: Browser, running_studio: RunningStudio) -> Iterator[BrowserContext]:
    """A browser that knows the studio by a host name: passkeys know no IP addresses."""
    url = running_studio.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(
        base_url=url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    context.add_init_script(NO_SUGGESTIONS)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert not errors, errors


def settings_of(page: Page, email: str) -> None:
    """A new account's security settings."""
    sent = {"email": email, "password": PASSWORD, "name": "Ada Lovelace"}
    assert page.request.post("/api/auth/register", data=sent).ok
    page.goto("/app/settings?tab=security")
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account of Ada Lovelace").click()
    page.get_by_role("menuitem", name="Log out").click()
    expect(page).to_have_url(re.compile("/app/log-in"))


def give_password(page: Page, email: str) -> None:
    page.goto("/app/log-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_passkey_is_added_and_logs_in(named: BrowserContext) -> None:
    page = named.new_page()
    devtools = named.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    settings_of(page, "passkey@example.com")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name", exact=True).fill("My laptop")
    page.get_by_role("button", name="Create the passkey").click()
    listed = page.get_by_role("list", name="Your passkeys").get_by_role("listitem")
    expect(listed).to_contain_text("Not used yet")

    log_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/generate$"))
    page.goto("/app/settings?tab=security")
    expect(listed).to_contain_text("Used")
    page.get_by_role("button", name="Rename My laptop").click()
    page.get_by_label("Name", exact=True).fill("Work laptop")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("button", name="Remove Work laptop").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkeys yet.")).to_be_visible()


def test_two_steps_from_setting_up_to_a_lost_phone(named: BrowserContext, tmp_path: Path) -> None:
    email = "two-steps@example.com"
    page = named.new_page()
    settings_of(page, email)
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    secret = (page.get_by_role("dialog").locator("code").inner_text()).replace(" ", "")
    page.get_by_label("Code that the app shows").fill("12")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Is wrong or was used before.")).to_be_visible()
    page.get_by_label("Code that the app shows").fill(app_code(secret))
    used = time_step()
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    downloading.value.save_as(tmp_path / "codes.txt")
    kept = (tmp_path / "codes.txt").read_text().split()
    assert kept == codes.all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()

    log_out(page)
    give_password(page, email)
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()
    code = page.get_by_label("Code")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    code.fill("000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("That code is wrong, or was used before.")).to_be_visible()
    # The next code, also if this one was used a moment ago: clocks may be half a minute off.
    code.fill(app_code(secret, max(0, used + 1 - time_step())))
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/generate$"))

    log_out(page)
    give_password(page, email)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(kept[0])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/generate$"))
    page.goto("/app/settings?tab=security")
    page.get_by_role("button", name="Turn off").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Code").fill(kept[1])
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Set up")).to_be_visible()
