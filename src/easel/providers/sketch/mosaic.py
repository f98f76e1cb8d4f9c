"""Operations of looks that are made of pieces: pixels, facets, panes of glass, sheets of paper, a block to look at.

Used by `looks`, and of the same form: plates and the image so far in, the next image out.
"""

from __future__ import annotations

import itertools

from pyvips import Image

from .light import floor_colours, mix, shift
from .paint import Plates, clipped, fitted, masked, over, render, shifted
from .scenery import Layers, drawing, dressed, letters, placed, polygon
from .words import data, dice

Point = tuple[float, float]


def pixels(p: Plates, image: Image, across: int, levels: int, outline: str) -> Image:
    """Large pixels in few colours, dithered by a fixed pattern, the subject outlined."""
    cell = max(2, round(p.px(1000 / across)))
    w, h = max(4, -(-p.width // cell)), max(4, -(-p.height // cell))
    bayer = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]
    pattern = Image.new_from_array([[(v - 7.5) / 16 * 22 for v in row] for row in bayer])
    pattern = pattern.replicate(-(-w // 4), -(-h // 4)).crop(0, 0, w, h)
    lively = (fitted(image, w, h) - 128) * 1.22 + 132 + pattern
    few = clipped((lively / 255 * (levels - 1)).rint() * (255 / (levels - 1))).copy(interpretation="srgb")
    solid = (fitted(p.cast.extract_band(3), w, h) > 110).copy_memory()
    few = over(few, masked(outline, solid.rank(3, 3, 8) - solid))
    return few.zoom(cell, cell).crop(0, 0, p.width, p.height)


class _Sample:
    """The picture small: its colours, and where colours meet, by place in units."""

    def __init__(self, p: Plates, image: Image) -> None:
        k = max(1.0, min(p.width, p.height) / 190)
        self.width, self.height = max(8, round(p.width / k)), max(8, round(p.height / k))
        self.scale = self.width / p.picture.stage.width
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
    stage, rng, sample = p.picture.stage, dice(p.picture.seed + 23), _Sample(p, image)
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
    return render(p.picture, [(0, "".join(parts))], p.width, p.height).flatten(background=[20, 20, 26])


def panes(p: Plates, image: Image, across: int, lead: float) -> Image:
    """Six-cornered panes of one colour each behind, the subject in its own panes, all in lead."""
    stage, rng, sample, side = p.picture.stage, dice(p.picture.seed + 41), _Sample(p, p.back), 1000 / across
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
    planes = p.picture.stage.planes
    table = Image.new_from_array([[min(255, round(v / tone) * tone + 8) for v in range(256)]]).cast("uchar")
    far = sorted(planes["behind"], key=lambda layer: layer[0])
    stack: list[Layers] = [far[len(far) * i // 3 : len(far) * (i + 1) // 3] for i in range(3)]
    stack += [[*planes["floor"], *planes["shore"]], [*p.picture.cast, *planes["front"]]]
    base = render(p.picture, [*planes["sky"], *planes["heaped"]], p.width, p.height, p.finish)
    base = base.flatten(background=[240, 236, 228]).maplut(table)
    factor, away = 2 if min(p.width, p.height) > 64 else 1, max(1, round(p.px(reach)))
    for layers in stack:
        if any(start <= p.finish for start, _ in layers):
            top = render(p.picture, layers, p.width, p.height, p.finish)
            alpha = top.extract_band(3)
            dark = fitted(alpha.shrink(factor, factor).gaussblur(p.px(14, 0.6) / factor), p.width, p.height)
            base = clipped(base * (1 - shifted(dark, away // 2, away) * (shade / 255)))
            base = over(base, masked(top.extract_band(0, n=3).maplut(table), alpha)).copy_memory()
    return base


def block(p: Plates, image: Image) -> Image:
    """A model of the place on a block, seen from a corner, with the subjects on it."""
    stage, rng, models = p.picture.stage, dice(p.picture.seed + 61), data("scenery")["block"]
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
            parts.append(
                placed(dressed(model["put"], hues, palette), x, y, size, wide=model.get("wide", 1.0))
            )
    if p.picture.cast:
        fx, fy, size = p.picture.focus
        crowd = len(p.picture.cast) > 12
        scale = min(1.0, span * 0.95 / max(size, 1.0), span * 1.5 / w if crowd else 1.0)
        contact = placed(drawing("contact"), cx, cy + span * 0.2, size * scale * 0.2, wide=4)
        move = f"{cx - (w / 2 if crowd else fx) * scale:.2f} {cy + span * 0.12 - (fy + size / 2) * scale:.2f}"
        cast = [svg for start, svg in p.picture.cast if start <= p.finish]
        parts += [contact, f'<g transform="translate({move}) scale({scale:.4f})">', *cast, "</g>"]
    return _drawn(p, *parts)


OPERATIONS = (pixels, facets, panes, sheets, block)
