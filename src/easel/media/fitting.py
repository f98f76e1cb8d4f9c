"""Pictures and masks made ready for a model: of one size, in eight bits, as PNG."""

from __future__ import annotations

from typing import Final

import pyvips

from .convert import encoded
from .errors import damage_refused
from .safe_decode import decode, scaled

_NEARLY_BLACK: Final = 8


def fitted(data: bytes, width: int, height: int) -> bytes:
    """The picture in `data` as a PNG of exactly width × height pixels. Raises `NotAnImage`, `ImageTooLarge`."""
    image = decode(data)
    with damage_refused("image"):
        if (image.width, image.height) != (width, height):
            image = scaled(image, (width, height))
        return encoded(image, "png")


def on_white(data: bytes) -> bytes:
    """The picture in `data` as a PNG without transparency: white shows through."""
    image = decode(data)
    with damage_refused("image"):
        return encoded(image.flatten(background=[255, 255, 255]) if image.hasalpha() else image, "png")


def mask_of(data: bytes) -> tuple[bytes, int, int]:
    """A mask as a one-band PNG, with its width and height: how bright and opaque the picture in `data` is.

    The bytes are empty for a mask that is black, or nearly so, all over.
    """
    image = decode(data)
    with damage_refused("mask"):
        grey = image.extract_band(0, n=3).colourspace("b-w").extract_band(0)
        if image.hasalpha():
            grey = (grey.cast("float") * image.extract_band(3) / 255).cast("uchar")
        grey = grey.copy(interpretation="b-w").copy_memory()
        if grey.max() < _NEARLY_BLACK:
            return b"", grey.width, grey.height
        return _png(grey), grey.width, grey.height


def _png(grey: pyvips.Image) -> bytes:
    result: bytes = grey.pngsave_buffer(compression=9, keep="none")
    return result
