"""The looks: each finishes a picture's plates in its own hand.

A look is a function from `Plates` to an RGB image of the same size; `LOOKS` says which there are and what they want
of the plates. Tone tools that several share come first. Looks made of pieces (triangles, glass, blocks) are in
`pieces`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from pyvips import Image

from . import block, pieces
from .paint import Plates, assembled, clipped, noise, over, shifted, within
from .palette import rgb, shift


def _vignette(image: Image, force: float) -> Image:
    small = Image.xyz(64, 64).cast("float") / 31.5 - 1
    square = small * small
    fall = 1 - (square.extract_band(0) + square.extract_band(1)) ** 1.6 * (force / 4)
    fall = fall.resize(image.width / 64, vscale=image.height / 64, kernel="linear")
    return clipped(image * fall.gravity("centre", image.width, image.height, extend="copy"))


def _grain(image: Image, force: float, seed: int) -> Image:
    tile = Image.gaussnoise(256, 256, mean=0, sigma=force, seed=seed & 0x7FFFFFFF).copy_memory()
    across, down = -(-image.width // 256), -(-image.height // 256)
    return clipped(image + tile.replicate(across, down).crop(0, 0, image.width, image.height))


def _bloom(image: Image, unit: float, start: float, force: float) -> Image:
    """Light that spills over from what is brighter than `start`."""
    factor = 4 if min(image.width, image.height) > 64 else 1
    small = image.shrink(factor, factor) if factor > 1 else image
    bright = clipped((small - start) * (255 / (255 - start))).gaussblur(max(0.8, 34 * unit / factor))
    glow = bright.resize(image.width / bright.width, vscale=image.height / bright.height, kernel="linear")
    return clipped(
        image.cast("ushort") + glow.gravity("centre", image.width, image.height, extend="copy") * force
    )


def _saturate(image: Image, chroma: float, contrast: float = 1.0, lift: float = 0.0) -> Image:
    r, g, b = 0.299 * (1 - chroma), 0.587 * (1 - chroma), 0.114 * (1 - chroma)
    matrix = [[r + chroma, g, b], [r, g + chroma, b], [r, g, b + chroma]]
    mixed = image.recomb(Image.new_from_array(matrix))
    return clipped((mixed - 128) * contrast + (128 + lift))


def _curve(image: Image, stops: list[tuple[float, str]]) -> Image:
    """Grey levels mapped onto a run of colours: (0 to 1, hex), rising."""
    table = []
    for level in range(256):
        f = level / 255
        index = next((i for i in range(1, len(stops)) if f <= stops[i][0]), len(stops) - 1)
        (low, first), (high, second) = stops[index - 1], stops[index]
        share = min(1.0, max(0.0, (f - low) / (high - low)))
        table.append([a + (b - a) * share for a, b in zip(rgb(first), rgb(second), strict=True)])
    lut = Image.new_from_array(table).cast("uchar")
    bands = [lut.crop(i, 0, 1, 256) for i in range(3)]
    return image.colourspace("b-w").maplut(bands[0].bandjoin(bands[1:]).copy(interpretation="srgb"))


def _grade(image: Image, dark: str, bright: str, share: float) -> Image:
    """Shadows drawn to one colour, lights to another."""
    toned = _curve(image, [(0, "#000000"), (0.35, dark), (0.7, bright), (1, "#ffffff")])
    return clipped(image * (1 - share) + toned * share)


def _edges(image: Image, gain: float, floor: float) -> Image:
    """One band, 0 (none) to 255 (strong): where colours meet."""
    strength = image.sobel()
    most = strength.extract_band(0)
    for i in (1, 2):
        most = (most > strength.extract_band(i)).ifthenelse(most, strength.extract_band(i))
    return clipped((most - floor) * gain)


def _lined(image: Image, source: Image, colour: str, thick: float, gain: float, floor: float) -> Image:
    """Outlines where the source's colours meet, `thick` pixels wide."""
    lines = _edges(source, gain, floor)
    if thick > 1.2:
        lines = clipped(lines.gaussblur(thick * 0.42) * 2.3)
    top = Image.black(image.width, image.height, bands=3) + list(rgb(colour))
    return over(image, top.cast("uchar").bandjoin(lines).copy(interpretation="srgb"))


def _paper(image: Image, unit: float, force: float, seed: int) -> Image:
    """The tooth of paper pressed into the picture."""
    tooth = noise(image.width, image.height, max(2.0, 5 * unit), seed, 2)
    return clipped(image * (tooth * force + 1))


def _bent(image: Image, reach: float, cell: float, seed: int) -> Image:
    """The picture drawn with an unsteady hand: moved by up to `reach` pixels."""
    small = 2
    w, h = max(2, image.width // small), max(2, image.height // small)
    dx, dy = (noise(w, h, max(2.0, cell / small), seed + i, 2) for i in (0, 71))
    field = dx.bandjoin(dy).resize(image.width / w, vscale=image.height / h, kernel="linear")
    field = field.gravity("centre", image.width, image.height, extend="copy")
    index = Image.xyz(image.width, image.height) + field * reach
    x = within(index.extract_band(0), 1, image.width - 2)
    y = within(index.extract_band(1), 1, image.height - 2)
    return image.mapim(x.bandjoin(y), extend="copy").copy_memory()


def _steps(image: Image, levels: int) -> Image:
    """Each channel cut to a few levels."""
    table = [round(round(v / 255 * (levels - 1)) * 255 / (levels - 1)) for v in range(256)]
    return image.maplut(Image.new_from_array([table]).cast("uchar"))


def photographic(p: Plates) -> Image:
    soft = p.back.gaussblur(p.px(3.2, 0.4)) if p.picture.cast else p.back
    image = assembled(p, soft)
    image = _bloom(image, p.unit, 208, 0.28)
    image = _saturate(image, 1.04, 1.06)
    return _grain(_vignette(image, 0.42), 2.2, p.picture.seed)


def natural(p: Plates) -> Image:
    image = assembled(p, p.back.gaussblur(p.px(1.0, 0.3)))
    image = _saturate(image, 0.7, 0.9, 12)
    return _grain(_grade(image, "#5a5248", "#efe3cb", 0.2), 2.0, p.picture.seed)


def vivid(p: Plates) -> Image:
    image = _saturate(assembled(p), 1.75, 1.28)
    return _bloom(image, p.unit, 215, 0.35)


def cinematic(p: Plates) -> Image:
    image = assembled(p, p.back.gaussblur(p.px(6.5, 0.5)), 0.6)
    image = _bloom(_saturate(image, 0.85, 1.16, -12), p.unit, 180, 0.6)
    image = _grade(image, "#0f3f4c", "#f2b271", 0.4)
    flare = Image.black(p.width, p.height, bands=3).draw_rect(
        [60, 120, 200],
        0,
        max(0, min(p.height - 1, round(p.picture.sun[1] * p.unit))),
        p.width,
        max(1, round(p.px(3))),
        fill=True,
    )
    image = clipped(image.cast("ushort") + flare.gaussblur(p.px(6, 0.5)))
    image = _grain(_vignette(image, 0.75), 5.0, p.picture.seed)
    bar = round(p.height * 0.095)
    return image.draw_rect([6, 6, 8], 0, 0, p.width, bar, fill=True).draw_rect(
        [6, 6, 8], 0, p.height - bar, p.width, bar, fill=True
    )


def anime(p: Plates) -> Image:
    image = assembled(p, None, 0.35)
    inked = _lined(_saturate(image, 1.42, 1.08, 8), p.cast_on_grey(), "#3a2340", p.px(2.4, 1.0), 2.2, 26)
    return _bloom(inked, p.unit, 205, 0.55)


def digital_art(p: Plates) -> Image:
    image = assembled(p, p.back.gaussblur(p.px(2, 0.3)), 0.6)
    rim = p.cast.extract_band(3)
    halo = clipped(rim.gaussblur(p.px(16, 0.8)).cast("float") - rim * 0.85)
    light = shift(p.picture.palette.light.sky[2], light=0.1, chroma=2.0)
    image = clipped(image + (halo / 255 * 0.9).bandjoin([halo / 255 * 0.9] * 2) * list(rgb(light)))
    image = _grade(_saturate(image, 1.35, 1.2), "#2a1a6a", "#ff8ac0", 0.34)
    return _vignette(_bloom(_bent(image, p.px(3), 22 * p.unit, p.picture.seed), p.unit, 190, 0.4), 0.6)


def comic(p: Plates) -> Image:
    image = _saturate(assembled(p, None, 0.5), 1.6, 1.2, 6)
    flat = _steps(image.gaussblur(p.px(2.4, 0.3)), 5)
    cell = max(3, round(p.px(9)))
    ramp = Image.xyz(cell * 2, cell * 2).cast("float")
    dots: Any = None
    for cx, cy in ((cell / 2, cell / 2), (cell * 1.5, cell * 1.5)):
        away = ((ramp.extract_band(0) - cx) ** 2 + (ramp.extract_band(1) - cy) ** 2) ** 0.5
        dots = away if dots is None else (dots < away).ifthenelse(dots, away)
    pattern = (
        (dots / cell * 1.25)
        .copy_memory()
        .replicate(-(-p.width // (cell * 2)), -(-p.height // (cell * 2)))
        .crop(0, 0, p.width, p.height)
    )
    grey = image.colourspace("b-w").gaussblur(p.px(5, 0.5)).cast("float") / 255
    dotted = (pattern < (0.72 - grey) * 1.25).ifthenelse(flat * 0.62, flat)
    inked = _lined(clipped(dotted), image.gaussblur(p.px(1.3, 0.3)), "#120f18", p.px(4.2, 1.0), 3.4, 34)
    edge = max(2, round(p.px(16)))
    framed = inked.crop(edge, edge, p.width - 2 * edge, p.height - 2 * edge)
    return framed.embed(
        edge // 3,
        edge // 3,
        framed.width + 2 * (edge // 3),
        framed.height + 2 * (edge // 3),
        extend="background",
        background=[18, 15, 24],
    ).embed(
        edge - edge // 3, edge - edge // 3, p.width, p.height, extend="background", background=[250, 247, 238]
    )


def fantasy(p: Plates) -> Image:
    image = assembled(p, p.back.gaussblur(p.px(2, 0.3)), 0.5)
    image = _grade(_saturate(image, 1.2, 1.08), "#4a1f8a", "#ffd6a0", 0.42)
    mist = noise(max(8, p.width // 4), max(8, p.height // 4), max(3, p.px(60)), p.picture.seed + 3, 3)
    mist = (
        (mist < 0)
        .ifthenelse(0, mist)
        .resize(4.2, kernel="linear")
        .gravity("centre", p.width, p.height, extend="copy")
    )
    image = clipped(image + mist.bandjoin([mist, mist]) * [70, 35, 95])
    motes = pieces.motes(p)
    image = over(image, motes)
    return _vignette(_bloom(clipped(image * 0.84), p.unit, 165, 0.75), 0.6)


def line_art(p: Plates) -> Image:
    image = assembled(p, None, 0.0)
    lines = _edges(image.gaussblur(p.px(0.8, 0.3)), 3.4, 14)
    bold = _edges(p.cast_on_grey(), 3.0, 20).gaussblur(p.px(1.0, 0.4))
    ink = 255 - clipped(lines.cast("ushort") + bold * 1.4)
    tone = ink.cast("float") / 255
    return clipped(tone.bandjoin([tone, tone]) * [252 - 28, 250 - 32, 245 - 58] + [28, 32, 58])


def ink(p: Plates) -> Image:
    image = assembled(p, p.back.gaussblur(p.px(7, 0.5)), 0.8)
    grey = image.colourspace("b-w")
    wash = _bent(grey.gaussblur(p.px(4, 0.4)), p.px(16), 60 * p.unit, p.picture.seed)
    wash = _steps(clipped(wash * 0.55 + 128), 9).gaussblur(p.px(4, 0.3))
    stroke = _edges(_bent(p.cast_on_grey(), p.px(3), 30 * p.unit, p.picture.seed), 3.0, 30)
    stroke = clipped(stroke.gaussblur(p.px(2.6, 0.6)) * 3.0)
    faint = _edges(image.gaussblur(p.px(1.5, 0.4)), 1.6, 16).gaussblur(p.px(2.0, 0.5))
    stroke = clipped(stroke.cast("ushort") + faint * 0.55)
    dry = noise(p.width, p.height, max(2.0, 9 * p.unit), p.picture.seed + 4, 2)
    stroke = clipped(stroke * ((dry + 0.75) * 1.25))
    body = (p.cast.extract_band(3).cast("float") / 255) * (
        1 - p.cast.extract_band(0, n=3).colourspace("b-w") / 255.0
    )
    dark = clipped(wash - stroke - body * 95)
    toned = _curve(dark, [(0, "#16151a"), (0.45, "#5d5c60"), (0.8, "#cdc7b8"), (1, "#f6f0e0")])
    return pieces.seal(_paper(toned, p.unit, 0.05, p.picture.seed), p)


def watercolor(p: Plates) -> Image:
    image = _saturate(assembled(p, None, 0.3), 1.15, 0.86, 34)
    wet = _bent(image, p.px(13), 46 * p.unit, p.picture.seed)
    wet = clipped(wet).gaussblur(p.px(2.2, 0.4)).copy_memory()
    pool = _edges(wet.gaussblur(p.px(2.2, 0.4)), 1.7, 6).gaussblur(p.px(1.1, 0.4)) / 255.0
    bloom = noise(p.width, p.height, max(3.0, 120 * p.unit), p.picture.seed + 8, 4)
    pale = wet * (1 + bloom * 0.16) + 14
    pale = pale * (1 - pool * 0.42)
    edge = noise(p.width, p.height, max(3.0, 70 * p.unit), p.picture.seed + 15, 4)
    mask = pieces.border(p, 0.055, edge, 0.05)
    paper = [250, 247, 238]
    mixed = pale * mask + (1 - mask).bandjoin([1 - mask, 1 - mask]) * paper
    return _paper(clipped(mixed), p.unit, 0.07, p.picture.seed + 2)


def oil(p: Plates) -> Image:
    image = _saturate(assembled(p, None, 0.5), 1.28, 1.1)
    moved = _bent(image, p.px(12), 24 * p.unit, p.picture.seed)
    size = max(3, round(p.px(11)) | 1)
    half = clipped(moved).shrink(2, 2) if min(p.width, p.height) >= 128 else clipped(moved)
    size = max(3, (size // 2) | 1) if half.width != p.width else size
    daubs = half.rank(size, size, size * size * 5 // 6).rank(size, size, size * size // 3)
    daubs = daubs.resize(p.width / daubs.width, vscale=p.height / daubs.height, kernel="linear").gravity(
        "centre", p.width, p.height, extend="copy"
    )
    bristle = noise(p.width, max(8, p.height), max(2.0, 7 * p.unit), p.picture.seed + 6, 2)
    height = clipped(daubs).colourspace("b-w").cast("float") * 0.35 + bristle * 34
    reach = max(1, round(p.px(1.6)))
    slope = height - shifted(height, reach, reach)
    return _vignette(clipped(daubs + slope * 0.95), 0.3)


def pastel(p: Plates) -> Image:
    image = _saturate(assembled(p, None, 0.3), 0.95, 0.62, 50)
    image = _bent(image, p.px(7), 9 * p.unit, p.picture.seed).gaussblur(p.px(1.6, 0.3))
    chalk = noise(p.width, p.height, max(2.0, 5 * p.unit), p.picture.seed + 1, 2)
    drag = noise(p.width, p.height, max(2.0, 12 * p.unit), p.picture.seed + 31, 1)
    tooth = within(1 - (chalk + drag * 0.6) * 0.16, 0.86, 1.0)
    return clipped(image * tooth + (1 - tooth).bandjoin([1 - tooth] * 2) * [252, 240, 232])


def three_d(p: Plates) -> Image:
    back = p.back.gaussblur(p.px(5, 0.5))
    image = assembled(p, back, 0.7)
    grey = image.colourspace("b-w").gaussblur(p.px(7, 0.6)).cast("float")
    reach = max(1, round(p.px(5)))
    bump = grey - shifted(grey, reach, reach)
    image = clipped(_saturate(image, 1.15, 0.92, 14) + bump * 1.1)
    gloss = p.cast.extract_band(3).gaussblur(p.px(26, 1.0)).cast("float")
    shine = shifted(gloss, max(1, round(p.px(22))), max(1, round(p.px(26))))
    spot = clipped((p.cast.extract_band(3) - shine) * 0.32)
    image = clipped(image.cast("ushort") + spot.gaussblur(p.px(6, 0.6)))
    return _bloom(image, p.unit, 200, 0.4)


def neon(p: Plates) -> Image:
    image = assembled(p, None, 0.2)
    vivid_ = _saturate(image, 2.4, 1.3, 40)
    edges = _edges(image.gaussblur(p.px(0.9, 0.3)), 2.6, 22)
    own = _edges(p.cast_on_grey(), 2.8, 22)
    lines = clipped((edges * 0.42 + own).gaussblur(p.px(1.3, 0.5)) * 1.6).cast("float") / 255
    hue = _curve(image, [(0, "#5a2fff"), (0.35, "#ff2fb0"), (0.65, "#27e6ff"), (1, "#f8ff6a")])
    tube = (hue * 0.62 + vivid_ * 0.5) * lines
    halo = clipped(tube).shrink(2, 2) if min(p.width, p.height) > 64 else clipped(tube)
    halo = halo.gaussblur(p.px(10, 0.8)).resize(
        p.width / halo.width, vscale=p.height / halo.height, kernel="linear"
    )
    halo = halo.gravity("centre", p.width, p.height, extend="copy")
    dark = _curve(image, [(0, "#05030f"), (0.6, "#150a32"), (1, "#301452")])
    return _vignette(clipped(dark + tube * 1.15 + halo * 1.25), 0.5)


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What a look wants of the plates (see `paint.plates`), and its hand."""

    finish: Callable[[Plates], Image]
    flat: bool = False
    model: float = 1.0
    waves: bool = True


LOOKS: dict[str, Look] = {
    "photographic": Look(photographic, model=1.0),
    "cinematic": Look(cinematic, model=1.2),
    "anime": Look(anime, flat=True, model=0.0),
    "digital-art": Look(digital_art, model=1.5),
    "comic": Look(comic, flat=True, model=0.5, waves=False),
    "fantasy": Look(fantasy, model=1.2),
    "line-art": Look(line_art, flat=True, model=0.0, waves=False),
    "ink": Look(ink, model=0.6),
    "watercolor": Look(watercolor, model=0.6),
    "oil": Look(oil, model=1.0),
    "pastel": Look(pastel, flat=True, model=0.7),
    "3d": Look(three_d, flat=True, model=2.4),
    "pixel-art": Look(pieces.pixel_art, flat=True, model=0.8),
    "low-poly": Look(pieces.low_poly, model=1.2),
    "isometric": Look(block.isometric, flat=True, model=1.0, waves=False),
    "neon": Look(neon, flat=True, model=0.0, waves=False),
    "paper-cut": Look(pieces.paper_cut, flat=True, model=0.0, waves=False),
    "stained-glass": Look(pieces.stained_glass, flat=True, model=0.0, waves=False),
    "vivid": Look(vivid, model=1.1),
    "natural": Look(natural, model=0.8),
}
