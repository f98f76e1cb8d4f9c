"""Distance, ground, foreground and weather: the parts of a place between the air and the viewer.

Adds SVG to a `Stage`, as `places` does for the air. Draws no subject and touches no pixel.
"""

from __future__ import annotations

import random

from . import shapes as s
from .palette import mix, shift
from .places import WATERS, Stage, floor_colours


def paint_far(stage: Stage) -> None:
    """What stands at the horizon, the farthest first."""
    for kind in stage.far:
        {"mountains": _mountains, "hills": _hills, "forest": _forest, "dunes": _dunes, "mesas": _mesas,
         "city": _city, "village": _village, "volcano": _volcano, "sea": _strip}.get(kind, _nothing)(stage)  # fmt: skip
    if "fog" in stage.scene.weather:
        for i in range(3):
            y = stage.horizon - 150 + i * 120
            definition, paint = s.linear(
                [(0, stage.palette.haze, 0), (0.5, stage.palette.haze, 0.75), (1, stage.palette.haze, 0)]
            )
            stage.behind.add(0.3, definition + s.rectangle(0, y - 120, stage.width, 300, paint))


def _nothing(stage: Stage) -> None:
    pass


def _side(stage: Stage) -> float:
    return 1.0 if stage.sun[0] > stage.width / 2 else -1.0


def _reach(stage: Stage) -> float:
    """How high the distance may rise over the horizon."""
    return min(stage.horizon * 0.62, 430.0) * (1.25 if "epic" in stage.scene.moods else 1.0)


def _mountains(stage: Stage) -> None:
    rng, palette, reach = stage.rng, stage.palette, _reach(stage)
    tone = palette.free("#5a6a86")
    warm = {"space": "#8a6f6a"}.get(stage.air)
    for depth in range(3):
        distance = (0.6, 0.4, 0.2)[depth]
        body = palette.lit(warm or shift(tone, light=-0.03 * depth), distance)
        snow = palette.lit("#f6f9fd", distance * 0.75) if depth < 2 or stage.ground == "snow" else None
        count = min(16, max(2, round(stage.width / (330 + 60 * depth)) + 1))
        order = list(range(count))
        rng.shuffle(order)
        for i in order:
            x = stage.width * (i + rng.uniform(0.15, 0.85)) / count
            high = reach * (0.98, 0.74, 0.44)[depth] * rng.uniform(0.62, 1.0)
            stage.behind.add(
                0.08 + depth * 0.06,
                s.mountain(
                    rng,
                    (x, stage.horizon - high),
                    stage.horizon + 8,
                    high * rng.uniform(0.75, 1.15),
                    body,
                    palette.haze,
                    snow if stage.air != "space" else None,
                    _side(stage),
                ),
            )
        definition, paint = s.linear([(0, palette.haze, 0), (1, palette.haze, 0.42)])
        stage.behind.add(
            0.2, definition + s.rectangle(0, stage.horizon - reach * 0.3, stage.width, reach * 0.3 + 6, paint)
        )
    if stage.ground in ("grass", "lake", "snow", "moss"):
        row = s.pines(rng, stage.width, stage.horizon + 6, 70, palette.lit("#3f6350", 0.42), gap=0.24)
        stage.behind.add(0.45, row)


def _hills(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    for depth in range(4):
        distance = (0.75, 0.55, 0.4, 0.25)[depth]
        leaf = s.foliage(palette, stage.scene.season if stage.scene.season != "spring" else "", distance)[
            depth % 4
        ]
        y = stage.horizon - (120, 78, 42, 14)[depth]
        line = s.ridge(rng, stage.width, y, 42, 0.35)
        stage.behind.add(
            0.08 + 0.05 * depth,
            s.graded(
                s.closed(line, stage.horizon + 40), shift(leaf, light=0.05), mix(leaf, palette.haze, 0.35)
            ),
        )
        if depth in (1, 3):
            for _ in range(stage.many(7)):
                x, ty = rng.choice(line)
                size = (16, 0, 0, 34)[depth] or 20
                blob = "".join(
                    s.circle(
                        x + rng.gauss(0, 0.5) * size,
                        ty - size * rng.uniform(0.2, 0.8),
                        size * rng.uniform(0.4, 0.6),
                        "none",
                    )
                    for _ in range(5)
                )
                stage.behind.add(0.5, f'<g fill="{shift(leaf, light=-0.07)}">{blob}</g>')


def _forest(stage: Stage) -> None:
    rng, palette, reach = stage.rng, stage.palette, _reach(stage)
    for depth in range(4):
        distance = (0.82, 0.6, 0.4, 0.22)[depth]
        colour = palette.lit(
            palette.free("#35603f" if stage.scene.season != "autumn" else "#7d4f2a"), distance
        )
        y = stage.horizon + (0, 6, 14, 26)[depth]
        tall = reach * (0.62, 0.7, 0.78, 0.86)[depth]
        if stage.scene.season in ("autumn", "spring") or (depth % 2 and stage.scene.season != "winter"):
            stage.behind.add(
                0.1 + 0.06 * depth,
                s.crowns(
                    rng,
                    stage.width,
                    y,
                    tall * 0.8,
                    s.foliage(palette, stage.scene.season, distance),
                    palette.lit("#4b3a30", distance),
                ),
            )
        else:
            stage.behind.add(0.1 + 0.06 * depth, s.pines(rng, stage.width, y, tall, colour))
        definition, paint = s.linear([(0, palette.haze, 0), (1, palette.haze, 0.5 - 0.1 * depth)])
        stage.behind.add(0.2, definition + s.rectangle(0, y - tall * 0.5, stage.width, tall * 0.5, paint))
    bark = palette.lit("#4a3a32", 0.12)
    stage.behind.add(
        0.3,
        s.trunks(
            rng, stage.width, -10, stage.horizon + 60, 17, bark, palette.lit("#8a6a50", 0.1), stage.many(7)
        ),
    )
    if not palette.light.dark:
        for _ in range(stage.many(4)):
            x = rng.uniform(0, stage.width)
            definition, paint = s.linear([(0, palette.light.sun, 0.34), (1, palette.light.sun, 0)])
            lean = (x - stage.sun[0]) * 0.5
            stage.behind.add(
                0.7,
                definition
                + s.polygon(
                    [
                        (x, -5),
                        (x + 60, -5),
                        (x + 190 + lean, stage.horizon + 90),
                        (x + 20 + lean, stage.horizon + 90),
                    ],
                    paint,
                ),
            )


def _dunes(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    for depth in range(4):
        sand = palette.lit(palette.free("#dda257"), (0.6, 0.42, 0.26, 0.1)[depth])
        line = s.ridge(
            rng, stage.width, stage.horizon - (96, 62, 24, -30)[depth], (40, 46, 44, 30)[depth], 0.16
        )
        stage.behind.add(
            0.08 + 0.05 * depth,
            s.graded(s.closed(line, stage.height), shift(sand, light=0.05), shift(sand, light=-0.05)),
        )
        peaks = [
            i for i in range(4, len(line) - 4) if line[i][1] < line[i - 4][1] and line[i][1] < line[i + 4][1]
        ]
        for i in peaks[:: max(1, len(peaks) // 6)]:
            side = _side(stage)
            run = line[i : i + 26] if side < 0 else line[max(0, i - 26) : i + 1]
            edge = [(x, y + 6 + abs(x - line[i][0]) * 0.32) for x, y in run]
            drop = 70 + 30 * depth
            tip = (line[i][0] - side * 20, line[i][1] + drop)
            shade = [*run, *reversed(edge), tip] if side < 0 else [tip, *edge, *reversed(run)]
            stage.behind.add(0.35, s.polygon(shade, shift(sand, light=-0.12), 'opacity=".5"'))


def _mesas(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    for depth in range(3):
        rock = palette.lit(palette.free("#b5562f"), (0.6, 0.4, 0.18)[depth])
        for _ in range(stage.many(2.4)):
            x, broad, tall = (
                rng.uniform(0, stage.width),
                rng.uniform(70, 190),
                _reach(stage) * rng.uniform(0.25, 0.75),
            )
            top, foot = stage.horizon - tall, stage.horizon + 12
            points = [
                (x - broad * 1.5, foot),
                (x - broad * 0.8, foot - tall * 0.35),
                (x - broad * 0.7, top + tall * 0.04),
                (x - broad * 0.3, top),
                (x + broad * 0.6, top + tall * 0.02),
                (x + broad * 0.72, foot - tall * 0.35),
                (x + broad * 1.5, foot),
            ]
            stage.behind.add(
                0.1 + 0.06 * depth, s.graded(points, shift(rock, light=0.04), mix(rock, palette.haze, 0.25))
            )
            for band in range(4):
                y = top + tall * (0.1 + 0.15 * band)
                stage.behind.add(
                    0.4,
                    s.rectangle(
                        x - broad * 0.74,
                        y,
                        broad * 1.46,
                        tall * 0.035,
                        shift(rock, light=-0.07),
                        'opacity=".6"',
                    ),
                )
            shade = [
                (x + broad * 0.15, top),
                (x + broad * 0.6, top + tall * 0.02),
                (x + broad * 0.72, foot - tall * 0.35),
                (x + broad * 1.5, foot),
                (x + broad * 0.4, foot),
            ]
            stage.behind.add(0.35, s.polygon(shade, shift(rock, light=-0.1), 'opacity=".45"'))


def _city(stage: Stage) -> None:
    rng, palette, reach = stage.rng, stage.palette, _reach(stage)
    lit = 0.62 if palette.light.dark else (0.3 if palette.time in ("sunset", "storm") else 0.06)
    for depth in range(3):
        distance = (0.72, 0.46, 0.18)[depth]
        wall = palette.lit(palette.free(("#7f8fa8", "#6f7c96", "#5f6678")[depth]), distance)
        if palette.light.dark:
            wall = shift(wall, light=-0.09 + 0.02 * depth)
        stage.behind.add(
            0.1 + 0.08 * depth,
            s.skyline(
                rng,
                stage.width,
                stage.horizon + 6,
                reach * (1.15, 0.95, 0.7)[depth],
                wall,
                "#ffd98a" if lit > 0.1 else palette.lit("#cfe2ee", 0.3),
                lit,
            ),
        )
        definition, paint = s.linear([(0, palette.haze, 0), (1, palette.haze, 0.4)])
        stage.behind.add(
            0.25,
            definition + s.rectangle(0, stage.horizon - reach * 0.4, stage.width, reach * 0.4 + 6, paint),
        )


def _village(stage: Stage) -> None:
    _hills(stage)
    rng, palette = stage.rng, stage.palette
    night = palette.light.dark
    for _ in range(stage.many(8)):
        x, w = rng.uniform(0, stage.width), rng.uniform(44, 74)
        y, h = stage.horizon + rng.uniform(-6, 26), w * rng.uniform(0.6, 0.85)
        wall, roof = (
            palette.lit(rng.choice(("#efe2c8", "#e3c9a3", "#d8d4cc")), 0.22),
            palette.lit(rng.choice(("#a8483a", "#8a4a3a", "#6a5a60")), 0.2),
        )
        pane = "#ffd98a" if night else palette.lit("#5f7686", 0.2)
        stage.behind.add(
            0.4,
            s.rectangle(x, y - h, w, h, wall)
            + s.polygon([(x - 6, y - h), (x + w / 2, y - h * 1.65), (x + w + 6, y - h)], roof)
            + s.rectangle(x + w * 0.15, y - h * 0.7, w * 0.2, h * 0.3, pane)
            + s.rectangle(x + w * 0.6, y - h * 0.7, w * 0.2, h * 0.3, pane),
        )


def _volcano(stage: Stage) -> None:
    rng, palette, reach = stage.rng, stage.palette, _reach(stage)
    x, top, foot = stage.width * rng.uniform(0.4, 0.6), stage.horizon - reach, stage.horizon + 10
    body = palette.lit("#4a3f44", 0.25)
    stage.behind.add(0.08, s.glow(x, top, 420, "#ff7a3a", 0.75))
    for i in range(9):
        stage.behind.add(
            0.3,
            s.circle(
                x + rng.gauss(0, 26) + i * 13,
                top - 20 - i * 24,
                26 + i * 9,
                mix("#5a4a4c", palette.haze, 0.06 * i),
                'opacity=".55"',
            ),
        )
    points = [
        (x - reach * 1.1, foot),
        (x - reach * 0.35, stage.horizon - reach * 0.55),
        (x - 62, top),
        (x - 20, top + 14),
        (x + 22, top + 8),
        (x + 60, top),
        (x + reach * 0.38, stage.horizon - reach * 0.5),
        (x + reach * 1.15, foot),
    ]
    stage.behind.add(0.1, s.graded(points, body, mix(body, palette.haze, 0.35)))
    for _ in range(5):
        px, py, data = x + rng.uniform(-40, 40), top + 10, []
        while py < foot - 40:
            data.append(f"{px:.0f} {py:.0f}")
            px, py = px + rng.gauss(0, 22) + (px - x) * 0.18, py + rng.uniform(24, 50)
        stage.behind.add(
            0.4,
            s.stroke(f"M{'L'.join(data)}", "#ff6a2a", 9, 'stroke-linejoin="round"')
            + s.stroke(f"M{'L'.join(data)}", "#ffd35a", 3.5),
        )


def _strip(stage: Stage) -> None:
    """A band of sea with surf, between the sky and a beach."""
    rng, palette, top = stage.rng, stage.palette, stage.horizon
    foot = top + min((stage.height - top) * 0.42, 190)
    water = palette.lit(palette.free("#2f9ab5"), 0)
    stage.floor.add(
        0.12,
        s.graded(
            [(0, top), (stage.width, top), (stage.width, foot + 30), (0, foot + 30)],
            mix(palette.lit("#1f6f9c", 0.2), palette.haze, 0.2),
            shift(water, light=0.09),
        ),
    )
    for _ in range(stage.many(16)):
        f = rng.random() ** 1.4
        x, y, long = rng.uniform(0, stage.width), top + 4 + (foot - top) * f, 20 + 130 * f
        stage.floor.add(
            0.5,
            s.stroke(
                f"M{x:.0f} {y:.0f}q{long / 2:.0f} {-5 - 5 * f:.0f} {long:.0f} 0",
                "#ffffff",
                1 + 2.4 * f,
                'opacity=".5"',
            ),
        )
    line = s.ridge(rng, stage.width, foot, 14, 0.3)
    sand = floor_colours(stage)[0]
    stage.floor.add(0.15, s.polygon(s.closed([(x, y - 7) for x, y in line], stage.height), "#f7fbfa"))
    stage.floor.add(
        0.15, s.polygon(s.closed([(x, y + 7) for x, y in line], stage.height), shift(sand, light=-0.09))
    )
    stage.floor.add(
        0.15, s.graded(s.closed([(x, y + 30) for x, y in line], stage.height), sand, floor_colours(stage)[1])
    )


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
            s.foliage(palette, season, 0.1)
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
                s.blades(
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
                bloom = s.blossom(
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
                        s.blades(
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
                        s.blades(
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
                    s.coral(rng, width * side, y, rng.uniform(80, 170), rng.choice(tones))
                    if i % 2
                    else s.stone(
                        rng, width * side, y, rng.uniform(40, 90), mix("#6f7f8a", palette.light.sky[2], 0.4)
                    ),
                )
            for _ in range(stage.many(10)):
                side = rng.choice((rng.uniform(0, 0.24), rng.uniform(0.76, 1)))
                stage.front.add(
                    0.5,
                    s.weed(
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
            s.foliage(palette, season, 0.05)
            if stage.ground != "wheat"
            else [palette.lit(c) for c in ("#d9b34f", "#e8cb74")]
        )
        size = max(10.0, broad * (0.075 if stage.ground != "wheat" else 0.14))
        return "".join(
            s.blades(rng, x + broad * rng.uniform(-0.5, 0.5), y + size * 0.35, size, tones, 3)
            for _ in range(9)
        )
    if stage.ground == "snow":
        return s.ellipse(x, y + broad * 0.012, broad * 0.52, broad * 0.035, palette.lit("#f6f9fd"))
    return ""
