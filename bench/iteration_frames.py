"""How smooth iterating is: a family of 2,000 pictures, a mask at 2048 × 2048, and edits as they are tried.

Run: ``python -m bench.iteration_frames [pictures]``. A real web process, worker and database, and the built studio in
Chromium (``EASEL_TEST_BROWSER`` or the one that is installed). Work is what the page's own thread is busy for, counted
by the browser, divided by the frames that it drew: it does not depend on a graphics card, the frame rate does.
"""

from __future__ import annotations

import asyncio
import math
import os
import secrets
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.async_api import CDPSession, Page, ViewportSize, async_playwright
from sqlalchemy import text

from bench.gallery_scroll import _WATCH, long_tasks
from bench.report import Report
from bench.shelf import _PICTURES, fill
from bench.studio import Running, database, opened, running
from easel.core.actor import Actor
from easel.core.work import Studio

_SIZE: ViewportSize = {"width": 1440, "height": 900}
_CHILDREN = 4
_SIDE = 2048
_SLIDER = "input[type=range], [role=slider]"

# Every picture but the oldest came from an older one, four from each.
_FAMILY = """
WITH placed AS (SELECT *, row_number() OVER (ORDER BY created_at, id) AS place FROM images WHERE user_id = :user),
     first AS (SELECT id FROM placed WHERE place = 1)
INSERT INTO lineage (image_id, parent_id, root_id, workspace_id, operation, created_at)
SELECT placed.id, parent.id, first.id, placed.workspace_id, 'variation', placed.created_at
FROM placed CROSS JOIN first
LEFT JOIN placed AS parent ON parent.place = (placed.place + :each - 2) / :each AND placed.place > 1
"""
_OLDEST = "SELECT id FROM images WHERE user_id = :user ORDER BY created_at, id LIMIT 1"
# Milliseconds from a press on the link until the map and its first pictures are drawn.
_OPEN = """
() => new Promise((resolve) => {
  const link = [...document.querySelectorAll('a')].find((each) => each.textContent.includes('Family tree'))
  const begun = performance.now()
  link.click()
  const look = () => {
    if (document.querySelectorAll('[role=treeitem]').length > 0)
      requestAnimationFrame(() => resolve(performance.now() - begun))
    else requestAnimationFrame(look)
  }
  look()
})
"""
_FRAMES = """
() => {
  window.frames_ = []
  let last = performance.now()
  const next = (now) => { window.frames_.push(now - last); last = now; window.going_ = requestAnimationFrame(next) }
  window.going_ = requestAnimationFrame(next)
}
"""
_ENOUGH = "() => { cancelAnimationFrame(window.going_); return window.frames_.slice(2) }"
# Milliseconds from a key on a slider until the frame that shows what it does.
_PREVIEW = """
(slider) => new Promise((resolve) => {
  const shown = document.querySelector('[role=dialog] filter')
  const before = shown ? shown.outerHTML : ''
  const begun = performance.now()
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
  setter.call(slider, String(Number(slider.value) + Number(slider.step || 1) * 4))
  for (const type of ['input', 'change']) slider.dispatchEvent(new Event(type, { bubbles: true }))
  const look = () => {
    const now = document.querySelector('[role=dialog] filter')
    if ((now ? now.outerHTML : '') !== before || performance.now() - begun > 2000)
      requestAnimationFrame(() => resolve(performance.now() - begun))
    else requestAnimationFrame(look)
  }
  look()
})
"""


async def main(folder: Path, number: int) -> None:
    report = Report(
        "iteration_frames", f"A family of {number:,}, a mask of {_SIDE}², edits; in Chromium without a GPU."
    )
    account = {"email": "bench@example.com", "password": secrets.token_urlsafe()}
    with running(folder) as studio:
        actor = await studio.sign_up(**account)
        async with opened() as parts:
            await fill(parts, actor, number - _PICTURES)
            oldest = await _family(parts, actor)
        made = await studio.client.post(
            "/api/images/generate",
            json={
                "prompt": "a lighthouse",
                "size": f"{_SIDE}x{_SIDE}",
                "steps": 1,
                "model": "sketch/sketch-1",
            },
            headers={"Prefer": "wait=60"},
        )
        assert made.status_code == 200, made.text
        large = made.json()["images"][0]["id"]
        await _browse(studio, account, report, str(oldest), large)
        await studio.client.aclose()
    report.done()


async def _family(studio: Studio, actor: Actor) -> UUID:
    """Make all pictures of someone one family; answers the oldest."""
    async with studio.work(Actor.system()) as work:
        await work.session.execute(text(_FAMILY), {"user": actor.user, "each": _CHILDREN})
        await work.session.execute(text("ANALYZE lineage"))
        oldest: UUID = (await work.session.execute(text(_OLDEST), {"user": actor.user})).scalar_one()
        return oldest


async def _browse(studio: Running, account: dict[str, Any], report: Report, oldest: str, large: str) -> None:
    found = os.environ.get("EASEL_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = await playwright.chromium.launch(executable_path=found, args=flags)
        context = await browser.new_context(base_url=studio.url, viewport=_SIZE)
        await context.add_init_script(_WATCH)
        answer = await context.request.post("/api/auth/login", data=account)
        assert answer.ok, await answer.text()
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable")
        await _tree(page, session, report, oldest)
        await _mask(page, session, report, large)
        await _edit(page, report, large)
        await browser.close()


async def _tree(page: Page, session: CDPSession, report: Report, oldest: str) -> None:
    await page.goto(f"/app/images/{oldest}/tree")  # Its code is there once it was opened.
    await page.get_by_role("treeitem").first.wait_for()
    times = []
    for _ in range(5):
        await page.goto(f"/app/images/{oldest}")
        await page.get_by_role("link", name="Family tree").wait_for()
        await page.wait_for_timeout(1_000)
        times.append(await page.evaluate(_OPEN))
    report.add("opening the tree", sorted(times)[2], "ms", most=300)
    stage = page.get_by_role("tree", name="Family tree")
    box = await stage.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    place = stage.locator("[role=presentation]").first

    async def pan() -> None:
        for way in (-1, 1, -1, 1):
            before = await place.get_attribute("style")
            await page.mouse.move(*middle)
            await page.mouse.down()
            await page.mouse.move(middle[0] + way * 400, middle[1] + way * 200, steps=60)
            assert await place.get_attribute("style") != before, "the map did not move"
            await page.mouse.up()

    await _measured(page, session, report, "panning the tree", pan, frames_least=45)


async def _mask(page: Page, session: CDPSession, report: Report, large: str) -> None:
    await page.goto(f"/app/images/{large}/inpaint")
    stage = page.get_by_role("application", name="Mask")
    await stage.get_by_role("img").wait_for()
    await page.wait_for_timeout(1_500)
    box = await stage.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    async def stroke() -> None:
        await page.mouse.move(x - 150, y)
        await page.mouse.down()
        for step in range(240):
            turn = step / 12
            await page.mouse.move(x - 150 + step * 1.2, y + 90 * math.sin(turn))
        await page.mouse.up()

    await _measured(page, session, report, f"mask strokes at {_SIDE}²", stroke)
    await page.get_by_text("Write what should be there.").wait_for()  # Something is painted.


async def _edit(page: Page, report: Report, large: str) -> None:
    await page.goto(f"/app/images/{large}")
    await page.get_by_role("button", name="Edit", exact=True).click()
    slider = page.get_by_role("dialog").locator(_SLIDER).last
    await slider.wait_for()
    await page.wait_for_timeout(1_000)
    times = [await slider.evaluate(_PREVIEW) for _ in range(9)]
    report.add("an edit's preview", sorted(times)[4], "ms", most=100)


async def _measured(
    page: Page,
    session: CDPSession,
    report: Report,
    what: str,
    act: Callable[[], Awaitable[None]],
    *,
    frames_least: float | None = None,
) -> None:
    """Frames and work while `act` lasts."""
    await long_tasks(page)
    busy = await _busy(session)
    await page.evaluate(_FRAMES)
    await act()
    frames: list[float] = sorted(await page.evaluate(_ENOUGH))
    work = 1000 * (await _busy(session) - busy) / len(frames)
    report.add(f"{what}: work in a frame", work, "ms", most=16)
    report.add(f"{what}: frames a second", 1000 * len(frames) / sum(frames), "fps", least=frames_least)
    report.add(f"{what}: slowest frame in a hundred", frames[int(len(frames) * 0.99)], "ms")
    report.add(f"{what}: long tasks", len(await long_tasks(page)), "tasks")


async def _busy(session: CDPSession) -> float:
    """Seconds that the page's thread was busy until now."""
    measured = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in measured if one["name"] == "TaskDuration"))


if __name__ == "__main__":
    with database() as (place, _):
        asyncio.run(main(place, int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
