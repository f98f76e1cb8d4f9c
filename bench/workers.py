"""What more processes bring: generations a second over workers, and of two of each kind.

Run: ``python -m bench.workers [generations]``. Pictures of 64 × 64 pixels that cost nothing to make, in batches,
through the whole pipeline with their thumbnails: what is measured is Easel itself. How far it goes depends on the
cores, which PostgreSQL and the client need too.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx
import psycopg

from bench.report import Report
from bench.studio import Running, database, running
from easel.base.db import conninfo

_ENOUGH_CORES = 8
"""Two web servers, two workers, their PostgreSQL and the client, without waiting for each other."""
_LARGEST_BATCH = 1000
_LEFT = """
    SELECT (SELECT count(*) FROM generations WHERE status IN ('pending', 'processing'))
         + (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'media')
"""


async def _batch(studio: Running, url: str, count: int) -> None:
    requests = [{"prompt": f"a red fox, number {number}"} for number in range(count)]
    headers = {"Authorization": studio.client.headers["Authorization"]}
    async with httpx.AsyncClient(base_url=url, timeout=120, headers=headers) as client:
        answer = await client.post("/api/generate/batch", json={"requests": requests})
        assert answer.status_code == 202, answer.text


async def rate(studio: Running, url: str, count: int, email: str) -> float:
    """Generations a second from the first request to the last thumbnail."""
    await studio.sign_up(email)
    began = time.perf_counter()
    share = min(_LARGEST_BATCH, count // len(studio.urls))
    rounds = max(1, count // (share * len(studio.urls)))
    for _ in range(rounds):
        await asyncio.gather(*(_batch(studio, web, share) for web in studio.urls))
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        while True:
            row = connection.execute(_LEFT.encode()).fetchone()
            assert row is not None
            if row[0] == 0:
                break
            await asyncio.sleep(0.05)
    return share * len(studio.urls) * rounds / (time.perf_counter() - began)


def measured(folder: Path, url: str, count: int, *, workers: int, webs: int = 1) -> float:
    with running(folder, workers=workers, webs=webs) as studio:
        return asyncio.run(_warm_rate(studio, url, count, f"{workers}-{webs}@example.com"))


async def _warm_rate(studio: Running, url: str, count: int, email: str) -> float:
    await rate(studio, url, 20, f"warm-{email}")
    found = await rate(studio, url, count, f"bench-{email}")
    await studio.client.aclose()
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    cores = os.cpu_count() or 1
    os.environ["EASEL_USER_SEATS"] = "1000"
    report = Report("workers", f"{count:,} generations a run; client and database share the {cores} cores.")
    with database() as (folder, url):
        rates = {workers: measured(folder, url, count, workers=workers) for workers in (1, 2, 3, 4)}
        for workers, found in rates.items():
            report.add(f"generations per second, workers: {workers}", found, "1/s")
        twice = measured(folder, url, count, workers=2, webs=2)
    report.add("generations per second, two web processes and two workers", twice, "1/s")
    report.add(
        "the same against one of each", twice / rates[1], "×", least=1.7 if cores >= _ENOUGH_CORES else None
    )
    points = [(float(workers), found) for workers, found in rates.items()]
    report.draw("throughput over workers", "workers", "generations per second", {"one web process": points})
    report.done()


if __name__ == "__main__":
    main()
