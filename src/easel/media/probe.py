"""What a file shows, from its first bytes and its header; no pixel is decoded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal, TypeAlias

import pyvips

from .errors import ImageTooLarge, NotAnImage, damage_refused

Format: TypeAlias = Literal["png", "jpeg", "webp", "avif", "gif"]

MAX_PIXELS: Final = 200_000_000
MAX_SIDE: Final = (
    65_535  # pixels, the most JPEG and GIF can say; a PNG millions wide and few high costs gigabytes
)

MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
}
NAMES: Final[Mapping[Format, str]] = {
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "avif": "AVIF",
    "gif": "GIF",
}
_LOADERS: Final[Mapping[Format, Callable[..., Any]]] = {
    "png": lambda data, **options: pyvips.Image.pngload_buffer(data, **options),
    "jpeg": lambda data, **options: pyvips.Image.jpegload_buffer(data, **options),
    "webp": lambda data, **options: pyvips.Image.webpload_buffer(data, **options),
    "avif": lambda data, **options: pyvips.Image.heifload_buffer(data, **options),
    "gif": lambda data, **options: pyvips.Image.gifload_buffer(data, **options),
}
_SOURCES: Final[Mapping[Format, Callable[..., Any]]] = {
    "png": lambda source, **options: pyvips.Image.pngload_source(source, **options),
    "jpeg": lambda source, **options: pyvips.Image.jpegload_source(source, **options),
    "webp": lambda source, **options: pyvips.Image.webpload_source(source, **options),
    "avif": lambda source, **options: pyvips.Image.heifload_source(source, **options),
    "gif": lambda source, **options: pyvips.Image.gifload_source(source, **options),
}
_STRETCH: Final = 1 << 18
_HEADER: Final = 1 << 16  # bytes in which an AVIF's boxes of properties are looked for
_SPATIAL_EXTENT: Final = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
_TRAILER: Final = (
    1 << 16
)  # bytes at a PNG's end in which its last chunk is looked for: some writers add to it
_TURNED: Final = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture's facts; `width` and `height` in pixels as it is seen, after its EXIF orientation.

    `pages` counts the frames of an animation, 1 for a still picture.
    """

    format: Format
    width: int
    height: int
    media_type: str
    has_alpha: bool
    pages: int


def probe(data: bytes | BinaryIO, *, max_pixels: int = MAX_PIXELS) -> ImageFacts:
    """The facts of the picture in `data`, bytes or an open file, by its content; a file's name says nothing.

    Raises `NotAnImage` for anything but PNG, JPEG, WebP, AVIF and GIF (SVG, PDF, TIFF, HTML … are refused)
    and for an unreadable header; `ImageTooLarge` for more than `max_pixels` pixels or 65,535 a side. Pixels
    may still turn out damaged.
    """
    head = data if isinstance(data, bytes) else _read(data, 0, _HEADER)
    kind = format_of(head)
    for width, height in _stated_sizes(head, kind):
        _refuse_large(width, height, max_pixels)
    with damage_refused(NAMES[kind]):
        image = load(data, kind) if isinstance(data, bytes) else _opened(data, kind)
        facts = _facts(image, kind)
    _refuse_large(facts.width, facts.height, max_pixels)
    return facts


def refuse_cut_off(data: bytes | BinaryIO) -> None:
    """Raises `NotAnImage` for a PNG or JPEG whose end is missing, as a broken transfer leaves it.

    The header alone does not tell; the other formats state their length there, and `probe` sees it.
    """
    kind = format_of(data if isinstance(data, bytes) else _read(data, 0, _HEADER))
    if kind == "png":
        end = data[-_TRAILER:] if isinstance(data, bytes) else _read(data, -_TRAILER, _TRAILER)
        whole = b"IEND" in end
    elif kind == "jpeg":
        # The end marker after the last scan began: an embedded thumbnail has one of its own.
        whole = _last(data, b"\xff\xd9") > _last(data, b"\xff\xda")
    else:
        return
    if not whole:
        raise NotAnImage(f"The {NAMES[kind]} file is cut off.")


def format_of(data: bytes) -> Format:
    """The format that the first bytes of `data` announce. Raises `NotAnImage` for any other than the five."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and _is_avif(data):
        return "avif"
    raise NotAnImage()


def load(data: bytes, kind: Format, **options: object) -> pyvips.Image:
    """Open `data` with the loader of `kind` alone, reading from top to bottom; raises `pyvips.Error`."""
    return _LOADERS[kind](data, access="sequential", fail_on="error", **options)


def _opened(file: BinaryIO, kind: Format) -> pyvips.Image:
    """As `load`, of an open file, which is read as far as is needed."""
    file.seek(0)
    source = pyvips.Source.new_from_descriptor(file.fileno())
    return _SOURCES[kind](source, access="sequential", fail_on="error")


def _read(file: BinaryIO, at: int, length: int) -> bytes:
    """So many bytes of a file from a place, which counts from the end if it is less than 0."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size + at) if at < 0 else at)
    return file.read(length)


def _last(data: bytes | BinaryIO, marker: bytes) -> int:
    """Where `marker` is for the last time, -1 for nowhere; a file is read from its end, a stretch at a time."""
    if isinstance(data, bytes):
        return data.rfind(marker)
    end = data.seek(0, io.SEEK_END)
    while end > 0:
        start = max(0, end - _STRETCH)
        found = _read(data, start, end - start + len(marker) - 1).rfind(marker)
        if found >= 0:
            return start + found
        end = start
    return -1


def orientation(image: pyvips.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 is upright."""
    value = int(image.get("orientation")) if image.get_typeof("orientation") else 1
    return value if 1 <= value <= 8 else 1


def upright_size(image: pyvips.Image) -> tuple[int, int]:
    """Width and height in pixels as seen after the EXIF orientation."""
    turned = orientation(image) in _TURNED
    return (image.height, image.width) if turned else (image.width, image.height)


def _stated_sizes(data: bytes, kind: Format) -> Iterator[tuple[int, int]]:
    """Sizes that a header states in 32 bits, more than libvips itself can count: PNG's IHDR, AVIF's ispe boxes."""
    if kind == "png":
        yield int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    elif kind == "avif":
        for match in _SPATIAL_EXTENT.finditer(data, 0, _HEADER):
            yield int.from_bytes(match[1], "big"), int.from_bytes(match[2], "big")


def _refuse_large(width: int, height: int, max_pixels: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise ImageTooLarge(f"The image has {width} × {height} pixels; {MAX_SIDE} a side are allowed.")
    if width * height > max_pixels:
        raise ImageTooLarge(
            f"The image has {width} × {height} pixels; {max_pixels / 1e6:g} million are allowed."
        )


def _facts(image: pyvips.Image, kind: Format) -> ImageFacts:
    width, height = upright_size(image)
    pages = int(image.get("n-pages")) if image.get_typeof("n-pages") else 1
    return ImageFacts(kind, width, height, MEDIA_TYPES[kind], bool(image.hasalpha()), max(1, pages))


def _is_avif(data: bytes) -> bool:
    """Whether the file type box (ISO/IEC 14496-12, 4.3) names AVIF: HEIC shares the container."""
    size = int.from_bytes(data[:4], "big")
    box = data[8 : min(size, 256)]
    brands = {box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))}
    return bool(brands & {b"avif", b"avis"})
