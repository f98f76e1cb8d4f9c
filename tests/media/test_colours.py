"""Colours stay right on their way to a rendition, whatever the file keeps them in."""

from __future__ import annotations

import pytest
import pyvips

from easel.media.appearance import average_color
from easel.media.renditions import render
from easel.media.safe_decode import decode
from tests.media import pictures

RED = (200, 40, 40)


def shown(data: bytes) -> tuple[float, ...]:
    """The colour in the middle of a picture's smallest WebP."""
    (small,) = (file for file in render(data).files if (file.width, file.format) == (256, "webp"))
    image = decode(small.data)
    return tuple(image(image.width // 2, image.height // 2)[:3])


def near(one: tuple[float, ...], other: tuple[float, ...], within: float) -> bool:
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def srgb(width: int = 64, height: int = 48) -> pyvips.Image:
    return pictures.plain(width, height, RED)


def test_cmyk_and_its_inverted_kind() -> None:
    """JPEGs of print programs: with a profile, and without one."""
    with_profile = srgb().icc_transform(
        "cmyk", input_profile="srgb", intent="relative", black_point_compensation=True
    )
    data = bytes(with_profile.jpegsave_buffer(Q=95))
    assert near(shown(data), RED, 14)
    bare = bytes(srgb().colourspace("cmyk").jpegsave_buffer(Q=95, keep="none"))
    red, green, blue = shown(bare)
    assert red > 150
    assert max(green, blue) < 110


@pytest.mark.parametrize("format", ["png", "avif"])
def test_more_than_eight_bits(format: str) -> None:
    deep = (srgb().cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    if format == "png":
        data = bytes(deep.pngsave_buffer(bitdepth=16))
    else:
        data = bytes(deep.heifsave_buffer(compression="av1", bitdepth=10, effort=0, Q=90))
    assert near(shown(data), RED, 6)
    grey = (pictures.plain(64, 48, (120,)).cast("ushort") * 257).cast("ushort").copy(interpretation="grey16")
    assert near(shown(bytes(grey.pngsave_buffer(bitdepth=16))), (120, 120, 120), 4)


def test_a_wide_gamut_profile_is_applied() -> None:
    """The numbers of a Display P3 file are not sRGB's: shown as they are, its colours would be dull."""
    p3 = srgb().icc_transform("p3", input_profile="srgb", depth=8, intent="relative")
    data = bytes(p3.pngsave_buffer())
    assert not near(tuple(p3(3, 3)), RED, 6)
    assert near(shown(data), RED, 4)
    assert near(shown(bytes(p3.jpegsave_buffer(Q=95))), RED, 6)


def test_palettes_transparency_and_frames() -> None:
    assert near(shown(bytes(srgb().pngsave_buffer(palette=True))), RED, 4)
    clear = pictures.plain(64, 48, (*RED, 0))
    assert average_color(decode(pictures.encoded(clear, "png"))) == "#ffffff"
    frames = [pictures.plain(64, 48, color) for color in (RED, (20, 200, 20))]
    for format in ("gif", "webp"):
        assert near(shown(pictures.encoded(pictures.animated(frames), format)), RED, 14), format


def test_a_broken_profile_does_not_hide_the_picture() -> None:
    image = srgb().copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", b"not a profile at all")
    assert near(shown(bytes(image.jpegsave_buffer(Q=95))), RED, 8)
