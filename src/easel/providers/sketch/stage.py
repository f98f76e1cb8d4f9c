"""The stage that a place is built on: its light, its lines and its layers, before any subject.

Holds the data and the colour of the ground; `places`, `lands` and `grounds` fill it.
"""

from __future__ import annotations

import dataclasses
import random

from .palette import GROUNDS, Palette, mix, shift
from .words import Scene

WATERS = frozenset(["sea", "lake"])


class Layer(list[tuple[float, str]]):
    """SVG back to front, each with its start: when, 0 to 1, it comes to the canvas."""

    def add(self, start: float, svg: str) -> None:
        self.append((start, svg))


@dataclasses.dataclass
class Stage:
    """A picture's place while it is built."""

    scene: Scene
    palette: Palette
    rng: random.Random
    width: float
    height: float
    horizon: float
    air: str
    far: tuple[str, ...]
    ground: str
    near: tuple[str, ...]
    detail: float
    sun: tuple[float, float] = (0, 0)
    clouds: float = 0.0
    """How much of the sky is clouded, 0 to 1."""
    sky: Layer = dataclasses.field(default_factory=Layer)
    heaped: Layer = dataclasses.field(default_factory=Layer)
    """Drawn clouds, for the looks that paint none."""
    behind: Layer = dataclasses.field(default_factory=Layer)
    floor: Layer = dataclasses.field(default_factory=Layer)
    shore: Layer = dataclasses.field(default_factory=Layer)
    """Land on this side of water."""
    front: Layer = dataclasses.field(default_factory=Layer)

    def many(self, count: float) -> int:
        """`count` for a square picture at the default steps, fitted to this one's width and steps; never endless."""
        return max(1, min(int(count * 6), round(count * min(self.width, 6000) / 1000 * self.detail)))


def floor_colours_of(ground: str, scene: Scene, palette: Palette) -> tuple[str, str]:
    """A ground's colour at the horizon and at the picture's foot, in the light."""
    base = GROUNDS[ground]
    season = scene.season
    if ground in ("grass", "moss") and season in ("autumn", "winter"):
        base = "#b08b48" if season == "autumn" else "#e3eaf0"
    if scene.colours and ground in ("sea", "lake", "floor", "plain", "dust"):
        base = mix(base, scene.colours[-1], 0.35)
    if ground == "plain" and scene.colours:
        base = mix(scene.colours[0], "#f4f0ea", 0.35)
    elif scene.colours and ground not in ("sea", "lake", "floor", "dust"):
        base = mix(base, scene.colours[-1], 0.32)
    base = mix(base, scene.ground, 0.75) if scene.ground else shift(base, turn=palette.turn * 0.35)
    return palette.lit(shift(base, light=0.03), 0.5), palette.lit(shift(base, light=-0.09), 0.0)


def floor_colours(stage: Stage) -> tuple[str, str]:
    """The same of a stage."""
    return floor_colours_of(stage.ground, stage.scene, stage.palette)
