"""The smaller copies of a picture that lists and pages show, and what is computed along with them.

Settings of the encoders are measured (`bench/media.py`): AVIF with effort 1 (aom's speed 8) takes a quarter
of the time of effort 2 and is as large; WebP beyond effort 2 doubles the time for 3 % of size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pyvips

from .appearance import average_color, dominant_colors, perceptual_hash
from .placeholder import thumb_hash
from .probe import probe
from .safe_decode import decode, scaled, scaled_size

WIDTHS: Final = (256, 512, 1024)

_TALLEST: Final = 16_000  # pixels; WebP cannot hold more than 16,383
_WEBP: Final[dict[str, Any]] = {"Q": 80, "effort": 2, "keep": "none"}
_AVIF: Final[dict[str, Any]] = {
    "Q": 55,
    "effort": 1,
    "bitdepth": 8,
    "compression": "av1",
    "encoder": "aom",
    "keep": "none",
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One smaller copy; `width` is the one of `WIDTHS` it stands for, the actual size is in pixels."""

    width: int
    format: Literal["webp", "avif"]
    data: bytes
    actual_width: int
    actual_height: int

    @property
    def media_type(self) -> str:
        """``image/webp`` or ``image/avif``."""
        return f"image/{self.format}"


@dataclass(frozen=True, slots=True)
class Renditions:
    """All copies of a picture, narrow ones first, and its looks in numbers.

    `thumbhash` is a ThumbHash (about 25 bytes); `colors` are up to five dominant colours ``#rrggbb``, the
    most dominant first; `average` is the mean colour; `perceptual_hash` has 64 bits, unsigned.
    """

    files: tuple[Rendition, ...]
    thumbhash: bytes
    colors: tuple[str, ...]
    average: str
    perceptual_hash: int

    def as_json(self) -> dict[str, Any]:
        """All but the files' bytes, as JSON holds it."""
        files = [
            [file.width, file.format, len(file.data), file.actual_width, file.actual_height]
            for file in self.files
        ]
        values = {"colors": self.colors, "average": self.average, "perceptual_hash": self.perceptual_hash}
        return {"files": files, "thumbhash": self.thumbhash.hex(), **values}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], data: bytes) -> Renditions:
        """What `as_json` told, with the files' bytes one after the other."""
        files, at = [], 0
        for width, format, size, *actual in values["files"]:
            files.append(Rendition(width, format, data[at : at + size], *actual))
            at += size
        return cls(
            files=tuple(files),
            thumbhash=bytes.fromhex(values["thumbhash"]),
            colors=tuple(values["colors"]),
            average=values["average"],
            perceptual_hash=values["perceptual_hash"],
        )


def render(data: bytes) -> Renditions:
    """Every rendition of the picture in `data`: each of `WIDTHS` as WebP and as AVIF.

    A picture narrower than a width keeps its own size there; it is never scaled up. The first frame stands
    for an animation. About 150 ms of one core for 1024 × 1024. Raises `NotAnImage`, `ImageTooLarge`.
    """
    facts = probe(data)
    image = decode(data, within=(WIDTHS[-1], _TALLEST))
    files: list[Rendition] = []
    webp, avif = _encoded(image)
    for width in reversed(WIDTHS):
        size = scaled_size((facts.width, facts.height), (width, _TALLEST))
        if size != (image.width, image.height):
            image = scaled(image, size).copy_memory()
            webp, avif = _encoded(image)
        files.append(Rendition(width, "avif", avif, *size))
        files.append(Rendition(width, "webp", webp, *size))
    return Renditions(
        files=tuple(reversed(files)),
        thumbhash=thumb_hash(image),
        colors=dominant_colors(image),
        average=average_color(image),
        perceptual_hash=perceptual_hash(image),
    )


def _encoded(image: pyvips.Image) -> tuple[bytes, bytes]:
    return image.webpsave_buffer(**_WEBP), image.heifsave_buffer(**_AVIF)
