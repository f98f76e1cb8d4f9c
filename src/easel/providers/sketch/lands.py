"""Distance: what stands between the air and the ground, from mountains to roofs.

Adds SVG to a `Stage`, as `places` does for the air. Draws no subject and touches no pixel.
"""

from __future__ import annotations

from . import growth
from . import shapes as s
from .palette import mix, shift
from .stage import Stage, floor_colours


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
        row = growth.pines(rng, stage.width, stage.horizon + 6, 70, palette.lit("#3f6350", 0.42), gap=0.24)
        stage.behind.add(0.45, row)


def _hills(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    for depth in range(4):
        distance = (0.75, 0.55, 0.4, 0.25)[depth]
        leaf = growth.foliage(
            palette, stage.scene.season if stage.scene.season != "spring" else "", distance
        )[depth % 4]
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
                growth.crowns(
                    rng,
                    stage.width,
                    y,
                    tall * 0.8,
                    growth.foliage(palette, stage.scene.season, distance),
                    palette.lit("#4b3a30", distance),
                ),
            )
        else:
            stage.behind.add(0.1 + 0.06 * depth, growth.pines(rng, stage.width, y, tall, colour))
        definition, paint = s.linear([(0, palette.haze, 0), (1, palette.haze, 0.5 - 0.1 * depth)])
        stage.behind.add(0.2, definition + s.rectangle(0, y - tall * 0.5, stage.width, tall * 0.5, paint))
    bark = palette.lit("#4a3a32", 0.12)
    stage.behind.add(
        0.3,
        growth.trunks(
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
        sand = palette.lit((stage.scene.ground or palette.free("#dda257")), (0.6, 0.42, 0.26, 0.1)[depth])
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
    if palette.light.dark:
        stage.behind.add(
            0.1, s.glow(stage.width / 2, stage.horizon + 40, min(stage.width, 1500) * 0.75, "#ff9d5c", 0.5)
        )
    lit = 0.5 if palette.light.dark else (0.3 if palette.time in ("sunset", "storm") else 0.06)
    for depth in range(3):
        distance = (0.72, 0.46, 0.18)[depth]
        wall = palette.lit(palette.free(("#7f8fa8", "#6f7c96", "#5f6678")[depth]), distance)
        if palette.light.dark:
            wall = shift(wall, light=0.07 - 0.03 * depth, turn=rng.uniform(-20, 20))
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
