"""The settings as a person uses them: another name, another password, the devices that it logs out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningStudio

pytestmark = pytest.mark.browser

OLD, NEW = "a fine long password", "an even finer password"


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/app/log-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_new_password_logs_out_the_other_device(
    page: Page, chromium: Browser, running_studio: RunningStudio
) -> None:
    email = "settings@example.com"
    made = page.request.post(
        "/api/auth/register", data={"email": email, "password": OLD, "name": "Ada Lovelace"}
    )
    assert made.ok
    elsewhere = chromium.new_context(base_url=running_studio.url, reduced_motion="reduce")
    other = elsewhere.new_page()
    log_in(other, email, OLD)
    expect(other).to_have_url(re.compile("/app/w/personal/generate"))

    page.goto("/app/generate")
    page.get_by_role("button", name="Account of Ada Lovelace").click()
    page.get_by_role("menuitem", name="Settings").click()
    expect(page).to_have_url(re.compile("/app/w/personal/settings"))
    page.get_by_label("Name").fill("Ada King")
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_role("button", name="Account of Ada King")).to_be_visible()

    page.get_by_role("tab", name="Devices").click()
    expect(page).to_have_url(re.compile("tab=devices"))
    expect(page.get_by_text("This device")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Revoke "))).to_have_count(1)

    page.get_by_role("tab", name="Account").click()
    page.get_by_label("Current password").fill("not the password")
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_label("Current password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Current password").fill(OLD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed").first).to_be_visible()

    other.goto("/app/images")
    expect(other).to_have_url(re.compile("/app/log-in"))
    log_in(other, email, OLD)
    expect(other.get_by_role("alert")).to_contain_text("wrong")
    log_in(other, email, NEW)
    expect(other).to_have_url(re.compile("/app/w/personal/generate"))

    page.reload()
    page.get_by_role("tab", name="Devices").click()
    page.get_by_role("button", name=re.compile("^Revoke ")).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No other devices")).to_be_visible()
    other.goto("/app/images")
    expect(other).to_have_url(re.compile("/app/log-in"))
    elsewhere.close()


@pytest.mark.parametrize("width", [320, 1440])
def test_the_settings_fit_and_are_reached_by_keys(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    email = f"settings-{width}@example.com"
    sent = {"email": email, "password": OLD, "name": "Ada"}
    assert page.request.post("/api/auth/register", data=sent).ok
    assert page.request.post("/api/auth/login", data={"email": email, "password": OLD}).ok
    page.goto("/app/generate")
    expect(page.get_by_label("Prompt", exact=True)).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_label("Current password")).to_be_visible()
    page.get_by_role("tab", name="Account").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This device")).to_be_visible()
    for tab in ("account", "security", "devices", "api-keys", "danger"):
        page.goto(f"/app/settings?tab={tab}")
        expect(page.get_by_role("tabpanel")).to_be_visible()
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], tab
