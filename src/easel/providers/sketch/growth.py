"""What grows, as SVG: trees, grass, flowers, weed, coral.

Units, colours and randomness are those of `shapes`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from .palette import Palette, shift
from .shapes import circle, ellipse, graded, linear, polygon, rectangle, stroke


def pines(
    rng: random.Random, width: float, y: float, height: float, colour: str, *, gap: float = 0.34
) -> str:
    """A row of conifers in one path, standing on `y`."""
    parts: list[str] = []
    x = -height * 0.3
    while x < width + height * 0.3 and len(parts) < 260:
        tall = height * rng.uniform(0.55, 1.1)
        broad = tall * rng.uniform(0.19, 0.25)
        foot = y + rng.uniform(0, 0.06) * height
        left, right = [], []
        for i in range(1, 6):
            f = i / 5
            out = broad * f**0.9
            left += [(x - out, foot - tall * (1 - f)), (x - out * 0.52, foot - tall * (1 - f) - tall * 0.03)]
            right += [(x + out, foot - tall * (1 - f)), (x + out * 0.52, foot - tall * (1 - f) - tall * 0.03)]
        points = [(x, foot - tall), *left, *reversed(right)]
        parts.append("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "Z")
        x += height * gap * rng.uniform(0.6, 1.5)
    return f'<path d="{"".join(parts)}" fill="{colour}"/>'


def crowns(
    rng: random.Random, width: float, y: float, height: float, colours: Sequence[str], trunk: str
) -> str:
    """A row of broad-leaved trees."""
    out: list[str] = []
    x = -height * 0.2
    while x < width + height * 0.3 and len(out) < 700:
        tall = height * rng.uniform(0.7, 1.1)
        colour = rng.choice(colours)
        out.append(rectangle(x - tall * 0.025, y - tall * 0.5, tall * 0.05, tall * 0.52, trunk))
        dark, bright = shift(colour, light=-0.07), shift(colour, light=0.07)
        for shade, count, drop, size in (
            (dark, 5, 0.06, 0.19),
            (colour, 5, 0, 0.17),
            (bright, 3, -0.09, 0.1),
        ):
            for _ in range(count):
                cx = x + rng.gauss(0, 0.12) * tall
                cy = y - tall * (0.66 + rng.gauss(0, 0.08)) + drop * tall
                out.append(circle(cx, cy, tall * size * rng.uniform(0.7, 1.1), shade))
        x += height * rng.uniform(0.3, 0.75)
    return "".join(out)


def trunks(
    rng: random.Random,
    width: float,
    top: float,
    foot: float,
    thick: float,
    colour: str,
    light: str,
    many: int,
) -> str:
    """Tall bare trunks that leave the picture at the top."""
    out = []
    for i in range(many):
        x = width * (i + rng.uniform(0.1, 0.9)) / many
        half = thick * rng.uniform(0.5, 1.2)
        lean = rng.uniform(-0.4, 0.4) * thick
        y = foot + rng.uniform(-0.3, 0.6) * thick
        points = [
            (x - half * 0.8 + lean, top), (x + half * 0.8 + lean, top), (x + half, y - thick), (x + half * 1.7, y),
            (x - half * 1.7, y), (x - half, y - thick),
        ]  # fmt: skip
        definition, paint = linear(
            [(0, light, 1), (0.35, colour, 1), (1, shift(colour, light=-0.08), 1)], across=True
        )
        out.append(definition + polygon(points, paint))
    return "".join(out)


def blades(rng: random.Random, x: float, y: float, size: float, colours: Sequence[str], count: int) -> str:
    """A tuft of grass."""
    out = []
    for _ in range(count):
        lean = rng.gauss(0, 0.35) * size
        foot = x + rng.gauss(0, 0.25) * size
        tall = size * rng.uniform(0.5, 1.1)
        wide = size * 0.07
        out.append(
            f'<path d="M{foot - wide:.1f} {y:.1f}Q{foot:.1f} {y - tall * 0.6:.1f} {foot + lean:.1f} {y - tall:.1f}'
            f'Q{foot + wide * 2:.1f} {y - tall * 0.5:.1f} {foot + wide:.1f} {y:.1f}Z" fill="{rng.choice(colours)}"/>'
        )
    return "".join(out)


def blossom(rng: random.Random, x: float, y: float, size: float, colour: str, heart: str, stem: str) -> str:
    """A small flower on a stem, for meadows."""
    tall = size * rng.uniform(1.5, 2.6)
    sway = rng.gauss(0, 0.2) * size
    cx, cy = x + sway, y - tall
    petals = "".join(
        ellipse(
            cx,
            cy - size * 0.3,
            size * 0.17,
            size * 0.3,
            colour,
            f'transform="rotate({turn} {cx:.1f} {cy:.1f})"',
        )
        for turn in range(0, 360, 60)
    )
    return (
        stroke(f"M{x:.1f} {y:.1f}Q{x:.1f} {y - tall * 0.5:.1f} {cx:.1f} {cy:.1f}", stem, size * 0.09)
        + petals
        + circle(cx, cy, size * 0.17, heart)
    )


def weed(rng: random.Random, x: float, y: float, tall: float, colour: str) -> str:
    """A ribbon of seaweed."""
    left, right = [], []
    phase, swing = rng.uniform(0, 6), tall * 0.07
    for i in range(9):
        f = i / 8
        cx = x + math.sin(phase + f * 5) * swing * (0.3 + f)
        half = tall * 0.035 * (1 - f) + 1
        left.append((cx - half, y - tall * f))
        right.append((cx + half, y - tall * f))
    return graded([*left, *reversed(right)], shift(colour, light=0.06), shift(colour, light=-0.08))


def coral(rng: random.Random, x: float, y: float, size: float, colour: str) -> str:
    """A branching coral."""
    out = []

    def branch(bx: float, by: float, angle: float, length: float, thick: float, depth: int) -> None:
        ex, ey = bx + math.cos(angle) * length, by + math.sin(angle) * length
        out.append(f'<path d="M{bx:.1f} {by:.1f}L{ex:.1f} {ey:.1f}" stroke-width="{thick:.1f}"/>')
        if depth:
            for turn in (-0.45, 0.4):
                branch(ex, ey, angle + turn + rng.uniform(-0.2, 0.2), length * 0.72, thick * 0.72, depth - 1)

    for turn in (-0.5, 0, 0.5):
        branch(x, y, -math.pi / 2 + turn, size * 0.34, size * 0.11, 3)
    return f'<g stroke="{colour}" stroke-linecap="round" fill="none">{"".join(out)}</g>'


def foliage(palette: Palette, season: str, distance: float) -> list[str]:
    """Leaf colours of the season in the picture's light."""
    leaves = {
        "autumn": ["#c8642a", "#d99a32", "#a8402f", "#b98a3a"],
        "spring": ["#8fb85a", "#f0b6c6", "#a8c66a", "#f6d3dc"],
        "winter": ["#8c9aa0", "#dfe8ee", "#a9b5ba", "#eef3f6"],
    }.get(season, ["#4f8a3f", "#6a9a3d", "#3f7d4c", "#7aa548"])
    return [palette.lit(palette.free(leaf), distance) for leaf in leaves]
