"""Colour: mixing that looks even to the eye, and the light of a scene.

Colours are hex strings (``#rrggbb``) at the border and OKLab triples inside. `Palette` is the light of one picture:
the sky's stops, the sun, the haze and what the light does to a surface. Nothing here draws.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Sequence

from .words import Scene, dice

Lab = tuple[float, float, float]


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(values: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(255.0, max(0.0, v))):02x}" for v in values)


def lab(colour: str) -> Lab:
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


def unlab(value: Lab) -> str:
    """OKLab as hex; what no screen can show is clipped."""
    light, a, b = value
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return _hex(
        [255 * (12.92 * v if v <= 0.0031308 else 1.055 * max(v, 0) ** (1 / 2.4) - 0.055) for v in linear]
    )


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour (0 to 1) in the first."""
    one, two = lab(first), lab(second)
    return unlab(
        (
            one[0] + (two[0] - one[0]) * share,
            one[1] + (two[1] - one[1]) * share,
            one[2] + (two[2] - one[2]) * share,
        )
    )


def shift(colour: str, *, light: float = 0.0, chroma: float = 1.0, turn: float = 0.0) -> str:
    """The colour made lighter by `light` (OKLab), its chroma multiplied, its hue turned by `turn` degrees."""
    value, a, b = lab(colour)
    angle = math.radians(turn)
    cos, sin = math.cos(angle) * chroma, math.sin(angle) * chroma
    return unlab((min(1.0, max(0.0, value + light)), a * cos - b * sin, a * sin + b * cos))


def multiply(colour: str, light: str, share: float = 1.0) -> str:
    """The colour as seen in a coloured light; `share` of the light's effect."""
    pairs = zip(rgb(colour), rgb(light), strict=True)
    return _hex([a * (1 - share + share * b / 255) for a, b in pairs])


def closeness(first: str, second: str) -> float:
    """Distance of two colours in OKLab; under about 0.12 they pass for the same colour."""
    return math.dist(lab(first), lab(second))


@dataclasses.dataclass(frozen=True, slots=True)
class Light:
    """A time of day: sky from the zenith down, sun or moon, surface light and its share, clouds lit and shaded."""

    sky: tuple[str, str, str, str]
    sun: str
    height: float
    """Of the sun over the horizon, 0 to 1 of the sky; negative is below."""
    ambient: str
    share: float
    cloud: tuple[str, str]
    dark: bool = False


LIGHTS = {
    "dawn": Light(
        ("#6f8fc9", "#b3a8d6", "#f3bdb4", "#ffe0b0"), "#fff0c9", 0.1, "#ffdcc8", 0.55, ("#fff0e4", "#c79bb5")
    ),
    "day": Light(
        ("#2f7fd0", "#5fa6e4", "#a6d2f0", "#e2f1f2"), "#fffbe6", 0.72, "#fffdf4", 0.3, ("#ffffff", "#b9cbdc")
    ),
    "golden": Light(
        ("#4f83b8", "#9bb3c4", "#f2d3a0", "#ffdf9e"), "#fff2c0", 0.3, "#ffdf9f", 0.7, ("#fff3d8", "#d0a280")
    ),
    "sunset": Light(
        ("#3b3f7d", "#8a4f8f", "#ee7a5c", "#ffc56e"), "#ffe6a0", 0.08, "#ffb483", 0.75, ("#ffc9a0", "#8d4b78")
    ),
    "dusk": Light(
        ("#1d2856", "#3d4688", "#8a6ba6", "#e9a3a0"),
        "#f6ecd2",
        0.55,
        "#9c97cf",
        0.8,
        ("#c79cc0", "#4a4580"),
        True,
    ),
    "night": Light(
        ("#070d24", "#0f1d44", "#1c3563", "#35557f"),
        "#f2efdc",
        0.62,
        "#6f8ac6",
        0.85,
        ("#5d74a4", "#18264b"),
        True,
    ),
    "storm": Light(
        ("#272d3a", "#3d4654", "#626d78", "#98a09b"), "#d8dedb", 0.7, "#9aa7b2", 0.75, ("#8b949e", "#2a303c")
    ),
    "overcast": Light(
        ("#8294a6", "#a3b1bd", "#c3ccd1", "#dde0dc"), "#f7f5ea", 0.7, "#dfe5e8", 0.6, ("#f0f3f4", "#93a1ae")
    ),
}
AIRS = {
    "space": Light(
        ("#05060f", "#0b0a20", "#140f2e", "#1d1640"),
        "#fff6dc",
        0.7,
        "#d9d6f2",
        0.35,
        ("#6a4fb0", "#1a1038"),
        True,
    ),
    "water": Light(
        ("#7fe0e0", "#2fa3c4", "#156a9c", "#0b3f6e"), "#e8fff6", 0.95, "#8fd3e6", 0.6, ("#d6fff6", "#1b6f96")
    ),
    "room": Light(
        ("#e9d9c0", "#e3cfb2", "#d9c2a3", "#cfb593"), "#fff2d2", 0.6, "#ffefd6", 0.5, ("#fff6e4", "#bfa98c")
    ),
    "cave": Light(
        ("#0f0c16", "#1c1626", "#33283c", "#6d5566"),
        "#ffd9a0",
        0.3,
        "#b193a4",
        0.75,
        ("#6a566a", "#1a1422"),
        True,
    ),
}
GROUNDS = {
    "grass": "#6f9b4a",
    "moss": "#4f6f3c",
    "sand": "#e8d2a2",
    "dune": "#dda962",
    "snow": "#eef3f8",
    "rock": "#6f6660",
    "dust": "#9b8f8a",
    "street": "#7a7d88",
    "wheat": "#d9b34f",
    "floor": "#9a6c45",
    "seabed": "#c9b98a",
    "sea": "#1f6f9c",
    "lake": "#2f7f96",
    "plain": "#dcd8d0",
    "none": "#8fa3b5",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Palette:
    """The light of one picture."""

    light: Light
    time: str
    turn: float
    """Degrees by which free colours are turned."""
    accents: tuple[str, ...]
    moods: frozenset[str]

    @property
    def haze(self) -> str:
        return self.light.sky[3]

    def lit(self, colour: str, distance: float = 0.0) -> str:
        """A surface's colour in this light, `distance` 0 (near) to 1 (at the horizon, lost in haze)."""
        seen = multiply(colour, self.light.ambient, self.light.share)
        if self.light.dark:
            seen = shift(seen, light=-0.16 * self.light.share, chroma=0.85)
        return mix(seen, mix(self.haze, self.light.sky[2], 0.35), min(0.92, distance * 0.9))

    def free(self, colour: str) -> str:
        """A colour that nobody asked for, bent by the whim and pulled a little to the asked ones."""
        turned = shift(colour, turn=self.turn)
        return mix(turned, self.accents[0], 0.36) if self.accents else turned


def time_of(scene: Scene, rng: random.Random) -> str:
    """The name of the scene's light; asked, implied by weather and mood, or chosen."""
    if scene.time:
        return scene.time
    choices: tuple[str, ...] = ("day", "day", "day", "golden", "dawn", "sunset")
    if "storm" in scene.weather:
        choices = ("storm",)
    elif "aurora" in scene.weather:
        choices = ("night",)
    elif scene.weather & {"rain", "fog", "snow", "clouds"}:
        choices = ("overcast",) if "dark" not in scene.moods else ("storm",)
    elif "dark" in scene.moods:
        choices = ("dusk", "night", "storm")
    elif "dreamy" in scene.moods:
        choices = ("dawn", "dusk", "sunset")
    elif scene.moods & {"warm", "epic"}:
        choices = ("golden", "sunset")
    elif any(actor.name in ("moon", "star", "owl") for actor in scene.actors):
        choices = ("night", "dusk")
    elif any(actor.name == "sun" for actor in scene.actors):
        choices = ("day", "golden")
    allowed = [c for c in choices if f"times:{c}" not in scene.banned] or ["day", "overcast"]
    return rng.choice([c for c in allowed if f"times:{c}" not in scene.banned] or ["golden"])


def build(scene: Scene, air: str, guidance: float, rng: random.Random) -> Palette:
    """The light of a scene. Low guidance (0 to 20) turns and mixes colours more freely, high holds them."""
    time = time_of(scene, rng)
    light = AIRS.get(air) or LIGHTS[time]
    if air in ("room", "plain") and time in ("night", "dusk"):
        light = dataclasses.replace(
            AIRS["room"], sky=("#4a3a4c", "#5a4350", "#6b4e50", "#7a5a52"), ambient="#e0ad84"
        )
    if air == "water" and (time in ("night", "dusk", "storm") or "dark" in scene.moods):
        light = dataclasses.replace(
            light, sky=("#2a7f9c", "#125578", "#0a3357", "#051a38"), ambient="#5f9fc0"
        )
    loose = 1.0 - min(guidance, 14.0) / 14.0
    whim = dice(scene.whim)
    turn = whim.uniform(-1, 1) * (10 + 26 * min(scene.strange, 3) / 3) * (0.35 + 1.1 * loose) + rng.gauss(
        0, 5 + 14 * loose
    )
    pull = 0.12 * loose + (0.4 if guidance >= 3 else 0.2)
    sky = []
    for index, stop in enumerate(light.sky):
        stop = shift(stop, turn=turn * (0.45 if air != "space" else 1.6), light=rng.gauss(0, 0.01))
        if scene.colours:
            stop = mix(stop, scene.colours[index % len(scene.colours)], pull)
        for banned in scene.banned_colours:
            if closeness(shift(stop, chroma=1.4), banned) < 0.3:
                stop = shift(stop, chroma=0.15)
        if "dark" in scene.moods:
            stop = shift(stop, light=-0.1, chroma=0.8)
        if "joyful" in scene.moods:
            stop = shift(stop, light=0.02, chroma=1.2)
        sky.append(stop)
    light = dataclasses.replace(light, sky=(sky[0], sky[1], sky[2], sky[3]))
    return Palette(light, time, turn, scene.colours, scene.moods)
