"""ThumbHashes that other decoders understand."""

from __future__ import annotations

import time

import pytest
import pyvips

from easel.media.placeholder import thumb_hash
from tests.media.pictures import photo, plain


def drawn(width: int, height: int, *, alpha: bool) -> pyvips.Image:
    """A picture of exact pixels: slopes in red, green and alpha, a product in blue."""
    pixels = bytes(
        value
        for y in range(height)
        for x in range(width)
        for value in (x * 255 // (width - 1), y * 255 // (height - 1), x * y * 7 % 256)
        + ((x * 255 // (width - 1),) if alpha else ())
    )
    image = pyvips.Image.new_from_memory(pixels, width, height, 4 if alpha else 3, "uchar")
    return image.copy(interpretation="srgb")


@pytest.mark.parametrize(
    ("width", "height", "alpha", "expected"),
    [
        (24, 16, False, "5ef80d2d9c6176777077877688688787c0910bf888"),
        (12, 20, True, "e36886130e37b3a0685868f1c03cfc7480888878888878"),
    ],
)
def test_agrees_with_the_reference_encoder(width: int, height: int, alpha: bool, expected: str) -> None:
    found = thumb_hash(drawn(width, height, alpha=alpha)).hex()
    assert found[:10] == expected[:10]
    assert len(found) == len(expected)
    # A wave of nothing lies between two of the sixteen steps: the last bit of a float decides.
    assert all(abs(int(a, 16) - int(b, 16)) <= 1 for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize(("width", "height"), [(400, 400), (400, 200), (100, 300), (7, 5), (1, 1), (1, 900)])
def test_header_has_the_colour_and_the_shape(width: int, height: int) -> None:
    placeholder = thumb_hash(plain(width, height, (255, 128, 0)))
    assert 5 <= len(placeholder) <= 30
    header = int.from_bytes(placeholder[:3], "little")
    assert header & 63 == pytest.approx(63 * (255 + 128) / 3 / 255, abs=1)
    assert not header >> 23
    size = int.from_bytes(placeholder[3:5], "little")
    shorter = max(1, round(7 * min(width, height) / max(width, height)))
    assert size & 7 == shorter
    assert bool(size >> 15) == (width > height)


def test_one_colour_has_no_waves() -> None:
    placeholder = thumb_hash(plain(50, 40, (12, 34, 56)))
    assert set(placeholder[5:]) == {0}


def test_knows_transparency() -> None:
    clear = thumb_hash(photo(64, 48, alpha=True))
    assert clear[2] & 0x80
    assert not thumb_hash(photo(64, 48))[2] & 0x80
    assert thumb_hash(plain(9, 9, (1, 2, 3, 0)))[2] & 0x80


def test_takes_a_few_milliseconds() -> None:
    picture = photo(256, 256)
    times = []
    for _ in range(3):
        began = time.process_time()
        thumb_hash(picture)
        times.append(time.process_time() - began)
    assert min(times) < 0.02
