"""Pairs judged by keys, and what is made of a picture from wherever it shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_blind_pair_is_judged_by_keys_and_its_picture_varied_by_two(page: Page) -> None:
    person = {"email": "ab-ada@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=person).ok
    page.goto("/app/ab")
    page.get_by_role("main").get_by_role("link", name="New comparison").last.click()
    page.get_by_text("One setting").click()
    page.get_by_role("textbox", name="Prompt").fill("a red fox in the snow")
    page.get_by_role("combobox", name=re.compile("^Setting")).select_option("steps")
    for side, steps in (("A", 2), ("B", 4)):
        page.get_by_role("spinbutton", name=f"Steps {side}").fill(str(steps))
    make = page.get_by_role("button", name="Make 2 pictures")
    expect(make).to_contain_text("Free")
    make.click()

    left = page.get_by_role("button", name="Left is better")
    expect(left).to_be_visible(timeout=60_000)
    pictures = page.get_by_role("region", name="Pair").get_by_role("img")
    expect(pictures).to_have_count(2)
    expect(page.get_by_text("Open the picture")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    told = page.get_by_role("figure").filter(has_text="Left").get_by_text(re.compile("[AB] · [24]"))
    expect(told).to_be_visible()
    expect(left).to_have_count(0)
    page.get_by_role("link", name="See what wins").click()
    row = page.get_by_role("region", name="Settings").get_by_role("row").nth(1)
    expect(row).to_contain_text(re.compile("Steps: [24].*100 % .21–100 %.|Steps: [24].*0 % .0–79 %."))

    # From the gallery: the menu key and Enter, then right click and click.
    page.get_by_role("navigation", name="Pages").first.get_by_role("link", name="Images").click()
    tiles = page.get_by_role("list", name="Pictures").get_by_role("listitem")
    expect(tiles).to_have_count(2, timeout=30_000)
    menu = page.get_by_role("menu")
    tiles.first.get_by_role("link").focus()
    page.keyboard.press("Shift+F10")
    expect(menu.get_by_role("menuitem", name="Vary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vary: it is being made")).to_be_visible()
    expect(tiles).to_have_count(3, timeout=60_000)
    tiles.first.click(button="right")
    menu.get_by_role("menuitem", name="Compare with parent").click()
    expect(page).to_have_url(re.compile("/app/w/personal/compare"))
    expect(page.get_by_role("img", name=re.compile("fox"))).to_have_count(2)
