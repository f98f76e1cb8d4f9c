"""The looks: each finishes a picture's plates in its own hand.

A look is a list of steps in ``looks.toml``; a step names an operation of this module and its settings.
An operation takes the plates and the image so far, both of one size, and gives the next image, RGB.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

from pyvips import Image

from .light import floor_colours, mix, rgb, shift
from .paint import Plates, clipped, fitted, masked, noise, over, plates, render, shifted
from .scenery import Layer, Layers, Stage, drawing, dressed, furnish, letters, placed, polygon
from .words import data, dice

Point = tuple[float, float]


def finished(stage: Stage, width: int, height: int, share: float) -> Image:
    """The picture as far as it has come by `share` (0 to 1), in its look, RGB of width × height."""
    look = data("looks")[stage.scene.style]
    p = plates(stage, width, height, share, look)
    image = p.back
    for step in look["steps"]:
        if share >= step.get("after", 0):
            settings = {name: value for name, value in step.items() if name not in ("do", "after")}
            image = OPERATIONS[step["do"]](p, image, **settings)
    image = clipped(image).copy(interpretation="srgb")
    blur = (1 - share) ** 1.6 * min(width, height) / 22  # what is not yet painted is not yet sharp
    return image.gaussblur(blur) if blur > 0.4 else image


def blend(p: Plates, _: Image, soft: float = 0.0, shade: float = 0.45) -> Image:
    """The plates over one another: the place a little out of focus, shadows as dark as `shade`."""
    planes = p.stage.planes
    base = p.back.gaussblur(p.px(soft, 0.3)) if soft and planes["cast"] else p.back
    if planes["shadow"]:
        tone = shift(p.stage.palette.sky[0], light=-0.25, chroma=0.6)
        base = over(base, masked(tone, p.shadow * shade))
    for name, plate in (("cast", p.cast), ("front", p.front)):
        base = over(base, plate) if planes[name] else base
    return base.copy_memory()


def tone(_: Plates, image: Image, chroma: float, contrast: float = 1.0, lift: float = 0.0) -> Image:
    """Chroma and contrast multiplied, all made lighter by `lift`."""
    grey = [weight * (1 - chroma) for weight in (0.299, 0.587, 0.114)]
    matrix = [[contrast * (g + (chroma if i == j else 0)) for j, g in enumerate(grey)] for i in range(3)]
    return clipped(image.recomb(Image.new_from_array(matrix)) + (128 + lift - 128 * contrast))


def bloom(p: Plates, image: Image, start: float, force: float) -> Image:
    """Light that spills over from what is brighter than `start`."""
    factor = 4 if min(p.width, p.height) > 64 else 1
    bright = clipped((image.shrink(factor, factor) - start) * (255 / (255 - start)))
    spilt = bright.gaussblur(max(0.8, p.px(34) / factor)) * force
    return clipped(image + fitted(spilt.cast("uchar"), p.width, p.height))


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
    few = (image.gaussblur(p.px(soft, 0.01)) * ((levels - 1) / 255)).rint() * (255 / (levels - 1))
    return clipped(few).copy(interpretation="srgb")


def bend(p: Plates, image: Image, reach: float, cell: float, soft: float = 0.0) -> Image:
    """Drawn with an unsteady hand: moved by up to `reach`, in waves of `cell`."""
    w, h, seed = max(2, p.width // 2), max(2, p.height // 2), p.stage.seed
    across, down = (noise(w, h, max(2.0, p.px(cell) / 2), seed + i, 2) for i in (0, 71))
    index = Image.xyz(p.width, p.height) + fitted(across.bandjoin(down), p.width, p.height) * p.px(reach)
    bounds = [index.extract_band(i).clamp(min=1, max=side - 2) for i, side in enumerate((p.width, p.height))]
    bent = clipped(image.mapim(bounds[0].bandjoin(bounds[1]), extend="copy"))
    return bent.gaussblur(p.px(soft, 0.3)).copy_memory() if soft else bent


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
        lines = lines * (noise(p.width, p.height, p.px(9, 2), p.stage.seed + 4, 2) * dry + 0.8)
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
    stage = dataclasses.replace(p.stage, rng=dice(p.stage.seed + 17), planes={"over": []})
    furnish(stage, layers, "over")
    return over(image, render(p.stage, stage.planes["over"], p.width, p.height)).copy_memory()


def paper(p: Plates, image: Image, cell: float, force: float, octaves: int = 2, lift: float = 0) -> Image:
    """The tooth of paper, or blooms of wet paint, pressed into the picture."""
    tooth = noise(p.width, p.height, p.px(cell, 2), p.stage.seed + 2, octaves)
    return clipped(image * (tooth * force + 1) + lift)


def daub(p: Plates, image: Image, size: float, bristle: float) -> Image:
    """Strokes of a thick brush that stand out of the canvas."""
    half = 2 if min(p.width, p.height) >= 128 else 1
    side = max(3, round(p.px(size) / half) | 1)
    small = image.shrink(half, half).rank(side, side, side * side * 5 // 6).rank(side, side, side * side // 3)
    strokes = fitted(small, p.width, p.height).copy_memory()
    height = strokes.colourspace("b-w") * 0.35
    height += noise(p.width, p.height, p.px(7, 2), p.stage.seed + 6, 2) * bristle
    reach = max(1, round(p.px(1.6)))
    return clipped(strokes + (height - shifted(height, reach, reach)) * 0.95)


def tubes(p: Plates, image: Image) -> Image:
    """Glowing tubes along all edges, in the dark."""
    edges = _edges(image.gaussblur(p.px(0.9, 0.3)), 2.6, 22) * 0.42 + _edges(p.cast_on_grey(), 2.8, 22)
    lines = clipped(edges.gaussblur(p.px(1.3, 0.5)) * 1.6) / 255.0
    hue = curve(p, image, ["#5a2fff", "#ff2fb0", "#27e6ff", "#f8ff6a"])
    light = clipped((hue * 0.62 + tone(p, image, 2.4, 1.3, 40) * 0.5) * lines)
    factor = 2 if min(p.width, p.height) > 64 else 1
    halo = fitted(light.shrink(factor, factor).gaussblur(p.px(20, 0.8) / factor), p.width, p.height)
    return clipped(curve(p, image, ["#05030f", "#150a32", "#301452"]) + light * 1.15 + halo * 1.25)


def pixels(p: Plates, image: Image, across: int, levels: int, outline: str) -> Image:
    """Large pixels in few colours, dithered by a fixed pattern, the subject outlined."""
    cell = max(2, round(p.px(1000 / across)))
    w, h = max(4, -(-p.width // cell)), max(4, -(-p.height // cell))
    bayer = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]
    pattern = Image.new_from_array([[(v - 7.5) / 16 * 22 for v in row] for row in bayer])
    pattern = pattern.replicate(-(-w // 4), -(-h // 4)).crop(0, 0, w, h)
    lively = (fitted(image, w, h) - 128) * 1.22 + 132 + pattern
    few = posterise(p, clipped(lively), levels, 0)
    solid = (fitted(p.cast.extract_band(3), w, h) > 110).copy_memory()
    few = over(few, masked(outline, solid.rank(3, 3, 8) - solid))
    return few.zoom(cell, cell).crop(0, 0, p.width, p.height)


class _Sample:
    """The picture small: its colours, and where colours meet, by place in units."""

    def __init__(self, p: Plates, image: Image) -> None:
        k = max(1.0, min(p.width, p.height) / 190)
        self.width, self.height = max(8, round(p.width / k)), max(8, round(p.height / k))
        self.scale = self.width / p.stage.width
        small = fitted(image, self.width, self.height).gaussblur(0.8)
        self._pixels = bytes(clipped(small).write_to_memory())
        self._edges = bytes(clipped(small.sobel().bandmean()).write_to_memory())

    def _index(self, x: float, y: float) -> int:
        column, row = int(x * self.scale), int(y * self.scale)
        return min(self.height - 1, max(0, row)) * self.width + min(self.width - 1, max(0, column))

    def edge(self, at: Point) -> int:
        return self._edges[self._index(*at)]

    def tone(self, shape: list[Point], lift: int = 0) -> str:
        """The colour in the middle of a shape."""
        at = self._index(*(sum(q[axis] for q in shape) / len(shape) for axis in (0, 1))) * 3
        return "#" + "".join(f"{min(255, max(0, value + lift)):02x}" for value in self._pixels[at : at + 3])


def facets(p: Plates, image: Image, across: int) -> Image:
    """Triangles whose corners have moved to where colours meet."""
    stage, rng, sample = p.stage, dice(p.stage.seed + 23), _Sample(p, image)
    across = min(across, max(8, min(p.width, p.height) // 8))
    nx, ny = (max(3, min(170, round(across * side / 1000))) for side in (stage.width, stage.height))
    step = 1000 / across

    def corner(i: int, j: int) -> Point:
        x, y = i * stage.width / nx, j * stage.height / ny
        if not (0 < i < nx and 0 < j < ny):
            return x, y
        loose = (x + rng.uniform(-0.3, 0.3) * step, y + rng.uniform(-0.3, 0.3) * step)
        moves = [-0.4, -0.2, 0.0, 0.2, 0.4]
        near = [(x + u * step, y + v * step) for u in moves for v in moves]
        best = max(near, key=sample.edge)
        return best if sample.edge(best) > 14 else loose

    grid = [[corner(i, j) for i in range(nx + 1)] for j in range(ny + 1)]
    parts = []
    for i, j in itertools.product(range(nx), range(ny)):
        a, b, c, d = grid[j][i], grid[j][i + 1], grid[j + 1][i + 1], grid[j + 1][i]
        halves = ([a, b, c], [a, c, d]) if (i + j) % 2 else ([a, b, d], [b, c, d])
        for lift, shape in zip((-8, 10), halves, strict=True):
            fill = sample.tone(shape, lift + rng.randint(-7, 7))
            parts.append(polygon(shape, fill, f'stroke="{fill}"'))
    return _drawn(p, f'<g stroke-width="1.2" stroke-linejoin="round">{"".join(parts)}</g>')


def _drawn(p: Plates, *parts: str) -> Image:
    return render(p.stage, [(0, "".join(parts))], p.width, p.height).flatten(background=[20, 20, 26])


def panes(p: Plates, image: Image, across: int, lead: float) -> Image:
    """Six-cornered panes of one colour each behind, the subject in its own panes, all in lead."""
    stage, rng, sample, side = p.stage, dice(p.stage.seed + 41), _Sample(p, p.back), 1000 / across
    rows, columns = (min(80, round(length / side) + 3) for length in (stage.height * 1.16, stage.width))
    moved: dict[Point, Point] = {}
    parts = []
    for row, column in itertools.product(range(-1, rows), range(-1, columns)):
        x, y = column * 2 + row % 2, row * 3
        corners = [(x, y - 2), (x + 1, y - 1), (x + 1, y + 1), (x, y + 2), (x - 1, y + 1), (x - 1, y - 1)]
        for u, v in corners:
            spot = ((u / 2 + rng.gauss(0, 0.17)) * side, (v * 0.287 + rng.gauss(0, 0.15)) * side)
            moved.setdefault((u, v), spot)
        shape = [moved[corner] for corner in corners]
        tone = shift(sample.tone(shape), chroma=1.7, light=rng.uniform(-0.07, 0.08), turn=rng.uniform(-9, 9))
        parts.append(polygon(shape, f"{shift(tone, light=0.06)}>{shift(tone, light=-0.05)}"))
    base = _drawn(p, f'<g stroke="#17141c" stroke-width="{lead}" stroke-linejoin="round">', *parts, "</g>")
    solid = p.cast.extract_band(3)
    base = over(base, masked("#17141c", (solid.gaussblur(p.px(5, 0.8)) > 12)))
    rich = clipped((p.cast.extract_band(0, n=3) - 128) * 1.4 + 116)
    return over(base, masked(rich, solid)).copy_memory()


def sheets(p: Plates, image: Image, tone: int, shade: float, reach: float) -> Image:
    """Sheets of paper, each of few tones and with its shadow on the one behind."""
    planes = p.stage.planes
    table = Image.new_from_array([[min(255, round(v / tone) * tone + 8) for v in range(256)]]).cast("uchar")
    far = sorted(planes["behind"], key=lambda layer: layer[0])
    stack: list[Layers] = [far[len(far) * i // 3 : len(far) * (i + 1) // 3] for i in range(3)]
    stack += [[*planes["floor"], *planes["shore"]], [*planes["cast"], *planes["front"]]]
    base = render(p.stage, [*planes["sky"], *planes["heaped"]], p.width, p.height, p.finish)
    base = base.flatten(background=[240, 236, 228]).maplut(table)
    factor, away = 2 if min(p.width, p.height) > 64 else 1, max(1, round(p.px(reach)))
    for layers in stack:
        if any(start <= p.finish for start, _ in layers):
            top = render(p.stage, layers, p.width, p.height, p.finish)
            alpha = top.extract_band(3)
            dark = fitted(alpha.shrink(factor, factor).gaussblur(p.px(14, 0.6) / factor), p.width, p.height)
            base = clipped(base * (1 - shifted(dark, away // 2, away) * (shade / 255)))
            base = over(base, masked(top.extract_band(0, n=3).maplut(table), alpha)).copy_memory()
    return base


def block(p: Plates, image: Image) -> Image:
    """A model of the place on a block, seen from a corner, with the subjects on it."""
    stage, rng, models = p.stage, dice(p.stage.seed + 61), data("scenery")["block"]
    planes = stage.planes
    palette, w, h = stage.palette, stage.width, stage.height
    span = min(w, h * 1.5, 1500.0) * 0.43
    cx, cy = w / 2, h * 0.62
    backdrop = mix(palette.sky[1], "#ffffff", 0.0 if palette.dark else 0.35)
    fill = f"{shift(backdrop, light=0.07)}>{shift(backdrop, light=-0.06)}"
    turf = mix(floor_colours(stage.ground, stage.scene, palette)[1], "#ffffff", 0.12).upper()
    colours = letters(models["earth"].get(stage.ground, "#8a6244"), palette) | {"d": turf}
    parts = [polygon([(0, 0), (w, 0), (w, h), (0, h)], fill)]
    parts.append(placed(dressed("block", colours, palette), cx, cy + span * 0.48, span, wide=2))
    kinds = [models[kind] for kind in (*stage.far, f"g-{stage.ground}") if kind in models]
    for u, v in sorted(itertools.product((-0.82, -0.41, 0.0, 0.41, 0.82), repeat=2), key=sum):
        hidden = (u + v > 0.2 and abs(u - v) < 1.0) or (abs(u) < 0.35 and abs(v) < 0.35)
        fit = [kind for kind in kinds if u + v < -0.3 or "back" not in kind]
        if fit and not hidden and rng.random() < (model := rng.choice(fit))["chance"]:
            hues = letters(palette.free(rng.choice(model["colour"])), palette)
            u, v = u + rng.uniform(-0.05, 0.05), v + rng.uniform(-0.05, 0.05)
            x, y, size = cx + (u - v) * span / 2, cy + (u + v) * span / 4, span * rng.uniform(*model["size"])
            svg = dressed(model["put"], hues, palette)
            parts.append(placed(svg, x, y, size, wide=model.get("wide", 1.0)))
    if planes["cast"]:
        fx, fy, size = p.stage.focus
        crowd = len(planes["cast"]) > 12
        scale = min(1.0, span * 0.95 / max(size, 1.0), span * 1.5 / w if crowd else 1.0)
        contact = placed(drawing("contact"), cx, cy + span * 0.2, size * scale * 0.2, wide=4)
        move = f"{cx - (w / 2 if crowd else fx) * scale:.2f} {cy + span * 0.12 - fy * scale:.2f}"
        cast = [svg for start, svg in planes["cast"] if start <= p.finish]
        parts += [contact, f'<g transform="translate({move}) scale({scale:.4f})">', *cast, "</g>"]
    return _drawn(p, *parts)


_ALL = (
    blend, tone, bloom, curve, grade, posterise, bend, outline, halftone, strew, paper, daub, tubes,
    pixels, facets, panes, sheets, block,
)  # fmt: skip
OPERATIONS: dict[str, Callable[..., Image]] = {way.__name__: way for way in _ALL}
