"""The danger zone as a person uses it: take everything out, bring it into another account, delete, restore."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningStudio

pytestmark = pytest.mark.browser

PASSWORD = "a fine long password"


def sign_up(page: Page, email: str) -> None:
    sent = {"email": email, "password": PASSWORD, "name": "Ada"}
    assert page.request.post("/api/auth/register", data=sent).ok
    assert page.request.post("/api/auth/login", data={"email": email, "password": PASSWORD}).ok


def test_a_library_moves_to_another_account(
    page: Page, chromium: Browser, running_studio: RunningStudio, tmp_path: Path
) -> None:
    sign_up(page, "admin-of-take-out@example.com")
    sign_up(page, "from@example.com")
    made = page.request.post(
        "/api/images/generate",
        data={"prompt": "a lighthouse", "aspect_ratio": "1:1"},
        headers={"Prefer": "wait=60"},
        timeout=90_000,
    )
    assert made.json()["status"] == "completed"
    page.goto("/app/settings?tab=danger")
    with page.expect_download(timeout=60_000) as downloading:
        page.get_by_role("button", name="Download everything").click()
    file = tmp_path / "take-out.zip"
    downloading.value.save_as(file)

    elsewhere = chromium.new_context(base_url=running_studio.url, reduced_motion="reduce")
    other = elsewhere.new_page()
    sign_up(other, "to@example.com")
    other.goto("/app/settings?tab=danger")
    other.get_by_label("Take-out to import").set_input_files(file)
    expect(other.get_by_text("Last import: 1 pictures came in")).to_be_visible(timeout=60_000)
    other.goto("/app/images")
    expect(other.get_by_role("img", name=re.compile("lighthouse"))).to_have_count(1)
    elsewhere.close()

    page.get_by_label("Type from@example.com to confirm").fill("from@example.com")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page).to_have_url(re.compile("/app/log-in"), timeout=60_000)
    page.get_by_label("E-mail").fill("from@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Restore it").click()
    expect(page).to_have_url(re.compile("/app/w/personal/generate"))
    page.goto("/app/images")
    expect(page.get_by_role("img", name=re.compile("lighthouse"))).to_have_count(1)
