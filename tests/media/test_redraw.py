"""Pictures drawn anew: what is kept of what was sent is what one sees, and nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import pyvips

from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.redraw import Recipe, redraw
from tests.media import pictures

AVATAR = Recipe(format="webp", square=64)
RED, GREEN, BLUE = (220, 30, 30), (30, 200, 30), (30, 30, 220)
PAGE = b"<html><script>alert(document.cookie)</script></html>"


def drawn(data: bytes, recipe: Recipe = AVATAR) -> pyvips.Image:
    result = redraw(data, recipe)
    image = pyvips.Image.new_from_buffer(result.data, "")
    assert (result.width, result.height) == (image.width, image.height)
    assert image.format == "uchar"
    assert image.interpretation == "srgb"
    return image


def near(image: pyvips.Image, x: int, y: int, color: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(image.getpoint(x, y)[:3], color, strict=True))


def thirds(width: int = 300, height: int = 100) -> pyvips.Image:
    """Red, green and blue, side by side."""
    parts = [pictures.plain(width // 3, height, color) for color in (RED, GREEN, BLUE)]
    return pyvips.Image.arrayjoin(parts, across=3)


@pytest.mark.parametrize("format", pictures.FORMATS)
@pytest.mark.parametrize("size", [(300, 100), (90, 30), (30, 21), (1, 1)])
def test_a_square_is_the_middle_at_exactly_the_size(format: str, size: tuple[int, int]) -> None:
    image = drawn(pictures.encoded(thirds(*size) if size[0] > 1 else pictures.plain(1, 1, GREEN), format))
    assert (image.width, image.height) == (64, 64)
    assert near(image, 32, 32, GREEN)


def test_within_scales_down_and_never_up() -> None:
    data = pictures.encoded(thirds(), "png")
    small = drawn(data, Recipe(format="png", within=(150, 150)))
    assert (small.width, small.height) == (150, 50)
    assert (drawn(data, Recipe(format="png", within=(900, 900))).width) == 300


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation: int) -> None:
    upright = pyvips.Image.arrayjoin([pictures.plain(96, 48, RED), pictures.plain(96, 48, BLUE)], across=1)
    stored = {
        1: upright,
        2: upright.fliphor(),
        3: upright.rot180(),
        4: upright.flipver(),
        5: upright.rot90().fliphor(),
        6: upright.rot270(),
        7: upright.rot90().flipver(),
        8: upright.rot90(),
    }[orientation]
    image = drawn(pictures.encoded(pictures.tagged(stored, orientation), "jpeg"))
    assert near(image, 32, 10, RED)
    assert near(image, 32, 54, BLUE)
    assert not image.get_typeof("orientation")


def test_colours_of_print_of_sixteen_bits_and_of_profiles_become_srgb() -> None:
    ink = pictures.plain(80, 80, (0, 255, 255, 0)).copy(interpretation="cmyk")
    red, green, blue = drawn(bytes(ink.jpegsave_buffer(Q=95))).getpoint(32, 32)[:3]
    assert red > 150
    assert max(green, blue) < 110
    deep = (pictures.plain(80, 80, GREEN).cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    assert near(drawn(bytes(deep.pngsave_buffer())), 32, 32, GREEN)
    wide = pictures.plain(80, 80, GREEN).icc_transform("p3", input_profile="srgb")
    data = bytes(wide.pngsave_buffer(profile="p3"))
    assert b"iCCP" in data
    image = drawn(data)
    assert near(image, 32, 32, GREEN)
    assert not image.get_typeof("icc-profile-data")


def test_the_first_frame_stands_for_an_animation() -> None:
    frames = [pictures.plain(64, 64, color) for color in (RED, GREEN, BLUE)]
    for format in ("gif", "webp"):
        image = drawn(pictures.encoded(pictures.animated(frames), format))
        assert (image.width, image.height) == (64, 64)
        assert near(image, 32, 32, RED)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    return file.getvalue()


@pytest.mark.parametrize("format", pictures.FORMATS)
@pytest.mark.parametrize(
    "rider", [PAGE, zipped(), b"PK\x03\x04", b"%PDF-1.7"], ids=["html", "zip", "pk", "pdf"]
)
def test_what_rides_on_a_picture_is_left_behind(format: str, rider: bytes) -> None:
    clean = pictures.encoded(thirds(), format)
    assert redraw(clean + rider, AVATAR).data == redraw(clean, AVATAR).data
    kept = redraw(clean + rider, Recipe(format="png")).data
    assert rider not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


def test_words_inside_a_picture_are_left_behind() -> None:
    image = thirds().copy()
    image.set_type(pyvips.GValue.gstr_type, "png-comment-0-Comment", PAGE.decode())
    image.set_type(pyvips.GValue.blob_type, "xmp-data", PAGE)
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Artist", PAGE.decode())
    data = bytes(image.pngsave_buffer())
    assert PAGE in data
    for format in ("png", "webp", "jpeg", "avif"):
        recipe: Any = Recipe(format=format)
        kept = redraw(data, recipe).data
        assert b"script" not in kept
        assert b"Artist" not in kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        PAGE,
        b"%PDF-1.7",
        zipped(),
        b"\x89PNG\r\n\x1a\n" + bytes(8) + PAGE,
        b"GIF89a" + PAGE,
        b"MM\x00*",
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises((NotAnImage, ImageTooLarge)):  # words read as a size are a large one
        redraw(data, AVATAR)


@pytest.mark.parametrize("format", pictures.FORMATS)
def test_a_truncated_file_is_refused(format: str) -> None:
    data = pictures.encoded(pictures.photo(), format)
    for end in (12, 40, len(data) // 2, len(data) - len(data) // 8):
        with pytest.raises(NotAnImage):
            redraw(data[:end], AVATAR)


def test_a_header_of_too_many_pixels_is_enough_to_refuse() -> None:
    for width, height in ((60_000, 60_000), (20_000, 10_001), (2**31 - 1, 1)):
        with pytest.raises(ImageTooLarge):
            redraw(pictures.png_by_hand(width, height), AVATAR)
