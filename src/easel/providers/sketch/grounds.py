"""What lies under and before the subjects: ground, foreground, weather, water at a subject's foot.

Adds SVG to a `Stage`. Draws no subject and touches no pixel.
"""

from __future__ import annotations

import math
import random

from . import growth
from . import shapes as s
from .palette import mix, shift
from .stage import WATERS, Stage, floor_colours


def paint_floor(stage: Stage) -> None:
    """The ground from the horizon to the picture's foot."""
    if stage.ground == "none":
        return
    rng, palette, width, top, height = stage.rng, stage.palette, stage.width, stage.horizon, stage.height
    far, near = floor_colours(stage)
    if stage.ground == "plain":
        return
    if "sea" in stage.far and stage.ground == "sand":
        _flecks(stage, near)
        return
    line = [(0.0, top), (width, top)]
    if stage.ground not in ("floor", "street", *WATERS):
        line = s.ridge(rng, width, top + 4, 10, 0.3)
    definition, paint = s.linear([(0, far, 1), (1, near, 1)])
    stage.floor.insert(0, (0.05, definition + s.polygon(s.closed(line, height + 5), paint)))
    if stage.ground == "floor":
        for i in range(-14, 15):
            x = width / 2 + i * 130
            stage.floor.add(
                0.3,
                s.polygon(
                    [
                        (width / 2 + i * 62, top),
                        (width / 2 + i * 62 + 2, top),
                        (x * 1.0 + i * 90 + 5, height),
                        (x + i * 90, height),
                    ],
                    shift(near, light=-0.09),
                    'opacity=".55"',
                ),
            )
        for i in range(9):
            y = top + (height - top) * (i / 9) ** 1.6
            stage.floor.add(
                0.35, s.rectangle(0, y, width, 1.5 + i * 0.4, shift(near, light=-0.07), 'opacity=".35"')
            )
        stage.floor.add(0.25, s.rectangle(0, top - 22, width, 24, shift(palette.light.sky[0], light=0.08)))
        rug = palette.free("#a8503f")
        for r, tone in (
            (1.0, rug),
            (0.86, shift(rug, light=0.16, chroma=0.6)),
            (0.8, rug),
            (0.5, shift(rug, light=0.1)),
        ):
            stage.floor.add(
                0.3,
                s.ellipse(
                    width / 2,
                    top + (height - top) * 0.62,
                    min(width * 0.42, 430) * r,
                    min((height - top) * 0.3, 150) * r,
                    palette.lit(tone),
                ),
            )
    elif stage.ground == "street":
        vanish = width / 2
        stage.floor.add(
            0.2,
            s.polygon(
                [(vanish - 50, top), (vanish + 50, top), (vanish + 760, height), (vanish - 760, height)],
                shift(near, light=-0.07),
            ),
        )
        for i in range(7):
            f, g = (i / 7) ** 1.8, ((i + 0.5) / 7) ** 1.8
            y, z = top + (height - top) * f, top + (height - top) * g
            stage.floor.add(
                0.4,
                s.polygon(
                    [
                        (vanish - 3 - 13 * f, y),
                        (vanish + 3 + 13 * f, y),
                        (vanish + 3 + 13 * g, z),
                        (vanish - 3 - 13 * g, z),
                    ],
                    palette.lit("#f0e6c0"),
                    'opacity=".8"',
                ),
            )
        for side in (-1, 1):
            stage.floor.add(
                0.3,
                s.polygon(
                    [
                        (vanish + side * 50, top),
                        (vanish + side * 56, top),
                        (vanish + side * 820, height),
                        (vanish + side * 760, height),
                    ],
                    shift(far, light=0.07),
                ),
            )
    elif stage.ground in ("grass", "moss", "wheat"):
        season = stage.scene.season if stage.scene.season in ("autumn", "winter") else ""
        tones = (
            growth.foliage(palette, season, 0.1)
            if stage.ground != "wheat"
            else [palette.lit(c) for c in ("#d9b34f", "#e8cb74", "#bf9338")]
        )
        for i in range(3):
            y = top + (height - top) * (0.12, 0.32, 0.6)[i]
            band = mix(mix(far, near, 0.3 + 0.3 * i), tones[i % len(tones)], 0.35)
            stage.floor.add(
                0.2,
                s.graded(
                    s.closed(s.ridge(rng, width, y, 16 + 12 * i, 0.3), height + 5), band, mix(near, band, 0.4)
                ),
            )
        for i in range(stage.many(110)):
            f = (i / stage.many(110)) ** 1.2
            y = top + 12 + (height - top) * f
            size = (12 + 44 * f) * (1.7 if stage.ground == "wheat" else 1.0)
            stage.floor.add(
                0.55,
                growth.blades(
                    rng, rng.uniform(0, width), y, size, [mix(t, mix(far, near, f), 0.45) for t in tones], 4
                ),
            )
    elif stage.ground in ("dune", "sand", "snow", "dust", "seabed"):
        _flecks(stage, near)
    elif stage.ground in WATERS:
        pale = shift(near, light=0.2)
        for i in range(stage.many(34)):
            f = (i / stage.many(34)) ** 1.6
            x, y, long = rng.uniform(-50, width), top + 8 + (height - top) * f, 24 + 110 * f
            half, lift = f"{long / 2:.0f}", 5 + 8 * f
            data = f"M{x:.0f} {y:.0f}q{long / 4:.0f} {-lift:.0f} {half} 0q{long / 4:.0f} {lift:.0f} {half} 0"
            stage.floor.add(0.45, s.stroke(data, pale, 1.4 + 3 * f, 'opacity=".4" stroke-linecap="round"'))
    elif stage.ground == "rock":
        for i in range(stage.many(26)):
            f = (i / stage.many(26)) ** 1.2
            stage.floor.add(
                0.35,
                s.stone(
                    rng,
                    rng.uniform(0, width),
                    top + 20 + (height - top) * f,
                    14 + 70 * f * rng.random(),
                    mix(far, near, f),
                ),
            )


def _flecks(stage: Stage, near: str) -> None:
    rng, top, height = stage.rng, stage.horizon, stage.height
    pale, deep = shift(near, light=0.09), shift(near, light=-0.05)
    for _ in range(stage.many(40)):
        f = 0.1 + 0.9 * rng.random()
        x, y, long = (
            rng.uniform(-60, stage.width),
            top + (height - top) * (0.3 + 0.7 * f),
            rng.uniform(60, 230) * f,
        )
        if "sea" in stage.far and y < top + 260:
            continue
        stage.floor.add(
            0.45,
            s.stroke(
                f"M{x:.0f} {y:.0f}q{long / 2:.0f} {-9 * f:.0f} {long:.0f} {4 * f:.0f}",
                rng.choice((pale, deep)),
                1.4 + 2.6 * f,
                'opacity=".5" stroke-linecap="round"',
            ),
        )
    if stage.ground == "dust":
        for i in range(stage.many(10)):
            f = (i / stage.many(10)) ** 1.3
            x, y, r = rng.uniform(0, stage.width), top + 14 + (height - top) * f, 20 + 90 * f
            stage.floor.add(
                0.35,
                s.ellipse(x, y, r, r * 0.3, shift(near, light=-0.08))
                + s.ellipse(x + r * 0.05, y + r * 0.07, r * 0.86, r * 0.22, shift(near, light=0.05)),
            )


def paint_front(stage: Stage) -> None:
    """The foreground, kept to the foot and the sides so that no subject is hidden."""
    rng, palette, width, height, top = stage.rng, stage.palette, stage.width, stage.height, stage.horizon
    season = stage.scene.season
    for kind in stage.near:
        if kind == "flowers" and season != "winter":
            petals = [
                palette.lit(palette.free(c)) for c in ("#e5566f", "#f2c94a", "#f6f2ea", "#a873d1", "#e98a3f")
            ]
            chosen = rng.sample(petals, 3)
            for i in range(stage.many(54)):
                f = (i / stage.many(54)) ** 0.9
                y = top + (height - top) * (0.16 + 0.86 * f)
                bloom = growth.blossom(
                    rng,
                    rng.uniform(0, width),
                    y,
                    8 + 22 * f,
                    rng.choice(chosen),
                    palette.lit("#f4c542"),
                    palette.lit("#4f7f3f"),
                )
                (stage.front if f > 0.86 else stage.floor).append((0.6, bloom))
        elif kind == "reeds":
            for side in (0.06, 0.94):
                for _ in range(14):
                    x = width * side + rng.gauss(0, 50)
                    stage.front.add(
                        0.6,
                        growth.blades(
                            rng,
                            x,
                            height + 8,
                            rng.uniform(90, 230),
                            [palette.lit(c) for c in ("#4f6f3a", "#6f8a45", "#3f5a34")],
                            2,
                        ),
                    )
        elif kind == "ferns":
            for side in (0.02, 0.98, 0.15, 0.86):
                for _ in range(8):
                    stage.front.add(
                        0.6,
                        growth.blades(
                            rng,
                            width * side + rng.gauss(0, 45),
                            height + 8,
                            rng.uniform(70, 150),
                            [palette.lit(c) for c in ("#2f5a34", "#46733c", "#3a6640")],
                            5,
                        ),
                    )
        elif kind == "shells":
            for _ in range(stage.many(9)):
                x, y = rng.uniform(0, width), height - rng.uniform(10, (height - top) * 0.3)
                stage.floor.add(
                    0.65,
                    s.stone(
                        rng,
                        x,
                        y,
                        rng.uniform(5, 13),
                        palette.lit(rng.choice(("#f3e3d3", "#d9a58a", "#b9a08a"))),
                    ),
                )
        elif kind == "coral":
            tones = [
                mix(palette.free(c), palette.light.sky[2], 0.25)
                for c in ("#e8607a", "#f09a4a", "#b06fd0", "#f2c65a")
            ]
            for i in range(stage.many(13)):
                side = rng.choice((rng.uniform(-0.02, 0.3), rng.uniform(0.7, 1.02)))
                y = height - rng.uniform(-10, (height - top) * 0.75)
                stage.floor.add(
                    0.35,
                    growth.coral(rng, width * side, y, rng.uniform(80, 170), rng.choice(tones))
                    if i % 2
                    else s.stone(
                        rng, width * side, y, rng.uniform(40, 90), mix("#6f7f8a", palette.light.sky[2], 0.4)
                    ),
                )
            for _ in range(stage.many(10)):
                side = rng.choice((rng.uniform(0, 0.24), rng.uniform(0.76, 1)))
                stage.front.add(
                    0.5,
                    growth.weed(
                        rng,
                        width * side,
                        height + 10,
                        rng.uniform(150, 360),
                        mix(palette.free("#3f9a5a"), palette.light.sky[2], 0.25),
                    ),
                )
    paint_weather(stage)


def paint_weather(stage: Stage) -> None:
    """Rain or snow in the air, before everything."""
    rng, width, height, weather = stage.rng, stage.width, stage.height, stage.scene.weather
    if weather & {"rain", "storm"}:
        lean = rng.choice((-1, 1)) * rng.uniform(8, 34) * (2 if "storm" in weather else 1)
        parts = []
        for _ in range(stage.many(230)):
            x, y, long = rng.uniform(-60, width + 60), rng.uniform(-60, height), rng.uniform(30, 90)
            parts.append(f"M{x:.0f} {y:.0f}l{lean * long / 90:.1f} {long:.0f}")
        stage.front.add(0.7, s.stroke("".join(parts), "#e6eef6", 1.6, 'opacity=".42"'))
    if "snow" in weather or (
        stage.scene.season == "winter"
        and stage.air == "air"
        and "weathers:snow" not in stage.scene.banned
        and rng.random() < 0.6
    ):
        flakes = []
        for _ in range(stage.many(170)):
            r = 1.6 + 6 * rng.random() ** 3
            flakes.append(
                s.circle(
                    rng.uniform(0, width),
                    rng.uniform(0, height),
                    r,
                    "none",
                    f'opacity="{rng.uniform(0.45, 0.95):.2f}"',
                )
            )
        stage.front.add(0.7, f'<g fill="#ffffff">{"".join(flakes)}</g>')


def tufts(stage: Stage, x: float, y: float, broad: float, rng: random.Random) -> str:
    """Growth at a subject's feet, so that it stands in the ground and not on it."""
    palette = stage.palette
    if stage.ground in ("grass", "moss", "wheat"):
        season = stage.scene.season if stage.scene.season in ("autumn", "winter") else ""
        tones = (
            growth.foliage(palette, season, 0.05)
            if stage.ground != "wheat"
            else [palette.lit(c) for c in ("#d9b34f", "#e8cb74")]
        )
        size = max(10.0, broad * (0.075 if stage.ground != "wheat" else 0.14))
        return "".join(
            growth.blades(rng, x + broad * rng.uniform(-0.5, 0.5), y + size * 0.35, size, tones, 3)
            for _ in range(9)
        )
    if stage.ground == "snow":
        return s.ellipse(x, y + broad * 0.012, broad * 0.52, broad * 0.035, palette.lit("#f6f9fd"))
    return ""


def foam(stage: Stage, x: float, y: float, broad: float, deep: float, rng: random.Random) -> str:
    """Water that closes over the lowest `deep` units of a subject `broad` wide, with a rim of foam."""
    palette = stage.palette
    far, near = floor_colours(stage)
    water = mix(mix(far, near, 0.5), palette.light.sky[2], 0.2)
    out, half = "", broad * 0.5
    if deep > 20:
        count = 14
        rim = [
            (x - half + 2 * half * i / count, y + rng.uniform(-0.015, 0.015) * broad)
            for i in range(count + 1)
        ]
        keel = [
            (x + half * math.cos(math.pi * i / 10), y + deep * 1.5 * math.sin(math.pi * i / 10))
            for i in range(1, 10)
        ]
        definition, paint = s.linear([(0, water, 0.9), (0.45, water, 0.5), (0.9, water, 0.0)])
        out = definition + s.polygon([*rim, *keel], paint)
    for share, alpha in ((1.0, 0.22), (0.86, 0.3), (0.6, 0.3)):
        foot = y + rng.uniform(0, 0.012) * broad
        out += s.ellipse(
            x, foot, half * share, broad * 0.016 * share, palette.lit("#f4fafc"), f'opacity="{alpha}"'
        )
    return out
