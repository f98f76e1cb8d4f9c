"""Pairs as they stand: what their two generations have come to, and how the API shows that.

While a blind pair has no vote, nothing that is shown follows from which side is which: no record of a generation,
no progress of one side alone, and pictures under addresses of their own, without metadata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from easel.core.work import Work
from easel.features.generation.models import Generation
from easel.features.generation.queries import UNFINISHED
from easel.features.generation.schemas import GenerationOut
from easel.features.generation.service import show
from easel.features.library import queries as library
from easel.features.library.models import Image

from .. import queries
from ..models import Comparison, ComparisonSide
from ..schemas import ComparisonOut, SideOut, SidesOut, Status

PLACES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison with its sides, their generations and their pictures, by place."""

    row: Comparison
    sides: dict[str, ComparisonSide]
    generations: dict[str, Generation]
    images: dict[str, Image]

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.row.vote is not None:
            return "judged"
        if any(each.status in UNFINISHED for each in self.generations.values()):
            return "running"
        return "ready" if self.images.keys() == set(PLACES) else "void"

    @property
    def hidden(self) -> bool:
        """Whether it is not told which side is which; there is nothing to hide in one that cannot be judged."""
        return self.row.blind and self.status in ("running", "ready")

    @property
    def reason(self) -> str | None:
        """Why it cannot be judged, where it cannot."""
        if self.status != "void":
            return None
        for place in PLACES:
            generation = self.generations.get(place)
            if generation is not None and generation.status == "failed":
                return (
                    f"The picture at the {place} failed: {generation.error_message or 'no reason was given.'}"
                )
            if generation is not None and generation.status == "cancelled":
                return f"The picture at the {place} was cancelled."
            if place not in self.images:
                return f"The picture at the {place} was deleted."
        return None


async def pairs_of(work: Work, rows: Sequence[Comparison]) -> list[Pair]:
    """Comparisons that were found, as they stand; a few queries for all of them."""
    sides = await queries.sides_of(work, rows)
    ids = [side.generation_id for pair in sides.values() for side in pair.values() if side.generation_id]
    found = await work.session.scalars(
        select(Generation).where(Generation.id.in_(ids)).execution_options(populate_existing=True)
    )
    by_id = {generation.id: generation for generation in found}
    pictures = await library.of_generations(work, ids)

    def pair(row: Comparison) -> Pair:
        made = {
            place: by_id[side.generation_id]
            for place, side in sides[row.id].items()
            if side.generation_id is not None and side.generation_id in by_id
        }
        shown = {place: pictures[each.id][0] for place, each in made.items() if pictures.get(each.id)}
        return Pair(row, sides[row.id], made, shown)

    return [pair(row) for row in rows]


async def shown(work: Work, rows: Sequence[Comparison]) -> list[ComparisonOut]:
    """The records of `rows`, in their order."""
    pairs = await pairs_of(work, rows)
    told = [each for pair in pairs if not pair.hidden for each in pair.generations.values()]
    records = {record.id: record for record in await show.show(work, told)}
    return [_record(pair, records) for pair in pairs]


def _record(pair: Pair, records: dict[UUID, GenerationOut]) -> ComparisonOut:
    row = pair.row
    first, second = sorted(pair.sides.values(), key=lambda side: side.variant)
    winner = pair.sides[row.vote].variant if row.vote in PLACES else None
    return ComparisonOut(
        id=row.id,
        round_id=row.round_id,
        number=row.number,
        varies=row.varies,
        setting=row.setting,
        values=[_value(row, side) for side in (first, second)],
        prompt=None if row.varies == "prompt" else first.prompt,
        model=None if row.varies == "model" else first.model_id,
        blind=row.blind,
        status=pair.status,
        hidden=pair.hidden,
        percent=_percent(pair),
        reason=pair.reason,
        vote=row.vote,
        winner=winner,
        voted_at=row.voted_at,
        cost_credits=float(sum(each.cost_credits for each in pair.generations.values())),
        sides=SidesOut(left=_side(pair, "left", records), right=_side(pair, "right", records)),
        created_at=row.created_at,
    )


def _value(row: Comparison, side: ComparisonSide) -> Any:
    return {"prompt": side.prompt, "model": side.model_id, "setting": side.value}[row.varies]


def _percent(pair: Pair) -> int:
    done = [
        int(each.progress.get("percent") or 0) if each.status in UNFINISHED else 100
        for each in pair.generations.values()
    ]
    return sum(done) // len(done) if done else 100


def _side(pair: Pair, place: str, records: dict[UUID, GenerationOut]) -> SideOut:
    there = place in pair.images and pair.status != "running"
    picture = f"/api/comparisons/{pair.row.id}/pictures/{place}" if there else None
    if pair.hidden:
        return SideOut(picture=picture, variant=None, generation=None)
    generation = pair.generations.get(place)
    return SideOut(
        picture=picture,
        variant=pair.sides[place].variant,
        generation=records[generation.id] if generation else None,
    )
