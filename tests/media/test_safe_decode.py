"""Pixels come out upright, in sRGB, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.probe import probe
from easel.media.safe_decode import decode, scaled_size
from tests.media.pictures import FORMATS, animated, difference, encoded, photo, plain, png_by_hand, tagged


@pytest.mark.parametrize("format", FORMATS)
def test_gives_srgb_bytes(format: str) -> None:
    picture = photo(160, 120)
    image = decode(encoded(picture, format))
    assert (image.width, image.height, image.bands) == (160, 120, 3)
    assert (image.format, image.interpretation) == ("uchar", "srgb")
    assert difference(image, picture) < 8


def test_keeps_alpha_and_widens_grey() -> None:
    image = decode(encoded(photo(64, 48, alpha=True), "png"))
    assert image.bands == 4
    grey = photo(64, 48).colourspace("b-w")
    assert decode(encoded(grey, "png")).bands == 3
    assert decode(encoded(grey.addalpha(), "png")).bands == 4


def test_sixteen_bits_become_eight() -> None:
    picture = photo(64, 48)
    deep = (picture.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    for data in (encoded(deep, "png"), encoded(deep, "avif", bitdepth=10, Q=90)):
        image = decode(data)
        assert image.format == "uchar"
        assert difference(image, picture) < 4


def test_colours_of_other_profiles_become_srgb() -> None:
    picture = photo(64, 48)
    wide = picture.icc_export(output_profile="p3")
    assert difference(wide, picture) > 2
    assert difference(decode(encoded(wide, "png")), picture) < 1.5
    cmyk = encoded(plain(16, 16, (200, 200, 200)).colourspace("cmyk"), "jpeg", Q=95)
    image = decode(cmyk)
    assert image.bands == 3
    assert difference(image, plain(16, 16, (200, 200, 200))) < 16


def test_a_broken_profile_is_passed_over() -> None:
    picture = photo(64, 48).copy()
    picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", b"junk" * 50)
    assert difference(decode(encoded(picture, "jpeg", Q=95)), picture) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_stands_upright(orientation: int) -> None:
    data = encoded(tagged(photo(64, 48), orientation), "jpeg")
    facts = probe(data)
    for within in (None, (24, 1000)):
        image = decode(data, within=within)
        assert (image.width, image.height) == scaled_size((facts.width, facts.height), within)
        assert image.get_typeof("orientation") == 0 or image.get("orientation") == 1
    corners = {6: (0, 47), 3: (63, 47), 8: (63, 0), 1: (0, 0)}
    if orientation in corners:
        expected = decode(encoded(photo(64, 48), "jpeg")).getpoint(*corners[orientation])
        assert decode(data).getpoint(0, 0) == expected


def test_an_animation_is_its_first_frame() -> None:
    first, second = photo(40, 30, seed=1), photo(40, 30, seed=2)
    for format in ("gif", "webp"):
        image = decode(encoded(animated([first, second]), format))
        assert (image.width, image.height) == (40, 30)
        assert difference(image[:3], first) < 9


@pytest.mark.parametrize("format", FORMATS)
def test_scaling_on_the_way_shows_the_same(format: str) -> None:
    data = encoded(photo(600, 450), format)
    small = decode(data, within=(150, 1000))
    assert (small.width, small.height) == (150, 112)
    assert difference(small, decode(data).thumbnail_image(150, height=112, size="force")) < 2
    assert decode(data, within=(5000, 5000)).width == 600


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kept", [0.4, 0.9])
def test_refuses_a_truncated_file(format: str, kept: float, capfd: pytest.CaptureFixture[str]) -> None:
    data = encoded(photo(200, 150), format)
    for within in (None, (50, 50)):
        with pytest.raises(NotAnImage):
            decode(data[: int(len(data) * kept)], within=within)
    assert capfd.readouterr().err == ""


def test_refuses_a_bomb_and_an_empty_shell() -> None:
    with pytest.raises(ImageTooLarge):
        decode(png_by_hand(60_000, 60_000))
    with pytest.raises(NotAnImage, match="PNG file is damaged"):
        decode(png_by_hand(100, 100))


def test_bytes_of_a_damaged_file_in_a_message_do_no_harm(capfd: pytest.CaptureFixture[str]) -> None:
    turned = encoded(tagged(photo(24, 16), 6), "avif")
    assert b"irot" in turned
    for _ in range(2):
        with pytest.raises(NotAnImage, match="AVIF file is damaged"):
            decode(turned.replace(b"irot", b"\xbfrot"))
        with pytest.raises(NotAnImage, match="PNG file is damaged"):
            decode(png_by_hand(100, 100))
    assert capfd.readouterr().err == ""


def test_no_operation_is_kept_in_memory() -> None:
    for seed in range(3):
        decode(encoded(photo(64, 48, seed=seed), "png"))
    assert pyvips.cache_get_size() == 0
    assert pyvips.concurrency_get() == 1


SEEDS: dict[str, bytes] = {format: encoded(photo(24, 16), format) for format in FORMATS}


@st.composite
def damaged(draw: Any) -> bytes:
    """A small file with some bytes changed, put in or taken out, and maybe an end cut off."""
    data = bytearray(SEEDS[draw(st.sampled_from(FORMATS))])
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.sampled_from(["set", "insert", "remove"])):
            case "set":
                data[at] = draw(st.integers(0, 255))
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case _ if len(data) > 16:
                del data[at : at + draw(st.integers(1, 8))]
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


@settings(max_examples=250, deadline=None, database=None)
@given(damaged())
def test_damage_ends_as_a_picture_or_a_refusal(data: bytes) -> None:
    try:
        facts = probe(data, max_pixels=1_000_000)
        image = decode(data, max_pixels=1_000_000)
    except (NotAnImage, ImageTooLarge):
        return
    assert (image.width, image.height) == (facts.width, facts.height)
    assert image.bands in (3, 4)
