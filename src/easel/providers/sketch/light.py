"""Colour: mixing that looks even to the eye, and the light of a scene.

Colours are hex strings (``#rrggbb``) at the border and OKLab triples inside. `Palette` is the light of one picture:
the sky's stops, the sun, the haze and what the light does to a surface. The lights are in ``light.toml``.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Sequence

from .words import Scene, data, dice


def rgb(colour: str) -> list[int]:
    """Red, green and blue, 0 to 255, of ``#rrggbb``."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _hex(values: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(255.0, max(0.0, v))):02x}" for v in values)


def lab(colour: str) -> tuple[float, float, float]:
    """A hex colour in OKLab: lightness 0 to 1, and two opponent axes around 0."""
    r, g, b = ((v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4) for v in rgb(colour))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def unlab(light: float, a: float, b: float) -> str:
    """OKLab as hex; what no screen can show is clipped."""
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return _hex([255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055) for v in linear])


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour (0 to 1) in the first."""
    one, two = lab(first), lab(second)
    light, a, b = (p + (q - p) * share for p, q in zip(one, two, strict=True))
    return unlab(light, a, b)


def shift(colour: str, *, light: float = 0.0, chroma: float = 1.0, turn: float = 0.0) -> str:
    """The colour lighter by `light` (OKLab), its chroma multiplied, its hue turned by degrees; in its own case."""
    value, a, b = lab(colour)
    cos, sin = math.cos(math.radians(turn)) * chroma, math.sin(math.radians(turn)) * chroma
    new = unlab(min(1.0, max(0.0, value + light)), a * cos - b * sin, a * sin + b * cos)
    return new if colour == colour.lower() else new.upper()


def closeness(first: str, second: str) -> float:
    """Distance of two colours in OKLab; under about 0.12 they pass for the same colour."""
    return math.dist(lab(first), lab(second))


@dataclasses.dataclass(frozen=True, slots=True)
class Palette:
    """The light of one picture; the fields are those of ``light.toml``."""

    time: str
    turn: float  # degrees by which free colours are turned
    accents: tuple[str, ...]
    sky: tuple[str, ...]
    sun: str
    height: float
    ambient: str
    share: float
    cloud: tuple[str, str]
    dark: bool = False

    @property
    def haze(self) -> str:
        return self.sky[3]

    def lit(self, colour: str, distance: float = 0.0, force: float = 1.0) -> str:
        """A surface's colour in this light, `distance` 0 (near) to 1 (at the horizon, lost in haze)."""
        share = self.share * force
        pairs = zip(rgb(colour), rgb(self.ambient), strict=True)
        seen = _hex([a * (1 - share + share * b / 255) for a, b in pairs])
        if self.dark:
            seen = shift(seen, light=-0.12 * share * force**2, chroma=0.88)
        return mix(seen, mix(self.haze, self.sky[2], 0.35), min(0.92, distance * 0.9)) if distance else seen

    def free(self, colour: str) -> str:
        """A colour that nobody asked for, bent by the whim and pulled a little to the asked ones."""
        turned = shift(colour, turn=self.turn)
        return mix(turned, self.accents[0], 0.36) if self.accents else turned


def time_of(scene: Scene, rng: random.Random) -> str:
    """The name of the scene's light: asked, implied by weather, mood and subjects, or chosen."""
    if scene.time:
        return scene.time
    there = {*scene.weather, *scene.moods, *(actor.name for actor in scene.actors), "anything"}
    choices = next(times for name, times in data("light")["implied"].items() if name in there)
    allowed = [t for t in (*choices, *data("light")["times"]) if f"times:{t}" not in scene.banned]
    return str(rng.choice([t for t in choices if t in allowed] or allowed[:2] or ["day"]))


def build(scene: Scene, air: str, guidance: float, rng: random.Random) -> Palette:
    """The light of a scene. Low guidance (0 to 20) turns and mixes colours more freely, high holds them."""
    time, airs = time_of(scene, rng), data("light")["airs"]
    name = "room" if air == "plain" and time in ("night", "dusk") else air
    dim = time in ("night", "dusk", "storm") or "dark" in scene.moods
    light = airs.get(f"{name}-night" if dim else name) or airs.get(name) or data("light")["times"][time]
    loose = 1.0 - min(guidance, 14.0) / 14.0
    whim = dice(scene.whim).uniform(-1, 1) * (10 + 26 * min(scene.strange, 3) / 3)
    turn = whim * (0.35 + 1.1 * loose) + rng.gauss(0, 5 + 14 * loose)
    pull = 0.12 * loose + (0.4 if guidance >= 3 else 0.2)
    sky = []
    for index, stop in enumerate(light["sky"]):
        stop = shift(stop, turn=turn * (1.6 if air == "space" else 0.45), light=rng.gauss(0, 0.01))
        if scene.colours:
            stop = mix(stop, scene.colours[index % len(scene.colours)], pull)
        if any(closeness(shift(stop, chroma=1.4), banned) < 0.3 for banned in scene.banned_colours):
            stop = shift(stop, chroma=0.15)
        if "dark" in scene.moods:
            stop = shift(stop, light=-0.1, chroma=0.8)
        sky.append(shift(stop, light=0.02, chroma=1.2) if "joyful" in scene.moods else stop)
    return Palette(time, turn, scene.colours, **(light | {"sky": tuple(sky)}))


def floor_colours(ground: str, scene: Scene, palette: Palette) -> tuple[str, str]:
    """A ground's colour at the horizon and at the picture's foot, in the light."""
    base = data("light")["grounds"][ground]["colour"]
    if ground in ("grass", "moss") and scene.season == "autumn":
        base = "#b08b48"
    if scene.colours:
        base = mix(base, scene.colours[0 if ground == "plain" else -1], 0.6 if ground == "plain" else 0.33)
    base = mix(base, scene.ground, 0.75) if scene.ground else shift(base, turn=palette.turn * 0.35)
    return palette.lit(shift(base, light=0.03), 0.5), palette.lit(shift(base, light=-0.09))
