"""Where the subjects stand: rows on the ground, places in the air, a rider on a mount.

Gives `Stand`s in the picture's units; draws nothing.
"""

from __future__ import annotations

import dataclasses
import math
import random

from .stage import WATERS, Stage
from .words import Actor, Scene, catalogue


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


def layout(stage: Stage, guidance: float, rng: random.Random) -> list[Stand]:
    """Every drawing of every subject, back to front. `guidance` 0 to 20: higher is larger and more central."""
    scene, w, h = stage.scene, stage.width, stage.height
    rows: dict[str, list[Actor]] = {}
    for actor in scene.actors:
        entry = catalogue()[actor.name]
        name = actor.name
        if actor.count >= 3 and "many" in entry and f"subjects:{entry['many']}" not in scene.banned:
            name = entry["many"]
        at = catalogue()[name].get("at", "ground")
        if stage.air == "space" and (stage.ground == "none" or name in ("rocket", "ufo")) and at != "sky":
            at = "air"
        elif at == "water" and stage.ground not in WATERS:
            at = "air" if stage.ground in ("none", "seabed") else "ground"
        elif at == "under":
            at = "under" if stage.ground == "seabed" else ("water" if stage.ground in WATERS else "ground")
        elif at == "table" and stage.air != "room":
            at = "ground"
        elif at == "ground" and name in ("lighthouse", "bridge") and stage.ground in WATERS:
            at = "water"
        elif at == "sky" and stage.ground == "plain":
            at = "ground"
        if stage.ground == "none" and at in ("ground", "table", "water"):
            at = "island" if stage.air == "clouds" else "air"
        rows.setdefault("ground" if at == "table" and any(r == "ground" for r in rows) else at, []).append(
            dataclasses.replace(actor, name=name)
        )
    stands: list[Stand] = []
    boost = (0.86 + 0.4 * min(guidance, 20) / 20) * (1.2 if stage.air == "plain" else 1.0)
    crowd = sum(a.count for a in scene.actors)
    for at, actors in rows.items():
        alone = len(rows) == 1
        if at in ("ground", "table", "water", "island"):
            stands += _standing(stage, at, actors, boost, guidance, rng)
        else:
            for index, actor in enumerate(actors):
                size = (
                    catalogue()[actor.name]["size"]
                    * 1000
                    * boost
                    * (1.15 if alone and len(actors) == 1 else 0.8)
                )
                if at == "sky":
                    size *= 1.25 if crowd == 1 else 0.72
                size = min(size * actor.count**-0.45, h * 0.72, w * 0.8)
                stands += _floating(stage, at, actor, index, size, alone and len(actors) == 1, guidance, rng)
    return _ridden(scene, sorted(stands, key=lambda s: s.y if s.at in ("ground", "table", "water") else -1))


def _ridden(scene: Scene, stands: list[Stand]) -> list[Stand]:
    for rider, mount in scene.riding:
        up = next((s for s in stands if s.actor.name == rider), None)
        under = next((s for s in stands if s.actor.name == mount), None)
        if up and under:
            stands.remove(up)
            seat = dataclasses.replace(
                up,
                x=under.x - under.size * (-0.12 if under.flip else 0.12),
                y=under.y - under.size * 0.36,
                size=under.size * 0.72,
                at="mount",
            )
            stands.insert(stands.index(under) + 1, seat)
    return stands


def _standing(
    stage: Stage, at: str, actors: list[Actor], boost: float, guidance: float, rng: random.Random
) -> list[Stand]:
    """Stands on the ground or the water, in up to three rows, the large kinds behind the small ones."""
    w, h, top = stage.width, stage.height, stage.horizon
    depth = min(h - top, 900.0)
    kinds = sorted(actors, key=lambda a: -catalogue()[a.name]["size"])
    total = sum(a.count for a in kinds)
    out: list[Stand] = []
    big = catalogue()[kinds[0].name]["size"]
    for index, actor in enumerate(kinds):
        entry = catalogue()[actor.name]
        broad = entry.get("wide", 1.0)
        behind = (
            len(kinds) > 1
            and (entry["size"] >= 0.6 or entry["size"] > 1.25 * catalogue()[kinds[-1].name]["size"])
            and index < len(kinds) - 1
        )
        size = (
            entry["size"]
            * 1000
            * boost
            * (1.14 if total == 1 else 0.92 * total**-0.16 * (0.92 if len(kinds) > 1 else 1))
        )
        foot = 0.2 if behind else 0.56 if at == "ground" else 0.36
        if at == "table":
            foot = 0.52
        if at == "island":
            foot = 0.1
        size = min(size, w * 0.86 / broad)
        per_row = max(1, min(actor.count, int(w * 0.96 / (size * 0.62 * broad))))
        if actor.count > per_row:
            size *= max(0.34, (per_row / actor.count) ** 0.4)
            per_row = max(1, min(actor.count, int(w * 0.98 / (size * 0.72 * broad))))
        lines = math.ceil(actor.count / per_row)
        placed = 0
        for line in range(lines):
            here = min(per_row, actor.count - placed)
            placed += here
            shrink = 0.8**line
            y = top + depth * foot * (0.62**line) + (10 if at == "water" else 26)
            for i in range(here):
                if total == 1:
                    x = w * 0.5 + rng.choice((-1, 1)) * w * rng.uniform(0.05, 0.15) * (
                        1 - min(guidance, 14) / 14
                    )
                elif len(kinds) == 1:
                    x = (
                        w * 0.5
                        + (i - (here - 1) / 2) * min(w * 0.94 / here, size * broad * 0.98 + 30)
                        + rng.uniform(-0.04, 0.04) * w / here
                    )
                else:
                    slot = (index + 0.5) / len(kinds)
                    slot = 0.5 + (slot - 0.5) * (0.72 if w <= 1400 else 0.6)
                    x = w * slot + (i - (here - 1) / 2) * min(w * 0.8 / len(kinds) / here, size * broad)
                each = size * shrink * (1 if total == 1 else rng.uniform(0.92, 1.06))
                high = min(each, y - h * 0.03)
                if high < each * 0.8 and y < h * 0.9:
                    y = min(h * 0.94, y + (each - high))
                    high = min(each, y - h * 0.03)
                away = 0.0 if big < 0.6 or not behind else 0.16
                flip = x > w * 0.56 and (total > 1 or rng.random() < 0.6)
                out.append(
                    Stand(
                        actor,
                        x,
                        y + (rng.uniform(-8, 8) if total > 1 else 0),
                        high,
                        flip,
                        0,
                        away + 0.1 * line,
                        at,
                    )
                )
    return out


def _floating(
    stage: Stage,
    at: str,
    actor: Actor,
    index: int,
    size: float,
    alone: bool,
    guidance: float,
    rng: random.Random,
) -> list[Stand]:
    w, h = stage.width, stage.height
    ceiling = stage.horizon if stage.ground != "none" else h
    ceiling = min(ceiling, h * 0.9) if at != "under" else h * 0.82
    base = max(0.0, ceiling - 1600)
    room = ceiling - base
    out = []
    columns = max(1, round(math.sqrt(actor.count * w / room)))
    rows = math.ceil(actor.count / columns)
    for i in range(actor.count):
        column, row = i % columns, i // columns
        here = min(columns, actor.count - row * columns)
        x = w * (0.1 + 0.8 * (column + 0.5) / here) + (
            rng.uniform(-0.1, 0.1) * w / columns if actor.count > 1 else 0
        )
        y = (
            base
            + room * (0.06 + 0.88 * (row + 0.5) / rows)
            + (rng.uniform(-0.12, 0.12) * room / rows if actor.count > 1 else 0)
        )
        if actor.count == 1:
            loose = 1 - min(guidance, 14) / 14
            if alone:
                x, y = (
                    w * (0.5 + rng.uniform(-0.16, 0.16) * loose),
                    base + room * (0.5 if at != "sky" else 0.45),
                )
            else:
                # Bodies of the sky keep to the sun's side, what flies keeps to the other.
                side = 1 if (stage.sun[0] > w / 2) == (at == "sky") else -1
                side = side if index % 2 == 0 else -side
                x = w * (0.5 + side * 0.26)
                y = base + room * ((0.24 if at == "sky" or stage.ground != "none" else 0.62) + 0.08 * index)
        tilt = rng.uniform(-9, 9) if at == "air" and actor.name not in ("balloon", "ufo", "heart") else 0.0
        if stage.air == "space" and actor.name in ("astronaut", "rocket"):
            tilt = rng.choice((-1, 1)) * rng.uniform(12, 28)
        each = size * (rng.uniform(0.75, 1.1) if actor.count > 1 else 1.0)
        out.append(Stand(actor, x, y + each / 2, each, rng.random() < 0.5 and at != "sky", tilt, 0.0, at))
    return out
