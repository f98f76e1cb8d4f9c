"""The few texts of EXIF (CIPA DC-008) that say something about how a picture was made."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .bounds import LONGEST_TEXT

_DESCRIPTION, _MAKE, _MODEL, _EXIF, _COMMENT = 0x010E, 0x010F, 0x0110, 0x8769, 0x9286
_RATING, _XP_TITLE, _XP_COMMENT, _XP_KEYWORDS = 0x4746, 0x9C9B, 0x9C9C, 0x9C9E
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SHORT, _LONG = 3, 4
_MOST_ENTRIES: Final = 1_000


@dataclass(slots=True)
class Exif:
    """The texts, empty where there are none. ComfyUI writes its graphs into `make` and `model`."""

    description: str = ""
    make: str = ""
    model: str = ""
    comment: str = ""
    title: str = ""
    keywords: str = ""
    rating: int | None = None


def parse(data: bytes) -> Exif:
    """The texts in `data`, a TIFF with or without ``Exif\\0\\0`` before it; what cannot be read is left empty."""
    tiff = data.removeprefix(b"Exif\0\0")
    found = Exif()
    order: Literal["<", ">"]
    if tiff[:4] == b"II*\0":
        order = "<"
    elif tiff[:4] == b"MM\0*":
        order = ">"
    else:
        return found
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        _directory(tiff, order, first, found, inner=False)
    except struct.error:
        pass
    return found


def _directory(tiff: bytes, order: str, at: int, found: Exif, *, inner: bool) -> None:
    for tag, kind, value in _entries(tiff, order, at):
        if tag == _COMMENT:
            found.comment = _comment(value)
        elif inner:
            continue
        elif tag == _EXIF and kind == _LONG and len(value) == 4:
            _directory(tiff, order, struct.unpack(f"{order}I", value)[0], found, inner=True)
        elif tag == _DESCRIPTION:
            found.description = _plain(value)
        elif tag == _MAKE:
            found.make = _plain(value)
        elif tag == _MODEL:
            found.model = _plain(value)
        elif tag == _RATING and kind == _SHORT and len(value) == 2:
            found.rating = struct.unpack(f"{order}H", value)[0]
        elif tag == _XP_TITLE:
            found.title = value.decode("utf-16-le", "ignore").strip("\0")
        elif tag == _XP_COMMENT:
            found.description = found.description or value.decode("utf-16-le", "ignore").strip("\0")
        elif tag == _XP_KEYWORDS:
            found.keywords = value.decode("utf-16-le", "ignore").strip("\0")


def _entries(tiff: bytes, order: str, at: int) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for number in range(min(count, _MOST_ENTRIES)):
        entry = at + 2 + 12 * number
        tag, kind, amount = struct.unpack_from(f"{order}HHI", tiff, entry)
        size = _SIZES.get(kind, 0) * amount
        if size > LONGEST_TEXT * 2:
            continue
        start = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", tiff, entry + 8)[0]
        value = tiff[start : start + size]
        if len(value) == size:
            yield tag, kind, value


def _plain(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "replace")


def _comment(value: bytes) -> str:
    """A UserComment: eight bytes name its code, and programs differ in the order of Unicode's bytes."""
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        # Latin letters have their zero first in big-endian order, whatever the TIFF's own order says.
        big = text[0:400:2].count(0) >= text[1:400:2].count(0)
        return text.decode("utf-16-be" if big else "utf-16-le", "ignore").strip("\0")
    if code in (b"ASCII\0\0\0", b"JIS\0\0\0\0\0", bytes(8)):
        return _plain(text)
    return _plain(value)
