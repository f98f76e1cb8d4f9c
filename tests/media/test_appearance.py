"""The numbers describe what one sees."""

from __future__ import annotations

import itertools

import pytest
import pyvips

from easel.media.appearance import average_color, dominant_colors, perceptual_hash
from easel.media.safe_decode import decode
from tests.media.pictures import encoded, photo, plain


def apart(one: int, other: int) -> int:
    return (one ^ other).bit_count()


PHOTOS = {seed: photo(512, 384, seed=seed) for seed in (1, 2, 3, 5, 6, 7, 8, 9)}


@pytest.mark.parametrize("seed", PHOTOS)
def test_a_copy_keeps_its_perceptual_hash(seed: int) -> None:
    picture = PHOTOS[seed]
    original = perceptual_hash(picture)
    assert 0 <= original < 2**64
    copies = {
        "JPEG 50": decode(encoded(picture, "jpeg", Q=50)),
        "WebP 50": decode(encoded(picture, "webp", Q=50)),
        "half": picture.resize(0.5),
        "quarter": decode(encoded(picture.resize(0.25), "jpeg", Q=70)),
        "twice": picture.resize(2),
        "brighter": (picture * 1.05 + 4).cast("uchar").copy(interpretation="srgb"),
        "opaque": picture.addalpha(),
    }
    far = {name: apart(original, perceptual_hash(copy)) for name, copy in copies.items()}
    assert max(far.values()) <= 6, far


def test_other_pictures_have_other_hashes() -> None:
    hashes = [perceptual_hash(picture) for picture in PHOTOS.values()]
    hashes += [perceptual_hash(PHOTOS[1].fliphor()), perceptual_hash(PHOTOS[2].rot90())]
    assert min(apart(one, other) for one, other in itertools.combinations(hashes, 2)) > 16


def test_dominant_colours_come_most_frequent_first() -> None:
    flag = plain(60, 100, (200, 30, 30)).join(plain(30, 100, (20, 60, 220)), "horizontal")
    flag = flag.join(plain(10, 100, (250, 250, 250)), "horizontal")
    colors = dominant_colors(flag)
    for found, painted in zip(colors, ("#c81e1e", "#143cdc", "#fafafa"), strict=False):
        # The edges of the fields mix them a little.
        assert [*bytes.fromhex(found[1:])] == pytest.approx([*bytes.fromhex(painted[1:])], abs=8), colors
    assert dominant_colors(plain(50, 50, (18, 52, 86))) == ("#123456",)


def test_a_photo_has_up_to_five_colours() -> None:
    for picture in PHOTOS.values():
        colors = dominant_colors(picture)
        assert 2 <= len(colors) <= 5
        assert len(set(colors)) == len(colors)
        assert all(len(color) == 7 and int(color[1:], 16) >= 0 for color in colors)


def test_transparent_parts_do_not_count() -> None:
    shown = plain(30, 100, (0, 128, 0, 255)).join(plain(70, 100, (255, 0, 255, 0)), "horizontal")
    assert dominant_colors(shown) == ("#008000",)
    assert average_color(shown) == "#008000"
    assert average_color(plain(9, 9, (1, 2, 3, 0))) == "#ffffff"
    assert dominant_colors(plain(9, 9, (1, 2, 3, 0))) == ("#ffffff",)


def test_the_average_is_the_mean() -> None:
    half = plain(50, 100, (0, 100, 200)).join(plain(50, 100, (100, 200, 0)), "horizontal")
    assert average_color(half) in ("#329664", "#329663", "#319664")


def test_all_work_on_one_pixel() -> None:
    for image in (plain(1, 1, (9, 9, 9)), pyvips.Image.black(1, 5000, bands=3).copy(interpretation="srgb")):
        assert dominant_colors(image)
        assert perceptual_hash(image) >= 0
