"""Pixels of a picture that nobody has vouched for: upright, sRGB, eight bits.

The first frame stands for an animation.
"""

from __future__ import annotations

from typing import Final

import pyvips

from .errors import damage_refused
from .probe import MAX_PIXELS, NAMES, ImageFacts, load, orientation, probe

_JPEG_SHRINKS: Final = (8, 4, 2)


def decode(
    data: bytes, *, max_pixels: int = MAX_PIXELS, within: tuple[int, int] | None = None
) -> pyvips.Image:
    """The picture in memory: uchar, 3 bands (sRGB) or 4 (with alpha), EXIF orientation applied.

    `within`, a width and a height in pixels, scales it down (never up) on the way, so that a large picture is
    never whole in memory. Raises `NotAnImage`, also for damaged or truncated pixels, and `ImageTooLarge`.
    """
    facts = probe(data, max_pixels=max_pixels)
    with damage_refused(NAMES[facts.format]):
        return opened(data, facts, within=within).copy_memory()


def opened(data: bytes, facts: ImageFacts, *, within: tuple[int, int] | None = None) -> pyvips.Image:
    """As `decode`, but lazily: pixels are decoded by whoever reads them, once, from top to bottom.

    Damage shows then, as `pyvips.Error`: enclose the reading in `errors.damage_refused`.
    """
    size = scaled_size((facts.width, facts.height), within)
    if size == (facts.width, facts.height):
        return _upright(_srgb(load(data, facts.format)))
    image = load(data, facts.format, **_shrink_on_load(facts, size))
    width, height = size if orientation(image) < 5 else (size[1], size[0])
    return _upright(scaled(_srgb(image), (width, height)))


def scaled_size(size: tuple[int, int], within: tuple[int, int] | None) -> tuple[int, int]:
    """`size` scaled down, never up, to fit `within`; both are (width, height) in pixels."""
    if within is None:
        return size
    scale = min(1.0, within[0] / size[0], within[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def scaled(image: pyvips.Image, size: tuple[int, int]) -> pyvips.Image:
    """`image` resampled to `size` (width, height), lazily; colours under transparency do not bleed in."""
    return image.thumbnail_image(size[0], height=size[1], size="force", no_rotate=True)


def _shrink_on_load(facts: ImageFacts, size: tuple[int, int]) -> dict[str, float | int]:
    """What lets the decoder itself leave pixels out, still at least as many as `size` asks for."""
    shrink = min(facts.width / size[0], facts.height / size[1])
    if facts.format == "jpeg":
        return next(({"shrink": whole} for whole in _JPEG_SHRINKS if whole <= shrink), {})
    if facts.format == "webp" and shrink >= 2:
        return {"scale": 2 / shrink}
    return {}


def _srgb(image: pyvips.Image) -> pyvips.Image:
    if image.get_typeof("icc-profile-data"):
        # A profile that does not fit the pixels is passed over by libvips; one it cannot read at all is not.
        try:
            image = image.icc_transform(
                "srgb", embedded=True, intent="relative", black_point_compensation=True, depth=8
            )
        except pyvips.Error:
            image = image.copy()
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.format != "uchar":
        image = image.cast("uchar")
    return image if image.bands <= 4 else image[:4]


def _upright(image: pyvips.Image) -> pyvips.Image:
    # Turning reads in another order than the decoder writes, so it needs the pixels in memory.
    return image.copy_memory().autorot() if orientation(image) > 1 else image
