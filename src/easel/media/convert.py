"""A picture in another format or size, for downloads."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import pyvips

from .errors import ImageTooLarge, damage_refused
from .probe import NAMES, probe
from .safe_decode import opened, scaled_size

Target: TypeAlias = Literal["png", "jpeg", "webp", "avif"]

_LONGEST_SIDE: Final[dict[Target, int]] = {"png": 2**31 - 1, "jpeg": 65_500, "webp": 16_383, "avif": 16_384}


def convert(data: bytes, *, format: Target, width: int | None = None) -> bytes:
    """The picture in `data` as a file of `format`, at most `width` pixels wide; never scaled up.

    Keeps the aspect and transparency; JPEG has none and shows white there. Colours become sRGB; other
    metadata is left out. Raises `NotAnImage`; `ImageTooLarge` too when a side is longer than the format can
    hold.
    """
    facts = probe(data)
    within = None if width is None else (width, max(facts.width, facts.height))
    size = scaled_size((facts.width, facts.height), within)
    if max(size) > _LONGEST_SIDE[format]:
        raise ImageTooLarge(
            f"{NAMES[format]} holds at most {_LONGEST_SIDE[format]} pixels a side; "
            f"the image has {size[0]} × {size[1]}. Ask for a smaller width."
        )
    with damage_refused(NAMES[facts.format]):
        return encoded(opened(data, facts, within=within), format)


def encoded(image: pyvips.Image, target: Target) -> bytes:
    """`image` as a file of `target`, without any metadata."""
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
