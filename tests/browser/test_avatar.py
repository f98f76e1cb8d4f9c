"""A picture of oneself: chosen, moved, saved, shown in the top bar, and removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import pyvips
from playwright.sync_api import Page, expect

from tests.media import pictures

pytestmark = pytest.mark.browser


def test_a_picture_of_oneself(page: Page, tmp_path: Path) -> None:
    made = page.request.post(
        "/api/auth/register",
        data={"email": "avatar@example.com", "password": "a fine long password", "name": "Ada Lovelace"},
    )
    assert made.ok
    colors = ((200, 30, 30), (30, 170, 30), (30, 30, 200))
    thirds = pyvips.Image.arrayjoin([pictures.plain(300, 300, color) for color in colors], across=3)
    file = tmp_path / "me.png"
    file.write_bytes(pictures.encoded(thirds, "png"))

    page.goto("/app/settings")
    page.get_by_label("Picture file").set_input_files(file)
    dialog = page.get_by_role("dialog", name="Your picture")
    expect(dialog.get_by_role("img", name="What others will see")).to_be_visible()
    dialog.get_by_label("Left and right").fill("100")
    dialog.get_by_role("button", name="Save picture").click()
    expect(page.get_by_text("Picture saved").first).to_be_visible()
    shown = page.get_by_role("button", name="Account of Ada Lovelace").locator("img")
    expect(shown).to_have_attribute("src", re.compile(r"^/api/users/.+/avatar\?v="))

    address = shown.get_attribute("src")
    assert address is not None
    kept = pyvips.Image.webpload_buffer(page.request.get(address).body())
    assert (kept.width, kept.height) == (512, 512)
    red, green, blue = kept.getpoint(256, 256)[:3]
    assert blue > 150
    assert max(red, green) < 90

    page.get_by_role("button", name="Remove picture").click()
    expect(shown).to_have_count(0)
    expect(page.get_by_role("button", name="Account of Ada Lovelace")).to_have_text("AL")
