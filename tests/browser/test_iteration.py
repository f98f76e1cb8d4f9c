"""Going on from a picture as a person does: a variation with one click, larger, edited, and back again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import sign_up

pytestmark = pytest.mark.browser
LONG = 60_000


def test_from_a_picture_to_a_variation_a_larger_one_and_an_edit_taken_back(page: Page) -> None:
    sign_up(page)
    wanted = {"prompt": "a red fox in the snow", "size": "256x128", "steps": 2}
    made = page.request.post("/api/images/generate", data=wanted, headers={"Prefer": "wait=60"}).json()
    (fox,) = made["images"]
    page.goto(f"/app/images/{fox['id']}")
    panel = page.get_by_role("region", name="Iterate")
    panel.get_by_role("button", name=re.compile("Make a variation")).click()
    results = panel.get_by_role("list", name="Made from this picture")
    expect(results.get_by_role("link")).to_have_count(1, timeout=LONG)

    panel.get_by_role("button", name="Upscale", exact=True).click()
    panel.get_by_text("4×").click()
    expect(panel.get_by_text("1024 × 512 pixels")).to_be_visible()
    panel.get_by_role("form", name="Upscale").get_by_role("button", name=re.compile("Upscale")).click()
    expect(results.get_by_role("link")).to_have_count(2, timeout=LONG)

    panel.get_by_role("button", name="Edit", exact=True).click()
    editor = page.get_by_role("dialog", name="Edit the picture")
    editor.get_by_role("button", name="Turn right").click()
    editor.get_by_label("Shape of the crop").select_option("1:1")
    expect(editor.get_by_role("button", name=re.compile("Crop frame, 128 × 128 pixels"))).to_be_visible()
    editor.get_by_role("button", name="Apply").click()
    expect(panel.get_by_text("The picture has a new version.")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("128 × 128").first).to_be_visible()

    panel.get_by_role("button", name="Versions", exact=True).click()
    versions = panel.get_by_role("list", name="Versions").get_by_role("listitem")
    expect(versions).to_have_count(2)
    versions.filter(has_text="Original").get_by_role("button", name="Restore").click()
    expect(versions.filter(has_text="Original").get_by_text("Shown")).to_be_visible()
    panel.get_by_role("button", name="Delete version 2").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete version").click()
    expect(versions).to_have_count(1)

    results.get_by_role("link").first.click()
    expect(
        page.get_by_role("region", name="Details").or_(page.get_by_role("complementary", name="Details"))
    ).to_contain_text("1,024 × 512")
