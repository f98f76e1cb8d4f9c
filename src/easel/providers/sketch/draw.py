"""One picture from a request: words, composition, previews step by step, the finished file.

Runs in a thread and knows neither the loop nor the provider's contract.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Literal

from pyvips import Image

from .compose import Picture, compose
from .looks import finished
from .words import read

PREVIEW_SIDES = (128, 208, 304)
"""Longer sides of the previews, in pixels: coarse ones cost little, and are coarse anyway."""


class Stopped(Exception):
    """The drawing was asked to stop."""


def draw(
    prompt: str,
    negative_prompt: str,
    width: int,
    height: int,
    *,
    seed: int,
    steps: int,
    guidance: float,
    style: str,
    form: Literal["png", "jpeg", "webp"],
    stop: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, Callable[[], bytes] | None], None] = lambda step, preview: None,
) -> tuple[bytes, str]:
    """Draw a picture of width × height pixels; its file's bytes, and the look it got.

    `on_step(step, preview)` is called after every step but the last; `preview`, where not None, makes a small WebP
    of the state so far. `stop` is asked between the steps; when it says yes, `Stopped` is raised.
    """
    scene = read(prompt, negative_prompt, style)
    detail = min(2.2, max(0.45, math.sqrt(steps / 8)))
    picture = compose(scene, width, height, seed, guidance, detail)
    reached = min(1.0, 0.28 + 0.72 * steps / 8)
    sides = {round(i * steps / (len(PREVIEW_SIDES) + 1)): side for i, side in enumerate(PREVIEW_SIDES, 1)}
    for step in range(1, steps):
        if stop():
            raise Stopped
        share, side = step / steps * reached, sides.get(step)
        on_step(step, functools.partial(_preview, picture, width, height, share, side) if side else None)
    if stop():
        raise Stopped
    image = _settled(finished(picture, width, height, reached), reached)
    if stop():
        raise Stopped
    return encode(image, form), scene.style


def _preview(picture: Picture, width: int, height: int, share: float, side: int) -> bytes:
    scale = min(1.0, side / max(width, height))
    small = finished(picture, max(16, round(width * scale)), max(16, round(height * scale)), share)
    return bytes(_settled(small, share).webpsave_buffer(Q=76, effort=0))


def _settled(image: Image, share: float) -> Image:
    """What is not yet painted is not yet sharp."""
    blur = (1 - share) ** 1.6 * min(image.width, image.height) / 22
    return image.gaussblur(blur) if blur > 0.4 else image


def encode(image: Image, form: str) -> bytes:
    """The file: without a timestamp or any other metadata, so that equal pictures are equal bytes."""
    if form == "jpeg":
        return bytes(image.jpegsave_buffer(Q=92, keep="none"))
    if form == "webp":
        return bytes(image.webpsave_buffer(Q=90, effort=2, keep="none"))
    return bytes(image.pngsave_buffer(compression=3, filter="sub", keep="none"))
