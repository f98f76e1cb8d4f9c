"""How comparisons are found and counted; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, tuple_

from easel.core.actor import Actor
from easel.core.work import Work

from .errors import ComparisonNotFound
from .models import Comparison, ComparisonSide

MOST_STANDINGS = 50
"""So many values of each kind have a place in the statistics: those with the most votes."""


def visible_to(actor: Actor) -> Select[Comparison]:
    """The comparisons that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Comparison).where(Comparison.workspace_id.in_(actor.readable))


async def get(work: Work, comparison_id: UUID, *, locked: bool = False) -> Comparison:
    """One comparison. Raises `ComparisonNotFound`, also for another workspace's."""
    wanted = visible_to(work.actor).where(Comparison.id == comparison_id)
    found: Comparison | None = await work.session.scalar(wanted.with_for_update() if locked else wanted)
    if found is None:
        raise ComparisonNotFound
    return found


async def page(
    work: Work, *, judged: bool | None, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Comparison]:
    """At most `limit` comparisons after the keyset position, newest first."""
    found = _filtered(work, judged)
    if after:
        found = found.where(tuple_(Comparison.created_at, Comparison.id) < after)
    found = found.order_by(Comparison.created_at.desc(), Comparison.id.desc()).limit(limit)
    return (await work.session.scalars(found)).all()


async def count(work: Work, *, judged: bool | None) -> int:
    """How many comparisons a list has."""
    counted = select(func.count()).select_from(_filtered(work, judged).subquery())
    return await work.session.scalar(counted) or 0


def _filtered(work: Work, judged: bool | None) -> Select[Comparison]:
    found = visible_to(work.actor)
    if judged is None:
        return found
    return found.where(Comparison.vote.is_not(None) if judged else Comparison.vote.is_(None))


async def of_round(work: Work, round_id: UUID) -> Sequence[Comparison]:
    """The pairs of one request, in their order."""
    found = visible_to(work.actor).where(Comparison.round_id == round_id).order_by(Comparison.number)
    return (await work.session.scalars(found)).all()


async def sides_of(work: Work, rows: Sequence[Comparison]) -> dict[UUID, dict[str, ComparisonSide]]:
    """The sides of comparisons that were found, by their place."""
    found: dict[UUID, dict[str, ComparisonSide]] = {row.id: {} for row in rows}
    sides = await work.session.scalars(
        select(ComparisonSide).where(ComparisonSide.comparison_id.in_(found.keys()))
    )
    for side in sides:
        found[side.comparison_id][side.place] = side
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How one value did."""

    value: Any
    setting: str | None
    wins: int
    losses: int
    ties: int
    both_bad: int


async def standings(work: Work, varies: str) -> list[Standing]:
    """How each value did in the votes on pairs that differ in that; most votes first."""
    value = {
        "model": ComparisonSide.model_id,
        "prompt": ComparisonSide.prompt,
        "setting": ComparisonSide.value,
    }[varies]
    won = Comparison.vote == ComparisonSide.place
    decided = Comparison.vote.in_(("left", "right"))

    def number(condition: Any) -> Any:
        return func.count(case((condition, 1)))

    found = await work.session.execute(
        visible_to(work.actor)
        .join(ComparisonSide, ComparisonSide.comparison_id == Comparison.id)
        .where(Comparison.vote.is_not(None), Comparison.varies == varies)
        .with_only_columns(
            value,
            Comparison.setting,
            number(won),
            number(decided & ~won),
            number(Comparison.vote == "tie"),
            number(Comparison.vote == "both_bad"),
        )
        .group_by(Comparison.setting, value)
        .order_by(func.count().desc(), Comparison.setting, value)
        .limit(MOST_STANDINGS)
    )
    return [Standing(*row) for row in found]
