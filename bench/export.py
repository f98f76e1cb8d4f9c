"""What a ZIP of 10,000 pictures takes. Run: ``python -m bench.export [pictures]``.

A real web process and a real worker process on an embedded PostgreSQL that keeps data safe, files on the disk. The
pictures are small, and many show the same file, so that it is the rows, the files and the checksums that are measured.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
import zipfile
from pathlib import Path

import psutil

from bench import shelf
from bench.report import Report
from bench.studio import Running, database, opened, running
from bench.take_out import Peak

_LONGEST = 400
_TRIES = 3
_MIB = 1 << 20
_ASYNC = {"Prefer": "respond-async"}


async def begin(studio: Running) -> tuple[str, str, float]:
    """Ask for everything as a ZIP: its address, that of its bytes, and seconds until the first of these were there."""
    began = time.perf_counter()
    made = await studio.client.post("/api/images/export", json={"filter": {}}, headers=_ASYNC)
    assert made.status_code == 202, made.text
    url = made.json()["download_url"]
    async with studio.client.stream("GET", url) as answer:
        async for _ in answer.aiter_bytes():
            break
    return f"/api/exports/{made.json()['id']}", url, time.perf_counter() - began


async def until_ready(studio: Running, address: str) -> int:
    async with asyncio.timeout(_LONGEST):
        export = {"status": "preparing"}
        while export["status"] == "preparing":
            await asyncio.sleep(0.1)
            export = (await studio.client.get(address)).json()
    assert export["status"] == "ready", export
    return int(export["size"])


async def measure(studio: Running, folder: Path, report: Report, number: int) -> None:
    async with opened() as own:
        await shelf.fill(own, await studio.sign_up("bench@example.com"), number)
    web = psutil.Process(studio.web.pid)
    for _ in range(2):  # imports, plans and pools are there then, as in a studio that runs
        address, url, _ = await begin(studio)
        await until_ready(studio, address)
    firsts = []
    for _ in range(_TRIES):
        address, url, first = await begin(studio)
        firsts.append(first)
        await until_ready(studio, address)
    report.add(
        "asked for → first byte, while it is prepared, median",
        1000 * statistics.median(firsts),
        "ms",
        most=300,
    )

    peak, began = Peak(web), time.perf_counter()
    address, url, _ = await begin(studio)
    size = await until_ready(studio, address)
    report.add("asked for → its papers are there", time.perf_counter() - began, "s")
    file, began = folder / "export.zip", time.perf_counter()
    with peak.watched(), file.open("wb") as written:
        async with studio.client.stream("GET", url, timeout=_LONGEST) as answer:
            async for piece in answer.aiter_bytes():
                written.write(piece)
    report.add("the whole of it", time.perf_counter() - began, "s")
    assert file.stat().st_size == size
    with zipfile.ZipFile(file) as archive:
        assert await asyncio.to_thread(archive.testzip) is None
        report.add("files in it", len(archive.namelist()), "")
    report.add("its size", size / _MIB, "MiB")
    report.add("memory of the web process above where it began", peak.most - peak.before, "MiB", most=64)

    resumed = []
    for part in range(1, 6):
        began = time.perf_counter()
        headers = {"Range": f"bytes={size * part // 6}-"}
        async with studio.client.stream("GET", url, headers=headers) as answer:
            assert answer.status_code == 206
            async for _ in answer.aiter_bytes():
                break
        resumed.append(time.perf_counter() - began)
    report.add(
        "taken up in the middle → first byte, median", 1000 * statistics.median(resumed), "ms", most=300
    )


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    report = Report(
        "export", f"A ZIP of {number:,} small pictures with thumbnails, tables and a contact sheet."
    )
    with database() as (folder, _), running(folder) as studio:
        asyncio.run(measure(studio, folder, report, number))
    report.done()


if __name__ == "__main__":
    main()
