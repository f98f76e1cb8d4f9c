"""How long pictures take: storing an original, its renditions, a download. Run: ``python -m bench.media``.

CPU times are of the whole process, the best of several runs; storing is wall time, the median, into a local folder
with fsync (under the folder given as an argument, else the system's temporary one).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pyvips

from bench.baselines.pillow_thumbnails import rendered
from bench.report import Report
from easel.media.appearance import average_color, dominant_colors, perceptual_hash
from easel.media.convert import Target
from easel.media.hashes import content_hash
from easel.media.placeholder import thumb_hash
from easel.media.preview import shrink_preview
from easel.media.probe import MAX_SIDE, probe
from easel.media.redraw import Recipe, redraw
from easel.media.renditions import WIDTHS, render
from easel.media.safe_decode import decode
from easel.storage.base import open_storage


def photo(side: int) -> pyvips.Image:
    """A photo-like square: noise of three sizes in colour, and grain that costs encoders what real grain does."""
    large, middle, small = (
        pyvips.Image.perlin(side, side, cell_size=side // part, seed=part) for part in (4, 16, 64)
    )
    grain = pyvips.Image.gaussnoise(side, side, sigma=4, mean=0, seed=9)
    red = large * 80 + middle * 40 + small * 20 + 128 + grain
    green = large * 60 - middle * 50 + small * 20 + 120 + grain
    blue = large * -70 + middle * 30 + small * 25 + 130 + grain
    return red.bandjoin([green, blue]).cast("uchar").copy(interpretation="srgb").copy_memory()


def converted(data: bytes, target: Target) -> bytes:
    return redraw(data, Recipe(target, within=(MAX_SIDE, MAX_SIDE))).data


def cpu(work: Callable[[], object], runs: int = 5) -> float:
    """Milliseconds of CPU, the least of `runs`."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


async def storing(folder: Path, size: int, *, again: bool) -> float:
    """Milliseconds from bytes to a durable original under its hash, the median of 20; `again`: it is there already."""
    storage = open_storage((folder / "files").as_uri())
    times = []
    data = os.urandom(size)
    await storage.put_content(data, suffix="png")
    for _ in range(20):
        data = data if again else os.urandom(size)
        began = time.perf_counter()
        await storage.put_content(data, suffix="png")
        times.append(time.perf_counter() - began)
    await storage.close()
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print."""
    report = Report(
        "media", "CPU of the process, best of several runs; storing is wall time into a durable folder."
    )

    def row(what: str, figure: float, unit: str = "ms", most: float | None = None) -> None:
        report.add(what, figure, unit, most=most)

    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        row("hash and put, 2 MB", asyncio.run(storing(Path(folder), 2_000_000, again=False)), most=40)
        row("the same bytes again", asyncio.run(storing(Path(folder), 2_000_000, again=True)))

    picture = photo(1024)
    png = bytes(picture.pngsave_buffer(compression=6))
    row("PNG, 1024 × 1024", len(png) / 1e6, "MB")
    row("content hash", cpu(lambda: content_hash(png)))
    row("probe", cpu(lambda: probe(png)))
    row("decode", cpu(lambda: decode(png)))
    row("renditions and looks", cpu(lambda: render(png)), most=250)
    small = decode(png, within=(256, 256))
    row("  thumbhash of them", cpu(lambda: thumb_hash(small)))
    row("  perceptual hash", cpu(lambda: perceptual_hash(small)))
    row("  dominant colours, average", cpu(lambda: (dominant_colors(small), average_color(small))))
    for file in render(png).files:
        row(f"  {file.format} {file.width}", len(file.data) / 1000, "kB")
    row("preview, 512 wide", cpu(lambda: shrink_preview(png)))
    row("preview, 512 wide", len(shrink_preview(png)) / 1000, "kB")
    for target in get_args(Target):
        row(f"convert to {target}", cpu(lambda target=target: converted(png, target), 3))  # type: ignore[misc]
        row(f"convert to {target}", len(converted(png, target)) / 1000, "kB")
    large = bytes(photo(4096).jpegsave_buffer(Q=90))
    row("renditions of a JPEG, 4096 × 4096", cpu(lambda: render(large), 2))
    # The files alone on the other side: no hashes, no colours, nothing that guards against what strangers send.
    row("Pillow's thumbnails, 1024 × 1024", cpu(lambda: rendered(png, WIDTHS)))
    row("Pillow's thumbnails of a JPEG, 4096 × 4096", cpu(lambda: rendered(large, WIDTHS), 2))
    report.done()


if __name__ == "__main__":
    main()
