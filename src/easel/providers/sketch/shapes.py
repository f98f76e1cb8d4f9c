"""The forms that places are made of, as SVG: ridges, trees, dunes, clouds, roofs, grass.

Lengths are in units of a thousandth of the picture's short side; colours are hex strings. Every function draws from
the `random.Random` it is given and from nothing else, so that the same seed gives the same text.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

from .palette import mix, shift

Point = tuple[float, float]
Stop = tuple[float, str, float]

_numbers = itertools.count(1)


def _fresh() -> str:
    # Unique while the process lives; the number shows in no pixel.
    return f"g{next(_numbers)}"


def linear(stops: Sequence[Stop], *, across: bool = False) -> tuple[str, str]:
    """A gradient down (or across) the shape: its definition, and the paint that refers to it."""
    name = _fresh()
    inner = "".join(
        f'<stop offset="{at:.3f}" stop-color="{colour}" stop-opacity="{alpha:.3f}"/>'
        for at, colour, alpha in stops
    )
    end = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
    return f'<linearGradient id="{name}" {end}>{inner}</linearGradient>', f"url(#{name})"


def glow(x: float, y: float, radius: float, colour: str, strength: float) -> str:
    """A soft disc of light."""
    name = _fresh()
    return (
        f'<radialGradient id="{name}"><stop offset="0" stop-color="{colour}" stop-opacity="{strength:.2f}"/>'
        f'<stop offset=".35" stop-color="{colour}" stop-opacity="{strength * 0.42:.3f}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
        + circle(x, y, radius, f"url(#{name})")
    )


def polygon(points: Sequence[Point], fill: str, extra: str = "") -> str:
    data = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{data}Z" fill="{fill}" {extra}/>'


def graded(points: Sequence[Point], top: str, bottom: str, alpha: float = 1.0) -> str:
    """A polygon painted from `top` down to `bottom`."""
    definition, paint = linear([(0, top, alpha), (1, bottom, alpha)])
    return definition + polygon(points, paint)


def circle(x: float, y: float, r: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.2f}" fill="{fill}" {extra}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, extra: str = "") -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" {extra}/>'


def stroke(data: str, colour: str, width: float, extra: str = "") -> str:
    """A line along path data."""
    return f'<path d="{data}" stroke="{colour}" stroke-width="{width:.1f}" fill="none" {extra}/>'


def rectangle(x: float, y: float, w: float, h: float, fill: str, extra: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" {extra}/>'


def ridge(rng: random.Random, width: float, y: float, swing: float, rough: float) -> list[Point]:
    """A line from left to right around `y`: midpoints moved at random, `rough` 0 (smooth) to 1 (jagged)."""
    count = max(2, min(24, round(width / 500)))
    heights = [rng.uniform(-1, 1) * swing for _ in range(count + 1)]
    step = swing * 0.5
    while len(heights) < 160:
        between = [(a + b) / 2 + rng.uniform(-1, 1) * step * rough for a, b in itertools.pairwise(heights)]
        heights = [v for pair in zip(heights, between, strict=False) for v in pair] + [heights[-1]]
        step *= 0.55
    if rough < 0.5:
        for _ in range(3):
            heights = [
                (heights[max(i - 2, 0)] + h + heights[min(i + 2, len(heights) - 1)]) / 3
                for i, h in enumerate(heights)
            ]
    last = len(heights) - 1
    return [(width * i / last, y + h) for i, h in enumerate(heights)]


def closed(line: Sequence[Point], bottom: float) -> list[Point]:
    return [*line, (line[-1][0] + 1, bottom), (line[0][0] - 1, bottom)]


def mountain(
    rng: random.Random,
    peak: Point,
    base: float,
    spread: float,
    body: str,
    haze: str,
    snow: str | None,
    sun: float,
) -> str:
    """One mountain with a lit and a shaded flank and, if given, snow; `sun` is -1 (left) or 1 (right)."""
    x, y = peak
    height = base - y

    def flank(side: float) -> list[Point]:
        points = [peak]
        for i in range(1, 15):
            f = i / 14
            out = spread * (f**0.92) * side
            points.append(
                (
                    x + out + rng.uniform(-1, 1) * spread * 0.035,
                    y + height * f + rng.uniform(-1, 1) * height * 0.016,
                )
            )
        return points

    left, right = flank(-1), flank(1)
    spine = [peak]
    drift = 0.0
    for i in range(1, 12):
        drift += rng.uniform(-1, 1) * spread * 0.09
        spine.append((x + drift, y + height * i / 11))
    whole = graded([*reversed(left), *right[1:]], body, mix(body, haze, 0.65))
    lit = [*spine, *reversed(right if sun > 0 else left)]
    whole += graded(lit, shift(body, light=0.09), mix(body, haze, 0.6), 0.75)
    for _ in range(5):
        f = rng.uniform(0.25, 0.8)
        sx = x + rng.uniform(-0.8, 0.8) * spread * f
        sy = y + height * f
        size = height * rng.uniform(0.12, 0.26)
        facet = [
            (sx, sy),
            (sx + size * 0.35 * sun, sy + size * 0.6),
            (sx + size * 0.1 * sun, sy + size),
            (sx - size * 0.2 * sun, sy + size * 0.9),
        ]
        whole += polygon(facet, shift(body, light=-0.05), 'opacity=".35"')
    if snow:
        depth = rng.uniform(0.26, 0.38)
        teeth = 9
        edge = []
        for i in range(teeth + 1):
            f = i / teeth
            lx, rx = x - spread * (depth**0.92) * 0.97, x + spread * (depth**0.92) * 0.97
            inset = depth * height * (0.62 + 0.38 * abs(2 * f - 1))
            edge.append(
                (lx + (rx - lx) * f, y + inset * (1 if i % 2 else 0.72) + rng.uniform(-0.04, 0.04) * height)
            )
        cap_left = [p for p in left if p[1] < edge[0][1]]
        cap_right = [p for p in right if p[1] < edge[-1][1]]
        whole += polygon([*reversed(cap_left), *cap_right[1:], *reversed(edge)], mix(snow, body, 0.3))
        half = [p for p in edge if (p[0] - x) * sun >= -spread * 0.05]
        cap = cap_right if sun > 0 else cap_left
        order = list(reversed(half)) if sun > 0 else half
        whole += polygon([peak, *cap[1:], *order, (x + drift * 0.2, y + height * depth * 0.6)], snow)
    return whole


def skyline(
    rng: random.Random, width: float, y: float, height: float, colour: str, window: str, lit: float
) -> str:
    """A row of buildings of up to `height`, with windows; `lit` is the share of them that shine."""
    out: list[str] = []
    x = -rng.uniform(0, 60)
    while x < width and len(out) < 2400:
        broad = height * rng.uniform(0.14, 0.3)
        tall = height * rng.choice((0.4, 0.55, 0.7, 0.85, 1.0)) * rng.uniform(0.85, 1.1)
        body = shift(colour, light=rng.uniform(-0.035, 0.035))
        out.append(
            graded(
                [(x, y - tall), (x + broad, y - tall), (x + broad, y + 4), (x, y + 4)],
                body,
                mix(body, window, 0.12),
            )
        )
        out.append(rectangle(x + broad * 0.7, y - tall, broad * 0.3, tall, shift(body, light=-0.04)))
        roof = rng.random()
        if roof < 0.25:
            out.append(
                polygon([(x, y - tall), (x + broad / 2, y - tall - broad * 0.5), (x + broad, y - tall)], body)
            )
        elif roof < 0.5:
            out.append(
                rectangle(x + broad * 0.45, y - tall - height * 0.12, broad * 0.06, height * 0.12, body)
            )
        elif roof < 0.75:
            out.append(rectangle(x + broad * 0.2, y - tall - height * 0.04, broad * 0.6, height * 0.05, body))
        across = max(2, int(broad / (height * 0.045)))
        down = max(3, int(tall / (height * 0.06)))
        cell_w, cell_h = broad / (across + 0.6), tall / (down + 1)
        shining: list[str] = []
        dull: list[str] = []
        for row in range(down):
            for column in range(across):
                left, high = x + cell_w * (column + 0.45), y - tall + cell_h * (row + 0.6)
                box = f"M{left:.1f} {high:.1f}h{cell_w * 0.6:.1f}v{cell_h * 0.5:.1f}h-{cell_w * 0.6:.1f}Z"
                (shining if rng.random() < lit else dull).append(box)
        out.append(f'<path d="{"".join(dull)}" fill="{shift(body, light=-0.07)}" opacity=".7"/>')
        out.append(f'<path d="{"".join(shining)}" fill="{window}"/>')
        x += broad * rng.uniform(0.9, 1.15)
    return "".join(out)


def cumulus(rng: random.Random, x: float, y: float, size: float, bright: str, shade: str) -> str:
    """One heaped cloud with a flat foot."""
    puffs = []
    for i in range(9):
        f = (i + 0.5) / 9
        r = size * (0.1 + 0.17 * math.sin(math.pi * f)) * rng.uniform(0.8, 1.2)
        puffs.append((x + (f - 0.5) * size, y - r * rng.uniform(0.5, 1.0), r))
    low = "".join(circle(cx, cy, r, shade) for cx, cy, r in puffs)
    high = "".join(circle(cx - r * 0.12, cy - r * 0.2, r * 0.86, bright) for cx, cy, r in puffs)
    foot = rectangle(
        x - size * 0.52, y - size * 0.1, size * 1.04, size * 0.12, shade, f'rx="{size * 0.06:.1f}"'
    )
    return low + foot + high


def stars(rng: random.Random, width: float, bottom: float, count: int, tint: str) -> str:
    """Stars down to `bottom`, denser and brighter high up; a few with a cross of light."""
    out = []
    for i in range(count):
        x, y = rng.uniform(0, width), bottom * rng.random() ** 1.3
        r = 0.7 + 2.2 * rng.random() ** 5
        colour = rng.choice(("#ffffff", "#dfe8ff", "#fff1d0", tint))
        out.append(circle(x, y, r, colour, f'opacity="{rng.uniform(0.35, 1):.2f}"'))
        if i % 34 == 0:
            s = rng.uniform(7, 15)
            out.append(
                f'<path d="M{x - s:.1f} {y:.1f}Q{x:.1f} {y:.1f} {x:.1f} {y - s:.1f}Q{x:.1f} {y:.1f} {x + s:.1f} {y:.1f}'
                f'Q{x:.1f} {y:.1f} {x:.1f} {y + s:.1f}Q{x:.1f} {y:.1f} {x - s:.1f} {y:.1f}Z" fill="#ffffff"/>'
            )
    return "".join(out)


def stone(rng: random.Random, x: float, y: float, size: float, colour: str) -> str:
    """A rock with a lit top."""
    points = []
    for i in range(9):
        angle = math.pi * (1 + i / 8)
        r = size * rng.uniform(0.75, 1.05)
        points.append((x + math.cos(angle) * r, y + math.sin(angle) * r * 0.62))
    top = [(px * 0.75 + x * 0.25, (py - y) * 0.95 + y) for px, py in points[1:6]]
    return graded(points, shift(colour, light=0.05), shift(colour, light=-0.1)) + polygon(
        [*top, (x - size * 0.1, y - size * 0.2)], shift(colour, light=0.12), 'opacity=".6"'
    )
