"""Pictures for the tests: photo-like noise of several scales, and files built by hand."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Final

import pyvips

FORMATS: Final = ("png", "jpeg", "webp", "avif", "gif")


def photo(width: int = 320, height: int = 240, *, seed: int = 1, alpha: bool = False) -> pyvips.Image:
    """Soft shapes of three sizes in colour with a little grain, as a photograph has."""
    cells = [max(4, max(width, height) // part) for part in (3, 8, 30)]
    large, middle, small = (
        pyvips.Image.perlin(width, height, cell_size=cell, seed=seed * 10 + n) for n, cell in enumerate(cells)
    )
    grain = pyvips.Image.gaussnoise(width, height, sigma=3, mean=0, seed=seed)
    red = large * 90 + middle * 40 + small * 15 + 130 + grain
    green = large * 50 - middle * 60 + small * 15 + 120 + grain
    blue = large * -80 + middle * 30 + small * 20 + 125 + grain
    picture = red.bandjoin([green, blue])
    if alpha:
        picture = picture.bandjoin(pyvips.Image.xyz(width, height)[0] * 255 / width)
    return picture.cast("uchar").copy(interpretation="srgb").copy_memory()


def plain(width: int, height: int, color: tuple[int, ...]) -> pyvips.Image:
    """One colour, with or without alpha."""
    image = pyvips.Image.black(width, height, bands=len(color)) + list(color)
    return image.cast("uchar").copy(interpretation="srgb")


def encoded(image: pyvips.Image, format: str, **options: Any) -> bytes:
    """The file of `image` in one of `FORMATS`."""
    match format:
        case "png":
            data = image.pngsave_buffer(**options)
        case "jpeg":
            data = image.jpegsave_buffer(**options)
        case "webp":
            data = image.webpsave_buffer(effort=0, **options)
        case "avif":
            data = image.heifsave_buffer(compression="av1", effort=0, **options)
        case _:
            data = image.gifsave_buffer(effort=1, **options)
    return bytes(data)


def tagged(image: pyvips.Image, orientation: int) -> pyvips.Image:
    """`image` with an EXIF orientation."""
    copy = image.copy()
    copy.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    return copy


def animated(frames: list[pyvips.Image]) -> pyvips.Image:
    """Frames of one size as the tall strip that libvips saves as an animation."""
    strip = pyvips.Image.arrayjoin(frames, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", frames[0].height)
    return strip


def png_by_hand(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header says `width` × `height`, 8-bit RGB, with only the rows given (PNG, 5.3 and 11.2)."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def difference(one: pyvips.Image, other: pyvips.Image) -> float:
    """Mean absolute difference of two pictures of one size, in levels of 0 to 255."""
    return float((one.cast("float") - other.cast("float")).abs().avg())
