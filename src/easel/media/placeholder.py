"""ThumbHash: a picture's blurred placeholder, with its shape and transparency, in about 25 bytes.

The format is Evan Wallace's (https://evanw.github.io/thumbhash/), so that any ThumbHash decoder shows it:
five or six bytes of header (constant waves, scales, size), then the other waves of a DCT of lightness (up to
7 × 7), of two colour differences (3 × 3) and of alpha (5 × 5), four bits each, only the triangle of low ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import pyvips

from .safe_decode import scaled, scaled_size

_SIDE: Final = 32  # pixels; the hash keeps at most 7 × 7 waves, so more pixels change nothing but time

_NOTHING: Final = 1e-9  # what rounding leaves of waves in a picture of one colour


class _Waves(NamedTuple):
    constant: float
    others: list[float]  # 0 to 1, 0.5 is none
    scale: float


def thumb_hash(image: pyvips.Image) -> bytes:
    """The ThumbHash of `image`, a decoded picture (uchar, 3 or 4 bands), 5 to 30 bytes."""
    small = scaled(image, scaled_size((image.width, image.height), (_SIDE, _SIDE)))
    if not small.hasalpha():
        small = small.addalpha()
    return _encoded(small.width, small.height, bytes(small.write_to_memory()))


def _encoded(width: int, height: int, rgba: bytes) -> bytes:
    alpha = [value / 255 for value in rgba[3::4]]
    whole = sum(alpha)
    # Transparent parts show the average colour, so that they add no waves of their own.
    red, green, blue = (_over_average(rgba[band::4], alpha, whole) for band in range(3))
    see_through = whole < width * height
    limit = 5 if see_through else 7  # alpha takes room from lightness
    across = max(1, round(limit * width / max(width, height)))
    down = max(1, round(limit * height / max(width, height)))

    size = (width, height)
    colors = list(zip(red, green, blue, strict=True))
    light = _waves([(r + g + b) / 3 for r, g, b in colors], size, (max(3, across), max(3, down)))
    yellow = _waves([(r + g) / 2 - b for r, g, b in colors], size, (3, 3))
    redness = _waves([r - g for r, g, _ in colors], size, (3, 3))

    landscape = width > height
    first = round(63 * light.constant) | round(31.5 + 31.5 * yellow.constant) << 6
    first |= round(31.5 + 31.5 * redness.constant) << 12 | round(31 * light.scale) << 18 | see_through << 23
    second = (down if landscape else across) | round(63 * yellow.scale) << 3
    second |= round(63 * redness.scale) << 9 | landscape << 15
    header = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    others = light.others + yellow.others + redness.others
    if see_through:
        opacity = _waves(alpha, size, (5, 5))
        header += bytes([round(15 * opacity.constant) | round(15 * opacity.scale) << 4])
        others += opacity.others
    nibbles = [round(15 * wave) for wave in others] + [0] * (len(others) % 2)
    return header + bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))


def _over_average(channel: bytes, alpha: Sequence[float], whole: float) -> list[float]:
    shown = [value / 255 * a for value, a in zip(channel, alpha, strict=True)]
    average = sum(shown) / whole if whole else 0.0
    return [average * (1 - a) + value for value, a in zip(shown, alpha, strict=True)]


def _waves(channel: Sequence[float], size: tuple[int, int], count: tuple[int, int]) -> _Waves:
    """The DCT-II of `channel`, `count` waves across and down, the triangle of low ones, row after row."""
    width, height = size
    horizontal = _cosines(width, count[0])
    vertical = _cosines(height, count[1])
    rows = [channel[at : at + width] for at in range(0, width * height, width)]
    partial = [[sum(map(float.__mul__, wave, row)) for row in rows] for wave in horizontal]
    found: list[float] = []
    for y in range(count[1]):
        x = 0
        while x * count[1] < count[0] * (count[1] - y):
            found.append(sum(map(float.__mul__, vertical[y], partial[x])) / (width * height))
            x += 1
    constant, *others = found
    scale = max(map(abs, others))
    if scale < _NOTHING:
        return _Waves(constant, [0.0] * len(others), 0.0)
    return _Waves(constant, [0.5 + 0.5 / scale * wave for wave in others], scale)


def _cosines(length: int, count: int) -> list[list[float]]:
    return [[math.cos(math.pi / length * n * (x + 0.5)) for x in range(length)] for n in range(count)]
