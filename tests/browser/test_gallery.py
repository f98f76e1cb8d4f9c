"""The gallery as a person uses it: find, choose, tag, take back, look closely, rate, delete, restore; in two tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

FOXES = 3
MADE = [(f"a red fox, number {n}", "256x256") for n in range(FOXES)] + [
    ("a lighthouse at dusk", "320x256"),
    ("a bowl of lemons", "256x320"),
]


def fill_library(page: Page) -> None:
    """An account with a few pictures, signed in, without going through the form."""
    account = {"email": "gallery@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=account).ok
    for prompt, size in MADE:
        wanted = {"prompt": prompt, "size": size, "steps": 1}
        answer = page.request.post("/api/images/generate", data=wanted, headers={"Prefer": "wait=60"})
        assert answer.json()["status"] == "completed", answer.text()


def tiles(page: Page) -> Locator:
    return page.get_by_role("list", name="Pictures").locator("li > a")


def test_find_choose_change_and_take_back(page: Page, context: BrowserContext) -> None:
    fill_library(page)
    page.goto("/app/images")
    expect(tiles(page)).to_have_count(len(MADE))

    # Finding: by words, by shape, and back by the browser's own button.
    page.get_by_role("textbox", name="Search pictures").fill("fox")
    expect(tiles(page)).to_have_count(FOXES)
    expect(page).to_have_url(re.compile(r"q=fox"))
    page.get_by_role("button", name="Empty the search").click()
    expect(tiles(page)).to_have_count(len(MADE))
    page.get_by_role("button", name="Filters").click()
    filters = page.get_by_role("complementary", name="Filters")
    filters.get_by_role("button", name=re.compile("Landscape")).click()
    expect(tiles(page)).to_have_count(1)
    expect(filters.get_by_role("button", name=re.compile("Portrait 1"))).to_be_visible()
    page.go_back()
    expect(tiles(page)).to_have_count(len(MADE))

    # Choosing a range by keys, tagging it, and taking that back.
    page.get_by_label("Order").select_option("Name, Z to A")
    foxes = tiles(page).filter(has=page.get_by_role("img", name=re.compile("fox")))
    expect(tiles(page).nth(0)).to_have_accessible_name(re.compile("fox, number 2"))
    tiles(page).nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    chosen = page.get_by_role("region", name="Chosen pictures")
    expect(chosen).to_contain_text("3 pictures")
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Put on").fill("winter")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("3 pictures tagged").first).to_be_visible()
    expect(filters.get_by_role("button", name=re.compile("winter 3"))).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back").first).to_be_visible()
    expect(filters.get_by_role("button", name=re.compile("winter"))).to_have_count(0)
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)

    # Looking closely, rating by key; the other tab sees it without a reload.
    other = context.new_page()
    other.goto("/app/images?view=list")
    expect(tiles(other)).to_have_count(len(MADE))
    foxes.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/app/w/personal/images/[0-9a-f-]{36}"))
    expect(page.get_by_role("button", name="4 of 5")).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="4 of 5")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Title").fill("The fox")
    page.get_by_label("Title").press("Enter")
    line = tiles(other).filter(has_text="The fox")
    expect(line).to_contain_text("rated 4")
    other.close()

    # Away and back: from the picture's page to the trash, from there to the gallery.
    page.go_back()
    expect(tiles(page)).to_have_count(len(MADE))
    fox = tiles(page).filter(has=page.get_by_role("img", name=re.compile("fox, number 2")))
    fox.focus()
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(len(MADE) - 1)
    page.goto("/app/trash")
    gone = page.get_by_role("list", name="Deleted pictures").locator("li > a")
    expect(gone).to_have_count(1)
    gone.first.focus()
    page.keyboard.press("r")
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.goto("/app/images")
    expect(tiles(page)).to_have_count(len(MADE))
