"""The place of a picture, from data: sky, distance, ground, foreground and weather as SVG.

``pieces.toml`` holds drawings in a box of 100 × 100 (as subjects are), ``scenery.toml`` recipes: lists of layers that
put pieces, ridges and fades somewhere. This module reads them; the file itself says what a layer may hold. Lengths
are thousandths of the picture's short side.

Colours in a drawing are lower-case hex and letters (``$a`` the main colour, ``$b`` darker, ``$c`` lighter, ``$m`` lost
in haze, …); the light of the picture falls on all of them. Upper-case hex shines by itself. ``"#a>#b"`` as a fill is a
gradient down, ``"#a|#b"`` across, ``"#a@#b"`` from the middle out; two more digits are how opaque a colour is.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import math
import random
import re
from collections.abc import Sequence
from typing import Any

from .light import Palette, closeness, floor_colours, lab, mix, shift
from .words import Actor, Scene, catalogue, data, dice

WATERS = ("sea", "lake")
BASELINE = 98.0  # where a drawing stands, in its own box

Layers = list[tuple[float, str]]
"""SVG back to front, each with its start: when, 0 to 1, it comes to the canvas."""
Layer = dict[str, Any]

_MIRRORED = re.compile(r"<m>(.*?)</m>", re.DOTALL)
_UNLIT = re.compile(r"#[0-9a-f]{6}")
_HUE = re.compile(r"^(#?\w+)([+-]\d+)?")


@dataclasses.dataclass
class Stage:
    """A picture while it is composed: its light and lines, and its planes as they fill up."""

    scene: Scene
    palette: Palette
    rng: random.Random
    seed: int
    width: float
    height: float
    horizon: float
    air: str
    ground: str
    far: tuple[str, ...]
    near: tuple[str, ...]
    detail: float
    sun: tuple[float, float]
    clouds: float  # how much of the sky is clouded, 0 to 1
    tags: frozenset[str]
    """What recipes ask about: time, season, weather, moods, ``dark``; ``g:`` ground, ``a:`` actor, ``no:`` banned."""
    planes: dict[str, Layers] = dataclasses.field(default_factory=lambda: collections.defaultdict(list))
    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)  # foot and size of the main subject

    def many(self, count: float) -> int:
        """`count` for a square picture at the default steps, fitted to this one; never endless."""
        return max(1, min(int(count * 6), round(count * min(self.width, 6000) / 1000 * self.detail)))

    def down(self, layer: Layer, share: float, chance: float | None = None) -> float:
        """How far down a layer is, `share` through its range, by its ``y`` and ``lift``."""
        level = _between(layer.get("y", 0), share)
        lift = _between(layer.get("lift", 0), share if chance is None else chance) * self.reach
        return self.horizon + lift + level * (self.height - self.horizon if level > 0 else self.horizon)

    @property
    def reach(self) -> float:
        """How large the things of a place are, less where the sky is too low for them."""
        return min(1.0, self.horizon / 690) * (1.25 if "epic" in self.tags else 1.0)

    def hue(self, name: str) -> str:
        """A colour by name (``far``, ``haze``, ``leaf``…) or hex, with its lightness changed as in ``near-7``."""
        base, light = _HUE.findall(name)[0]
        if base == "leaf":
            base = self.rng.choice(data("light")["leaves"][self.scene.season or "summer"])
        colour = self._names[base].upper() if base in self._names else base
        colour = self.palette.free(colour) if colour == colour.lower() else colour
        return shift(colour, light=int(light) / 100) if light else colour

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        palette = self.palette
        far, near = floor_colours(self.ground, self.scene, palette)
        names = {"far": far, "near": near, "haze": palette.haze, "sun": palette.sun}
        names |= {"cloud": palette.cloud[0], "shade": palette.cloud[1]}
        names |= {f"sky{i}": stop for i, stop in enumerate(palette.sky)}
        return names | {f"form{i}": colour for i, colour in enumerate(self._forms())}

    def _forms(self) -> list[str]:
        """Five colours of an abstract picture, by the whim or near the ones that the prompt names."""
        whim = dice(self.scene.whim)
        base, spread = whim.uniform(0, 360), whim.choice((28, 60, 120, 165))
        forms = list(self.scene.colours)
        while len(forms) < 5:
            near = whim.choice(self.scene.colours or ("#c8503f", "#e08a3a", "#b8433f"))
            turn = 0 if self.scene.colours else base + spread * (len(forms) - 2) / 2 + self.rng.gauss(0, 6)
            forms.append(shift(near, turn=turn, light=whim.uniform(-0.14, 0.2)))
        return forms

    def lit(self, colour: str, distance: float = 0.0) -> str:
        """What `hue` gives, in the light."""
        return self.palette.lit(colour, distance).upper() if colour == colour.lower() else colour


@functools.cache
def drawing(name: str) -> str:
    """The SVG of a piece or a subject with its colours still as letters."""
    entry = catalogue().get(name, {})
    source = drawing(entry["like"]) if "like" in entry else ""
    source += data("pieces").get(name) or entry["draw"]
    return _MIRRORED.sub(r'\1<g transform="translate(100 0) scale(-1 1)">\1</g>', source).strip()


def letters(main: str, palette: Palette) -> dict[str, str]:
    """What the letters of a drawing mean when `main` is its colour."""
    lamps = palette.dark or palette.time in ("sunset", "storm")
    return {
        "a": main,
        "b": shift(main, light=-0.13, chroma=1.02),
        "c": shift(main, light=min(0.12, 0.93 - lab(main)[0]), chroma=0.75),
        "m": mix(palette.lit(main, 0.3), palette.haze, 0.5).upper(),
        "h": palette.haze.upper(),
        "k": "#2b2530",
        "w": "#f1ede4",
        "l": "#FFE08A" if lamps else "#8fb4ca",
        "g": ".9" if lamps else ".3",
    }


def dressed(
    name: str, colours: dict[str, str], palette: Palette, distance: float = 0.0, force: float = 1.0
) -> str:
    """A drawing in its colours, in the picture's light (or a share of it) at a distance (0 near, 1 horizon)."""
    text = re.sub(r"\$([a-z])", lambda found: colours[found[1]], drawing(name))
    seen = {colour: palette.lit(colour, distance, force) for colour in set(_UNLIT.findall(text))}
    return _UNLIT.sub(lambda found: seen[found[0]], text)


def placed(
    svg: str, x: float, base: float, size: float, *, wide: float = 1.0, flip: bool = False, tilt: float = 0.0
) -> str:
    """A drawing with its foot's middle at (x, base), `size` high, `wide` times as broad; `tilt` in degrees."""
    scale, across = size / 100, (-size if flip else size) * wide / 100
    turn = f" rotate({tilt:.1f} 50 50)" if tilt else ""
    at = f"translate({x - 50 * across:.2f} {base - BASELINE * scale:.2f}) scale({across:.4f} {scale:.4f}){turn}"
    return f'<g transform="{at}">{svg}</g>'


def polygon(points: Sequence[tuple[float, float]], fill: str, extra: str = "") -> str:
    outline = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{outline}Z" fill="{fill}" {extra}/>'


def ridge(rng: random.Random, width: float, swing: float, rough: float) -> list[float]:
    """Heights from left to right around 0: waves over waves, `rough` 0 (smooth) to 1 (jagged)."""
    waves = [(swing * (0.22 + rough * 0.5) ** k, rng.uniform(0, 6.28), 2.1**k) for k in range(7)]
    places = [n * width / 120 / 220 for n in range(121)]
    return [sum(high * math.sin(x * often + phase) for high, phase, often in waves) * 0.6 for x in places]


def furnish(stage: Stage, recipe: list[Layer], plane: str) -> None:
    """Add a recipe's layers to a plane (or to the one that a layer names)."""
    for layer in recipe:
        wanted, refused = set(layer.get("if", ())), set(layer.get("unless", ()))
        if (wanted and not wanted & stage.tags) or refused & stage.tags:
            continue
        if stage.rng.random() < layer.get("chance", 1.0):
            add = next(way for kind, way in _KINDS.items() if kind in layer)
            add(stage, layer, stage.planes[layer.get("on", plane)])


def _between(value: Any, share: float) -> float:
    """A number of a recipe, which may be a range from far to near."""
    ends = _listed(value)
    return float(ends[0] + (ends[-1] - ends[0]) * share)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _ridges(stage: Stage, layer: Layer, plane: Layers) -> None:
    rng, times, (swing, rough) = stage.rng, layer.get("times", 1), layer["ridge"]
    first, last = (ridge(rng, stage.width, swing, rough) for _ in range(2))
    hues = [stage.hue(name) for name in _listed(layer["colour"])]
    for i in range(times):
        f = i / max(1, times - 1)
        y = stage.down(layer, f)
        # With drift from one line to another, so that neighbours run beside each other.
        drift = [a + (b - a) * f for a, b in zip(first, last, strict=True)]
        heights = drift if "drift" in layer else ridge(rng, stage.width, swing, rough)
        body = stage.lit(hues[i % len(hues)], _between(layer.get("distance", 0), f))
        foot = mix(body, stage.hue(layer.get("to", "haze")), layer.get("share", 0.35))
        line = [(stage.width * n / (len(heights) - 1), y + h) for n, h in enumerate(heights)]
        end = -5 if layer.get("hang") else stage.height + 5 if "deep" in layer else max(y, stage.horizon) + 80
        fill = f"{shift(body, light=0.05)}>{foot}"
        shape = polygon([*line, (stage.width + 1, end), (-1, end)], fill, layer.get("extra", ""))
        plane.append((layer.get("start", 0.1) + 0.05 * i, shape))


def _fades(stage: Stage, layer: Layer, plane: Layers) -> None:
    colour = stage.lit(stage.hue(stage.rng.choice(_listed(layer["fade"]))))
    top, foot = stage.down(layer, 0), stage.down(layer, 1)
    fill = ">".join(f"{colour}{round(alpha * 255):02X}" for alpha in layer["alpha"])
    plane.append((layer.get("start", 0.2), _band(stage, top, foot, fill)))


def _band(stage: Stage, top: float, foot: float, fill: str) -> str:
    return polygon([(-5, top), (stage.width + 5, top), (stage.width + 5, foot), (-5, foot)], fill)


def _dress(stage: Stage, layer: Layer, name: str, hue: str, distance: float) -> str:
    colours = letters(hue, stage.palette) | {"d": stage.lit(stage.hue(layer.get("second", "sun")))}
    colours |= {letter: value for letter, value in catalogue().get(name, {}).items() if letter in ("d", "e")}
    return dressed(name, colours, stage.palette, distance)


def _puts(stage: Stage, layer: Layer, plane: Layers) -> None:
    rng, names, reach = stage.rng, _listed(layer["put"]), stage.reach
    spans = {"floor": stage.height - stage.horizon, "sky": stage.horizon, "all": stage.height}
    sizes = layer.get("size", 100)
    sizes = spans[sizes] / reach if isinstance(sizes, str) else sizes
    step = _between(sizes, 0.5) * layer.get("row", 0) * reach
    count = layer.get("times", 1) if "many" not in layer else stage.many(layer["many"])
    count = min(260, round(stage.width / step) + 2) if step else count
    mains = [layer.get("colour") or catalogue().get(name, {}).get("main", "#8d9298") for name in names]
    coats = {name: list(map(stage.hue, _listed(main))) for name, main in zip(names, mains, strict=True)}
    dress = functools.cache(functools.partial(_dress, stage, layer))
    jitter, offset = layer.get("jitter", [0.85, 1.15] if count > 1 else 1.0), rng.random()
    for i in range(count):
        f, name = ((i + 0.5) / count) ** layer.get("ease", 1.0), rng.choice(names)
        svg = dress(name, rng.choice(coats[name]), round(_between(layer.get("distance", 0), f) * 8) / 8)
        size = _between(sizes, f) * reach * _between(jitter, rng.random() ** layer.get("rare", 1.0))
        along = (i * 0.618034 + offset) % 1 if "even" in layer else rng.random()
        x = (i - 0.5 + along * 0.6) * step / stage.width if step else _between(layer.get("x", [0, 1]), along)
        x = stage.width * (1 - x if "sides" in layer and rng.random() < 0.5 else x)
        y = stage.down(layer, f, rng.random())
        if "at" in layer:
            x, y = stage.sun[0], stage.sun[1] + size * 0.48
        flip = "as-is" not in layer and rng.random() < 0.5
        flip = stage.sun[0] < stage.width / 2 if "facing" in layer else flip
        wide, tilt = (_between(layer.get(key, 1), rng.random()) for key in ("wide", "tilt"))
        wide = layer.get("broad", 0) * stage.width / size or wide
        svg = placed(svg, x, y, size, wide=wide, flip=flip, tilt=tilt if "tilt" in layer else 0)
        alpha = _between(layer.get("opacity", 1), rng.random())
        plane.append((layer.get("start", 0.3), svg if alpha == 1 else f'<g opacity="{alpha:.2f}">{svg}</g>'))


_KINDS = {"put": _puts, "ridge": _ridges, "fade": _fades}


def scenery(stage: Stage) -> None:
    """Everything around the subjects."""
    recipes = data("scenery")
    air = recipes["air"].get(stage.air, recipes["air"]["air"])
    if stage.air == "abstract":
        air = air[stage.scene.whim % len(air)]
    foot = stage.height if stage.ground == "none" or stage.air in ("water", "space") else stage.horizon + 2
    stage.planes["sky"].append((0, _band(stage, 0, foot, ">".join(stage.palette.sky))))
    furnish(stage, air, "sky")
    for kind in stage.far:
        furnish(stage, recipes["far"][kind], "behind")
    furnish(stage, recipes["ground"].get(stage.ground, []), "floor")
    for kind in stage.near:
        furnish(stage, recipes["near"][kind], "front")
    furnish(stage, recipes["weather"], "front")


def colouring(actor: Actor, stage: Stage, rng: random.Random) -> dict[str, str]:
    """Letter → hex for one subject, before the light."""
    entry, banned = catalogue()[actor.name], stage.scene.banned_colours
    main = actor.colour
    if main is None:
        season = stage.scene.season if actor.name == "tree" else ""
        leaves = data("light")["leaves"].get(season, entry["main"])
        choices = [c for c in leaves if all(closeness(c, b) > 0.2 for b in banned)]
        main = shift(rng.choice(choices or ["#8d9298"]), turn=rng.gauss(0, 4), light=rng.gauss(0, 0.02))
    # White has no light left to be modelled with: hold it under the paper's.
    main = shift(main, light=min(0.0, 0.86 - lab(main)[0]))
    own = {letter: entry[letter] for letter in "de" if letter in entry}
    for letter, hue in own.items():
        own[letter] = shift(hue, chroma=0.1 if any(closeness(hue, b) < 0.2 for b in banned) else 1.0)
    return letters(main, stage.palette) | own
