"""Bringing pictures in as a person does: dropped on the gallery, cut off and gone on with, refused with a reason."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_main_job import sign_up
from tests.media import foreign_files

pytestmark = pytest.mark.browser

# A drop as the browser would make it, which no input of Playwright's does.
_DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], name, { type }));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(
      new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


def test_a_dropped_file_a_cut_connection_and_a_file_that_is_none(page: Page, tmp_path: Path) -> None:
    sign_up(page)
    page.goto("/app/images")
    expect(page.get_by_text("No pictures yet")).to_be_visible()
    fox = foreign_files.png({"parameters": foreign_files.A1111}, side=300)
    page.evaluate(_DROP, ["fox.png", "image/png", base64.b64encode(fox).decode()])
    tray = page.get_by_role("region", name="Uploads")
    expect(tray.get_by_text("1 picture in your library")).to_be_visible()
    tile = page.get_by_role("link", name=re.compile("a red fox in the snow")).first
    expect(tile).to_be_visible()

    # The second part of three is lost on its way, once; what came before it does not come again.
    large = tmp_path / "large.png"
    large.write_bytes(foreign_files.png({}, side=300, seed=5) + bytes(20_000_000))
    offsets: list[int] = []

    def once_cut(route: Route) -> None:
        if route.request.method != "PATCH":
            route.fallback()
            return
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == 2:
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/api/images/uploads/*", once_cut)
    page.get_by_role("button", name="Upload pictures").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Choose files").click()
    nothing = tmp_path / "notes.png"
    nothing.write_text("not a picture")
    choosing.value.set_files([large])
    expect(tray.get_by_text("2 pictures in your library")).to_be_visible(timeout=60_000)
    assert offsets == [0, 8_000_000, 8_000_000, 16_000_000]

    page.unroute("**/api/images/uploads/*")
    page.get_by_role("button", name="Upload pictures").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Choose files").click()
    choosing.value.set_files([nothing, large])
    expect(tray.get_by_text("Save it as PNG, JPEG, WebP, AVIF or GIF")).to_be_visible()
    expect(tray.get_by_text("Already in your library")).to_be_visible(timeout=60_000)
    tray.get_by_role("button", name="Dismiss notes.png").click()
    tray.get_by_role("link", name="Open fox.png").click()
    details = page.get_by_role("complementary", name="Details")
    expect(details.get_by_text("a red fox in the snow").first).to_be_visible()
    expect(details.get_by_text("1234567").first).to_be_visible()
    tray.get_by_role("button", name="Close uploads").click()
    expect(tray).to_have_count(0)

    page.get_by_role("button", name="Upload pictures").click()
    page.get_by_label("From an address").fill("http://localhost:1/x.png")
    page.get_by_role("button", name="Fetch").click()
    expect(tray.get_by_text("Use the picture's own address in the open internet")).to_be_visible()
