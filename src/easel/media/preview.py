"""The small pictures that are shown while a generation is still running."""

from __future__ import annotations

from typing import Final

from .safe_decode import decode

_TALLEST: Final = 4  # times the width


def shrink_preview(data: bytes, *, width: int = 512) -> bytes:
    """The picture in `data` as a small WebP at most `width` pixels wide, made fast rather than well.

    Raises `NotAnImage`, `ImageTooLarge`.
    """
    image = decode(data, within=(width, _TALLEST * width))
    result: bytes = image.webpsave_buffer(Q=70, effort=0, keep="none")
    return result
