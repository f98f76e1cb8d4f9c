"""One picture from a request: words, composition, previews step by step, the finished file.

Runs in a thread and knows neither the loop nor the provider's contract.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from pyvips import Image

from .compose import Picture, compose
from .looks import LOOKS
from .paint import plates
from .words import read

MAX_PREVIEWS = 6
_PREVIEW_SIDES = (128, 288)
"""Longer side of the first and the last preview, in pixels."""


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
    shown = (
        {round(i * steps / (MAX_PREVIEWS + 1)) for i in range(1, MAX_PREVIEWS + 1)}
        if steps > MAX_PREVIEWS
        else range(steps)
    )
    for step in range(1, steps):
        if stop():
            raise Stopped
        share = step / steps

        def preview(share: float = share) -> bytes:
            low, high = _PREVIEW_SIDES
            side = low + (high - low) * share
            scale = min(1.0, side / max(width, height))
            small = finish(
                picture,
                scene.style,
                max(16, round(width * scale)),
                max(16, round(height * scale)),
                share * reached,
            )
            return bytes(small.webpsave_buffer(Q=76, effort=1))

        on_step(step, preview if step in shown else None)
    if stop():
        raise Stopped
    image = finish(picture, scene.style, width, height, reached)
    if stop():
        raise Stopped
    return encode(image, form), scene.style


def finish(picture: Picture, style: str, width: int, height: int, share: float) -> Image:
    """The picture as far as it has come by `share` (0 to 1), in its look, RGB of width × height."""
    look = LOOKS[style]
    image = look.finish(
        plates(picture, width, height, share, flat=look.flat, model=look.model, waves=look.waves)
    )
    image = image.cast("uchar").copy(interpretation="srgb")
    blur = (1 - share) ** 1.6 * min(width, height) / 22
    return image.gaussblur(blur) if blur > 0.4 else image


def encode(image: Image, form: str) -> bytes:
    """The file: without a timestamp or any other metadata, so that equal pictures are equal bytes."""
    if form == "jpeg":
        return bytes(image.jpegsave_buffer(Q=92, keep="none"))
    if form == "webp":
        return bytes(image.webpsave_buffer(Q=90, effort=2, keep="none"))
    return bytes(image.pngsave_buffer(compression=3, filter="sub", keep="none"))
