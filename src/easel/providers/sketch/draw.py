"""One picture from a request: words, composition, previews step by step, the finished file.

Runs in a thread and knows neither the loop nor the provider's contract.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Literal

from pyvips import Image

from .compose import compose
from .looks import finished
from .scenery import Stage
from .words import read

PREVIEW_SIDES = (128, 208, 304)  # longer sides in pixels: early previews are coarse, so small ones do


class Stopped(Exception):
    """The drawing was asked to stop."""


def draw(
    prompt: str, negative_prompt: str, width: int, height: int, *, seed: int, steps: int, guidance: float, style: str,
    stop: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, Callable[[], bytes] | None], None] = lambda step, preview: None,
) -> tuple[Image, str]:  # fmt: skip
    """Draw a picture of width × height pixels, RGB; and the look it got.

    `on_step(step, preview)` is called after every step but the last; `preview`, where not None, makes a small WebP
    of the state so far. `stop` is asked between the steps; when it says yes, `Stopped` is raised.
    """
    scene = read(prompt, negative_prompt, style)
    detail = min(2.2, max(0.45, math.sqrt(steps / 8)))
    stage = compose(scene, width, height, seed, guidance, detail)
    reached = min(1.0, 0.28 + 0.72 * steps / 8)
    sides = {round(i * steps / (len(PREVIEW_SIDES) + 1)): side for i, side in enumerate(PREVIEW_SIDES, 1)}
    for step in range(1, steps):
        if stop():
            raise Stopped
        share, side = step / steps * reached, sides.get(step)
        on_step(step, functools.partial(_preview, stage, width, height, share, side) if side else None)
    if stop():
        raise Stopped
    return finished(stage, width, height, reached), scene.style


def encoded(image: Image, form: Literal["png", "jpeg", "webp"]) -> bytes:
    """The file: without a timestamp or any other metadata, so that equal pictures are equal bytes."""
    settings = {"jpeg": "Q=92", "webp": "Q=90,effort=2", "png": "compression=3,filter=sub"}[form]
    return bytes(image.write_to_buffer(f".{form}[{settings},keep=none]"))


def _preview(stage: Stage, width: int, height: int, share: float, side: int) -> bytes:
    scale = min(1.0, side / max(width, height))
    small = finished(stage, max(16, round(width * scale)), max(16, round(height * scale)), share)
    return bytes(small.webpsave_buffer(Q=76, effort=0))
