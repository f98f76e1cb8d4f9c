"""From a composed picture to pixels: layers are rendered, lit, and laid over one another.

Makes the plates (back, shadow, subjects, front) that a look finishes. Images are libvips images: RGB or RGBA, 8 bits,
unless said otherwise.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence
from typing import Any

from pyvips import Image

from .light import mix, rgb
from .scenery import WATERS, Layers, Stage
from .words import data

_PAINT = re.compile(r'"(#[\dA-Fa-f]{6,8}([>|@])[^"]*)"')


@dataclasses.dataclass(frozen=True, slots=True)
class Plates:
    """A picture's layers at one size. `finish` 0 to 1 is how far the painting has come."""

    stage: Stage
    width: int
    height: int
    finish: float
    back: Image
    shadow: Image  # one band, 0 to 255: how dark
    cast: Image
    front: Image

    def px(self, units: float, least: float = 0.0) -> float:
        """How many pixels so many thousandths of the short side are."""
        return max(least, units * min(self.width, self.height) / 1000)

    def cast_on_grey(self) -> Image:
        """The subjects alone on middle grey, RGB: their outlines without the place's."""
        return self.cast.flatten(background=[128, 140, 150])


def _gradient(name: str, text: str, kind: str) -> str:
    """The definition behind a fill like ``#a>#b`` (see `scenery`)."""
    colours = text.split(kind)
    inner = "".join(
        f'<stop offset="{i / (len(colours) - 1):.3f}" stop-color="{colour[:7]}" '
        f'stop-opacity="{int(colour[7:] or "ff", 16) / 255:.3f}"/>'
        for i, colour in enumerate(colours)
    )
    shape = "radial" if kind == "@" else "linear"
    end = {"|": 'x2="1" y2="0"', ">": 'x2="0" y2="1"', "@": ""}[kind]
    return f'<{shape}Gradient id="{name}" {end}>{inner}</{shape}Gradient>'


def render(stage: Stage, layers: Layers, width: int, height: int, finish: float = 1.0) -> Image:
    """Layers that have come by `finish`, as RGBA of width × height."""
    body = "".join(svg for start, svg in layers if start <= finish)
    if not body:
        return Image.black(width, height, bands=4).copy(interpretation="srgb")
    names = {fill: f"p{n}" for n, fill in enumerate(dict.fromkeys(_PAINT.findall(body)))}
    definitions = [_gradient(name, *fill) for fill, name in names.items()]
    body = _PAINT.sub(lambda found: f'"url(#{names[found[1], found[2]]})"', body)
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'viewBox="0 0 {stage.width:.3f} {stage.height:.3f}"><defs>{"".join(definitions)}</defs>'
        f"{body}</svg>"
    )
    return Image.svgload_buffer(text.encode(), unlimited=True).copy_memory()


def over(base: Image, top: Image) -> Image:
    """An RGBA image laid over an RGB one."""
    return base.composite2(top, "over").extract_band(0, n=3).cast("uchar")


def masked(colour: Image | str, mask: Image) -> Image:
    """RGBA of an RGB image or a hex colour, seen through a one-band mask."""
    if isinstance(colour, str):
        colour = (Image.black(mask.width, mask.height, bands=3) + rgb(colour)).cast("uchar")
    return colour.bandjoin(mask.cast("uchar")).copy(interpretation="srgb")


def fitted(image: Image, width: int, height: int) -> Image:
    """The picture stretched to a size."""
    grown = image.resize(width / image.width, vscale=height / image.height, kernel="linear")
    return grown.gravity("centre", width, height, extend="copy")


def noise(width: int, height: int, cell: float, seed: int, octaves: int = 3) -> Image:
    """Cloudy noise, one float band of about -1 to 1; `cell` is the size of the largest blotch in pixels."""
    total: Any = 0
    for octave in range(octaves):
        size, chance = max(2, round(cell / 2**octave)), (seed + 101 * octave) & 0x7FFFFFFF
        total = Image.perlin(width, height, cell_size=size, seed=chance) * 0.62**octave + total
    return total.copy_memory()


def column(values: Sequence[float], width: int) -> Image:
    """A one-band float image whose rows have the given values."""
    rows = Image.new_from_array([[v] for v in values]).cast("float")
    return rows.embed(0, 0, width, len(values), extend="copy")


def shifted(image: Image, right: int, down: int) -> Image:
    """The picture moved by whole pixels, its edges drawn out."""
    return image.embed(right, down, image.width, image.height, extend="copy")


def clipped(image: Image) -> Image:
    return image.cast("uchar").copy_memory()


def _receding(width: int, height: int, cell: float, seed: int) -> Image:
    """Noise that lies flat: fine and wide at the top, coarse at the foot."""
    tile = noise(width, max(height, 64) * 2, cell, seed, 2)
    near = [(y + 0.5) / height for y in range(height)]
    rows = column([math.log10(1 + 9 * f) * (tile.height - 2) for f in near], width)
    x = Image.xyz(width, height).extract_band(0)
    source = ((x - width / 2) / column([0.6 + 1.1 * f for f in near], width) + width / 2).abs()
    return tile.mapim(source.clamp(min=0, max=width - 2).bandjoin(rows)).copy_memory()


def _clouded(stage: Stage, sky: Image, unit: float) -> Image:
    """Soft clouds, flatter and smaller towards the horizon, lit from the sun's side."""
    width, height = sky.width, sky.height
    band = min(height, max(8, math.ceil(min(stage.horizon, stage.height) * unit)))
    w, h = max(8, width // 3), max(8, band // 3)
    tall = max(16, int(h * 2.4))
    field = noise(w, tall, max(4.0, 100 * unit), stage.seed + stage.scene.whim, 5)
    rows = column([(tall - 1) * (y / h) ** 1.35 for y in range(h)], w)
    field = field.mapim(Image.xyz(w, h).extract_band(0).bandjoin(rows))
    alpha = clipped(((field - 0.42 + 0.75 * stage.clouds) * 663).cast("uchar").gaussblur(0.9))
    away = max(1, round(9 * unit))
    shaded = shifted(alpha, -away if stage.sun[0] > stage.width / 2 else away, away)
    light = ((alpha.cast("float") - shaded) / 170 + 0.62 - alpha.cast("float") / 1275).clamp(min=0, max=1)
    bright, dark = (stage.palette.free(c) for c in stage.palette.cloud)
    dark = mix(dark, stage.palette.sky[1], 0.25)
    span = [a - b for a, b in zip(rgb(bright), rgb(dark), strict=True)]
    fade = column([min(1.0, 1.25 - y / h) * 0.93 for y in range(h)], w)
    top = masked((light.bandjoin([light, light]) * span + rgb(dark)).cast("uchar"), alpha * fade)
    return over(sky, fitted(top.copy_memory(), width, band).gravity("north-west", width, height))


def _floored(stage: Stage, back: Image, unit: float, wet: bool) -> Image:
    """What is below the horizon with grain that lies flat; or as water, mirroring what is above, broken by waves."""
    width, top = back.width, max(2, min(back.height - 8, round(stage.horizon * unit)))
    below = back.height - top
    if below < 8:
        return back
    near = [y / below for y in range(below)]
    floor = back.crop(0, top, width, below).copy_memory()
    wave = _receding(width, below, max(3.0, (26 if wet else 16) * unit), stage.seed + 5)
    if not wet:
        force = data("light")["grounds"][stage.ground]["grain"]
        grain = wave * column([force * min(1.0, 8 * f) for f in near], width)
        return back.insert(clipped(floor * (grain + 1)), 0, top)
    source = min(top, max(below, 8))
    above = fitted(back.crop(0, top - source, width, source).flipver(), width, below)
    reach = wave * column([(3 + 26 * f) * unit for f in near], width)
    x, y = Image.xyz(width, below).bandsplit()
    moved = (x + reach * (1.7 if stage.ground == "sea" else 1.0)).clamp(min=1, max=width - 2)
    moved = moved.bandjoin((y + reach * 0.8).clamp(min=1, max=below - 2)).copy_memory()
    strength, ripple = {"lake": (0.8, 16), "sea": (0.62, 34)}.get(stage.ground, (0.5, 7))
    share = column([strength * (0.86 - 0.5 * f) for f in near], width)
    water = above.mapim(moved, extend="copy") * share + floor.mapim(moved, extend="copy") * (1 - share)
    water += wave * column([ripple * (0.4 + 0.6 * f) for f in near], width)
    if stage.ground in WATERS:  # the sun's path
        path = (x - stage.sun[0] * unit) / column([(60 + 190 * f) * unit for f in near], width)
        spark = (wave > 0.16) / 340.0 * (path * path * -1).exp()
        water = water * (1 - spark) + spark.bandjoin([spark, spark]) * rgb(stage.palette.sun)
    return back.insert(clipped(water), 0, top)


def _modelled(cast: Image, unit: float, sun: float, force: float) -> Image:
    """Subjects modelled by light: bright towards the sun (-1 left, 1 right), dark away from it."""
    alpha = cast.extract_band(3)
    shrink = 2 if min(cast.width, cast.height) >= 256 else 1
    soft = alpha.shrink(shrink, shrink).gaussblur(max(0.6, 16 * unit / shrink)).cast("float")
    reach = max(1, round(10 * unit / shrink))
    side = -reach if sun > 0 else reach
    shade = (shifted(soft, side, reach) - shifted(soft, -side, -reach)) * (force / 255)
    shade = fitted(shade.clamp(min=-0.42, max=0.34), cast.width, cast.height)
    colour = cast.extract_band(0, n=3)
    # Light takes a share of what is left to white, shadow a share of what there is.
    lit = (shade > 0).ifthenelse((255 - colour) * 0.75, colour)
    return masked(clipped(colour + lit * shade), alpha)


def plates(stage: Stage, width: int, height: int, finish: float, look: dict[str, Any]) -> Plates:
    """Render a picture's layers at a size, as its look wants them (see ``looks.toml``)."""
    planes, unit, model = stage.planes, min(width, height) / 1000, look.get("model", 0.0)
    flat, wet = "flat" in look, stage.ground in WATERS or {"g:street", "glossy"} <= stage.tags
    hazy = [*planes["sky"], *(planes["heaped"] if flat else [])]
    land = [*planes["behind"], *planes["floor"]]
    soft = finish > 0.25 and not flat and stage.clouds > 0
    back = render(stage, hazy if soft else hazy + land, width, height, finish)
    back = clipped(back.flatten(background=rgb(stage.palette.sky[2])))
    if soft:
        back = over(_clouded(stage, back, unit), render(stage, land, width, height, finish)).copy_memory()
    if (finish > 0.3 and wet and "still" not in look) or (finish > 0.55 and not flat and not wet):
        back = _floored(stage, back, unit, wet)
    if planes["shore"]:
        back = over(back, render(stage, planes["shore"], width, height, finish))
    shadow = render(stage, planes["shadow"], width, height, finish).extract_band(3)
    if planes["shadow"]:
        shadow = shadow.gaussblur(max(0.6, 6 * unit)).copy_memory()
    cast = render(stage, planes["cast"], width, height, finish)
    if model and finish > 0.55 and planes["cast"]:
        cast = _modelled(cast, unit, 1 if stage.sun[0] > stage.width / 2 else -1, model).copy_memory()
    front = render(stage, planes["front"], width, height, finish)
    return Plates(stage, width, height, finish, back.copy_memory(), shadow, cast, front)
