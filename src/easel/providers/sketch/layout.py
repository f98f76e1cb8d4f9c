"""Where the subjects stand: rows on the ground, places in the air, riders on their mounts.

Gives `Stand`s in the picture's units; draws nothing.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections import defaultdict
from dataclasses import replace

from .scenery import Stage
from .words import Actor, catalogue

WATERS = ("sea", "lake")
FIRM = ("ground", "table", "island")


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
    for actor in stage.scene.actors:
        many = catalogue()[actor.name].get("many", actor.name)
        if actor.count >= 3 and f"subjects:{many}" not in stage.scene.banned:
            actor = replace(actor, name=many)
        at = _habitat(stage, actor.name)
        rows["ground" if at == "table" and rows.get("ground") else at].append(actor)
    boost = (0.86 + 0.4 * min(guidance, 20) / 20) * (1.2 if stage.air == "plain" else 1.0)
    loose = 1 - min(guidance, 14) / 14
    stands: list[Stand] = []
    for at, actors in rows.items():
        if at in (*FIRM, "water"):
            stands += _standing(stage, at, actors, boost, loose, rng)
        else:
            alone = len(rows) == 1 and len(actors) == 1
            for index, actor in enumerate(actors):
                size = catalogue()[actor.name]["size"] * 1000 * boost * (1.15 if alone else 0.8)
                size *= (1.25 if alone else 0.72) if at == "sky" else 1
                size = min(size * actor.count**-0.45, stage.height * 0.72, stage.width * 0.8)
                stands += _floating(stage, at, actor, index, size, loose if alone else None, rng)
    stands.sort(key=lambda s: s.y if s.at in (*FIRM, "water") else -1)
    return _ridden(stage, stands)


def _habitat(stage: Stage, name: str) -> str:
    """Where a subject is at home, as far as this place has it."""
    at, wet = str(catalogue()[name].get("at", "ground")), stage.ground in WATERS
    if at == "under":
        at = "under" if stage.ground == "seabed" else "water"
    if stage.air == "space" and (stage.ground == "none" or name in ("rocket", "ufo")):
        return at if at == "sky" else "air"
    if at == "water" and not wet:
        at = "air" if stage.ground in ("none", "seabed") else "ground"
    if at == "ground" and wet and name in ("lighthouse", "bridge"):
        at = "water"
    if (at == "table" and stage.air != "room") or (at == "sky" and stage.ground == "plain"):
        at = "ground"
    if stage.ground == "none" and at in ("ground", "table", "water"):
        at = "island" if stage.air == "clouds" else "air"
    return at


def _ridden(stage: Stage, stands: list[Stand]) -> list[Stand]:
    """Riders are lifted onto their mount's seat, beside each other."""
    for rider, mount in stage.scene.riding:
        ups = [s for s in stands if s.actor.name == rider]
        under = max((s for s in stands if s.actor.name == mount), key=lambda s: s.size, default=None)
        seat, broad = catalogue()[mount].get("seat"), catalogue()[mount].get("bench", 0.0)
        if not ups or not under or seat is None:
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
    stage: Stage, at: str, actors: list[Actor], boost: float, loose: float, rng: random.Random
) -> list[Stand]:
    """Stands on the ground or the water, in rows, the large kinds behind the small ones."""
    w, h, top = stage.width, stage.height, stage.horizon
    kinds = sorted(actors, key=lambda a: -catalogue()[a.name]["size"])
    least, alone = catalogue()[kinds[-1].name]["size"], sum(a.count for a in kinds) == 1
    crowd = 1.14 if alone else 0.92 * sum(a.count for a in kinds) ** -0.16 * (0.92 if len(kinds) > 1 else 1)
    stands: list[Stand] = []
    for index, actor in enumerate(kinds):
        tall, broad = catalogue()[actor.name]["size"], catalogue()[actor.name].get("wide", 1.0)
        behind = index < len(kinds) - 1 and (tall >= 0.6 or tall > 1.25 * least)
        foot = 0.2 if behind else {"ground": 0.56, "table": 0.52, "island": 0.1}.get(at, 0.36)
        size = min(tall * 1000 * boost * crowd, w * 0.86 / broad)
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
            y = (
                top
                + min(h - top, 900.0) * foot * 0.62**line
                + (10 if at == "water" else 26)
                + rng.uniform(-8, 8)
            )
            if each * 0.8 > y - h * 0.03:
                y = max(y, min(h * 0.94, h * 0.03 + each))
            flip = x > w * 0.56 and (not alone or rng.random() < 0.6)
            away = (0.16 if behind else 0.0) + 0.1 * line
            stands.append(Stand(actor, x, y, min(each, y - h * 0.03), flip, 0, away, at))
    return stands


def _floating(
    stage: Stage, at: str, actor: Actor, index: int, size: float, loose: float | None, rng: random.Random
) -> list[Stand]:
    """Places in the air, in space or under water; `loose` is how far one that is alone may wander."""
    w, h, count = stage.width, stage.height, actor.count
    ceiling = h * 0.82 if at == "under" else min(stage.horizon if stage.ground != "none" else h, h * 0.9)
    base = max(0.0, ceiling - 1600)
    room, turning = ceiling - base, at == "air" and actor.name not in ("balloon", "ufo", "heart")
    columns = max(1, round(math.sqrt(count * w / room)))
    rows = math.ceil(count / columns)
    # Bodies of the sky keep to the sun's side, what flies keeps to the other.
    side = (1 if (stage.sun[0] > w / 2) == (at == "sky") else -1) * (1 if index % 2 == 0 else -1)
    stands = []
    for i in range(count):
        row, column = divmod(i, columns)
        across, down = (column + 0.5) / min(columns, count - row * columns), (row + 0.5) / rows
        x = 0.1 + 0.8 * across + rng.uniform(-0.1, 0.1) / columns
        y = 0.06 + 0.88 * down + rng.uniform(-0.12, 0.12) / rows
        if count == 1 and loose is not None:
            x, y = 0.5 + rng.uniform(-0.16, 0.16) * loose, 0.45 if at == "sky" else 0.5
        elif count == 1:
            x, y = 0.5 + side * 0.26, (0.24 if at == "sky" or stage.ground != "none" else 0.62) + 0.08 * index
        tilt = rng.uniform(-9, 9) * (3 if stage.air == "space" else 1) if turning else 0.0
        each = size * (rng.uniform(0.75, 1.1) if count > 1 else 1.0)
        flip = rng.random() < 0.5 and at != "sky"
        stands.append(Stand(actor, w * x, base + room * y + each / 2, each, flip, tilt, 0.0, at))
    return stands
