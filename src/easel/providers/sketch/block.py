"""The isometric look: a model of the place on a block, seen from a corner."""

from __future__ import annotations

from pyvips import Image

from .paint import Plates, over, render
from .palette import mix, shift
from .shapes import ellipse, graded, polygon, stroke
from .stage import WATERS, floor_colours_of
from .words import dice


def _svg(p: Plates, body: str, width: int | None = None, height: int | None = None) -> Image:
    return render(p.picture, [(0.0, body)], width or p.width, height or p.height, 1.0)


def isometric(p: Plates) -> Image:
    """A model of the place on a block, seen from a corner, with the subject on it."""
    picture, palette = p.picture, p.picture.palette
    rng = dice(picture.seed + 61)
    w, h = picture.width, picture.height
    span = min(w, h * 1.5, 1500.0) * 0.43
    cx, cy = w / 2, h * 0.62
    deep = span * 0.3
    _, near = floor_colours_of(picture.ground, picture.scene, palette)
    turf = mix(near, "#ffffff", 0.12)
    backdrop = mix(palette.light.sky[1], "#ffffff", 0.35 if not palette.light.dark else 0.0)
    body = [
        graded([(0, 0), (w, 0), (w, h), (0, h)], shift(backdrop, light=0.07), shift(backdrop, light=-0.06))
    ]
    body.append(ellipse(cx, cy + deep + span * 0.3, span * 1.05, span * 0.42, "#000000", 'opacity=".13"'))

    def at(u: float, v: float, up: float = 0.0) -> tuple[float, float]:
        """A point of the block's top (u, v in -1 to 1), `up` units above it."""
        return cx + (u - v) * span / 2, cy + (u + v) * span / 4 - up

    def box(u: float, v: float, side: float, base: float, high: float, colour: str) -> str:
        a, b, c, d = (at(u + i * side, v + j * side, base) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
        up = [(x, y - high) for x, y in (a, b, c, d)]
        return (
            polygon([d, c, up[2], up[3]], colour)
            + polygon([c, b, up[1], up[2]], shift(colour, light=-0.1))
            + polygon(up, shift(colour, light=0.09))
        )

    earth = {
        "sea": "#2f7fa8",
        "lake": "#5a8f6a",
        "snow": "#a9c3d6",
        "street": "#6f737c",
        "sand": "#d9b982",
    }.get(picture.ground, "#8a6244")
    for share, light in ((1.0, -0.08), (0.66, 0.0), (0.24, 0.06)):
        tone = palette.lit(shift(earth, light=light))
        a, b, c = at(-1, 1), at(1, 1), at(1, -1)
        drop = deep * share
        body.append(polygon([a, b, (b[0], b[1] + drop), (a[0], a[1] + drop)], tone))
        body.append(polygon([b, c, (c[0], c[1] + drop), (b[0], b[1] + drop)], shift(tone, light=-0.09)))
    body.append(polygon([at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)], turf))
    for i in range(8):
        for j in range(8):
            if (i + j) % 2:
                u, v = -1 + (i + 0.5) / 4, -1 + (j + 0.5) / 4
                corners = [at(u + a * 0.125, v + b * 0.125) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
                body.append(polygon(corners, shift(turf, light=-0.016)))
    far_set = set(picture.far) or {"none"}
    spots = sorted(
        ((-0.82 + 0.41 * i, -0.82 + 0.41 * j) for i in range(5) for j in range(5)), key=lambda q: q[0] + q[1]
    )
    for u, v in spots:
        if (u + v > 0.2 and abs(u - v) < 1.0) or (abs(u) < 0.35 and abs(v) < 0.35):
            continue
        u, v = u + rng.uniform(-0.05, 0.05), v + rng.uniform(-0.05, 0.05)
        back = u + v < -0.3
        if "city" in far_set and back:
            high = span * rng.uniform(0.25, 0.85)
            tone = palette.lit(palette.free(rng.choice(("#8fa0b8", "#c9a58a", "#a58fb0", "#8fb0a8"))))
            body.append(box(u, v, 0.15, 0, high, tone))
            x, y = at(u, v + 0.15)
            pane = "#ffe08a" if palette.light.dark else "#dcecf4"
            left, right, step = x - span * 0.055, x + span * 0.05, span * 0.085
            for k in range(int(high / (span * 0.09))):
                top = y - step * k
                panes = [(left, top - span * 0.035), (right, top + span * 0.018)]
                panes += [(right, top - span * 0.018), (left, top - span * 0.07)]
                body += [polygon(panes, pane, 'opacity=".8"')]
        elif far_set & {"mountains", "volcano", "mesas"} and back:
            high = span * rng.uniform(0.32, 0.7)
            tone = palette.lit(palette.free("#76809a" if "mesas" not in far_set else "#b5643f"))
            tip = at(u, v, high)
            west, south, east = at(u - 0.22, v + 0.22), at(u + 0.22, v + 0.22), at(u + 0.22, v - 0.22)
            body.append(
                polygon([west, south, tip], tone) + polygon([south, east, tip], shift(tone, light=-0.1))
            )
            if "mountains" in far_set:
                cut = [
                    ((q[0] - tip[0]) * 0.32 + tip[0], (q[1] - tip[1]) * 0.32 + tip[1])
                    for q in (west, south, east)
                ]
                body.append(
                    polygon([cut[0], cut[1], tip], "#f4f8fc") + polygon([cut[1], cut[2], tip], "#d3deea")
                )
        elif picture.ground in WATERS or picture.ground in ("floor", "plain", "none", "street"):
            if picture.ground in WATERS and rng.random() < 0.5:
                x, y = at(u, v)
                body.append(
                    stroke(f"M{x - 26:.0f} {y:.0f}q13 -9 26 0q13 9 26 0", "#ffffff", 4, 'opacity=".6"')
                )
            elif picture.ground == "street" and rng.random() < 0.4:
                body.append(box(u, v, 0.05, 0, span * 0.08, palette.lit("#5f8f5a")))
        elif rng.random() < (0.95 if "forest" in far_set else 0.5):
            x, y = at(u, v)
            if picture.ground in ("dune", "sand", "rock", "dust", "seabed"):
                body.append(
                    box(
                        u,
                        v,
                        0.05,
                        0,
                        span * rng.uniform(0.04, 0.1),
                        palette.lit("#b9976a" if picture.ground != "seabed" else "#e0788a"),
                    )
                )
                continue
            leaf = palette.lit(
                rng.choice(
                    ("#4f8f4f", "#5f9f4a", "#3f7f55") if picture.ground != "snow" else ("#7fa0a0", "#dfe9ee")
                )
            )
            high = span * rng.uniform(0.2, 0.34)
            body.append(box(u, v, 0.022, 0, high * 0.3, palette.lit("#7a5236")))
            for tier in range(3):
                broad, foot = high * (0.34 - 0.08 * tier), y - high * (0.22 + 0.24 * tier)
                body.append(
                    polygon(
                        [(x - broad, foot), (x, foot + broad * 0.5), (x, foot - high * 0.42)],
                        shift(leaf, light=0.04),
                    )
                )
                body.append(
                    polygon(
                        [(x + broad, foot), (x, foot + broad * 0.5), (x, foot - high * 0.42)],
                        shift(leaf, light=-0.06),
                    )
                )
    image = _svg(p, "".join(body)).flatten(background=[230, 230, 230])
    if picture.cast:
        fx, fy, size = picture.focus
        scale = min(1.0, span * 0.95 / max(size, 1.0))
        fx, fy = (picture.width / 2 if len(picture.cast) > 6 else fx), fy + size / 2
        if len(picture.cast) > 6:
            scale = min(scale, span * 1.5 / picture.width)
        move = f"translate({cx - fx * scale:.2f} {cy + span * 0.12 - fy * scale:.2f}) scale({scale:.4f})"
        flat = "".join(svg for start, svg in picture.cast if start <= p.finish)
        contact = ellipse(
            cx, cy + span * 0.115, size * scale * 0.4, size * scale * 0.11, "#000000", 'opacity=".26"'
        )
        image = over(over(image, _svg(p, contact)), _svg(p, f'<g transform="{move}">{flat}</g>'))
    return image
