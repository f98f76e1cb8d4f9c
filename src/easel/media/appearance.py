"""The looks of a picture in a few numbers: its colours and a hash of what one sees.

All take a decoded picture (`safe_decode.decode`: uchar, 3 or 4 bands) and shrink it to some dozen pixels
first, so a small rendition serves as well as the original and is faster.
"""

from __future__ import annotations

import math
from typing import Final

import pyvips

from .safe_decode import scaled, scaled_size

_COLOR_SIDE: Final = 40
_COLORS: Final = 5
_ROUNDS: Final = 6
_SAME: Final = 0.04  # Oklab distance below which two colours pass for one
_HASH_SIDE: Final = 32
_WAVES: Final = tuple(
    tuple(math.cos(math.pi / _HASH_SIDE * u * (x + 0.5)) for x in range(_HASH_SIDE)) for u in range(8)
)

Lab = tuple[float, float, float]


def perceptual_hash(image: pyvips.Image) -> int:
    """A 64-bit unsigned hash of what `image` shows; alike pictures differ in few bits, others in about 32.

    The DCT hash "pHash" of C. Zauner, *Implementation and Benchmarking of Perceptual Image Hash Functions*
    (2010), 3.2.1: luma, 32 × 32, the 8 × 8 lowest waves of its DCT-II, one bit each for being above their
    median. Unlike there the constant wave is included in the hash but not in the median. Transparency counts
    as white. The most significant bit is the lowest wave.
    """
    luma = _flat(image).colourspace("b-w")
    pixels = _pixels(scaled(luma, (_HASH_SIDE, _HASH_SIDE)))
    rows = [pixels[at : at + _HASH_SIDE] for at in range(0, _HASH_SIDE * _HASH_SIDE, _HASH_SIDE)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for wave in _WAVES] for row in rows]
    waves = [sum(wave[y] * across[y][u] for y in range(_HASH_SIDE)) for wave in _WAVES for u in range(8)]
    ordered = sorted(waves[1:])
    median = ordered[len(ordered) // 2]
    bits = 0
    for value in waves:
        bits = bits << 1 | (value > median)
    return bits


def average_color(image: pyvips.Image) -> str:
    """The mean colour ``#rrggbb`` of what is not transparent; white when all is."""
    return _hex(*_mean(image))


def dominant_colors(image: pyvips.Image) -> tuple[str, ...]:
    """Up to five colours ``#rrggbb`` that make up `image`, the most frequent first; fewer for a plain one.

    Weighted k-means in Oklab (B. Ottosson, *A perceptual color space for image processing*, 2020), begun with
    the colours that are both frequent and far from those chosen before. Transparent parts do not count.
    """
    weights = _weighted_colors(image)
    if not weights:
        return (_hex(*_mean(image)),)
    centers = [max(weights, key=lambda lab: weights[lab])]
    while len(centers) < _COLORS:
        candidate = max(weights, key=lambda lab: weights[lab] * _nearest(lab, centers)[1])
        if _nearest(candidate, centers)[1] < _SAME**2:
            break
        centers.append(candidate)
    shares = [0.0] * len(centers)
    for _ in range(_ROUNDS):
        sums = [[0.0, 0.0, 0.0, 0.0] for _ in centers]
        for lab, weight in weights.items():
            total = sums[_nearest(lab, centers)[0]]
            total[0] += weight * lab[0]
            total[1] += weight * lab[1]
            total[2] += weight * lab[2]
            total[3] += weight
        centers = [
            (s[0] / s[3], s[1] / s[3], s[2] / s[3]) if s[3] else c for s, c in zip(sums, centers, strict=True)
        ]
        shares = [s[3] for s in sums]
    order = sorted(range(len(centers)), key=lambda at: -shares[at])
    return tuple(dict.fromkeys(_hex(*_from_oklab(centers[at])) for at in order if shares[at]))


def _flat(image: pyvips.Image) -> pyvips.Image:
    return image.flatten(background=[255, 255, 255]) if image.hasalpha() else image


def _pixels(image: pyvips.Image) -> bytes:
    return bytes(image.write_to_memory())


def _mean(image: pyvips.Image) -> tuple[float, float, float]:
    small = scaled(image, scaled_size((image.width, image.height), (_COLOR_SIDE, _COLOR_SIDE)))
    pixels = _pixels(small)
    bands = small.bands
    alpha = pixels[3::4] if bands == 4 else bytes([255]) * (len(pixels) // bands)
    whole = sum(alpha)
    if not whole:
        return 255.0, 255.0, 255.0
    red, green, blue = (sum(map(int.__mul__, pixels[band::bands], alpha)) / whole for band in range(3))
    return red, green, blue


def _weighted_colors(image: pyvips.Image) -> dict[Lab, float]:
    """Pixels counted in cells of 8 levels a channel: each cell's mean colour and its number of pixels."""
    small = scaled(image, scaled_size((image.width, image.height), (_COLOR_SIDE, _COLOR_SIDE)))
    pixels, bands = _pixels(small), small.bands
    cells: dict[int, list[int]] = {}
    for at in range(0, len(pixels), bands):
        if bands == 4 and pixels[at + 3] < 128:
            continue
        red, green, blue = pixels[at], pixels[at + 1], pixels[at + 2]
        cell = cells.setdefault((red >> 3) << 10 | (green >> 3) << 5 | blue >> 3, [0, 0, 0, 0])
        cell[0] += red
        cell[1] += green
        cell[2] += blue
        cell[3] += 1
    return {_to_oklab(r / n, g / n, b / n): float(n) for r, g, b, n in cells.values()}


def _nearest(lab: Lab, centers: list[Lab]) -> tuple[int, float]:
    best, distance = 0, math.inf
    for at, center in enumerate(centers):
        apart = (lab[0] - center[0]) ** 2 + (lab[1] - center[1]) ** 2 + (lab[2] - center[2]) ** 2
        if apart < distance:
            best, distance = at, apart
    return best, distance


def _to_oklab(red: float, green: float, blue: float) -> Lab:
    r, g, b = (_linear(value / 255) for value in (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: Lab) -> tuple[float, float, float]:
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        255 * _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        255 * _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        255 * _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _linear(value: float) -> float:
    """sRGB to linear light, both 0 to 1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    """Linear light to sRGB, both 0 to 1 (IEC 61966-2-1)."""
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _hex(red: float, green: float, blue: float) -> str:
    r, g, b = (min(255, max(0, round(value))) for value in (red, green, blue))
    return f"#{r:02x}{g:02x}{b:02x}"
