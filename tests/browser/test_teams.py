"""A team as two people use it: made, shared by invitation, looked at by one who may not change it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningStudio

pytestmark = pytest.mark.browser

PASSWORD = "a fine long password"


def sign_up(page: Page, email: str, name: str) -> None:
    sent = {"email": email, "password": PASSWORD, "name": name}
    assert page.request.post("/api/auth/register", data=sent).ok


def test_a_team_shares_its_pictures_and_a_viewer_deletes_none(
    page: Page, chromium: Browser, running_studio: RunningStudio
) -> None:
    sign_up(page, "teams-ada@example.com", "Ada")
    page.goto("/app/images")
    expect(page).to_have_url(re.compile("/app/w/personal/images"))
    page.get_by_role("button", name="Workspace: Personal").click()
    page.get_by_role("menuitem", name="New team").click()
    page.get_by_label("Team name").fill("Posters")
    page.get_by_role("button", name="Create team").click()
    expect(page).to_have_url(re.compile("/app/w/[0-9a-f-]{36}/team"))
    expect(page.get_by_role("button", name="Workspace: Posters")).to_be_visible()
    team = re.search("/w/([0-9a-f-]{36})/", page.url)
    assert team is not None

    page.get_by_label("E-mail").fill("teams-vera@example.com")
    page.get_by_label("Level", exact=True).select_option("view")
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Invitation link").input_value()
    made = page.request.post(
        "/api/images/generate",
        data={"prompt": "a quiet harbour", "width": 256, "height": 256},
        headers={"X-Workspace": team[1], "Prefer": "wait=60"},
    )
    assert made.status == 200, made.text()

    elsewhere = chromium.new_context(base_url=running_studio.url, reduced_motion="reduce")
    other = elsewhere.new_page()
    other.goto("/app/join?" + link.partition("?")[2])
    expect(other.get_by_role("heading", name="Join Posters")).to_be_visible()
    other.get_by_role("link", name="Sign up to join").click()
    other.get_by_label("Name").fill("Vera")
    other.get_by_label("E-mail").fill("teams-vera@example.com")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign up").click()
    other.get_by_role("button", name="Join Posters").click()
    expect(other).to_have_url(re.compile(f"/app/w/{team[1]}/images"))

    picture = other.get_by_role("img", name="a quiet harbour")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    picture.click()
    expect(other).to_have_url(re.compile(f"/app/w/{team[1]}/images/"))
    expect(other.get_by_role("button", name="Download")).to_be_visible()
    expect(other.get_by_role("button", name="Delete")).to_have_count(0)
    other.keyboard.press("Delete")
    refused = other.request.delete(
        f"/api/images/{made.json()['images'][0]['id']}", headers={"X-Workspace": team[1]}
    )
    assert refused.status == 403
    other.goto(f"/app/w/{team[1]}/generate")
    expect(other.get_by_text("You can view this workspace")).to_be_visible()

    page.goto(f"/app/w/{team[1]}/images")
    expect(page.get_by_role("img", name="a quiet harbour")).to_be_visible()
    page.goto("/app/w/personal/images")
    expect(page.get_by_text("a quiet harbour")).to_have_count(0)
    expect(page.get_by_role("img", name="a quiet harbour")).to_have_count(0)

    page.goto(f"/app/w/{team[1]}/team")
    page.get_by_role("button", name="Remove Vera").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Vera is no member any more").first).to_be_visible()
    log = page.get_by_role("region", name="Activity").get_by_role("listitem")
    expect(log.filter(has_text="Removed from the team")).to_contain_text("teams-vera@example.com")
    expect(log.filter(has_text="Joined the team")).to_contain_text("Can view")
    other.goto(f"/app/w/{team[1]}/images")
    expect(other.get_by_text("You are no member of this workspace")).to_be_visible()
    elsewhere.close()


def test_an_api_key_is_made_shown_once_and_revoked(page: Page, running_studio: RunningStudio) -> None:
    sign_up(page, "keys-ada@example.com", "Ada")
    page.goto("/app/settings?tab=api-keys")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Key name").fill("Nightly")
    page.get_by_role("button", name="Make the key").click()
    key = page.get_by_label("API key", exact=True).input_value()
    assert key.startswith("easel_")
    program = page.request.get("/api/images", headers={"X-API-Key": key})
    assert program.ok
    page.reload()
    expect(page.get_by_text("Last used")).to_be_visible()
    expect(page.get_by_text(key)).to_have_count(0)
    page.get_by_role("button", name="Revoke Nightly").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No API keys")).to_be_visible()
    assert page.request.get("/api/images", headers={"X-API-Key": key}).status == 401
