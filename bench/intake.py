"""What it takes to bring a folder of pictures in. Run: ``python -m bench.intake [pictures]``.

`easel library import` against a running studio of a web process and a worker, whose thumbnails are waited for. Then the
same folder again, of which everything is there.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pyvips
from sqlalchemy import func, select

from bench.report import Report
from bench.studio import Running, database, opened, running
from bench.take_out import Peak
from easel.core.actor import Actor
from easel.features.library.models import Image

_SIDE = 256


def fill(folder: Path, number: int) -> None:
    """Write pictures, each of bytes of its own, in ten folders."""
    for seed in range(number):
        noise = pyvips.Image.perlin(_SIDE, _SIDE, cell_size=64, seed=seed) * 90 + 128
        picture = noise.bandjoin([noise * 0.8, noise * 0.6]).cast("uchar").copy(interpretation="srgb")
        place = folder / f"roll {seed % 10}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{seed:06}.png").write_bytes(picture.pngsave_buffer(compression=1))


async def rendered() -> int:
    """How many pictures have their thumbnails."""
    async with opened() as studio, studio.work(Actor.system()) as work:
        return await work.session.scalar(select(func.count(Image.rendered_at))) or 0


def run(folder: Path, studio: Running) -> dict[str, int]:
    """One import over HTTP; answers what it says it did."""
    command = [
        sys.executable,
        "-m",
        "easel",
        "library",
        "import",
        str(folder),
        "--tags-from-folders",
        "--json",
    ]
    token = studio.client.headers["Authorization"].removeprefix("Bearer ")
    environment = {**os.environ, "EASEL_URL": studio.url, "EASEL_TOKEN": token}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, int] = json.loads(done.stdout)
    return told


def measure(studio: Running, pictures: Path, report: Report, number: int) -> None:
    asyncio.run(studio.sign_up("bench@example.com"))
    web, worker = (Peak(psutil.Process(process.pid)) for process in (studio.web, studio.worker))
    began = time.perf_counter()
    with web.watched(), worker.watched():
        told = run(pictures, studio)
        assert told["added"] == number, told
        report.add("files a second", number / (time.perf_counter() - began), "")
        while asyncio.run(rendered()) < number:
            time.sleep(0.2)
        report.add("with all thumbnails", number / (time.perf_counter() - began), "", least=15)
    report.add("peak memory of the web process", web.most, "MiB", most=400)
    report.add("peak memory of the worker process", worker.most, "MiB", most=500)
    began = time.perf_counter()
    again = run(pictures, studio)
    assert again["already_there"] == number, again
    report.add("files a second where all are there", number / (time.perf_counter() - began), "")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    report = Report(
        "intake", f"{number:,} PNGs of {_SIDE} x {_SIDE} pixels, by `easel library import` over HTTP."
    )
    with database() as (folder, _):
        pictures = folder / "pictures"
        fill(pictures, number)
        with running(folder) as studio:
            measure(studio, pictures, report, number)
    report.done()


if __name__ == "__main__":
    main()
