"""Projects and collections as a person keeps them: begun, filled, put in order by mouse and by keys, archived."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.test_main_job import generate, sign_up

pytestmark = pytest.mark.browser


def expect_order(page: Page, *words: str) -> None:
    pictures = page.get_by_role("list", name="Pictures of Mood board").get_by_role("img")
    expect(pictures).to_have_count(len(words))
    for index, word in enumerate(words):
        expect(pictures.nth(index)).to_have_attribute("alt", re.compile(word))


def test_a_project_is_begun_filled_and_archived_and_a_collection_put_in_order(page: Page) -> None:
    sign_up(page)

    # A project from the empty page; what is generated for it lies in it.
    page.get_by_role("link", name="Projects").first.click()
    page.get_by_role("button", name="New project").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("two\u202elines")
    dialog.get_by_role("button", name="Create project").click()
    expect(dialog.get_by_text("direction")).to_be_visible()
    dialog.get_by_label("Name").fill("Spring")
    dialog.get_by_label("Tags").fill("snow, Snow, fox")
    dialog.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("heading", name="Spring", level=2)).to_be_visible()
    expect(page.get_by_text("snow", exact=True)).to_be_visible()

    page.get_by_role("link", name="Generate", exact=True).last.click()
    expect(page.get_by_label("Project", exact=True)).to_have_value(re.compile("[0-9a-f-]{36}"))
    for prompt in ("a red fox", "a paper boat", "a lighthouse"):
        generate(page, prompt)
        expect(page.get_by_role("img", name=re.compile(prompt)).first).to_be_visible()
    page.get_by_role("button", name="Keep these settings for it").click()
    expect(page.get_by_text("begin like this now")).to_be_visible()

    page.get_by_role("link", name="Projects").first.click()
    expect(page.get_by_text("3 pictures")).to_be_visible()
    page.get_by_role("link", name=re.compile("Spring")).click()
    gallery = page.get_by_role("list", name="Pictures of Spring")
    expect(gallery.get_by_role("img")).to_have_count(3)

    # All of them into a new collection.
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Add to…").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("Mood board")
    page.get_by_role("button", name=re.compile("New collection")).click()
    expect(page.get_by_text("3 pictures added to Mood board")).to_be_visible()
    # Dragged there by mouse, they are there already.
    page.keyboard.press("Control+a")
    chosen = page.get_by_role("region", name="Chosen pictures")
    expect(chosen).to_contain_text("3 pictures")
    expect(chosen.get_by_role("button", name="Download")).to_be_visible()
    gallery.get_by_role("listitem").first.hover()
    page.mouse.down()
    page.mouse.move(600, 500, steps=5)
    page.get_by_role("complementary", name="Put it into").get_by_text("Mood board").hover()
    page.mouse.up()
    expect(page.get_by_text("They are in Mood board already")).to_be_visible()

    # One leaves the project, and comes back.
    gallery.locator("li > a").first.focus()
    page.keyboard.press("Space")
    chosen.get_by_role("button", name="Remove from the project").click()
    expect(gallery.get_by_role("img")).to_have_count(2)
    expect(page.get_by_text("2 pictures")).to_be_visible()
    page.keyboard.press("z")
    expect(gallery.get_by_role("img")).to_have_count(3)
    page.get_by_role("link", name="Collections").first.click()
    page.get_by_role("link", name=re.compile("Mood board")).click()
    expect_order(page, "lighthouse", "boat", "fox")

    # By mouse, then by keys; the order outlives a reload.
    tiles = page.get_by_role("list", name="Pictures of Mood board").get_by_role("listitem")
    tiles.nth(0).hover()
    page.mouse.down()
    target = tiles.nth(2).bounding_box()
    assert target is not None
    page.mouse.move(target["x"] + 40, target["y"] + 60, steps=8)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=4)
    expect(page.get_by_text("It is over place 3")).to_be_attached()
    with page.expect_response(lambda answer: answer.request.method in ("PUT", "POST", "PATCH")):
        page.mouse.up()
    expect_order(page, "boat", "fox", "lighthouse")
    # The picture glides to its place, the others to theirs, and the order comes back from the server.
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("img", name="a lighthouse")).to_have_count(1)
    page.get_by_role("list", name="Pictures of Mood board").evaluate(
        "list => Promise.allSettled(list.getAnimations({ subtree: true }).map(each => each.finished))"
    )
    grip = page.get_by_role("button", name=re.compile("Move a lighthouse"))
    grip.focus()
    page.keyboard.press("Space")
    # Picked up, and all places measured: only then do the arrows know where to.
    expect(page.get_by_text("It is over place 3")).to_be_attached()
    place_2 = page.get_by_text("It is over place 2")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
        # Pressed while the board is measured anew, a key moves nothing.
        with suppress(PlaywrightTimeoutError):
            place_2.wait_for(state="attached", timeout=4_000)
            break
    expect(place_2).to_be_attached()
    page.keyboard.press("Space")
    expect_order(page, "boat", "lighthouse", "fox")
    page.reload()
    expect_order(page, "boat", "lighthouse", "fox")

    # Taken out and put back where it was.
    page.get_by_role("button", name="Choose a lighthouse").click()
    page.get_by_role("button", name="Take out").click()
    expect_order(page, "boat", "fox")
    page.get_by_role("button", name="Undo").first.click()
    expect_order(page, "boat", "lighthouse", "fox")

    # The archive takes the project out of the list and out of the form.
    page.get_by_role("link", name="Projects").first.click()
    page.get_by_role("link", name=re.compile("Spring")).click()
    page.get_by_role("button", name="Project menu").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_text("Spring is archived")).to_be_visible()
    page.get_by_role("link", name="Projects").first.click()
    expect(page.get_by_text("No projects yet")).to_be_visible()
    page.get_by_text("Archive", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Spring"))).to_be_visible()
