"""How long a prompt takes to its engine and a picture to the gallery. Run: ``python -m bench.pipeline``.

A real web process and a real worker process (as nice as under `easel serve`) on an embedded PostgreSQL that keeps
data safe, files on the disk. A provider notes the clock when it is called, Sketch makes the pictures.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import psycopg
import pyvips

from bench.report import Report
from bench.studio import ORIGIN, database, opened, running
from easel.base.db import conninfo
from easel.core.actor import Actor
from easel.features.library import service as library


async def submit(client: httpx.AsyncClient, **body: Any) -> tuple[str, float, float]:
    """A generation's id, the moment its request was sent and the seconds to the answer."""
    sent, began = time.time(), time.perf_counter()
    answer = await client.post("/api/images/generate", json={"prompt": "a red fox at dusk", **body})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"], sent, time.perf_counter() - began


async def visible(client: httpx.AsyncClient, id: str) -> float:
    """The moment a picture of the generation is in the gallery."""
    while True:
        listed = (await client.get("/api/images", params={"limit": 5})).json()["items"]
        if any(image["generation_id"] == id for image in listed):
            return time.time()
        await asyncio.sleep(0.005)


async def waiting(client: httpx.AsyncClient) -> int:
    """How many generations have not ended."""
    listed = (await client.get("/api/generate/queue", params={"limit": 1, "count": True})).json()
    total: int = listed["total"]
    return total


async def ended(client: httpx.AsyncClient) -> None:
    while True:
        if not await waiting(client):
            return
        await asyncio.sleep(0.1)


def asked(url: str) -> dict[str, float]:
    """When the provider was asked, by generation."""
    with psycopg.connect(conninfo(url)) as connection:
        rows = connection.execute("SELECT generation_id, metadata->>'asked' FROM images")
        return {str(id): float(moment) for id, moment in rows if moment}


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


async def timed(step: Callable[[], Awaitable[Any]], times: int, pause: float = 0) -> list[float]:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        await step()
        seconds.append(time.perf_counter() - began)
        await asyncio.sleep(pause)
    return seconds


async def measure(client: httpx.AsyncClient, url: str, report: Report) -> None:
    for _ in range(10):
        await submit(client)
    await ended(client)

    sent: dict[str, float] = {}
    answers = []
    for _ in range(100):
        id, moment, seconds = await submit(client)
        sent[id] = moment
        answers.append(seconds)
        await asyncio.sleep(0.1)
    await ended(client)
    started = asked(url)
    starts = [(started[id] - moment) * 1000 for id, moment in sent.items()]
    report.add("submit → answer, p50", statistics.median(answers) * 1000, "ms")
    report.add("submit → engine start, p50", statistics.median(starts), "ms", most=10)
    report.add("submit → engine start, p95", percentile(starts, 0.95), "ms", most=50)

    shown = []
    for _ in range(9):
        id, moment, _ = await submit(client, model="sketch/sketch-1", size="1024x1024")
        shown.append(await visible(client, id) - moment)
        await asyncio.sleep(0.8)
    report.add("submit → visible, Sketch 1024², p50", statistics.median(shown[1:]), "s", most=1.2)

    async def gallery() -> None:
        assert (await client.get("/api/images", params={"limit": 30})).status_code == 200

    await asyncio.sleep(2)
    idle = percentile(await timed(gallery, 200, 0.01), 0.95) * 1000
    for _ in range(24):
        await submit(client, model="sketch/sketch-1", size="1024x1024")
    await asyncio.sleep(1)
    busy = percentile(await timed(gallery, 200, 0.01), 0.95) * 1000
    assert await waiting(client), "the worker was not busy to the end"
    report.add("gallery page, idle, p95", idle, "ms")
    report.add("gallery page, worker saturated, p95", busy, "ms")
    report.add("the second to the first", busy / idle, "×", most=2)


async def store(actor: Actor, report: Report) -> None:
    """Bytes in hand → a committed picture, in a process of its own."""
    async with opened() as studio:
        seconds = []
        for number in range(24):
            noise = pyvips.Image.gaussnoise(816, 816, sigma=60, seed=number).bandjoin(
                [pyvips.Image.gaussnoise(816, 816, sigma=60, seed=number + 100 * band) for band in (1, 2)]
            )
            data = noise.cast("uchar").copy(interpretation="srgb").pngsave_buffer(compression=1)
            began = time.perf_counter()
            original = await library.keep(studio, data)
            async with studio.work(actor) as work:
                await library.add_image(work, original, ORIGIN, seed=None, facts={})
            seconds.append(time.perf_counter() - began)
        report.add(
            f"{len(data) / 1e6:.1f} MB in hand → committed, p50",
            statistics.median(seconds[4:]) * 1000,
            "ms",
            most=40,
        )


def main() -> None:
    report = Report(
        "pipeline",
        "Web, worker and client are processes on one machine; PostgreSQL commits to the disk, files are synced.",
    )
    with database() as (folder, url):
        with running(folder) as studio:

            async def of_the_processes() -> Actor:
                actor = await studio.sign_up("bench@example.com")
                await measure(studio.client, url, report)
                return actor

            actor = asyncio.run(of_the_processes())
        asyncio.run(store(actor, report))
        stalls = studio.stalls()
    report.add("stalls of the web process over 50 ms", len(stalls), "", most=0)
    report.add("the longest of them", max(stalls, default=0), "ms")
    report.done()


if __name__ == "__main__":
    main()
