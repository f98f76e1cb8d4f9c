"""Making a part of a picture anew, and a picture larger, as a person does: painting, undoing, comparing."""

from __future__ import annotations

import re

import pytest
import pyvips
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import sign_up

pytestmark = pytest.mark.browser


def test_only_what_was_painted_is_made_anew_and_what_is_there_stays(page: Page) -> None:
    sign_up(page)
    wanted = {"prompt": "a lighthouse by the sea", "size": "512x512", "output_format": "png"}
    made = page.request.post("/api/images/generate", data=wanted, headers={"Prefer": "wait=30"}).json()
    picture = made["images"][0]
    page.goto(f"/app/images/{picture['id']}/inpaint")
    stage = page.get_by_role("application", name="Mask")
    expect(stage.get_by_role("img")).to_be_visible()
    submit = page.get_by_role("button", name="Make it anew")
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    off = re.compile("true")
    expect(page.get_by_text("Paint over what is to change.")).to_be_visible()
    expect(undo).to_have_attribute("aria-disabled", off)

    box = stage.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20, steps=6)
    page.mouse.up()
    expect(page.get_by_text("Write what should be there.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Paint over what is to change.")).to_be_visible()
    expect(redo).not_to_have_attribute("aria-disabled", off)
    redo.click()
    expect(page.get_by_text("Write what should be there.")).to_be_visible()
    stage.focus()
    for key in ("ArrowUp", "ArrowUp", "Space", "]"):
        page.keyboard.press(key)

    page.get_by_label("Prompt").fill("a red door")
    submit.click()
    result = page.get_by_role("region", name="Result")
    expect(result.get_by_alt_text("After")).to_be_visible(timeout=60_000)
    before, after = (
        _pixels(page, result.get_by_alt_text(name).get_attribute("src")) for name in ("Before", "After")
    )
    kept = page.request.get(f"/api/images/{picture['id']}/masks").json()["items"]
    assert [(mask["width"], mask["height"]) for mask in kept] == [(512, 512)]
    mask = _pixels(page, kept[0]["url"]).extract_band(0)
    changed = (before - after).abs().bandmean() > 0
    assert changed.ifthenelse(mask == 0, 0).max() == 0
    assert changed.ifthenelse(mask == 255, 0).max() == 255
    assert 0 < mask.avg() < 100

    result.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Clear the mask").click()
    expect(page.get_by_text("Paint over what is to change.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Use the mask of")).click()
    expect(page.get_by_text("Paint over what is to change.")).to_have_count(0)

    page.goto(f"/app/images/{picture['id']}")
    page.get_by_role("link", name="Extend").click()
    page.get_by_role("slider", name="Right").press("Shift+ArrowRight")
    expect(page.get_by_text("576 × 512")).to_be_visible()
    page.get_by_role("button", name="Extend", exact=True).click()
    expect(result.get_by_alt_text("After")).to_be_visible(timeout=60_000)
    grown = _pixels(page, result.get_by_alt_text("After").get_attribute("src"))
    assert (grown.width, grown.height) == (576, 512)
    assert (grown.crop(0, 0, 512, 512) - before).abs().max() == 0


def _pixels(page: Page, url: str | None) -> pyvips.Image:
    assert url is not None
    return pyvips.Image.new_from_buffer(page.request.get(url).body(), "")
