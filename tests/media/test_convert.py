"""Downloads in each format, and previews."""

from __future__ import annotations

import hashlib
import itertools
from typing import get_args

import pytest
import pyvips

from easel.media.convert import Target
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.hashes import content_hash
from easel.media.preview import shrink_preview
from easel.media.probe import MAX_SIDE, probe
from easel.media.redraw import Recipe, redraw
from easel.media.safe_decode import decode
from tests.media.pictures import FORMATS, difference, encoded, photo, plain, png_by_hand, tagged


def convert(data: bytes, *, format: Target, width: int | None = None) -> bytes:
    """As downloads do it."""
    return redraw(data, Recipe(format, within=(width or MAX_SIDE, MAX_SIDE))).data


TARGETS: tuple[Target, ...] = get_args(Target)


@pytest.mark.parametrize(("source", "target"), [*itertools.product(FORMATS, TARGETS)])
def test_shows_the_same_in_another_format(source: str, target: Target) -> None:
    picture = photo(160, 120)
    data = convert(encoded(picture, source), format=target)
    facts = probe(data)
    assert (facts.format, facts.width, facts.height) == (target, 160, 120)
    assert difference(decode(data), picture) < 9


@pytest.mark.parametrize("target", TARGETS)
def test_keeps_the_aspect_and_never_scales_up(target: Target) -> None:
    data = encoded(photo(300, 200), "png")
    for width, expected in [(100, (100, 67)), (1, (1, 1)), (300, (300, 200)), (900, (300, 200))]:
        facts = probe(convert(data, format=target, width=width))
        assert (facts.width, facts.height) == expected


def test_jpeg_shows_white_where_nothing_was() -> None:
    data = encoded(plain(40, 40, (0, 0, 255, 0)), "png")
    image = decode(convert(data, format="jpeg"))
    assert image.bands == 3
    assert image.getpoint(20, 20) == pytest.approx([255, 255, 255], abs=1)
    for target in ("png", "webp", "avif"):
        assert probe(convert(data, format=target)).has_alpha


def test_png_loses_nothing() -> None:
    picture = photo(120, 90, alpha=True)
    assert difference(decode(convert(encoded(picture, "png"), format="png")), picture) == 0


def test_comes_out_upright_in_srgb_without_metadata() -> None:
    picture = tagged(photo(64, 48), 6)
    picture.set_type(pyvips.GValue.blob_type, "xmp-data", b"<x>secret</x>")
    for width in (None, 24):
        data = convert(encoded(picture, "jpeg", profile="p3"), format="jpeg", width=width)
        facts = probe(data)
        assert facts.width < facts.height
        assert b"secret" not in data
        reopened = pyvips.Image.jpegload_buffer(data)
        assert not reopened.get_typeof("icc-profile-data")


def test_says_when_a_format_cannot_hold_the_size() -> None:
    data = encoded(plain(17_000, 20, (1, 2, 3)), "png")
    with pytest.raises(ImageTooLarge, match="WebP holds at most 16383"):
        convert(data, format="webp")
    assert probe(convert(data, format="webp", width=16_000)).width == 16_000
    assert probe(convert(data, format="jpeg")).width == 17_000


def test_refuses_damage() -> None:
    for target in TARGETS:
        with pytest.raises(NotAnImage):
            convert(encoded(photo(200, 150), "png")[:-400], format=target)
        with pytest.raises(ImageTooLarge):
            convert(png_by_hand(60_000, 60_000), format=target)


def test_a_preview_is_small() -> None:
    data = shrink_preview(encoded(photo(1024, 768), "png"))
    facts = probe(data)
    assert (facts.format, facts.width, facts.height) == ("webp", 512, 384)
    assert len(data) < 40_000
    assert probe(shrink_preview(encoded(photo(100, 90), "jpeg"), width=64)).width == 64
    with pytest.raises(NotAnImage):
        shrink_preview(b"nothing")


def test_content_hash_is_sha256() -> None:
    assert content_hash(b"abc") == hashlib.sha256(b"abc").hexdigest()
