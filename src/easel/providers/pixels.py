"""The little that adapters do to pixels: masks and margins as their services want them.

Easel's masks are white where a picture is to change. Blocking; call them in a thread.
"""

from __future__ import annotations

from typing import Any

import pyvips

from .base import Margins, Picture

_FAINTEST_EDGE = 4
"""Of what `canny` finds, in steps of brightness."""
_LOADERS = {
    "png": pyvips.Image.pngload_buffer,
    "jpeg": pyvips.Image.jpegload_buffer,
    "webp": pyvips.Image.webpload_buffer,
}


def opened(picture: Picture) -> Any:
    """A picture's pixels in sRGB with alpha. Raises `ValueError` for other formats, `pyvips.Error` for broken files."""
    load = _LOADERS.get(picture.format)
    if load is None:
        raise ValueError(f"a picture in {picture.format} cannot be handed to this model")
    image = load(picture.data).autorot()
    image = image.colourspace("srgb").cast("uchar")
    return image if image.hasalpha() else image.bandjoin(255)


def changing(mask: Picture) -> Any:
    """One band of a mask: 255 where the picture is to change."""
    return opened(mask).flatten(background=[0, 0, 0]).colourspace("b-w")[0]


def transparent_mask(mask: Picture) -> bytes:
    """A mask as OpenAI wants it: a PNG that is transparent where the picture is to change."""
    keep = changing(mask).linear(-1, 255, uchar=True)
    black = keep.linear(0, 0, uchar=True)
    return _png(black.bandjoin([black, black, keep]).copy(interpretation="srgb"))


def grown(image: Picture, margins: Margins) -> bytes:
    """A picture with transparent margins around it, as PNG: what is transparent is to be painted."""
    pixels = opened(image)
    width = margins.left + pixels.width + margins.right
    height = margins.top + pixels.height + margins.bottom
    return _png(
        pixels.embed(margins.left, margins.top, width, height, extend="background", background=[0, 0, 0, 0])
    )


def shrunk(data: bytes, width: int = 512) -> bytes:
    """A PNG, JPEG or WebP as a small JPEG for showing the state so far. Raises `ValueError` for what is none."""
    try:
        image = pyvips.Image.thumbnail_buffer(data, width, height=4 * width, size="down")
        image = image.flatten(background=[255, 255, 255]) if image.hasalpha() else image
        return bytes(image.jpegsave_buffer(Q=75, keep="none"))
    except pyvips.Error as error:
        raise ValueError("not a picture") from error


def edges(image: Picture) -> bytes:
    """A picture's edges, white on black, as PNG: what ControlNets for edges are trained on."""
    found = opened(image).flatten(background=[255, 255, 255]).colourspace("b-w").canny(sigma=1.4)
    return _png((found > _FAINTEST_EDGE).copy(interpretation="b-w"))


def extended(image: Picture, margins: Margins) -> Picture:
    """A picture on the canvas that its margins make, its outermost pixels repeated over them."""
    pixels = opened(image)
    width = margins.left + pixels.width + margins.right
    height = margins.top + pixels.height + margins.bottom
    return Picture(
        _png(pixels.embed(margins.left, margins.top, width, height, extend="copy")), "png", width, height
    )


def frame_mask(image: Picture, margins: Margins) -> Picture:
    """Easel's mask of a grown picture: white at the margins, black where the picture lies."""
    width = margins.left + image.width + margins.right
    height = margins.top + image.height + margins.bottom
    inner = pyvips.Image.black(image.width, image.height)
    mask = inner.embed(margins.left, margins.top, width, height, extend="background", background=[255])
    return Picture(_png(mask.copy(interpretation="b-w")), "png", width, height)


def _png(image: Any) -> bytes:
    data: bytes = image.pngsave_buffer(compression=6, keep="none")
    return data
