"""How generations are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from easel.core import jobs
from easel.core.actor import Actor
from easel.core.work import Work

from .errors import GenerationNotFound
from .models import Generation

UNFINISHED = ("pending", "processing")
_MOST_WORDS = 20


# As text: it is part of every submit, and building it anew would cost more than running it.
_USUAL = text("""
    SELECT model.id, (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.seconds) FROM (
            SELECT extract(epoch FROM completed_at - started_at) AS seconds FROM generations
            WHERE model_id = model.id AND status = 'completed' ORDER BY completed_at DESC LIMIT 20
        ) AS recent
    ) FROM unnest(CAST(:models AS text[])) AS model (id)
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pool's queue stands; keys of workspaces' own count with their provider."""

    pool: str
    waiting: int
    running: int
    oldest_seconds: float


_STANDING = text("""
    SELECT split_part(pool, ':', 1), count(*) FILTER (WHERE admitted_at IS NULL),
           count(*) FILTER (WHERE admitted_at IS NOT NULL),
           coalesce(extract(epoch FROM now() - min(updated_at) FILTER (
               WHERE admitted_at IS NULL AND held_at IS NULL AND (scheduled_at IS NULL OR scheduled_at <= now())
           )), 0)
    FROM generations WHERE status IN ('pending', 'processing') GROUP BY 1 ORDER BY 1
""")


async def standing(session: AsyncSession) -> list[Standing]:
    """How every pool's queue stands, in the whole studio; for those who run it."""
    return [Standing(*row) for row in await session.execute(_STANDING)]


def waiting_users(condition: str = "true") -> str:
    """SQL for after WITH RECURSIVE: `users (user_id)`, those who wait for a seat in :pool, if `condition` holds.

    It hops from user to user along the index, so that a long queue of few users costs no more than a short one.
    The last row is null.
    """
    waiting = "pool = :pool AND status = 'pending' AND admitted_at IS NULL"
    return f"""
    users (user_id) AS (
        SELECT (SELECT user_id FROM generations WHERE {waiting} ORDER BY user_id LIMIT 1)
        WHERE {condition}
        UNION ALL
        SELECT (SELECT user_id FROM generations WHERE {waiting} AND user_id > users.user_id
                ORDER BY user_id LIMIT 1)
        FROM users WHERE users.user_id IS NOT NULL
    )"""  # noqa: S608 - put together of constants


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
    """The generations that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Generation).where(Generation.workspace_id.in_(actor.readable))


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


async def ids_of_batch(work: Work, batch_id: UUID) -> list[UUID]:
    """The generations of a batch of the acting workspace, in the order in which they were submitted."""
    found = visible_to(work.actor).with_only_columns(Generation.id).where(Generation.batch_id == batch_id)
    return list(await work.session.scalars(found.order_by(Generation.created_at, Generation.id)))


async def count(work: Work, wanted: Filter) -> int:
    """How many generations a filter matches."""
    found = _filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


async def usual_seconds(work: Work, rows: Sequence[Generation]) -> dict[str, float]:
    """By model of those of `rows` that have not ended: the median time of its last twenty generations, if any."""
    models = list({row.model_id for row in rows if row.status in UNFINISHED})
    if not models:
        return {}
    found = await work.session.execute(_USUAL, {"models": models})
    return {model_id: float(seconds) for model_id, seconds in found if seconds is not None}


async def without_job(work: Work, older_than: datetime, limit: int) -> Sequence[Generation]:
    """Generations with a seat, unchanged since `older_than`, that no job will carry on; locked."""
    rows = await work.session.scalars(
        select(Generation)
        .where(
            Generation.status.in_(UNFINISHED),
            Generation.admitted_at.is_not(None),
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
