"""Where everything stands: from a scene to a picture in units, ready to be painted at any size.

Holds the layout of subjects, their shadows and reflections. The place around them comes from `places` and `lands`;
pixels come later, in `paint`.
"""

from __future__ import annotations

import dataclasses
import math
import random
import re

from . import shapes, subjects
from .grounds import foam, paint_floor, paint_front, tufts
from .lands import paint_far
from .layout import Stand, layout
from .palette import GROUNDS, Palette, build, shift
from .places import paint_air
from .stage import WATERS, Layer, Stage
from .words import Actor, Scene, catalogue, dice, homes, places


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A composed picture, in units of a thousandth of its short side. Layers are back to front."""

    scene: Scene
    palette: Palette
    width: float
    height: float
    horizon: float
    air: str
    far: tuple[str, ...]
    ground: str
    sun: tuple[float, float]
    clouds: float
    seed: int
    detail: float
    sky: Layer
    heaped: Layer
    behind: Layer
    floor: Layer
    shore: Layer
    shadow: Layer
    mirrored: Layer
    cast: Layer
    front: Layer
    focus: tuple[float, float, float]
    """Middle and size of the main subject."""


def compose(scene: Scene, width: int, height: int, seed: int, guidance: float, detail: float) -> Picture:
    """Lay out a scene for a picture of width × height pixels.

    `guidance` 0 to 20: higher is larger, more central, with fewer things of its own. `detail` multiplies how many
    small things there are, 1 at the default steps.
    """
    rng = dice(seed * 1_000_003 + scene.whim)
    short = min(width, height)
    w, h = 1000 * width / short, 1000 * height / short
    stage = _place(scene, w, h, guidance, detail, rng)
    stands = layout(stage, guidance, dice(rng.random()))
    paint_air(stage)
    paint_far(stage)
    paint_floor(stage)
    if stands and all(s.at == "table" for s in stands) and stage.air == "room":
        _table(stage, stands)
    _bank(stage, stands)
    paint_front(stage)
    if guidance < 12:
        _extras(stage, guidance, rng)
    picture = _drawn(stage, stands, seed)
    return picture


def _place(scene: Scene, w: float, h: float, guidance: float, detail: float, rng: random.Random) -> Stage:
    names = list(scene.places)
    ats = [catalogue()[a.name].get("at", "ground") for a in scene.actors]
    if not names:
        names = list(
            dict.fromkeys(
                p for a in scene.actors if (p := homes()[a.name]) and f"places:{p}" not in scene.banned
            )
        )
        names = names[:1] if names else []
        if not names and (scene.actors or scene.weather or scene.time or scene.season):
            names = [
                p for p in ("hills", "meadow", "lake", "mountains") if f"places:{p}" not in scene.banned
            ][:1]
    if set(ats) == {"under"} and set(names) & {"sea", "lake"}:
        names = ["underwater"]
    air, ground = "air", ""
    far: list[str] = []
    near: list[str] = []
    for name in names or ["abstract"]:
        parts = places()[name]
        air = parts.get("sky", air)
        if parts.get("far", "none") not in ("none", *far):
            far.append(parts["far"])
        if "near" in parts and parts["near"] not in near:
            near.append(parts["near"])
        rank = ["sea", "lake", "sand", "snow", parts["ground"], "none", ""]
        if rank.index(parts["ground"]) < (rank.index(ground) if ground in rank else 4):
            ground = parts["ground"]
    if scene.season == "winter" and ground in ("grass", "moss", "wheat"):
        ground = "snow"
    feet = {"ground", "table"} & set(ats)
    if air == "space" and feet and not {a.name for a in scene.actors} <= {"astronaut", "robot"}:
        ground = "dust"
    if "water" in ats and ground in ("grass", "moss", "wheat", "snow", "rock"):
        ground = "lake"
    if air in ("space", "room", "cave", "plain", "water", "abstract"):
        far = [f for f in far if air == "space" and f in ("mountains", "mesas", "city")]
    order = ["mountains", "volcano", "hills", "dunes", "mesas", "city", "village", "forest", "sea"]
    far.sort(key=order.index)
    if "sea" in far and ground != "sand":
        far.remove("sea")
    line = {
        "sea": 0.56,
        "lake": 0.57,
        "sand": 0.52,
        "floor": 0.7,
        "seabed": 0.8,
        "dust": 0.68,
        "plain": 0.74,
        "none": 0.82,
    }
    share = line.get(ground, 0.62) + rng.uniform(-0.035, 0.035) + dice(scene.whim).uniform(-0.03, 0.03)
    horizon = h * share if h < 2200 else h - min(h * (1 - share), 1500)
    palette = build(scene, air, guidance, rng)
    weather = scene.weather
    clouds = 0.34 + rng.uniform(-0.15, 0.2)
    if weather & {"storm", "rain", "snow"} or palette.time in ("storm", "overcast"):
        clouds = 0.95
    elif "clouds" in weather or air == "clouds":
        clouds = 0.62
    elif "fog" in weather:
        clouds = 0.3
    if "weathers:clouds" in scene.banned or ("calm" in scene.moods and not weather):
        clouds = 0.0
    if air not in ("air", "clouds"):
        clouds = 0.0
    low = palette.light.height
    sun = (
        w * rng.choice((rng.uniform(0.12, 0.34), rng.uniform(0.66, 0.88))),
        horizon * (1 - low) if h < 2200 else horizon - min(horizon, 1400) * low,
    )
    return Stage(
        scene, palette, rng, w, h, horizon, air, tuple(far), ground, tuple(near), detail, sun, clouds
    )


def _table(stage: Stage, stands: list[Stand]) -> None:
    top = min(s.y for s in stands) - 60
    wood = stage.palette.lit(stage.palette.free("#9a6a42"))
    w, h = stage.width, stage.height
    edge = min(h, top + max(190.0, (h - top) * 0.62))
    grain = "".join(
        shapes.stroke(
            f"M0 {y:.0f}Q{w / 2:.0f} {y + stage.rng.uniform(-8, 8):.0f} {w:.0f} {y:.0f}",
            shift(wood, light=-0.05),
            2,
            'opacity=".6"',
        )
        for y in (top + (edge - top) * f for f in (0.12, 0.27, 0.45, 0.66, 0.86))
    )
    stage.floor.add(
        0.1,
        shapes.graded([(-5, top), (w + 5, top), (w + 5, edge), (-5, edge)], shift(wood, light=0.07), wood)
        + grain,
    )
    stage.floor.add(
        0.15,
        shapes.graded(
            [(-5, edge), (w + 5, edge), (w + 5, edge + 46), (-5, edge + 46)],
            shift(wood, light=-0.1),
            shift(wood, light=-0.16),
        ),
    )
    stage.floor.add(0.15, shapes.rectangle(0, edge + 46, w, h, shift(wood, light=-0.26)))


def _bank(stage: Stage, stands: list[Stand]) -> None:
    """Land under those who stand at the water but cannot swim; an island under those who stand in the air."""
    walkers = [s for s in stands if s.at in ("ground", "table")]
    if stage.ground in WATERS and walkers:
        kind = "sand" if stage.ground == "sea" else "grass"
        tone = stage.palette.lit(GROUNDS[kind if stage.scene.season != "winter" else "snow"], 0.05)
        y = min(s.y for s in walkers) - 46
        line = shapes.ridge(stage.rng, stage.width, y, 16, 0.3)
        stage.shore.add(
            0.2,
            shapes.polygon(
                shapes.closed([(x, v - 6) for x, v in line], stage.height), "#ffffff", 'opacity=".35"'
            ),
        )
        stage.shore.add(
            0.2,
            shapes.graded(
                shapes.closed(line, stage.height + 5), shift(tone, light=0.03), shift(tone, light=-0.08)
            ),
        )
    for stand in stands:
        if stand.at == "island":
            rng, x, y, half = stage.rng, stand.x, stand.y, stand.size * 0.62
            under = (
                [(x - half, y - 6)]
                + [
                    (
                        x + half * (1 - 2 * i / 8) * -0.92,
                        y + half * (0.25 + rng.uniform(0.3, 0.9) * math.sin(math.pi * i / 8)),
                    )
                    for i in range(1, 8)
                ]
                + [(x + half, y - 6)]
            )
            earth, turf = stage.palette.lit("#7a5a44"), stage.palette.lit("#6f9b4a")
            stage.floor.add(
                0.2,
                shapes.graded(under, earth, shift(earth, light=-0.14))
                + shapes.ellipse(x, y - 6, half, half * 0.14, turf),
            )


def _extras(stage: Stage, guidance: float, rng: random.Random) -> None:
    """What nobody asked for and nobody minds: birds far off, a tree at the side."""
    if stage.air != "air" or ("calm" in stage.scene.moods and guidance > 4):
        return
    if (
        not stage.palette.light.dark
        and "subjects:bird" not in stage.scene.banned
        and "subjects:gull" not in stage.scene.banned
        and rng.random() < 0.65
    ):
        x, y = stage.width * rng.uniform(0.2, 0.8), stage.horizon * rng.uniform(0.2, 0.5)
        tone = stage.palette.lit("#3a3a48", 0.35)
        birds = []
        for _ in range(rng.randint(3, 7)):
            bx, by, r = x + rng.gauss(0, 80), y + rng.gauss(0, 34), rng.uniform(7, 14)
            wing = f"q{r * 0.5:.1f} {-r / 2:.1f} {r:.1f} {r * 0.3:.1f}"
            wing += f"q{r * 0.5:.1f} {-r * 0.8:.1f} {r:.1f} {-r * 0.3:.1f}"
            birds.append(f"M{bx - r:.1f} {by - r * 0.3:.1f}{wing}")
        stage.behind.add(0.65, shapes.stroke("".join(birds), tone, 2.6, 'stroke-linecap="round"'))
    tall = [a for a in stage.scene.actors if catalogue()[a.name].get("tall")]
    if (
        guidance < 9
        and stage.ground in ("grass", "sand", "snow", "dune", "wheat")
        and not tall
        and rng.random() < 0.75 - 0.05 * guidance
    ):
        name = {"sand": "palm", "snow": "pine", "dune": "cactus"}.get(stage.ground, "tree")
        if f"subjects:{name}" not in stage.scene.banned:
            side = rng.choice((0.07, 0.93))
            actor = Actor(name)
            letters = subjects.colouring(actor, stage.palette, rng, stage.scene)
            size = rng.uniform(230, 330)
            y = stage.horizon + min(stage.height - stage.horizon, 900) * 0.1 + 20
            stage.floor.add(
                0.4,
                subjects.placed(
                    subjects.dressed(name, letters, stage.palette, 0.2), stage.width * side, y, size
                ),
            )


def _drawn(stage: Stage, stands: list[Stand], seed: int) -> Picture:
    rng, palette = dice(stage.rng.random()), stage.palette
    shadow = Layer()
    mirrored = Layer()
    cast = Layer()
    kinds: dict[str, dict[str, str]] = {}
    lean = max(-1.1, min(1.1, (stage.width / 2 - stage.sun[0]) / stage.width * 2.4))
    for index, stand in enumerate(stands):
        actor = stand.actor
        if actor.name not in kinds or (actor.colour is None and index % 2):
            kinds[actor.name] = subjects.colouring(actor, palette, rng, stage.scene)
        svg = subjects.dressed(actor.name, kinds[actor.name], palette, stand.away)
        start = 0.2 + 0.1 * min(index, 4) / 4
        whole = subjects.placed(svg, stand.x, stand.y, stand.size, flip=stand.flip, tilt=stand.tilt)
        plain = subjects.placed(
            subjects.silhouette(actor.name, kinds[actor.name]),
            stand.x,
            stand.y,
            stand.size,
            flip=stand.flip,
            tilt=stand.tilt,
        )
        cast += [(start, plain), (0.5, whole)] if len(stands) < 20 else [(start, whole)]
        broad = stand.size * catalogue()[actor.name].get("wide", 1.0)
        if stand.at in ("ground", "table", "island"):
            dark = re.sub(r"#[0-9a-f]{6}", "#000000", plain)
            squash = f"matrix(1 0 {lean:.3f} -0.3 {-lean * stand.y:.2f} {stand.y * 1.3:.2f})"
            if not palette.light.dark and palette.time not in ("overcast", "storm"):
                shadow.add(0.4, f'<g transform="{squash}" opacity=".55">{dark}</g>')
            shadow.add(
                0.3, shapes.ellipse(stand.x, stand.y, broad * 0.4, broad * 0.05, "#000000", 'opacity=".7"')
            )
            if stand.at == "ground":
                cast.add(0.6, tufts(stage, stand.x, stand.y, broad * 0.8, rng))
        elif stand.at == "water":
            deep = 0.16 if actor.name in ("whale", "dolphin") else 0.03
            stage.front.add(
                0.45, foam(stage, stand.x, stand.y - stand.size * deep, broad, stand.size * deep, rng)
            )
            mirrored.add(0.3, f'<g transform="matrix(1 0 0 -0.85 0 {stand.y * 1.85:.2f})">{whole}</g>')
    main = max(stands, key=lambda s: s.size, default=None)
    focus = (
        (main.x, main.y - main.size / 2, main.size) if main else (stage.width / 2, stage.horizon * 0.9, 300.0)
    )
    return Picture(
        scene=stage.scene,
        palette=palette,
        width=stage.width,
        height=stage.height,
        horizon=stage.horizon,
        air=stage.air,
        far=stage.far,
        ground=stage.ground,
        sun=stage.sun,
        clouds=stage.clouds,
        seed=seed,
        detail=stage.detail,
        sky=stage.sky,
        heaped=stage.heaped,
        behind=stage.behind,
        floor=stage.floor,
        shore=stage.shore,
        shadow=shadow,
        mirrored=mirrored,
        cast=cast,
        front=stage.front,
        focus=focus,
    )
