"""Pixels as a file of a format."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import pyvips

from .errors import ImageTooLarge
from .probe import NAMES

Target: TypeAlias = Literal["png", "jpeg", "webp", "avif"]

_LONGEST_SIDE: Final[dict[Target, int]] = {"png": 2**31 - 1, "jpeg": 65_500, "webp": 16_383, "avif": 16_384}


def encoded(image: pyvips.Image, target: Target) -> bytes:
    """`image` as a file of `target`, without any metadata; JPEG has no transparency and shows white there.

    Raises `ImageTooLarge` when a side is longer than the format can hold.
    """
    if max(image.width, image.height) > _LONGEST_SIDE[target]:
        raise ImageTooLarge(
            f"{NAMES[target]} holds at most {_LONGEST_SIDE[target]} pixels a side; "
            f"the image has {image.width} × {image.height}. Ask for a smaller width."
        )
    result: bytes
    match target:
        case "png":
            result = image.pngsave_buffer(compression=6, keep="none")
        case "jpeg":
            flat = image.flatten(background=[255, 255, 255]) if image.hasalpha() else image
            result = flat.jpegsave_buffer(Q=90, optimize_coding=True, keep="none")
        case "webp":
            result = image.webpsave_buffer(Q=88, effort=4, smart_subsample=True, keep="none")
        case "avif":
            result = image.heifsave_buffer(
                Q=70, effort=2, bitdepth=8, compression="av1", encoder="aom", keep="none"
            )
    return result
