"""How smooth a gallery of 100,000 pictures is. Run: ``python -m bench.gallery_scroll [pictures]``.

A real web process, worker and database, and the built studio in Chromium (``EASEL_TEST_BROWSER`` or the one that is
installed). The page is scrolled by 60 pixels a frame for ten seconds, then swept from end to end. Frames and long
tasks are the browser's own figures; memory is read after a garbage collection.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page, ViewportSize, async_playwright

from bench.report import Report
from bench.shelf import fill
from bench.studio import Running, database, opened, running

_DESK: ViewportSize = {"width": 1440, "height": 900}
_PHONE: ViewportSize = {"width": 375, "height": 760}

# How the page scrolls: so many pixels a frame, for so many milliseconds or to the end. Answers the frames' lengths.
_SCROLL = """
([step, most]) => new Promise((resolve) => {
  const frames = []
  const begun = performance.now()
  let last = begun
  const next = (now) => {
    frames.push(now - last)
    last = now
    const before = scrollY
    scrollBy({ top: step, behavior: 'instant' })
    if (now - begun > most || (scrollY === before && frames.length > 2)) resolve(frames.slice(2))
    else requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
})
"""
_WATCH = """
window.longTasks = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(entry.duration)
}).observe({ type: 'longtask', buffered: true })
"""
# Milliseconds until every picture in view is drawn.
_FILLED = """
() => new Promise((resolve) => {
  const begun = performance.now()
  const look = () => {
    const seen = [...document.querySelectorAll('ul[aria-label=Pictures] > li')].filter((tile) => {
      const { top, bottom } = tile.getBoundingClientRect()
      return bottom > 0 && top < innerHeight
    })
    const drawn = (tile) => [...tile.querySelectorAll('img[srcset]')].some((image) => image.naturalWidth > 0)
    if ((seen.length > 0 && seen.every(drawn)) || performance.now() - begun > 30000)
      resolve(performance.now() - begun)
    else requestAnimationFrame(look)
  }
  look()
})
"""


async def heap(session: CDPSession) -> float:
    """MiB that scripts hold after a collection."""
    await session.send("HeapProfiler.collectGarbage")
    measured = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in measured if one["name"] == "JSHeapUsedSize")) / 2**20


async def scroll(page: Page, step: int, longest: int) -> list[float]:
    frames: list[float] = await page.evaluate(_SCROLL, [step, longest])
    return sorted(frames)


async def long_tasks(page: Page) -> list[float]:
    """The long tasks since the last question."""
    found: list[float] = await page.evaluate("window.longTasks.splice(0)")
    return found


async def measure(page: Page, what: str, report: Report) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await page.goto("/app/images")
    report.add(f"{what}: first pictures", await _since_start(page), "ms")
    await page.wait_for_function(
        "() => document.querySelector('ul[aria-label=Pictures]')?.clientHeight > 500000"
    )
    before = await heap(session)
    await long_tasks(page)

    frames = await scroll(page, 60, 10_000)
    tasks = await long_tasks(page)
    report.add(f"{what}: frames a second, scrolling", 1000 * len(frames) / sum(frames), "fps", least=45)
    report.add(f"{what}: slowest frame in a hundred", frames[int(len(frames) * 0.99)], "ms", most=50)
    report.add(f"{what}: long tasks, scrolling", len(tasks), "tasks", most=0)

    await scroll(page, 4_000, 60_000)
    tasks = await long_tasks(page)
    report.add(f"{what}: long tasks, sweeping to the end", len(tasks), "tasks", most=0)
    report.add(f"{what}: pictures there after stopping", await page.evaluate(_FILLED), "ms", most=1_500)
    await page.evaluate("scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")
    report.add(f"{what}: pictures there after a jump", await page.evaluate(_FILLED), "ms", most=1_500)
    report.add(f"{what}: memory grown", await heap(session) - before, "MiB", most=10)
    tiles = await page.evaluate("document.querySelectorAll('ul[aria-label=Pictures] > li').length")
    report.add(f"{what}: pictures in the page", tiles, "tiles", most=120)


async def _since_start(page: Page) -> float:
    await page.evaluate(_FILLED)
    elapsed: float = await page.evaluate("performance.now()")
    return elapsed


async def browse(studio: Running, account: dict[str, Any], report: Report) -> None:
    found = os.environ.get("EASEL_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = await playwright.chromium.launch(executable_path=found, args=flags)
        for what, size in (("desk", _DESK), ("phone", _PHONE)):
            context = await browser.new_context(base_url=studio.url, viewport=size)
            await context.add_init_script(_WATCH)
            answer = await context.request.post("/api/auth/login", data=account)
            assert answer.ok, await answer.text()
            await measure(await context.new_page(), what, report)
            await context.close()
        await browser.close()


async def main(folder: Path, number: int) -> None:
    report = Report(
        "gallery_scroll", f"{number:,} pictures in the studio's gallery, in Chromium without a GPU."
    )
    account = {"email": "bench@example.com", "password": secrets.token_urlsafe()}
    with running(folder) as studio:
        actor = await studio.sign_up(**account)
        async with opened() as parts:
            await fill(parts, actor, number)
        await browse(studio, account, report)
        await studio.client.aclose()
    report.done()


if __name__ == "__main__":
    with database() as (place, _):
        asyncio.run(main(place, int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
