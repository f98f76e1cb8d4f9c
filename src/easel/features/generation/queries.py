"""How generations are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text, tuple_

from easel.core import jobs
from easel.core.actor import Actor
from easel.core.work import Work

from .errors import GenerationNotFound
from .models import Generation

UNFINISHED = ("pending", "processing")
POSITION_LIMIT = 10_000
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Filter:
    """Which generations a list shows; None leaves a field out of account."""

    q: str | None = None
    model: str | None = None
    statuses: tuple[str, ...] | None = None
    operation: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


def visible_to(actor: Actor) -> Select[Generation]:
    """The generations that an actor may see: those of the acting workspace."""
    return select(Generation).where(Generation.workspace_id == actor.workspace)


async def get(work: Work, generation_id: UUID) -> Generation:
    """One generation. Raises `GenerationNotFound`, also for another workspace's."""
    found: Generation | None = await work.session.scalar(
        visible_to(work.actor).where(Generation.id == generation_id)
    )
    if found is None:
        raise GenerationNotFound
    return found


async def page(
    work: Work, wanted: Filter, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Generation]:
    """At most `limit` generations after the keyset position, newest first."""
    found = _filtered(visible_to(work.actor), wanted)
    if after:
        found = found.where(tuple_(Generation.created_at, Generation.id) < after)
    found = found.order_by(Generation.created_at.desc(), Generation.id.desc()).limit(limit)
    return (await work.session.scalars(found)).all()


async def count(work: Work, wanted: Filter) -> int:
    """How many generations a filter matches."""
    found = _filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


async def positions(work: Work, rows: Sequence[Generation]) -> dict[UUID, int]:
    """How many wait before each of `rows` that waits, in the whole studio; 0 for the next one.

    Counts no further than 10,000.
    """
    waiting = [row.id for row in rows if row.status == "pending"]
    if not waiting:
        return {}
    order = Generation.priority.desc(), Generation.created_at, Generation.id
    queue = (
        select(Generation.id, func.row_number().over(order_by=order).label("number"))
        .where(Generation.status == "pending")
        .order_by(*order)
        .limit(POSITION_LIMIT)
        .subquery()
    )
    found = await work.session.execute(
        select(queue.c.id, (queue.c.number - 1).label("before")).where(queue.c.id.in_(waiting))
    )
    return dict.fromkeys(waiting, POSITION_LIMIT) | {row.id: row.before for row in found}


async def usual_seconds(work: Work, model_id: str) -> float | None:
    """The median time of the model's last twenty generations, in seconds; None without any."""
    recent = (
        select(func.extract("epoch", Generation.completed_at - Generation.started_at).label("seconds"))
        .where(Generation.model_id == model_id, Generation.status == "completed")
        .order_by(Generation.completed_at.desc())
        .limit(20)
        .subquery()
    )
    median = await work.session.scalar(select(func.percentile_cont(0.5).within_group(recent.c.seconds.asc())))
    return float(median) if median is not None else None


async def without_job(work: Work, older_than: datetime, limit: int) -> Sequence[Generation]:
    """Unfinished generations, unchanged since `older_than`, that no job will carry on; locked."""
    rows = await work.session.scalars(
        select(Generation)
        .where(
            Generation.status.in_(UNFINISHED),
            Generation.updated_at < older_than,
            ~jobs.is_alive(Generation.job_id.expression),
        )
        .order_by(Generation.updated_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


def _quoted(word: str) -> str:
    """A word as PostgreSQL's text search takes it whatever is in it; it is split there as prompts are."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _filtered(found: Select[Generation], wanted: Filter) -> Select[Generation]:
    if wanted.q is not None:
        query = " & ".join(_quoted(word) + ":*" for word in wanted.q.split()[:_MOST_WORDS])
        found = found.where(
            text("to_tsvector('simple', generations.prompt) @@ to_tsquery('simple', :words)").bindparams(
                words=query
            )
        )
    if wanted.model is not None:
        found = found.where(Generation.model_id == wanted.model)
    if wanted.statuses is not None:
        found = found.where(Generation.status.in_(wanted.statuses))
    if wanted.operation is not None:
        found = found.where(Generation.operation == wanted.operation)
    if wanted.created_from is not None:
        found = found.where(Generation.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found = found.where(Generation.created_at <= wanted.created_to)
    return found
