"""The air of a picture: sky, space, water, a room, a cave, plain paper or pure form.

Each function adds SVG to a `Stage`; none of them draws a subject or touches a pixel. Units are thousandths of the
picture's short side.
"""

from __future__ import annotations

import math

from . import shapes as s
from .palette import mix, shift
from .stage import Stage
from .words import dice


def paint_air(stage: Stage) -> None:
    """The sky, or what is there instead."""
    width, horizon, palette = stage.width, stage.horizon, stage.palette
    light = palette.light
    foot = stage.height if stage.ground == "none" or stage.air in ("water", "plain", "space") else horizon + 2
    definition, paint = s.linear(
        [(0, light.sky[0], 1), (0.4, light.sky[1], 1), (0.76, light.sky[2], 1), (1, light.sky[3], 1)]
    )
    stage.sky.add(0, definition + s.rectangle(0, 0, width, foot, paint))
    {
        "space": _space,
        "water": _water,
        "room": _room,
        "cave": _cave,
        "plain": _plain,
        "abstract": _abstract,
    }.get(stage.air, _sky)(stage)


def _sky(stage: Stage) -> None:
    width, horizon, rng, palette, scene = stage.width, stage.horizon, stage.rng, stage.palette, stage.scene
    light, (x, y) = palette.light, stage.sun
    veiled = stage.clouds > 0.75
    if palette.time in ("night", "dusk") and not veiled:
        stage.sky.add(
            0.4, s.stars(rng, width, horizon, stage.many(150 if palette.time == "night" else 50), light.sun)
        )
    names = {actor.name for actor in scene.actors}
    if not names & {"sun", "moon", "planet"} and not veiled:
        if light.dark:
            if "subjects:moon" not in scene.banned:
                r = rng.uniform(38, 58)
                stage.sky.add(0.1, s.glow(x, y, 330, light.sun, 0.42))
                stage.sky.add(0.2, s.circle(x, y, r, light.sun))
                for dx, dy, dr in (
                    (-0.3, -0.2, 0.26),
                    (0.25, 0.3, 0.32),
                    (0.1, -0.45, 0.15),
                    (-0.35, 0.4, 0.16),
                ):
                    spot = s.circle(x + dx * r, y + dy * r, dr * r, "#b9b59f", 'opacity=".4"')
                    stage.sky.add(0.6, spot)
        elif "subjects:sun" not in scene.banned:
            stage.sky.add(0.05, s.glow(x, y, 620, light.sun, 0.62))
            stage.sky.add(0.1, s.glow(x, y, 210, "#ffffff", 0.75))
            stage.sky.add(0.15, s.circle(x, y, 42, mix(light.sun, "#ffffff", 0.4)))
    if "aurora" in scene.weather:
        for band in range(4):
            hue = ("#4dffb0", "#3fe0c8", "#8f7bff", "#5dff8f")[band]
            base, phase, swing = horizon * (0.35 + 0.13 * band), rng.uniform(0, 6), horizon * 0.07
            definition, paint = s.linear([(0, hue, 0), (0.7, hue, 0.3), (1, hue, 0)])
            strips = [definition]
            steps = stage.many(46)
            for i in range(steps):
                px = width * i / steps
                py = base + math.sin(px / 260 + phase) * swing + math.sin(px / 90 + phase * 2) * swing * 0.2
                tall = horizon * (0.3 + 0.12 * math.sin(px / 130 + phase))
                strips.append(s.rectangle(px, py - tall, width / steps * 3, tall * 1.2, paint))
            stage.sky.add(0.3, "".join(strips))
    if "rainbow" in scene.weather:
        cx, radius = width * rng.uniform(0.4, 0.6), min(width * 0.55, horizon * 0.9)
        for i, hue in enumerate(
            ("#ff5a5a", "#ff9d4d", "#ffe25a", "#6fd66a", "#59b4f0", "#6f77e0", "#b06fe0")
        ):
            arc = s.circle(
                cx, horizon, radius - i * 15, "none", f'stroke="{hue}" stroke-width="15.5" opacity=".5"'
            )
            stage.sky.add(0.35, arc)
    if stage.clouds > 0:
        lit, shade = (palette.free(c) if stage.clouds < 0.7 else c for c in light.cloud)
        for i in range(stage.many(2 + 7 * stage.clouds)):
            size = rng.uniform(140, 420) * (0.6 + 0.6 * stage.clouds)
            cy = horizon * (0.12 + 0.66 * rng.random())
            far = cy / horizon
            cloud = s.cumulus(
                rng,
                rng.uniform(0, width),
                cy,
                size * (1.15 - 0.7 * far),
                mix(lit, palette.haze, 0.4 * far),
                mix(shade, palette.haze, 0.35 * far + 0.1),
            )
            stage.heaped.add(0.25 + 0.04 * (i % 5), cloud)
    if stage.air == "clouds":
        for i in range(stage.many(22)):
            f = i / stage.many(22)
            y = stage.height * (0.62 + 0.42 * f)
            cloud = s.cumulus(
                rng,
                rng.uniform(-0.1, 1.1) * width,
                y,
                rng.uniform(320, 620) * (0.55 + 0.6 * f),
                light.cloud[0],
                mix(light.cloud[1], light.sky[1], 0.4),
            )
            stage.behind.add(0.2, cloud)
    if "storm" in scene.weather and "weathers:lightning" not in scene.banned:
        x, y, points = width * rng.uniform(0.2, 0.8), 0.0, []
        while y < horizon:
            points.append((x, y))
            x, y = x + rng.gauss(0, 38), y + rng.uniform(18, 50)
        bolt = "L".join(f"{px:.0f} {py:.0f}" for px, py in points)
        stage.sky.add(0.6, s.glow(points[0][0], 60, 500, "#cfd8ff", 0.55))
        stage.sky.add(
            0.6, s.stroke(f"M{bolt}", "#bfc8ff", 11, 'opacity=".35"') + s.stroke(f"M{bolt}", "#ffffff", 4)
        )


def _space(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    stage.sky.add(0.3, s.stars(rng, stage.width, stage.height, stage.many(330), palette.free("#a8c8ff")))
    if stage.ground == "none" and not any(a.name in ("planet", "moon", "sun") for a in stage.scene.actors):
        x, y, r = (
            stage.width * rng.choice((0.12, 0.88)),
            stage.height * rng.choice((0.98, 0.14)),
            rng.uniform(150, 330),
        )
        colour = palette.free(rng.choice(("#4f7fd0", "#d08a5a", "#8f6fc9", "#4fae9f")))
        stage.sky.add(0.15, s.glow(x, y, r * 1.5, shift(colour, light=0.15), 0.45))
        definition, paint = s.linear(
            [(0, shift(colour, light=0.16), 1), (0.5, colour, 1), (1, shift(colour, light=-0.28), 1)]
        )
        stage.sky.add(0.15, definition + s.circle(x, y, r, paint))


def _water(stage: Stage) -> None:
    rng, width, height = stage.rng, stage.width, stage.height
    for _ in range(stage.many(8)):
        x, broad = rng.uniform(-0.1, 1.0) * width, rng.uniform(30, 120)
        lean = rng.uniform(60, 260)
        definition, paint = s.linear([(0, "#ffffff", 0.3), (1, "#ffffff", 0)])
        stage.sky.add(
            0.2,
            definition
            + s.polygon(
                [
                    (x, -5),
                    (x + broad, -5),
                    (x + broad * 2.2 + lean, height * 0.85),
                    (x + lean, height * 0.85),
                ],
                paint,
            ),
        )
    for _ in range(stage.many(3)):
        rocks = s.closed(s.ridge(rng, width, stage.horizon + rng.uniform(-130, 10), 90, 0.6), height)
        stage.behind.add(0.15, s.graded(rocks, stage.palette.light.sky[2], stage.palette.light.sky[3], 0.55))
    for _ in range(stage.many(30)):
        x, y, r = rng.uniform(0, width), rng.uniform(0.05, 0.9) * height, 2 + 12 * rng.random() ** 3
        stage.front.add(
            0.7,
            s.circle(
                x,
                y,
                r,
                "#ffffff",
                'fill-opacity=".12" stroke="#ffffff" stroke-opacity=".5" stroke-width="1.2"',
            )
            + s.circle(x - r * 0.3, y - r * 0.35, r * 0.22, "#ffffff", 'opacity=".8"'),
        )


def _room(stage: Stage) -> None:
    rng, width, horizon, palette = stage.rng, stage.width, stage.horizon, stage.palette
    wall = palette.light.sky[1]
    stripe = shift(wall, light=-0.022)
    gap = rng.choice((46, 64, 90))
    stage.sky.add(
        0.3,
        "".join(
            s.rectangle(i * gap, 0, gap * 0.45, horizon, stripe)
            for i in range(int(min(width, 9000) / gap) + 1)
        ),
    )
    left = rng.random() < 0.5
    w, h = min(330.0, width * 0.3), min(430.0, horizon * 0.62)
    x, y = (width * 0.12 if left else width * 0.88 - w), horizon * 0.12
    night = palette.time in ("night", "dusk")
    top, low = ("#101a3c", "#3d4f86") if night else ("#8cc4ec", "#e4f2ee")
    frame = shift("#f3ede2" if not night else "#a08c80", light=0)
    view = s.graded([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], top, low)
    hill = s.polygon(
        [(x, y + h), (x, y + h * 0.78), (x + w * 0.4, y + h * 0.66), (x + w, y + h * 0.8), (x + w, y + h)],
        "#24324e" if night else "#8fb07a",
    )
    boxes = [(x - 16, y - 16, w + 32, 16), (x - 16, y, 16, h), (x + w, y, 16, h)]
    boxes += [(x - 26, y + h, w + 52, 20), (x + w / 2 - 5, y, 10, h), (x, y + h * 0.42, w, 10)]
    bars = "".join(s.rectangle(bx, by, bw, bh, frame) for bx, by, bw, bh in boxes)
    curtain, drapes = palette.free("#b8604a"), ""
    for cx, side in ((x - 62, -1), (x + w - 8, 1)):
        cloth = [
            (cx, y - 40),
            (cx + 70, y - 40),
            (cx + 62 + 8 * side, y + h + 60),
            (cx - 6 + 12 * side, y + h + 60),
        ]
        drapes += s.graded(cloth, shift(curtain, light=0.06), shift(curtain, light=-0.08))
    stage.sky.add(0.15, view + hill)
    stage.sky.add(0.2, bars)
    stage.sky.add(0.45, s.rectangle(x - 90, y - 46, w + 180, 9, "#5d4433") + drapes)
    px, pw = (width * 0.68 if left else width * 0.14), min(170.0, width * 0.17)
    art = palette.free(rng.choice(("#d98a5a", "#5f8fae", "#7aa06a")))
    stage.sky.add(
        0.5,
        s.rectangle(px, horizon * 0.2, pw, pw * 1.2, "#5d4433")
        + s.graded(
            [
                (px + 12, horizon * 0.2 + 12),
                (px + pw - 12, horizon * 0.2 + 12),
                (px + pw - 12, horizon * 0.2 + pw * 1.2 - 12),
                (px + 12, horizon * 0.2 + pw * 1.2 - 12),
            ],
            shift(art, light=0.12),
            art,
        ),
    )
    stage.sky.add(0.5, s.circle(px + pw * 0.5, horizon * 0.2 + pw * 0.5, pw * 0.16, "#f6e3b0"))
    stage.sky.add(0.25, s.glow(x + w / 2, y + h * 0.5, 700, "#ffd9a0" if not night else "#8fa6e0", 0.25))
    if not night:
        stage.front.add(
            0.75,
            s.polygon(
                [
                    (x, y + h * 0.1),
                    (x + w, y + h * 0.1),
                    (x + w + (420 if left else -200), stage.height),
                    (x + (240 if left else -440), stage.height),
                ],
                "#fff3d0",
                'opacity=".1"',
            ),
        )


def _cave(stage: Stage) -> None:
    rng, width, height = stage.rng, stage.width, stage.height
    stage.sky.add(0.1, s.glow(width * 0.5, stage.horizon * 0.72, 640, stage.palette.light.sun, 0.85))
    for layer in range(3):
        colour = mix("#120d1a", stage.palette.light.sky[3], 0.42 - 0.17 * layer)
        depth = 0.1 + 0.06 * layer
        roof = s.ridge(rng, width, height * (0.26 - depth), 110, 0.9)
        stage.behind.add(0.1 + layer * 0.05, s.polygon([(0, -5), *roof, (width, -5)], colour))
        for _ in range(stage.many(5)):
            x, long, half = rng.uniform(0, width), rng.uniform(90, 330), rng.uniform(14, 42)
            stage.behind.add(
                0.3, s.polygon([(x - half, 0), (x + half, 0), (x, height * (0.2 - depth) + long)], colour)
            )
        for side in (0.0, width):
            edge = [
                (
                    side
                    + (1 if side == 0 else -1)
                    * (width * (0.24 - 0.07 * layer) + rng.uniform(-40, 40))
                    * (0.6 + abs(i - 4) / 7),
                    height * i / 8,
                )
                for i in range(9)
            ]
            stage.behind.add(0.15, s.polygon([(side, -5), *edge, (side, height + 5)], colour))


def _plain(stage: Stage) -> None:
    tone = (
        stage.scene.colours[0]
        if stage.scene.colours
        else stage.palette.free(stage.rng.choice(("#e9b58f", "#9fc4c9", "#d6c3e0", "#e8d79a")))
    )
    if "white" in stage.scene.moods or (not stage.scene.colours and stage.rng.random() < 0.3):
        tone = "#e9e6e0"
    definition, paint = s.linear(
        [
            (0, shift(tone, light=0.04), 1),
            (0.7, tone, 1),
            (0.74, shift(tone, light=-0.05), 1),
            (1, shift(tone, light=0.03), 1),
        ]
    )
    stage.sky.add(0, definition + s.rectangle(0, 0, stage.width, stage.height, paint))
    stage.sky.add(0.1, s.glow(stage.width / 2, stage.height * 0.42, 620, "#ffffff", 0.5))


def _abstract(stage: Stage) -> None:
    """Nothing named: forms and colours that come from the unknown words alone."""
    whim, width, height = dice(stage.scene.whim), stage.width, stage.height
    rng, scene = stage.rng, stage.scene
    base = whim.uniform(0, 360)
    spread = whim.choice((28, 60, 120, 165))
    colours = list(stage.scene.colours) or []
    while len(colours) < 5:
        turn = base + spread * (len(colours) - 2) / 2 + rng.gauss(0, 6)
        fresh = shift(
            whim.choice(("#c8503f", "#e08a3a", "#b8433f")), turn=turn, light=whim.uniform(-0.12, 0.2)
        )
        if scene.colours:
            fresh = shift(scene.colours[len(colours) % len(scene.colours)], light=whim.uniform(-0.14, 0.16))
        colours.append(fresh)
    deep, pale = shift(colours[0], light=-0.32, chroma=0.6), shift(colours[-1], light=0.26, chroma=0.5)
    ground = whim.random() < 0.5
    definition, paint = s.linear(
        [
            (0, deep if ground else pale, 1),
            (1, mix(deep, colours[1], 0.45) if ground else mix(pale, colours[1], 0.4), 1),
        ]
    )
    stage.sky.add(0, definition + s.rectangle(0, 0, width, height, paint))
    kind = whim.randrange(6)
    for i in range(stage.many(9)):
        colour, start = colours[i % 5], 0.08 + 0.05 * (i % 12)
        f = (i + 0.5) / stage.many(9)
        if kind == 0:
            line = s.ridge(rng, width, height * f, 170, 0.3)
            stage.sky.add(
                start,
                s.graded(
                    s.closed(line, height + 10), shift(colour, light=0.08), shift(colour, light=-0.12), 0.85
                ),
            )
        elif kind == 1:
            x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(60, 330) * (1.2 - 0.6 * f)
            definition, paint = s.linear(
                [(0, shift(colour, light=0.1), 0.92), (1, shift(colour, light=-0.12), 0.75)],
                across=i % 2 == 0,
            )
            stage.sky.add(start, definition + s.circle(x, y, r, paint))
        elif kind == 2:
            x, y = width * (0.5 + whim.uniform(-0.15, 0.15)), height * 0.5
            for ring in range(3):
                r = 40 + (i * 3 + ring) * 30
                dashes = f'stroke-dasharray="{rng.uniform(120, 900):.0f} {rng.uniform(40, 400):.0f}"'
                arc = f'stroke="{colours[(i + ring) % 5]}" stroke-width="{rng.uniform(8, 27):.0f}" {dashes}'
                spun = f'stroke-linecap="round" transform="rotate({rng.uniform(0, 360):.0f} {x:.0f} {y:.0f})"'
                stage.sky.add(start, s.circle(x, y, r, "none", f"{arc} {spun}"))
        elif kind == 3:
            for _ in range(3):
                x, y, size = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(80, 340)
                turn = rng.uniform(0, 6)
                points = [
                    (x + math.cos(turn + a) * size, y + math.sin(turn + a) * size) for a in (0, 2.1, 4.2)
                ]
                stage.sky.add(
                    start, s.graded(points, shift(colour, light=0.1), shift(colour, light=-0.1), 0.72)
                )
        elif kind == 4:
            x = width * f
            for j in range(5):
                tall = height * rng.uniform(0.12, 0.34)
                y = height * j / 5 + rng.uniform(-40, 40)
                stage.sky.add(
                    start,
                    s.graded(
                        [(x - 70, y), (x + 70, y), (x + 70, y + tall), (x - 70, y + tall)],
                        colours[(i + j) % 5],
                        shift(colours[(i + 2 * j) % 5], light=-0.1),
                        0.9,
                    ),
                )
        else:
            # Ribbons that run beside each other from side to side.
            swell, lap = height * 0.11, width / 4
            y = height * (1.25 * f - 0.12)
            rise = [swell * math.sin(k * 1.9 + f * 3 + scene.whim % 7) + rng.gauss(0, 9) for k in range(7)]
            data = f"M{-lap:.0f} {y + rise[0]:.0f}Q{-lap / 2:.0f} {y + rise[1] * 1.6:.0f} 0 {y + rise[1]:.0f}"
            data += "".join(f"T{lap * k:.0f} {y + rise[k + 1]:.0f}" for k in range(1, 6))
            broad = height / stage.many(9) * rng.uniform(0.7, 1.5)
            stage.sky.add(start, s.stroke(data, shift(colour, light=-0.1), broad * 1.12, 'opacity=".55"'))
            stage.sky.add(start, s.stroke(data, colour, broad, 'opacity=".9"'))
            stage.sky.add(start, s.stroke(data, shift(colour, light=0.12), broad * 0.3, 'opacity=".5"'))
