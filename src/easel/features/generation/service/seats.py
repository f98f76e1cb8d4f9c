"""Seats: how many generations of a pool run at once in the whole studio, and whose turn it is.

A pool is a provider (or a provider with a key of a workspace's own). A generation waits as a row alone; when a
seat is free and it is its turn, it is admitted: it gets its job, which any worker takes at once. It keeps the
seat until it ends or waits again. Turns go by priority (people before batches), then to the user with the
fewest seats, then to the one whose last turn is longest ago, then to the oldest. So however much one user has
queued, another's single prompt is next.

One transaction at a time gives out a pool's seats. Those that end or submit a generation try it on the way;
where another is at it just then, they leave it to a job, which waits its turn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import TextClause, text
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from easel.core.actor import Actor
from easel.core.jobs import LIVE_WORKERS, Job, attending, deferred
from easel.core.work import Studio, Work
from easel.providers.base import OwnQueue, Provider

from .. import queries
from ..events import FILL, RUN
from ..models import Generation
from .inputs import TRAIL

_LOCK = 0x45A5E3
_TRY = text("SELECT pg_try_advisory_xact_lock(:lock, hashtext(:pool))")
_WAIT = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:pool))")

_ADMIT = """
    WITH RECURSIVE held AS (
        SELECT user_id, count(*) AS number FROM generations
        WHERE pool = :pool AND admitted_at IS NOT NULL AND status IN ('pending', 'processing')
        GROUP BY user_id
    ),
    free AS (
        SELECT greatest(0, least(CAST(:seats AS int), :each * greatest(1, {workers}))
                           - coalesce((SELECT sum(number) FROM held), 0)) AS number
    ),
    {waiting_users},
    picked AS (
        SELECT next.id, row_number() OVER (
            ORDER BY next.priority DESC, coalesce(held.number, 0) + next.number, turns.last_at NULLS FIRST,
                     next.created_at, next.id
        ) AS turn
        FROM users
        CROSS JOIN LATERAL (
            SELECT id, user_id, priority, created_at,
                   row_number() OVER (ORDER BY priority DESC, created_at, id) AS number
            FROM (
                SELECT id, user_id, priority, created_at FROM generations
                WHERE pool = :pool AND user_id = users.user_id AND status = 'pending' AND admitted_at IS NULL
                AND (scheduled_at IS NULL OR scheduled_at <= now())
                ORDER BY priority DESC, created_at, id LIMIT (SELECT number FROM free)
            ) AS first
        ) AS next
        LEFT JOIN held ON held.user_id = next.user_id
        LEFT JOIN turns ON turns.pool = :pool AND turns.user_id = next.user_id
        WHERE coalesce(held.number, 0) + next.number <= :most
        ORDER BY turn
        LIMIT (SELECT number FROM free)
    ),
    -- Not waited for: who holds one, a cancel say, may wait for a lock of this transaction.
    taken AS (
        SELECT generations.id, generations.inputs, picked.turn
        FROM generations JOIN picked ON picked.id = generations.id
        WHERE generations.status = 'pending' AND generations.admitted_at IS NULL
        FOR UPDATE OF generations SKIP LOCKED
    ),
    jobs AS MATERIALIZED (
        SELECT id, {job} AS job_id
        FROM (SELECT id, inputs FROM taken ORDER BY turn) AS taken
    ),
    admitted AS (
        UPDATE generations
        SET admitted_at = clock_timestamp(), updated_at = clock_timestamp(), job_id = jobs.job_id
        FROM jobs WHERE generations.id = jobs.id
        RETURNING generations.id, generations.user_id, generations.admitted_at, generations.job_id
    ),
    noted AS (
        INSERT INTO turns (pool, user_id, last_at)
        SELECT :pool, user_id, clock_timestamp() FROM admitted GROUP BY user_id
        ON CONFLICT (pool, user_id) DO UPDATE SET last_at = excluded.last_at
    )
    SELECT id, admitted_at, job_id FROM admitted
"""
_POOLS = text("""
    WITH RECURSIVE pools (pool) AS (
        SELECT (SELECT min(pool) FROM generations WHERE status = 'pending' AND admitted_at IS NULL)
        UNION ALL
        SELECT (SELECT min(pool) FROM generations
                WHERE status = 'pending' AND admitted_at IS NULL AND generations.pool > pools.pool)
        FROM pools WHERE pools.pool IS NOT NULL
    )
    SELECT pool FROM pools WHERE pool IS NOT NULL
""")


@cache
def _admit_into(queue: str) -> TextClause:
    """The statement for a pool whose jobs wait in `queue`."""
    return text(
        _ADMIT.format(
            workers=LIVE_WORKERS if queue == RUN.queue else attending(queue),
            waiting_users=queries.waiting_users("(SELECT number FROM free) > 0"),
            job=deferred(replace(RUN, queue=queue), trail=f"inputs->'{TRAIL}'", generation_id="id"),
        )
    )


def job_of(provider: Provider | None) -> Job:
    """The job of an attempt, in the queue of those workers that can make the provider's calls."""
    return replace(RUN, queue=provider.queue) if isinstance(provider, OwnQueue) else RUN


async def fill(work: Work, pool: str) -> None:
    """Give the pool's free seats to those whose turn it is, or let a job do it if someone else is at it."""
    if await work.session.scalar(_TRY, {"lock": _LOCK, "pool": pool}):
        await _admit(work, pool)
    else:
        await work.defer(FILL, pool=pool)


async def fill_at(work: Work, pool: str, at: datetime) -> None:
    """Look again at the pool's seats at a time when something that waits for it may be taken."""
    await work.defer(FILL, at=at, pool=pool)


async def fill_patiently(studio: Studio, pool: str) -> None:
    """As `fill`, in a transaction of its own that waits for others."""
    async with studio.work(Actor.system()) as work:
        await work.session.execute(_WAIT, {"lock": _LOCK, "pool": pool})
        await _admit(work, pool)


async def fill_all(studio: Studio) -> None:
    """Look after every pool in which something waits: seats that were lost on the way are found again."""
    async with studio.work(Actor.system()) as work:
        pools = list(await work.session.scalars(_POOLS))
    for pool in pools:
        await fill_patiently(studio, pool)


async def _admit(work: Work, pool: str) -> None:
    """Admit those whose turn it is; the caller holds the pool's lock."""
    await work.session.flush()
    settings = work.studio.settings.worker
    provider = work.studio.providers.get(pool.partition(":")[0])
    seats = settings.seats.get(pool, provider.seats if provider else None)
    each = min(settings.generations, (provider and provider.seats_per_worker) or settings.generations)
    found = await work.session.execute(
        _admit_into(job_of(provider).queue),
        {"pool": pool, "seats": seats, "each": each, "most": settings.user_seats},
    )
    # A row that this transaction has in hand is to know of it.
    known = work.session.sync_session.identity_map
    for id, admitted_at, job_id in found:
        row = known.get(identity_key(Generation, id))
        if row is not None:
            set_committed_value(row, "admitted_at", admitted_at)
            set_committed_value(row, "job_id", job_id)
