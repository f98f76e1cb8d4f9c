"""How long Sketch takes, look by look; with --sheet DIR also what it draws.

Measures one core: it sets libvips to one thread before libvips starts. Needs no database and no server.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import typing
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("VIPS_CONCURRENCY", "1")

import pyvips

from bench.report import Report
from easel.providers.sketch import Style
from easel.providers.sketch.draw import draw, encoded
from easel.providers.sketch.words import catalogue

PROMPT = "a red fox in a forest at sunset"
TARGET_MS = 700
STYLES = [style for style in typing.get_args(Style) if style != "auto"]
PLACES = [
    "mountains and a lake at dawn", "a sailboat on the sea at sunset", "a lighthouse in a storm",
    "tropical beach with palm trees", "a deer in a snowy winter forest", "camels' desert with a cactus",
    "canyon with a horse", "a city at night in the rain", "a village in autumn", "a rocket in space with a planet",
    "an astronaut riding a horse on the moon surface", "three cats on a sofa", "a cup of coffee on a table",
    "fish in a coral reef", "a dragon before a volcano", "a wizard in a cave", "a castle above the clouds",
    "a rabbit in a flower meadow", "a wolf under the northern lights", "quantum jazz of forgotten algebra",
]  # fmt: skip


def milliseconds(style: str, runs: int) -> float:
    """The median time on a core of a 1024 × 1024 PNG at the default steps, with its previews.

    Processor time, all threads together: what else the machine does at the time does not count.
    """

    def on_step(step: int, preview: Callable[[], bytes] | None) -> None:
        if preview is not None:
            preview()

    taken = []
    for seed in range(runs):
        started = time.process_time()
        drawn, _ = draw(PROMPT, "", 1024, 1024, seed=seed, steps=8, guidance=7, style=style, on_step=on_step)
        encoded(drawn, "png")
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def picture(prompt: str, style: str = "auto", side: int = 384, guidance: float = 7) -> pyvips.Image:
    return draw(prompt, "", side, side, seed=1, steps=8, guidance=guidance, style=style)[0]


def sheets(folder: Path) -> None:
    """Contact sheets: every subject, every style, many places."""
    folder.mkdir(parents=True, exist_ok=True)
    subjects = [picture(f"{name} on a plain background", side=192, guidance=15) for name in catalogue()]
    pages = {
        "subjects": (subjects, 11),
        "styles": ([picture(PROMPT, style) for style in STYLES], 5),
        "places": ([picture(prompt) for prompt in PLACES], 5),
    }
    for name, (pictures, across) in pages.items():
        path = folder / f"{name}.png"
        pyvips.Image.arrayjoin(pictures, across=across, shim=6).write_to_file(str(path))
        print(f"wrote {path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="measurements per look; the median counts")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="write contact sheets there")
    chosen = parser.parse_args()
    report = Report(
        "sketch", "One 1024 × 1024 PNG at the default steps with its previews: processor time, median."
    )
    for style in STYLES:
        report.add(style, milliseconds(style, chosen.runs), "ms", most=TARGET_MS)
    report.done()
    if chosen.sheet:
        sheets(chosen.sheet)


if __name__ == "__main__":
    main()
