"""Where everything stands: from a scene to a picture in units, ready to be painted at any size.

Chooses the place, sets the stage, and draws the subjects on it with their shadows and reflections. The place around
them comes from `scenery`; pixels come later, in `paint`.
"""

from __future__ import annotations

import dataclasses
import random
from dataclasses import replace

from .layout import FIRM, WATERS, Stand, layout
from .light import build
from .scenery import Layers, Stage, colouring, dressed, furnish, placed, scenery
from .words import Scene, catalogue, data, dice, homes, places

_FAR = ("mountains", "volcano", "hills", "dunes", "mesas", "city", "village", "forest", "sea")
"""What may stand at the horizon, the farthest first."""
_ENCLOSED = ("space", "room", "cave", "plain", "water", "abstract")


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A composed picture, in units of a thousandth of its short side."""

    stage: Stage
    seed: int
    shadow: Layers
    mirrored: Layers
    cast: Layers
    focus: tuple[float, float, float]
    """Middle and size of the main subject."""


def compose(scene: Scene, width: int, height: int, seed: int, guidance: float, detail: float) -> Picture:
    """Lay out a scene for a picture of width × height pixels.

    `guidance` 0 to 20: higher is larger, more central, with fewer things of its own. `detail` multiplies how many
    small things there are, 1 at the default steps.
    """
    rng = dice(seed * 1_000_003 + scene.whim)
    short = min(width, height)
    stage = _staged(scene, 1000 * width / short, 1000 * height / short, guidance, detail, rng)
    stands = layout(stage, guidance, dice(rng.random()))
    scenery(stage)
    _supported(stage, stands)
    return _drawn(stage, stands, seed, dice(rng.random()))


def _place_names(scene: Scene, ats: set[str]) -> list[str]:
    """The places asked for, else the home of the subjects, else a mild one; none where nothing is known."""
    if ats == {"under"} and set(scene.places) & {"sea", "lake"}:
        return ["underwater"]
    if scene.places:
        return list(scene.places)
    anything = scene.actors or scene.weather or scene.time or scene.season
    mild = ("hills", "meadow", "lake", "mountains") if anything else ()
    indoors_first = sorted(scene.actors, key=lambda actor: "bench" not in catalogue()[actor.name])
    likely = [*(homes()[actor.name] for actor in indoors_first), *mild, "abstract"]
    return [next(name for name in likely if f"places:{name}" not in scene.banned or name == "abstract")]


def _staged(scene: Scene, w: float, h: float, guidance: float, detail: float, rng: random.Random) -> Stage:
    ats = {catalogue()[actor.name].get("at", "ground") for actor in scene.actors}
    parts = [places()[name] for name in _place_names(scene, ats)]
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
    far = {part.get("far", "none") for part in parts}
    if air in _ENCLOSED:
        far &= {"mountains", "mesas", "city"} if air == "space" else set()
    if ground != "sand":
        far -= {"sea"}
    far |= {"hills"} if "village" in far else set()
    line = data("light")["grounds"][ground]["line"]
    share = line + rng.uniform(-0.035, 0.035) + dice(scene.whim).uniform(-0.03, 0.03)
    horizon = h * share if h < 2200 else h - min(h * (1 - share), 1500)
    palette = build(scene, air, guidance, rng)
    clouds = 0.34 + rng.uniform(-0.15, 0.2)
    if scene.weather & {"storm", "rain", "snow"} or palette.time in ("storm", "overcast"):
        clouds = 0.95
    elif "clouds" in scene.weather or air == "clouds":
        clouds = 0.62
    if air not in ("air", "clouds") or "weathers:clouds" in scene.banned or "calm" in scene.moods:
        clouds = 0.0
    side = rng.choice((rng.uniform(0.12, 0.34), rng.uniform(0.66, 0.88)))
    sun = (w * side, horizon - (horizon if h < 2200 else min(horizon, 1400)) * palette.height)
    tags = {air, palette.time, scene.season, *scene.weather, *scene.moods, *far, f"g:{ground}"}
    tags |= {f"a:{name}" for name in names} | {f"no:{name}" for name in scene.banned}
    told = {
        "dark": palette.dark, "overcast": clouds > 0.75, "fair": 0 < clouds <= 0.75, "guided": guidance >= 9,
        "indoors": air in _ENCLOSED, "aloft": air == "clouds", "coloured": bool(scene.colours),
        f"look:{scene.style}": True, f"tone{rng.randrange(4)}": True,
    }  # fmt: skip
    tags = tags - {"dark"} | {name for name, true in told.items() if true}
    return Stage(
        scene, palette, rng, w, h, horizon, air, ground, tuple(name for name in _FAR if name in far),
        tuple(dict.fromkeys(part["near"] for part in parts if "near" in part)), detail, sun, clouds, frozenset(tags),
    )  # fmt: skip


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


def _drawn(stage: Stage, stands: list[Stand], seed: int, rng: random.Random) -> Picture:
    palette, planes = stage.palette, stage.planes
    shadow: Layers = []
    mirrored: Layers = []
    cast: Layers = []
    kinds: dict[str, dict[str, str]] = {}
    lean = max(-1.1, min(1.1, (stage.width / 2 - stage.sun[0]) / stage.width * 2.4))
    for index, stand in enumerate(stands):
        name, y = stand.actor.name, stand.y
        if name not in kinds or (stand.actor.colour is None and index % 2):
            kinds[name] = colouring(stand.actor, stage, rng)
        svg = dressed(name, kinds[name], palette, stand.away, 0.75)
        whole = placed(svg, stand.x, y, stand.size, flip=stand.flip, tilt=stand.tilt)
        cast.append((0.2 + 0.025 * min(index, 4), whole))
        if stand.at in FIRM:
            if not palette.dark and palette.time not in ("overcast", "storm"):
                squash = f"matrix(1 0 {lean:.3f} -0.3 {-lean * y:.2f} {y * 1.3:.2f})"
                shadow.append((0.4, f'<g transform="{squash}" opacity=".55">{whole}</g>'))
            shadow += _around(stage, stand, "contact")
            cast += _around(stage, stand, stage.ground) if stand.at == "ground" else []
            planes["floor"] += _around(stage, stand, "islet") if stand.at == "island" else []
        elif stand.at == "water":
            planes["front"] += _around(stage, stand, "diver" if name in ("whale", "dolphin") else "floater")
            mirrored.append((0.3, f'<g transform="matrix(1 0 0 -0.85 0 {y * 1.85:.2f})">{whole}</g>'))
    main = max(stands, key=lambda s: s.size, default=None)
    focus = (stage.width / 2, stage.horizon * 0.9, 300.0)
    focus = (main.x, main.y - main.size / 2, main.size) if main else focus
    return Picture(stage, seed, shadow, mirrored, cast, focus)
