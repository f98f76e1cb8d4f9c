"""Pictures as a ZIP, as a person takes them along: chosen in the gallery, downloaded, opened without the studio."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

_PROMPTS = ("a red fox <script>document.title='run'</script>", "a lighthouse at dusk", "a bowl of lemons")
_LOADED = "images => images.every(image => image.complete && image.naturalWidth > 0)"


def test_choose_download_and_open_without_the_studio(
    page: Page, context: BrowserContext, tmp_path: Path
) -> None:
    account = {"email": "export@example.com", "password": "a fine long password", "name": "Ada"}
    assert page.request.post("/api/auth/register", data=account).ok
    for prompt in _PROMPTS:
        wanted = {"prompt": prompt, "size": "256x256", "steps": 1}
        answer = page.request.post("/api/images/generate", data=wanted, headers={"Prefer": "wait=60"})
        assert answer.json()["status"] == "completed", answer.text()
    page.goto("/app/images")
    tiles = page.get_by_role("list", name="Pictures").locator("li > a")
    expect(tiles).to_have_count(3)
    tiles.nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    chosen = page.get_by_role("region", name="Chosen pictures")
    expect(chosen).to_contain_text("2 pictures")

    chosen.get_by_role("button", name="Download").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="Download ZIP").click()
    expect(page.get_by_text("A ZIP of 2 pictures is downloading").first).to_be_visible()
    assert taken.value.suggested_filename.startswith("Pictures 20")
    taken.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "export")

    chosen.get_by_role("button", name="Download").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="Metadata as CSV").click()
    with taken.value.path().open(encoding="utf-8", newline="") as table:
        assert [row["prompt"] for row in csv.DictReader(table)] == [_PROMPTS[1], _PROMPTS[0]]

    sheet = context.new_page()
    sheet.goto((tmp_path / "export" / "contact-sheet.html").as_uri())
    expect(sheet.get_by_role("listitem")).to_have_count(2)
    expect(sheet.get_by_text(_PROMPTS[0])).to_be_visible()
    pictures = sheet.get_by_role("img")
    expect(pictures).to_have_count(2)
    for place in range(2):
        pictures.nth(place).scroll_into_view_if_needed()
    sheet.wait_for_function(f"({_LOADED})([...document.images])")
    expect(sheet).to_have_title("Pictures")
    sheet.get_by_text("Settings").first.click()
    expect(sheet.get_by_text("seed").first).to_be_visible()
    pictures.first.click()
    expect(sheet).to_have_url((tmp_path / "export" / "originals").as_uri() + "/0001-a-lighthouse-at-dusk.png")
