"""Where everything stands: from a scene to a stage in units, ready to be painted at any size.

Chooses the place, finds each subject its stand (rows on the ground, spots in the air, riders on their mounts), and
draws the subjects with their shadows and reflections. The place around them comes from `scenery`; pixels come later,
in `paint`.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections import defaultdict
from dataclasses import replace

from .light import build
from .scenery import WATERS, Layers, Stage, colouring, dressed, furnish, placed, scenery
from .words import Actor, Scene, catalogue, data, dice

FIRM = ("ground", "table", "island")
_FOOTING = (*FIRM, "water")
_FAR = ("mountains", "volcano", "hills", "dunes", "mesas", "city", "village", "forest", "sea")
"""What may stand at the horizon, the farthest first."""
_ENCLOSED = ("space", "room", "cave", "plain", "water", "abstract")


def compose(scene: Scene, width: int, height: int, seed: int, guidance: float, detail: float) -> Stage:
    """Lay out a scene; `detail` multiplies how many small things there are, 1 at the default steps.

    `guidance` 0 to 20: higher is larger, more central, with fewer things of its own.
    """
    stage = _staged(scene, width, height, seed, guidance, detail)
    stands = layout(stage, guidance, dice(stage.rng.random()))
    scenery(stage)
    _supported(stage, stands)
    _cast(stage, stands, dice(stage.rng.random()))
    return stage


def _place_names(scene: Scene, ats: set[str]) -> list[str]:
    """The places asked for, else the home of the subjects, else a mild one; none where nothing is known."""
    if ats == {"under"} and set(scene.places) & {"sea", "lake"}:
        return ["underwater"]
    if scene.places:
        return list(scene.places)
    told = scene.actors or scene.weather or scene.time or scene.season
    indoors_first = sorted(scene.actors, key=lambda actor: "bench" not in catalogue()[actor.name])
    likely = [catalogue()[actor.name]["home"] for actor in indoors_first]
    likely += ["hills", "meadow", "lake"] if told else []
    return [next((name for name in likely if f"places:{name}" not in scene.banned), "abstract")]


def _staged(scene: Scene, width: int, height: int, seed: int, guidance: float, detail: float) -> Stage:
    """The empty stage: which place and light, and where the horizon, the sun and the clouds are."""
    rng = dice(seed * 1_000_003 + scene.whim)
    w, h = (1000 * side / min(width, height) for side in (width, height))
    ats = {catalogue()[actor.name].get("at", "ground") for actor in scene.actors}
    parts = [data("vocabulary")["places"][name] for name in _place_names(scene, ats)]
    air = next((part["sky"] for part in reversed(parts) if "sky" in part), "air")
    grounds = [part["ground"] for part in parts]
    ground = next((g for g in (*WATERS, "sand", "snow", *grounds) if g in grounds and g != "none"), "none")
    names = {actor.name for actor in scene.actors}
    if scene.season == "winter" and ground in ("grass", "moss", "wheat"):
        ground = "snow"
    if air == "space" and {"ground", "table"} & ats and not names <= {"astronaut", "robot"}:
        ground = "dust"
    if "water" in ats and ground in ("grass", "moss", "wheat", "snow", "rock"):
        ground = "lake"
    far = {part["far"] for part in parts if "far" in part} - (set() if ground == "sand" else {"sea"})
    if air in _ENCLOSED:
        far &= {"mountains", "mesas", "city"} if air == "space" else set()
    far |= {"hills"} if "village" in far else set()
    line = data("light")["grounds"][ground]["line"]
    share = line + rng.uniform(-0.035, 0.035) + dice(scene.whim).uniform(-0.03, 0.03)
    horizon = h * share if h < 2200 else h - min(h * (1 - share), 1500)
    palette = build(scene, air, guidance, rng)
    thick = scene.weather & {"storm", "rain", "snow"} or palette.time in ("storm", "overcast")
    clouds = 0.62 if "clouds" in scene.weather or air == "clouds" else 0.34 + rng.uniform(-0.15, 0.2)
    clouds = 0.95 if thick else clouds
    if air not in ("air", "clouds") or "weathers:clouds" in scene.banned or "calm" in scene.moods:
        clouds = 0.0
    side = rng.choice((rng.uniform(0.12, 0.34), rng.uniform(0.66, 0.88)))
    sun = (w * side, horizon - (horizon if h < 2200 else min(horizon, 1400)) * palette.height)
    tags = {air, palette.time, scene.season, *scene.weather, *scene.moods, *far, f"g:{ground}"}
    tags |= {f"a:{name}" for name in names} | {f"no:{name}" for name in scene.banned}
    told = {
        "dark": palette.dark, "overcast": clouds > 0.75, "fair": 0 < clouds <= 0.75, "guided": guidance >= 9,
        "indoors": air in _ENCLOSED, "aloft": air == "clouds", "coloured": bool(scene.colours),
        "glossy": palette.dark or bool(scene.weather & {"rain", "storm"}),
        f"look:{scene.style}": True, f"tone{rng.randrange(4)}": True,
    }  # fmt: skip
    tags = tags - {"dark"} | {name for name, true in told.items() if true}
    return Stage(
        scene, palette, rng, seed, w, h, horizon, air, ground, tuple(name for name in _FAR if name in far),
        tuple(dict.fromkeys(part["near"] for part in parts if "near" in part)), detail, sun, clouds, frozenset(tags),
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Stand:
    """One drawing of a subject: foot at (x, y), `size` high, `away` 0 (near) to 1 (horizon)."""

    actor: Actor
    x: float
    y: float
    size: float
    flip: bool = False
    tilt: float = 0.0
    away: float = 0.0
    at: str = "ground"

    @property
    def broad(self) -> float:
        return float(self.size * catalogue()[self.actor.name].get("wide", 1.0))


def layout(stage: Stage, guidance: float, rng: random.Random) -> list[Stand]:
    """Every drawing of every subject, back to front. `guidance` 0 to 20: higher is larger and more central."""
    rows: dict[str, list[Actor]] = defaultdict(list)
    known = data("scenery")["habitats"]
    habitat = known["any"] | known.get(stage.ground, {}) | known.get(stage.air, {})
    for actor in stage.scene.actors:
        many = catalogue()[actor.name].get("many", actor.name)
        if actor.count >= 3 and f"subjects:{many}" not in stage.scene.banned:
            actor = replace(actor, name=many)
        at = catalogue()[actor.name].get("at", "ground")
        at = habitat.get(at, at)
        rows["ground" if at == "table" and rows.get("ground") else at].append(actor)
    boost = (860 + 20 * min(guidance, 20)) * (1.2 if stage.air == "plain" else 1.0)
    stands: list[Stand] = []
    for at, actors in rows.items():
        place, alone = _standing if at in _FOOTING else _floating, len(rows) == 1
        stands += place(stage, at, actors, boost, 1 - min(guidance, 14) / 14, alone, rng)
    stands.sort(key=lambda s: s.y if s.at in _FOOTING else -1)
    return _ridden(stage, stands)


def _ridden(stage: Stage, stands: list[Stand]) -> list[Stand]:
    """Riders are lifted onto their mount's seat, beside each other."""
    for rider, mount in stage.scene.riding:
        ups = [stand for stand in stands if stand.actor.name == rider]
        under = next((stand for stand in stands if stand.actor.name == mount), None)
        seat, broad = catalogue()[mount].get("seat"), catalogue()[mount].get("bench", 0.0)
        if not under or seat is None:
            continue
        if broad:  # furniture comes before what lies on it, in the middle of the picture
            moved = replace(under, x=stage.width / 2, size=min(under.size * 1.4, stage.width * 0.5))
            stands[stands.index(under)], under = moved, moved
        for index, up in enumerate(ups):
            slot = (index + 0.5) / len(ups) - 0.5
            away = -0.12 if under.flip else 0.12
            size = min(under.size * 0.72, under.broad * broad / len(ups) * 1.25 if broad else 9e9)
            x = under.x + under.broad * broad * slot if broad else under.x - under.size * away
            stands.remove(up)
            up = replace(up, x=x, y=under.y - under.size * seat, size=size, away=under.away, at="mount")
            stands.insert(stands.index(under) + 1, up)
    return stands


def _standing(
    stage: Stage, at: str, actors: list[Actor], boost: float, loose: float, alone: bool, rng: random.Random
) -> list[Stand]:
    """Stands on the ground or the water, in rows, the large kinds behind the small ones."""
    w, h, top = stage.width, stage.height, stage.horizon
    kinds = sorted(actors, key=lambda a: -catalogue()[a.name]["size"])
    least, total = catalogue()[kinds[-1].name]["size"], sum(a.count for a in kinds)
    alone = total == 1
    boost *= 1.14 if alone else 0.92 * total**-0.16 * (0.92 if len(kinds) > 1 else 1)
    stands: list[Stand] = []
    for index, actor in enumerate(kinds):
        tall, broad = catalogue()[actor.name]["size"], catalogue()[actor.name].get("wide", 1.0)
        behind = index < len(kinds) - 1 and (tall >= 0.6 or tall > 1.25 * least)
        foot = 0.2 if behind else {"ground": 0.56, "table": 0.52, "island": 0.1}.get(at, 0.36)
        size = min(tall * boost, w * 0.86 / broad)
        per_row = max(1, min(actor.count, int(w * 0.96 / (size * 0.62 * broad))))
        size *= max(0.34, (per_row / actor.count) ** 0.4)
        middle = w * (0.5 + ((index + 0.5) / len(kinds) - 0.5) * 0.72)
        for i in range(actor.count):
            line, column = divmod(i, per_row)
            here = min(per_row, actor.count - line * per_row)
            gap = min(w * (0.94 if len(kinds) == 1 else 0.8) / len(kinds) / here, size * broad + 10)
            x = middle + (column - (here - 1) / 2) * gap + rng.uniform(-0.04, 0.04) * gap
            if alone:
                x = w * (0.5 + rng.choice((-1, 1)) * rng.uniform(0.05, 0.15) * loose)
            each = size * 0.8**line * (1 if alone else rng.uniform(0.92, 1.06))
            y = top + 18 + rng.uniform(-8, 8) + min(h - top, 900.0) * foot * 0.62**line
            if each * 0.8 > y - h * 0.03:
                y = max(y, min(h * 0.94, h * 0.03 + each))
            flip = x > w * 0.56 and (not alone or rng.random() < 0.6)
            away = (0.16 if behind else 0.0) + 0.1 * line
            stands.append(Stand(actor, x, y, min(each, y - h * 0.03), flip, 0, away, at))
    return stands


def _floating(
    stage: Stage, at: str, actors: list[Actor], boost: float, loose: float, alone: bool, rng: random.Random
) -> list[Stand]:
    """Places in the air, in space or under water, in a loose grid; one that is alone in the picture is central."""
    w, h, alone = stage.width, stage.height, alone and len(actors) == 1
    ceiling = h * 0.82 if at == "under" else min(stage.horizon if stage.ground != "none" else h, h * 0.9)
    base = max(0.0, ceiling - 1600)
    room, stands = ceiling - base, list[Stand]()
    for index, actor in enumerate(actors):
        count, size = actor.count, catalogue()[actor.name]["size"] * boost * (1.15 if alone else 0.8)
        size *= (1.25 if alone else 0.72) if at == "sky" else 1
        size = min(size * count**-0.45, h * 0.72, w * 0.8)
        columns = max(1, round(math.sqrt(count * w / room)))
        # Bodies of the sky keep to the sun's side, what flies keeps to the other.
        side = 0.26 if (stage.sun[0] > w / 2) == (at == "sky") == (index % 2 == 0) else -0.26
        for i in range(count):
            row, column = divmod(i, columns)
            across, down = (column + 0.5) / min(columns, count - row * columns), (row + 0.5) * columns / count
            x = 0.1 + 0.8 * across + rng.uniform(-0.1, 0.1) / columns
            y = 0.06 + 0.88 * min(down, 0.95) + rng.uniform(-0.12, 0.12) * columns / count
            if count == 1:
                x, y = 0.5 + side, (0.24 if at == "sky" or stage.ground != "none" else 0.62) + 0.08 * index
            if alone and count == 1:
                x, y = 0.5 + rng.uniform(-0.16, 0.16) * loose, 0.45 if at == "sky" else 0.5
            steady = at != "air" or actor.name in ("balloon", "ufo", "heart")
            tilt = 0.0 if steady else rng.uniform(-9, 9) * (3 if stage.air == "space" else 1)
            each = size * (rng.uniform(0.75, 1.1) if count > 1 else 1.0)
            flip = rng.random() < 0.5 and at != "sky"
            stands.append(Stand(actor, w * x, base + room * y + each / 2, each, flip, tilt, 0.0, at))
    return stands


def _supported(stage: Stage, stands: list[Stand]) -> None:
    """Something under the feet where the place has none: a table for what lies on one, a bank at the water."""
    feet = [stand for stand in stands if stand.at in ("ground", "table")]
    recipes = data("scenery")["support"]
    if feet and stage.air == "room" and all(stand.at == "table" for stand in stands):
        furnish(stage, recipes["table"], "floor")
    elif feet and stage.ground in WATERS:
        level = (min(stand.y for stand in feet) - stage.horizon) / (stage.height - stage.horizon)
        furnish(stage, [layer | {"y": level} for layer in recipes[stage.ground]], "shore")


def _around(stage: Stage, stand: Stand, recipe: str) -> Layers:
    """Layers at a subject's foot; their places and sizes are shares of its breadth."""
    own = replace(stage, rng=dice(stand.x + stand.y), planes={"foot": []})
    part, level = stand.broad / stage.width, (stand.y - stage.horizon)
    for layer in data("scenery")["foot"].get(recipe, []):
        x = [stand.x / stage.width + share * part for share in layer["x"]]
        size, lift = stand.broad * layer["size"] / stage.reach, stand.broad * layer.get("drop", 0)
        furnish(own, [layer | {"x": x, "y": 0, "lift": (level + lift) / stage.reach, "size": size}], "foot")
    return own.planes["foot"]


def _cast(stage: Stage, stands: list[Stand], rng: random.Random) -> None:
    """The subjects, with their shadows, what is at their feet, and their images in the water."""
    palette, planes = stage.palette, stage.planes
    kinds: dict[str, dict[str, str]] = {}
    lean = max(-1.1, min(1.1, (stage.width / 2 - stage.sun[0]) / stage.width * 2.4))
    for index, stand in enumerate(stands):
        name, y = stand.actor.name, stand.y
        if name not in kinds or (stand.actor.colour is None and index % 2):
            kinds[name] = colouring(stand.actor, stage, rng)
        svg = dressed(name, kinds[name], palette, stand.away, 0.75)
        whole = placed(svg, stand.x, y, stand.size, flip=stand.flip, tilt=stand.tilt)
        planes["cast"].append((0.2 + 0.025 * min(index, 4), whole))
        if stand.at in FIRM:
            if not palette.dark and palette.time not in ("overcast", "storm"):
                squash = f"matrix(1 0 {lean:.3f} -0.3 {-lean * y:.2f} {y * 1.3:.2f})"
                planes["shadow"].append((0.4, f'<g transform="{squash}" opacity=".55">{whole}</g>'))
            planes["shadow"] += _around(stage, stand, "contact")
            planes["cast"] += _around(stage, stand, stage.ground) if stand.at == "ground" else []
            planes["floor"] += _around(stage, stand, "islet") if stand.at == "island" else []
        elif stand.at == "water":
            planes["front"] += _around(stage, stand, "diver" if name in ("whale", "dolphin") else "floater")
            image = f'<g transform="matrix(1 0 0 -0.85 0 {y * 1.85:.2f})" opacity=".75">{whole}</g>'
            planes["floor"].append((0.3, image))
    main = max(stands, key=lambda stand: stand.size, default=None)
    stage.focus = (main.x, main.y, main.size) if main else (stage.width / 2, stage.horizon, 300.0)
