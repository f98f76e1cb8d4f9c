"""What a take-out of 10,000 pictures takes, out and in. Run: ``python -m bench.take_out [pictures]``.

A real web process and a real worker process on an embedded PostgreSQL that keeps data safe, files on the disk. The
pictures are small, so that it is the rows, the files and the hashes that are measured, not the disk's throughput.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
import pyvips
from sqlalchemy import insert

from bench.report import Report
from bench.studio import ORIGIN, Running, database, opened, running
from easel.base.clock import now
from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.features.library import service as library
from easel.features.library.models import Image

_LONGEST = 1800
"""Seconds that the import may take before it counts as failed."""
_AT_ONCE = 200
_MIB = 1 << 20


class Peak:
    """The most memory that a process held, in MiB, and by how much that is above where it began."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.before = self.most = self._now()

    @contextmanager
    def watched(self) -> Iterator[None]:
        ended = Event()

        def watch() -> None:
            while not ended.wait(0.05):
                self.most = max(self.most, self._now())

        thread = Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _now(self) -> float:
        return float(self._process.memory_info().rss / _MIB)


async def fill(actor: Actor, number: int) -> None:
    """Put pictures into someone's library, each of bytes of its own, as if they had been rendered already."""
    async with opened() as studio:
        for first in range(0, number, _AT_ONCE):
            seeds = range(first, min(first + _AT_ONCE, number))
            originals = await asyncio.gather(*(library.keep(studio, dot(seed)) for seed in seeds))
            async with studio.work(actor) as work:
                await work.session.execute(insert(Image), [row(actor, original) for original in originals])


def row(actor: Actor, original: library.Original) -> dict[str, Any]:
    """A picture's row."""
    return {
        **{"workspace_id": actor.workspace, "user_id": actor.user, "id": new_id()},
        **{"operation": ORIGIN.operation, "prompt": ORIGIN.prompt, "negative_prompt": "", "alt_text": ""},
        **{"model_id": ORIGIN.model_id, "model_version": ORIGIN.model_version, "parameters": {}},
        **{"file_path": original.key, "content_hash": original.content_hash, "file_size": original.file_size},
        **{name: getattr(original.facts, name) for name in ("format", "width", "height")},
        "rendered_at": now(),
    }


def dot(seed: int) -> bytes:
    """A small picture unlike any of another seed."""
    noise = pyvips.Image.gaussnoise(16, 16, sigma=60, seed=seed).cast("uchar")
    data: bytes = noise.bandjoin([noise, noise]).copy(interpretation="srgb").pngsave_buffer()
    return data


async def measure(studio: Running, folder: Path, report: Report, number: int) -> None:
    await fill(await studio.sign_up("bench@example.com"), number)
    client = studio.client
    web, worker = (psutil.Process(process.pid) for process in (studio.web, studio.worker))
    file = folder / "take-out.zip"

    peak, began = Peak(web), time.perf_counter()
    with peak.watched(), file.open("wb") as written:
        async with client.stream("POST", "/api/users/export", timeout=_LONGEST) as answer:
            async for piece in answer.aiter_bytes():
                written.write(piece)
    report.add("export", time.perf_counter() - began, "s")
    report.add("its size", file.stat().st_size / _MIB, "MiB")
    report.add("peak memory of the web process, export", peak.most, "MiB", most=400)
    report.add("above where it began", peak.most - peak.before, "MiB", most=100)

    await studio.sign_up("elsewhere@example.com")
    peak, began = Peak(worker), time.perf_counter()
    with peak.watched(), file.open("rb") as opened:
        sent = await client.post("/api/users/import", files={"file": opened}, timeout=_LONGEST)
        assert sent.status_code == 202, sent.text
        async with asyncio.timeout(_LONGEST):
            job: dict[str, Any] = {"finished_at": None}
            while job["finished_at"] is None:
                await asyncio.sleep(0.2)
                job = (await client.get(sent.json()["links"]["self"])).json()
    assert job["result"]["images"] == number, job
    report.add("upload and import", time.perf_counter() - began, "s")
    report.add("peak memory of the worker process, import", peak.most, "MiB", most=500)
    report.add("above where it began", peak.most - peak.before, "MiB", most=200)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    report = Report(
        "take-out",
        f"{number:,} small pictures. The worker renders thumbnails while it imports, so its memory is that of both.",
    )
    with database() as (folder, _), running(folder) as studio:
        asyncio.run(measure(studio, folder, report, number))
    report.done()


if __name__ == "__main__":
    main()
