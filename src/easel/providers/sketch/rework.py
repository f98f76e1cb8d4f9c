"""Work that begins with a picture: painted over, in part or beyond its edges, in another's colours, enlarged.

All of it is classical image processing around what `draw` paints. Images are libvips images, RGB in 8 bits, masks one
band from 0 (stays) to 255 (changes).
"""

from __future__ import annotations

import math

from pyvips import Image

from .darkroom import unsharp
from .paint import fitted, noise


def painted_over(picture: Image, painting: Image, strength: float, seed: int) -> Image:
    """`picture` with `painting`, of its size, laid over it: not at all at strength 0, wholly at 1.

    In between it comes stroke by stroke, first where the picture is calm, and the picture takes on its colours.
    """
    if strength <= 0:
        return picture
    if strength >= 1:
        return painting
    width, height = picture.width, picture.height
    side = min(width, height)
    toned = in_colours_of(picture, painting, strength * 0.8)
    soft = toned.gaussblur(max(0.4, side * 0.004 * strength))
    busy = picture.colourspace("b-w").sobel().gaussblur(max(0.6, side / 60)) / 255.0
    where = noise(width, height, max(4.0, side / 4), seed, 2) * 0.5 + 0.5 + busy * 0.6
    # `where` lies about 0.2 to 1.1; so much of it is under the level as the strength says.
    level = 0.15 + strength * 0.95
    share = ((where * -1 + level) * 6 + 0.5).clamp(min=0, max=1)
    return _mixed(soft, painting, share)


def box_of(mask: Image) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is bright in a mask, with a little room around it."""
    left, top, width, height = (mask > 16).ifthenelse(255, 0).find_trim(threshold=8, background=[0])
    room = max(2, round(max(width, height) / 16))
    left, top = max(0, left - room), max(0, top - room)
    return left, top, min(mask.width - left, width + 2 * room), min(mask.height - top, height + 2 * room)


def filled(picture: Image, painting: Image, mask: Image) -> Image:
    """`picture` with `painting` where `mask` is white, in the light of what is around; elsewhere it stays exactly.

    `painting` has the size of the mask's `box_of`, and stands there.
    """
    left, top, *_ = box_of(mask)
    painting = painting.embed(left, top, picture.width, picture.height, extend="copy")
    side = min(picture.width, picture.height)
    around = ((mask.gaussblur(max(1.5, side / 24)) > 4) & (mask < 128)).ifthenelse(255, 0)
    lit = _matched(painting, _statistics(painting, mask), _statistics(picture, around), 0.55)
    # The edge softens inwards only: what is black in the mask keeps every pixel.
    inner = mask.gaussblur(max(0.6, side / 180))
    share = ((inner.cast("float") - 110) / 120).clamp(min=0, max=1) * (mask.cast("float") / 255)
    return (mask == 0).ifthenelse(picture, _mixed(picture, lit, share))


def grown(picture: Image, painting: Image, left: int, top: int) -> Image:
    """`painting`, a larger canvas, with `picture` at (`left`, `top`) in it, where it stays exactly.

    Near the picture the canvas goes on with the colours of its edge, ever softer, and becomes the painting further
    out.
    """
    width, height = painting.width, painting.height
    on = picture.embed(left, top, width, height, extend="copy").copy_memory()
    reach = max(8.0, min(picture.width, picture.height) / 3)
    inside = (Image.black(picture.width, picture.height) + 255).cast("uchar").embed(left, top, width, height)
    away = _distance(inside, left, top, picture.width, picture.height)
    softer = on.gaussblur(max(0.8, reach / 24))
    softest = on.gaussblur(max(1.5, reach / 7))
    near = (away / (reach * 0.25)).clamp(min=0, max=1)
    far = ((away - reach * 0.2) / (reach * 0.6)).clamp(min=0, max=1)
    extended = _mixed(_mixed(on, softer, near), softest, far)
    coloured = _matched(painting, _statistics(painting), _statistics(picture), 0.6)
    share = ((away - reach * 0.3) / reach).clamp(min=0, max=1)
    share = share * share * (share * -2 + 3)
    return (inside > 0).ifthenelse(on, _mixed(extended, coloured, share))


def in_colours_of(picture: Image, model: Image, share: float) -> Image:
    """`picture` in the colours of `model`: the mean and spread of each Lab channel (Reinhard et al., 2001)."""
    return _matched(picture, _statistics(picture), _statistics(model), share)


def enlarged(image: Image, scale: int, sharpen: float) -> Image:
    """`scale` times as wide and high, by Lanczos resampling, its edges sharpened; no detail is made up."""
    alpha = image.extract_band(3) if image.hasalpha() else None
    colour = image.extract_band(0, n=3)
    large = colour.resize(scale, kernel="lanczos3")
    if sharpen:
        large = unsharp(large, 0.5 * scale, 1.2 * sharpen)
    large = large.copy(interpretation="srgb")
    if alpha is None:
        return large
    return large.bandjoin(alpha.resize(scale, kernel="lanczos3")).copy(interpretation="srgb")


def to_size(picture: Image, width: int, height: int) -> Image:
    """The picture at another size, its middle kept where the shapes differ; RGB, on white where it has alpha."""
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    if (picture.width, picture.height) == (width, height):
        return picture
    scale = max(width / picture.width, height / picture.height)
    grown_to = picture.resize(scale, kernel="lanczos3") if scale != 1 else picture
    at_least = fitted(grown_to, max(width, grown_to.width), max(height, grown_to.height))
    return at_least.crop((at_least.width - width) // 2, (at_least.height - height) // 2, width, height)


def _mixed(below: Image, above: Image, share: Image) -> Image:
    """`above` over `below` by a one-band share from 0 to 1."""
    return (below + (above - below.cast("float")) * share + 0.5).cast("uchar").copy(interpretation="srgb")


def _distance(inside: Image, left: int, top: int, width: int, height: int) -> Image:
    """How far each pixel of the canvas is from the rectangle, in pixels."""
    x, y = Image.xyz(inside.width, inside.height).cast("float").bandsplit()
    across = (x * -1 + left).maxpair(x - (left + width - 1)).clamp(min=0, max=1e6)
    down = (y * -1 + top).maxpair(y - (top + height - 1)).clamp(min=0, max=1e6)
    return (across * across + down * down) ** 0.5


_Statistics = tuple[list[float], list[float]]


def _statistics(image: Image, where: Image | None = None) -> _Statistics:
    """Mean and standard deviation of each Lab channel, where a mask is bright if there is one."""
    shrink = max(1, min(image.width, image.height) // 256)
    lab = image.shrink(shrink, shrink).colourspace("lab")
    if where is None:
        bands = lab.bandsplit()
        return [band.avg() for band in bands], [max(band.deviate(), 1.0) for band in bands]
    weight = where.shrink(shrink, shrink).cast("float") / 255
    total = weight.avg()
    if total < 1e-4:
        return _statistics(image)
    means, spreads = [], []
    for band in lab.bandsplit():
        mean = (band * weight).avg() / total
        means.append(mean)
        spreads.append(max(1.0, math.sqrt(((band - mean) * (band - mean) * weight).avg() / total)))
    return means, spreads


def _matched(image: Image, own: _Statistics, wanted: _Statistics, share: float) -> Image:
    lab = image.colourspace("lab")
    gains = [min(3.0, max(0.4, there / here)) for here, there in zip(own[1], wanted[1], strict=True)]
    shift = [there - here * gain for here, there, gain in zip(own[0], wanted[0], gains, strict=True)]
    moved = (lab * gains + shift) * share + lab * (1 - share)
    return moved.copy(interpretation="lab").colourspace("srgb").cast("uchar")
