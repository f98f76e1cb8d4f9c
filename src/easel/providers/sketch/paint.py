"""From a composed picture to pixels: layers are rendered, lit, and laid over one another.

Makes the plates (back, shadow, subjects, front) that a look finishes; the looks themselves are in `looks`. Images
are libvips images: RGB or RGBA, 8 bits, unless said otherwise.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from pyvips import Image

from .compose import Picture
from .palette import mix, rgb, shift
from .stage import WATERS
from .words import dice


@dataclasses.dataclass(frozen=True, slots=True)
class Plates:
    """A picture's layers at one size. `finish` 0 to 1 is how far the painting has come."""

    picture: Picture
    width: int
    height: int
    unit: float
    """Pixels of a thousandth of the short side."""
    finish: float
    back: Image
    shadow: Image
    """One band, 0 to 255: how dark."""
    cast: Image
    front: Image

    def px(self, units: float, least: float = 0.0) -> float:
        return max(least, units * self.unit)

    def cast_on_grey(self) -> Image:
        """The subjects alone on middle grey, RGB: their outlines without the place's."""
        return self.cast.flatten(background=[128, 140, 150])


def render(
    picture: Picture, layers: Sequence[tuple[float, str]], width: int, height: int, finish: float
) -> Image:
    """Layers that have come by `finish`, as RGBA of width × height."""
    body = "".join(svg for start, svg in layers if start <= finish)
    if not body:
        return Image.black(width, height, bands=4).copy(interpretation="srgb")
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'viewBox="0 0 {picture.width:.3f} {picture.height:.3f}">{body}</svg>'
    )
    image = Image.svgload_buffer(text.encode(), unlimited=True)
    if (image.width, image.height) != (width, height):
        image = image.gravity("north-west", width, height)
    if image.bands == 3:
        image = image.bandjoin(255)
    return image.copy_memory()


def over(base: Image, top: Image) -> Image:
    """An RGBA image laid over an RGB one."""
    return base.composite2(top, "over").extract_band(0, n=3).cast("uchar")


def noise(width: int, height: int, cell: float, seed: int, octaves: int = 3) -> Image:
    """Cloudy noise, one float band of about -1 to 1; `cell` is the size of the largest blotch in pixels."""
    total: Any = None
    for octave in range(octaves):
        size = max(2, round(cell / 2**octave))
        layer = Image.perlin(width, height, cell_size=size, seed=(seed + 101 * octave) & 0x7FFFFFFF) * (
            0.62**octave
        )
        total = layer if total is None else total + layer
    return total.copy_memory()


def column(values: Sequence[float], width: int) -> Image:
    """A one-band float image whose rows have the given values."""
    return (
        Image.new_from_array([[v] for v in values])
        .cast("float")
        .embed(0, 0, width, len(values), extend="copy")
    )


def receding(width: int, height: int, cell: float, seed: int) -> Image:
    """Noise that lies flat: fine and wide at the top, coarse at the foot."""
    tile = noise(width, max(height, 64) * 2, cell, seed, 2).copy_memory()
    rows = [math.log(1 + 9 * (y + 0.5) / height) / math.log(10) * (tile.height - 2) for y in range(height)]
    spread = [0.35 + 0.65 * (y + 0.5) / height for y in range(height)]
    x = Image.xyz(width, height).extract_band(0)
    source = ((x - width / 2) / column([1.7 * s for s in spread], width) + width / 2).abs()
    source = (source > width - 2).ifthenelse(width - 2, source)
    return tile.mapim(source.bandjoin(column(rows, width)))


def shifted(image: Image, right: int, down: int) -> Image:
    """The picture moved by whole pixels, its edges drawn out."""
    return image.embed(right, down, image.width, image.height, extend="copy")


def within(field: Image, low: float, high: float) -> Image:
    """Values held between two bounds."""
    return (field < low).ifthenelse(low, (field > high).ifthenelse(high, field))


def clipped(image: Image) -> Image:
    return image.cast("uchar").copy_memory()


def _clouded(picture: Picture, sky: Image, unit: float) -> Image:
    width, height = sky.width, sky.height
    band = min(height, max(8, math.ceil(min(picture.horizon, picture.height) * unit)))
    small_w, small_h = max(8, width // 2), max(8, band // 2)
    cell = max(4.0, 150 * unit)
    tall = max(16, int(small_h * 2.4))
    field = noise(small_w, tall, cell, picture.seed + picture.scene.whim, 5)
    rows = [(tall - 1) * (y / small_h) ** 1.35 for y in range(small_h)]
    x = Image.xyz(small_w, small_h).extract_band(0)
    field = field.mapim(x.bandjoin(column(rows, small_w))).copy_memory()
    threshold = 0.42 - 0.75 * picture.clouds
    alpha = ((field - threshold) * 2.6).linear(255, 0).cast("uchar").gaussblur(1.2).copy_memory()
    away = max(2, round(7 * unit * 2))
    side = away if picture.sun[0] * unit / 2 > small_w / 2 else -away
    shaded = shifted(alpha, -side, away).cast("float")
    light = (
        (alpha.cast("float") - shaded) / 255 * 1.5 + 0.62 - alpha.cast("float") / 255 * 0.2
    ).copy_memory()
    light = (light > 1).ifthenelse(1, (light < 0).ifthenelse(0, light))
    bright, dark = picture.palette.light.cloud
    bright, dark = picture.palette.free(bright), mix(dark, picture.palette.light.sky[1], 0.25)
    colour = light.bandjoin([light, light]).linear(
        [a - b for a, b in zip(rgb(bright), rgb(dark), strict=True)], list(rgb(dark))
    )
    fade = column([255 * min(1.0, 1.25 - y / small_h) for y in range(small_h)], small_w)
    top = colour.cast("uchar").bandjoin((alpha * fade / 255 * 0.93).cast("uchar")).copy(interpretation="srgb")
    top = top.resize(width / small_w, vscale=band / small_h, kernel="linear")
    top = top.gravity("north-west", width, height)
    return over(sky, top)


def _nebula(picture: Picture, sky: Image, unit: float) -> Image:
    width, height = sky.width, sky.height
    small_w, small_h = max(8, width // 3), max(8, height // 3)
    seed = picture.seed * 7 + picture.scene.whim
    first = noise(small_w, small_h, max(4.0, 130 * unit), seed, 4)
    second = noise(small_w, small_h, max(4.0, 110 * unit), seed + 977, 4)
    palette = picture.palette
    rng = dice(seed)
    pair = rng.choice(
        (("#b03fa0", "#2f7fd8"), ("#e0663f", "#5a3fc0"), ("#2fb8a8", "#7a3fc8"), ("#d84f7f", "#3f6fe0"))
    )
    one, two = (palette.accents[0] if palette.accents else palette.free(pair[0])), palette.free(pair[1])
    glow_one = ((first + 0.15) * 0.8 + second.abs() * -0.25).cast("float")
    glow_two = ((second + 0.1) * 0.75 + first.abs() * -0.2).cast("float")
    stack: Any = None
    for field, colour in ((glow_one, one), (glow_two, two)):
        field = (field < 0).ifthenelse(0, field)
        layer = field.bandjoin([field, field]) * list(rgb(colour))
        stack = layer if stack is None else stack + layer
    light = (
        stack.cast("uchar").gaussblur(1.5).resize(width / small_w, vscale=height / small_h, kernel="linear")
    )
    light = light.gravity("north-west", width, height, extend="copy")
    return clipped(sky.cast("ushort") + light)


def _wet(
    picture: Picture, back: Image, mirrored: Image | None, unit: float, finish: float, strength: float
) -> Image:
    """Water below the horizon: what is above, mirrored and broken by waves."""
    width, height = back.width, back.height
    top = max(2, min(height - 2, round(picture.horizon * unit)))
    below = height - top
    if below < 4:
        return back
    source = min(top, max(below, 8))
    above = back.crop(0, top - source, width, source).flipver()
    above = (
        above.resize(1, vscale=below / source, kernel="linear")
        .gravity("north-west", width, below, extend="copy")
        .copy_memory()
    )
    wave = receding(width, below, max(4.0, 26 * unit), picture.seed + 5).copy_memory()
    grow = column([(3 + 26 * (y / below)) * unit for y in range(below)], width)
    index = Image.xyz(width, below)
    shift_x = index.extract_band(0) + wave * grow * (1.7 if picture.ground == "sea" else 1.0)
    shift_y = index.extract_band(1) + wave * grow * 0.8
    moved = within(shift_x, 1, width - 2).bandjoin(within(shift_y, 1, below - 2))
    bent = above.mapim(moved, extend="copy").cast("float")
    floor = back.crop(0, top, width, below).cast("float")
    share = column([strength * (0.86 - 0.5 * (y / below)) for y in range(below)], width)
    mixed = bent * share + floor * (1 - share)
    ripple = {"sea": 34, "lake": 16}.get(picture.ground, 7)
    mixed = mixed + wave * column([ripple * (0.4 + 0.6 * y / below) for y in range(below)], width)
    if strength > 0.5:
        x = index.extract_band(0)
        distance = (x - picture.sun[0] * unit) / column(
            [(60 + 190 * y / below) * unit for y in range(below)], width
        )
        spark = (wave > 0.16).ifthenelse(1.0, 0.0) * (distance * distance * -1).exp()
        spark = spark * 0.75
        sun = rgb(picture.palette.light.sun)
        mixed = mixed * (1 - spark) + spark.bandjoin([spark, spark]) * list(sun)
    water = clipped(mixed)
    if mirrored is not None:
        part = mirrored.crop(0, top, width, below).mapim(moved, extend="background")
        part = part.cast("uchar").copy(interpretation="srgb")
        alpha = part.extract_band(3) * 0.5
        water = over(
            water, part.extract_band(0, n=3).bandjoin(alpha.cast("uchar")).copy(interpretation="srgb")
        )
    return back.insert(water, 0, top)


def _textured(picture: Picture, back: Image, unit: float) -> Image:
    """Grain on the ground, lying flat."""
    width, height = back.width, back.height
    top = max(0, min(height, round(picture.horizon * unit)))
    below = height - top
    if below < 8:
        return back
    force = {
        "grass": 0.16,
        "moss": 0.2,
        "sand": 0.07,
        "dune": 0.07,
        "snow": 0.045,
        "rock": 0.26,
        "dust": 0.16,
        "street": 0.1,
        "wheat": 0.16,
        "seabed": 0.14,
    }.get(picture.ground)
    if not force:
        return back
    wave = receding(width, below, max(3.0, 16 * unit), picture.seed + 9)
    ease = column([force * min(1.0, 8.0 * y / below) for y in range(below)], width)
    floor = back.crop(0, top, width, below)
    return back.insert(clipped(floor * (wave * ease + 1)), 0, top)


def relief(cast: Image, unit: float, sun: float, force: float) -> Image:
    """Subjects modelled by light: bright towards the sun (-1 left, 1 right), dark away from it."""
    alpha = cast.extract_band(3)
    reach = max(1, round(9 * unit))
    height = alpha.gaussblur(max(0.6, 14 * unit)).cast("float")
    side = -reach if sun > 0 else reach
    dark, lit = shifted(height, -side, -reach), shifted(height, side, reach)
    shade = (lit - dark) * (force / 255)
    shade = within(shade, -0.4, 0.3)
    colour = cast.extract_band(0, n=3)
    modelled = colour * (1 + shade) + (shade > 0).ifthenelse(shade * 30, 0)
    return clipped(modelled).bandjoin(alpha).copy(interpretation="srgb")


def plates(
    picture: Picture, width: int, height: int, finish: float, *, flat: bool, model: float, waves: bool
) -> Plates:
    """Render a picture's layers at a size.

    `flat` leaves out what is not a drawn form (soft clouds, grain); without `waves` water is still; `model` is how
    strongly light models the subjects, 0 for not at all.
    """
    unit = min(width / picture.width, height / picture.height)
    back = render(picture, [*picture.sky, *(picture.heaped if flat else [])], width, height, finish)
    back = back.flatten(background=list(rgb(picture.palette.light.sky[2])))
    if finish > 0.25 and not flat:
        if picture.clouds > 0:
            back = _clouded(picture, back, unit)
        if picture.air == "space":
            back = _nebula(picture, back, unit)
    back = over(
        back.copy_memory(), render(picture, [*picture.behind, *picture.floor], width, height, finish)
    ).copy_memory()
    mirrored = render(picture, picture.mirrored, width, height, finish) if picture.mirrored else None
    if finish > 0.3:
        if picture.ground in WATERS and waves:
            back = _wet(picture, back, mirrored, unit, finish, 0.8 if picture.ground == "lake" else 0.62)
        elif (
            picture.ground == "street"
            and waves
            and (picture.scene.weather & {"rain", "storm"} or picture.palette.light.dark)
        ):
            back = _wet(picture, back, None, unit, finish, 0.38)
        elif finish > 0.55 and not flat:
            back = _textured(picture, back, unit)
    if picture.shore:
        back = over(back, render(picture, picture.shore, width, height, finish)).copy_memory()
    shadow = render(picture, picture.shadow, width, height, finish).extract_band(3)
    if picture.shadow:
        shadow = shadow.gaussblur(max(0.6, 6 * unit))
    cast = render(picture, picture.cast, width, height, finish)
    if model and finish > 0.4 and picture.cast:
        cast = relief(cast, unit, 1 if picture.sun[0] > picture.width / 2 else -1, model)
    front = render(picture, picture.front, width, height, finish)
    return Plates(
        picture, width, height, unit, finish,
        back.copy_memory(), shadow.copy_memory(), cast.copy_memory(), front,
    )  # fmt: skip


def assembled(p: Plates, back: Image | None = None, shade: float = 0.45) -> Image:
    """The plates over one another, RGB; `shade` is how dark shadows are."""
    base = p.back if back is None else back
    if p.picture.shadow:
        tone = shift(p.picture.palette.light.sky[0], light=-0.25, chroma=0.6)
        top = Image.black(p.width, p.height, bands=3) + list(rgb(tone))
        top = top.cast("uchar").bandjoin((p.shadow * shade).cast("uchar")).copy(interpretation="srgb")
        base = over(base, top)
    base = over(base, p.cast) if p.picture.cast else base
    return (over(base, p.front) if p.picture.front else base).copy_memory()
