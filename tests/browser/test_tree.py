"""A picture's family as a person goes through it: the map, its keys, the list, and two pictures compared."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT = {"Prefer": "wait=60"}


def made(page: Page, path: str, **body: Any) -> str:
    """Asks for a picture and answers its id."""
    answer = page.request.post(f"/api/{path}", data=body, headers=WAIT)
    assert answer.status == 200, answer.text()
    id: str = answer.json()["images"][0]["id"]
    return id


def test_a_family_is_walked_through_and_two_of_it_compared(page: Page) -> None:
    person = {"email": "tree-ada@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=person).ok
    fox = made(page, "images/generate", prompt="a red fox in the snow", width=256, height=256, steps=2)
    twin = made(page, f"images/{fox}/variation")
    blue = made(page, f"images/{fox}/remix", prompt="a blue fox in the snow")

    page.goto(f"/app/images/{fox}")
    page.get_by_role("link", name="Family tree").click()
    expect(page).to_have_url(re.compile(f"/app/w/personal/images/{fox}/tree"))
    tree = page.get_by_role("tree", name="Family tree")
    tiles = tree.get_by_role("treeitem")
    expect(tiles).to_have_count(3)
    root = tree.get_by_role("treeitem", name=re.compile("red fox.*Text to image"))
    expect(root).to_have_attribute("aria-current", "page")

    tree.focus()
    page.keyboard.press("f")
    expect(tiles).to_have_count(1)
    expect(root).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(tiles).to_have_count(3)
    page.keyboard.press("ArrowRight")
    expect(tree).to_have_attribute("aria-activedescendant", f"family-{twin}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/images/{blue}$"))
    page.get_by_role("link", name="Family tree").click()

    # What is made meanwhile comes in by itself.
    expect(tiles).to_have_count(3)
    made(page, f"images/{twin}/variation")
    expect(tiles).to_have_count(4)

    page.get_by_role("radio", name="List").check(force=True)
    family = page.get_by_role("list", name="Family")
    expect(family.get_by_role("link")).to_have_count(4)
    family.get_by_role("checkbox").first.check()
    family.get_by_role("checkbox", name=re.compile("blue fox")).check()
    page.get_by_role("link", name="Compare").click()
    expect(page).to_have_url(re.compile("/app/w/personal/compare"))
    expect(page.get_by_role("img", name=re.compile("fox"))).to_have_count(2)
    settings = page.get_by_role("region", name="Settings as a table")
    prompt = settings.get_by_role("row", name=re.compile("^Prompt"))
    expect(prompt.get_by_role("deletion")).to_have_text("red ")
    expect(prompt.get_by_role("insertion")).to_have_text("blue ")
    expect(settings.get_by_role("row", name=re.compile("^Operation"))).to_contain_text("Remix")
    page.keyboard.press("+")
    expect(page.get_by_text("150 %")).to_be_visible()

    page.get_by_role("radio", name="Difference").check(force=True)
    expect(page.get_by_text("of the pixels differ")).to_be_visible()
    expect(page.get_by_role("img", name="Difference as a heat map")).to_be_visible()
    page.get_by_role("radio", name="Slider").check(force=True)
    edge = page.get_by_role("slider")
    edge.focus()
    page.keyboard.press("ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", "55")
    page.get_by_role("radio", name="Blink").check(force=True)
    expect(page.get_by_role("img", name=re.compile("fox"))).to_have_count(1)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("img", name="a blue fox in the snow")).to_be_visible()


def test_a_branch_is_replayed_with_other_words(page: Page) -> None:
    person = {"email": "replay-ada@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=person).ok
    fox = made(page, "images/generate", prompt="a red fox in the snow", width=256, height=256, steps=2)
    night = made(page, f"images/{fox}/remix", prompt="a red fox in the snow at night")
    made(page, f"images/{night}/upscale", scale=2)

    page.goto(f"/app/images/{fox}/tree")
    page.get_by_role("button", name="Replay…").click()
    dialog = page.get_by_role("dialog", name="Replay this branch")
    begin = dialog.get_by_role("button", name=re.compile("^Replay"))
    expect(begin).to_be_disabled()
    dialog.get_by_label("Prompt").fill("a grey wolf")
    steps = dialog.get_by_role("list", name="Steps").get_by_role("listitem")
    expect(steps).to_have_count(3)
    expect(steps.nth(1)).to_contain_text("a grey wolf at night")
    begin.click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Replay ended: 3 of 3 made")).to_be_visible(timeout=60_000)
    tree = page.get_by_role("tree", name="Family tree")
    expect(tree.get_by_role("treeitem")).to_have_count(6)
    expect(tree.get_by_role("treeitem", name=re.compile("a grey wolf at night, Remix"))).to_be_visible()
