"""The pictures that the protocol servers make: by the words, the seed and the size alone, striped as test output.

Edits do what their names say, so that what the studio shows of them is plausible: inpainting changes the masked part
only, an upscale is larger, a cut-out is transparent around the middle.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pyvips

STRIPE = 24


def paint(words: str, seed: int, width: int, height: int) -> pyvips.Image:
    """A picture of two colours chosen by the words and the seed, with stripes across: nobody takes it for real."""
    digest = hashlib.sha256(f"{words}\0{seed}".encode()).digest()
    across = pyvips.Image.xyz(width, height)
    slope = (across[0] / max(1, width - 1) + across[1] / max(1, height - 1)) / 2
    low, high = list(digest[:3]), list(digest[3:6])
    ground = slope.bandjoin([slope, slope]) * [b - a for a, b in zip(low, high, strict=True)] + low
    stripes = ((across[0] + across[1]) % (2 * STRIPE)) < STRIPE / 4
    return _finished(stripes.ifthenelse(ground * 0.7, ground))


def reworked(image: pyvips.Image, words: str, seed: int, strength: float = 0.5) -> pyvips.Image:
    """`image` with the colours of the words over it, the more the stronger; its large forms stay."""
    image = _colour(image)
    return _finished(image * (1 - strength) + paint(words, seed, image.width, image.height) * strength)


def inpainted(image: pyvips.Image, mask: pyvips.Image, words: str, seed: int) -> pyvips.Image:
    """`image` with what the words say where `mask` is white."""
    image = _colour(image)
    white = _colour(mask)[0] > 127
    return _finished(white.ifthenelse(paint(words, seed, image.width, image.height), image))


def outpainted(
    image: pyvips.Image, words: str, seed: int, *, left: int, top: int, right: int, bottom: int
) -> pyvips.Image:
    """`image` in the midst of a larger picture."""
    around = paint(words, seed, image.width + left + right, image.height + top + bottom)
    return _finished(around.insert(_colour(image), left, top))


def upscaled(image: pyvips.Image, factor: float) -> pyvips.Image:
    """`image`, larger."""
    return _finished(_colour(image).resize(factor))


def cut_out(image: pyvips.Image) -> pyvips.Image:
    """`image` with nothing around an ellipse in its middle."""
    image = _colour(image)
    place = pyvips.Image.xyz(image.width, image.height)
    x, y = place[0] * 2 / image.width - 1, place[1] * 2 / image.height - 1
    inside = (x * x + y * y) < 0.8
    return _finished(image.bandjoin(inside.ifthenelse(255, 0)))


def read(data: bytes) -> pyvips.Image:
    """A picture that was sent; raises `pyvips.Error` for what is none."""
    return pyvips.Image.new_from_buffer(data, "")


def file_of(image: pyvips.Image, form: str) -> bytes:
    """A picture as a file: ``png``, ``jpeg`` or ``webp``."""
    options: dict[str, Any] = {"png": {"compression": 1}, "webp": {"Q": 60, "effort": 0}}.get(form, {"Q": 80})
    data: bytes = image.write_to_buffer(f".{form}", **options)
    return data


def _colour(image: pyvips.Image) -> pyvips.Image:
    if image.bands < 3:
        image = image[0].bandjoin([image[0], image[0]])
    return image[:3]


def _finished(image: pyvips.Image) -> pyvips.Image:
    return image.cast("uchar").copy(interpretation="srgb")
