"""The looks: each finishes a picture's plates in its own hand.

A look is a list of steps in ``looks.toml``; a step names an operation of this module (or of `mosaic`) and its settings.
An operation takes the plates and the image so far, both of one size, and gives the next image, RGB.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from pyvips import Image

from . import mosaic
from .compose import Picture
from .light import rgb
from .paint import Plates, assembled, clipped, fitted, masked, noise, over, plates, render, shifted
from .scenery import Layer, furnish
from .words import data, dice

Operation = Callable[..., Image]


def finished(picture: Picture, width: int, height: int, share: float) -> Image:
    """The picture as far as it has come by `share` (0 to 1), in its look, RGB of width × height."""
    look = data("looks")[picture.stage.scene.style]
    p = plates(
        picture, width, height, share,
        flat="flat" in look, model=look.get("model", 0.0), waves="still" not in look,
    )  # fmt: skip
    image = p.back
    for step in look["steps"]:
        if share >= step.get("after", 0):
            settings = {name: value for name, value in step.items() if name not in ("do", "after")}
            image = OPERATIONS[step["do"]](p, image, **settings)
    return clipped(image).copy(interpretation="srgb")


def blend(p: Plates, _: Image, soft: float = 0.0, shade: float = 0.45) -> Image:
    """The plates over one another, the place a little out of focus."""
    sharp = not soft or not p.picture.cast
    return assembled(p, None if sharp else p.back.gaussblur(p.px(soft, 0.3)), shade)


def blur(p: Plates, image: Image, radius: float) -> Image:
    return image.gaussblur(p.px(radius, 0.3)).copy_memory()


def tone(_: Plates, image: Image, chroma: float, contrast: float = 1.0, lift: float = 0.0) -> Image:
    """Chroma and contrast multiplied, all made lighter by `lift`."""
    grey = [weight * (1 - chroma) for weight in (0.299, 0.587, 0.114)]
    matrix = [[g + (chroma if i == j else 0) for j, g in enumerate(grey)] for i in range(3)]
    scaled = [[v * contrast for v in row] for row in matrix]
    return clipped(image.recomb(Image.new_from_array(scaled)) + (128 + lift - 128 * contrast))


def bloom(p: Plates, image: Image, start: float, force: float) -> Image:
    """Light that spills over from what is brighter than `start`."""
    factor = 4 if min(p.width, p.height) > 64 else 1
    bright = clipped((image.shrink(factor, factor) - start) * (255 / (255 - start)))
    spilt = bright.gaussblur(max(0.8, p.px(34) / factor)) * force
    return clipped(image + fitted(spilt.cast("uchar"), p.width, p.height))


def vignette(p: Plates, image: Image, force: float) -> Image:
    """Darker corners."""
    square = (Image.xyz(64, 64).cast("float") / 31.5 - 1) ** 2
    fall = 1 - (square.extract_band(0) + square.extract_band(1)) ** 1.6 * (force / 4)
    return clipped(image * fitted(fall, p.width, p.height))


def grain(p: Plates, image: Image, force: float) -> Image:
    """The grain of film."""
    tile = Image.gaussnoise(256, 256, mean=0, sigma=force, seed=p.picture.seed & 0x7FFFFFFF).copy_memory()
    return clipped(image + _tiled(tile, p))


def _tiled(tile: Image, p: Plates) -> Image:
    across, down = -(-p.width // tile.width), -(-p.height // tile.height)
    return tile.replicate(across, down).crop(0, 0, p.width, p.height)


def curve(_: Plates, image: Image, stops: list[str]) -> Image:
    """Greys mapped onto a run of colours, from black to white."""
    last = len(stops) - 1
    table = []
    for level in range(256):
        at, share = divmod(level / 255 * last, 1)
        pair = zip(rgb(stops[int(at)]), rgb(stops[min(last, int(at) + 1)]), strict=True)
        table.append([a + (b - a) * share for a, b in pair])
    lut = Image.new_from_array(table).cast("uchar")
    bands = [lut.crop(i, 0, 1, 256) for i in range(3)]
    return image.colourspace("b-w").maplut(bands[0].bandjoin(bands[1:]).copy(interpretation="srgb"))


def grade(p: Plates, image: Image, dark: str, bright: str, share: float) -> Image:
    """Shadows drawn to one colour, lights to another."""
    return clipped(image * (1 - share) + curve(p, image, ["#000000", dark, bright, "#ffffff"]) * share)


def posterise(p: Plates, image: Image, levels: int, soft: float = 0.3) -> Image:
    """Each channel cut to a few levels."""
    table = [round(round(v / 255 * (levels - 1)) * 255 / (levels - 1)) for v in range(256)]
    return image.gaussblur(p.px(soft, 0.3)).maplut(Image.new_from_array([table]).cast("uchar")).copy_memory()


def bend(p: Plates, image: Image, reach: float, cell: float) -> Image:
    """Drawn with an unsteady hand: moved by up to `reach`, in waves of `cell`."""
    w, h, seed = max(2, p.width // 2), max(2, p.height // 2), p.picture.seed
    across, down = (noise(w, h, max(2.0, p.px(cell) / 2), seed + i, 2) for i in (0, 71))
    index = Image.xyz(p.width, p.height) + fitted(across.bandjoin(down), p.width, p.height) * p.px(reach)
    bounds = [index.extract_band(i).clamp(min=1, max=side - 2) for i, side in enumerate((p.width, p.height))]
    return clipped(image.mapim(bounds[0].bandjoin(bounds[1]), extend="copy"))


def _edges(image: Image, gain: float, floor: float) -> Image:
    """One band, 0 (none) to 255 (strong): where colours meet."""
    red, green, blue = image.sobel().bandsplit()
    return clipped((red.maxpair(green).maxpair(blue) - floor) * gain)


def outline(
    p: Plates, image: Image, of: str, colour: str, thick: float, gain: float, floor: float,
    soft: float = 0.6, paper: str = "", dry: float = 0.0, alpha: float = 1.0,
) -> Image:  # fmt: skip
    """Lines where the colours of the `cast` or of the `image` meet; `dry` breaks them as a dry brush does."""
    source = p.cast_on_grey() if of == "cast" else image
    lines = _edges(source.gaussblur(p.px(soft, 0.3)), gain, floor)
    if p.px(thick) > 1.2:
        lines = clipped(lines.gaussblur(p.px(thick) * 0.42) * 2.2)
    if dry:
        lines = lines * (noise(p.width, p.height, p.px(9, 2), p.picture.seed + 4, 2) * dry + 0.8)
    base = Image.black(p.width, p.height, bands=3) + rgb(paper) if paper else image
    return over(base.cast("uchar").copy(interpretation="srgb"), masked(colour, lines * alpha)).copy_memory()


def halftone(p: Plates, image: Image, cell: float, dark: float) -> Image:
    """Printed dots, larger where it is darker."""
    side = max(3, round(p.px(cell)))
    ramp = Image.xyz(side * 2, side * 2).cast("float")
    one, two = (((ramp - [side * c, side * c]) ** 2).bandmean() * 2 for c in (0.5, 1.5))
    dots = _tiled((one.minpair(two) ** 0.5 / side).copy_memory(), p)
    grey = image.colourspace("b-w").gaussblur(p.px(5, 0.5)) / 255.0
    return clipped((dots < 0.72 - grey).ifthenelse(image * dark, image)).copy(interpretation="srgb")


def strew(p: Plates, image: Image, layers: list[Layer]) -> Image:
    """Layers of scenery over everything."""
    stage = dataclasses.replace(p.picture.stage, rng=dice(p.picture.seed + 17), planes={"over": []})
    furnish(stage, layers, "over")
    return over(image, render(p.picture, stage.planes["over"], p.width, p.height)).copy_memory()


def paper(p: Plates, image: Image, cell: float, force: float, octaves: int = 2, lift: float = 0) -> Image:
    """The tooth of paper, or blooms of wet paint, pressed into the picture."""
    return clipped(
        image * (noise(p.width, p.height, p.px(cell, 2), p.picture.seed + 2, octaves) * force + 1) + lift
    )


def margin(p: Plates, image: Image, inset: float, wander: float, colour: str) -> Image:
    """An irregular margin of bare paper."""
    index = Image.xyz(p.width, p.height).cast("float")
    middle = [(p.width - 1) / 2, (p.height - 1) / 2]
    near = (index - middle).abs() * -1 + middle
    edge = noise(p.width, p.height, p.px(70, 3), p.picture.seed + 15, 4) * (wander / 2)
    inside = (
        (near.extract_band(0).minpair(near.extract_band(1)) / min(p.width, p.height) - inset * 0.6 + edge)
        * 70
        * 255
    )
    return over(image, masked(colour, 255 - clipped(inside)))


def daub(p: Plates, image: Image, size: float, bristle: float) -> Image:
    """Strokes of a thick brush that stand out of the canvas."""
    half = 2 if min(p.width, p.height) >= 128 else 1
    side = max(3, round(p.px(size) / half) | 1)
    small = image.shrink(half, half).rank(side, side, side * side * 5 // 6).rank(side, side, side * side // 3)
    strokes = fitted(small, p.width, p.height).copy_memory()
    height = strokes.colourspace("b-w") * 0.35
    height += noise(p.width, p.height, p.px(7, 2), p.picture.seed + 6, 2) * bristle
    reach = max(1, round(p.px(1.6)))
    return clipped(strokes + (height - shifted(height, reach, reach)) * 0.95)


def emboss(p: Plates, image: Image, reach: float, soft: float, force: float) -> Image:
    """Everything as if it stood out, lit from above."""
    grey = image.colourspace("b-w").gaussblur(p.px(soft, 0.6)).cast("short")
    away = max(1, round(p.px(reach)))
    return clipped(image + (grey - shifted(grey, away, away)) * force)


def tubes(p: Plates, image: Image) -> Image:
    """Glowing tubes along all edges, in the dark."""
    edges = _edges(image.gaussblur(p.px(0.9, 0.3)), 2.6, 22) * 0.42 + _edges(p.cast_on_grey(), 2.8, 22)
    lines = clipped(edges.gaussblur(p.px(1.3, 0.5)) * 1.6) / 255.0
    hue = curve(p, image, ["#5a2fff", "#ff2fb0", "#27e6ff", "#f8ff6a"])
    light = clipped((hue * 0.62 + tone(p, image, 2.4, 1.3, 40) * 0.5) * lines)
    factor = 2 if min(p.width, p.height) > 64 else 1
    halo = fitted(light.shrink(factor, factor).gaussblur(p.px(20, 0.8) / factor), p.width, p.height)
    return clipped(curve(p, image, ["#05030f", "#150a32", "#301452"]) + light * 1.15 + halo * 1.25)


_OWN = (
    blend, blur, tone, bloom, vignette, grain, curve, grade, posterise, bend, outline, halftone, strew, paper, margin,
    daub, emboss, tubes,
)  # fmt: skip
OPERATIONS: dict[str, Any] = {way.__name__: way for way in (*_OWN, *mosaic.OPERATIONS)}
