"""The queue as features see it: deferring and cancelling inside a transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.jobs import Job
from easel.core.work import Studio

pytestmark = pytest.mark.anyio

TRY = Job("tests.try", queue="tests", priority=3)


async def listed(studio: Studio) -> list[tuple[object, ...]]:
    async with studio.sessions.begin() as session:
        found = await session.execute(
            text("SELECT id, status::text, abort_requested, worker_id FROM procrastinate_jobs ORDER BY id")
        )
        return [tuple(row) for row in found]


async def run(studio: Studio, statement: str) -> None:
    async with studio.sessions.begin() as session:
        await session.execute(text(statement))


async def defer(studio: Studio) -> int:
    async with studio.work(Actor.system()) as work:
        return await work.defer(TRY, number=7)


async def cancel(studio: Studio, id: int) -> None:
    async with studio.work(Actor.system()) as work:
        await studio.jobs.cancel(work.session, id)


async def test_a_job_waits_with_its_arguments_time_and_priority(studio: Studio) -> None:
    at = now() + timedelta(hours=1)
    async with studio.work(Actor.system()) as work:
        id = await work.defer(TRY, at=at, number=7)
        # Not to be seen by anyone before the commit.
        assert await listed(studio) == []
    async with studio.sessions.begin() as session:
        found = await session.execute(
            text("SELECT id, task_name, queue_name, priority, args, scheduled_at FROM procrastinate_jobs")
        )
        assert tuple(found.one()) == (id, "tests.try", "tests", 3, {"number": 7}, at)


async def test_a_waiting_job_that_is_cancelled_is_gone(studio: Studio) -> None:
    id = await defer(studio)
    await cancel(studio, id)
    assert await listed(studio) == []
    await cancel(studio, id)


async def test_a_running_job_that_is_cancelled_is_to_be_aborted(studio: Studio) -> None:
    id = await defer(studio)
    await run(studio, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    await run(studio, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1")
    await cancel(studio, id)
    assert await listed(studio) == [(id, "doing", True, 1)]
    # Its worker dies: nothing is left over that would wait for ever.
    await run(studio, "DELETE FROM procrastinate_workers")
    async with studio.work(Actor.system()) as work:
        assert await studio.jobs.wake_stalled(work.session) == 1
    assert await listed(studio) == [(id, "todo", False, None)]


async def test_only_the_worker_that_has_a_job_ends_it(studio: Studio) -> None:
    id = await defer(studio)
    await run(studio, "INSERT INTO procrastinate_workers SELECT FROM generate_series(1, 2)")
    await run(studio, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 2")
    async with studio.jobs.app.open_async():
        await studio.jobs.finish(id, 1)
        async with studio.work(Actor.system()) as work:
            await studio.jobs.give_back(work.session, id, 1)
        assert await listed(studio) == [(id, "doing", False, 2)]
        await studio.jobs.finish(id, 2)
    assert await listed(studio) == []


async def test_a_worker_learns_that_it_was_forgotten(studio: Studio) -> None:
    await run(studio, "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 h')")
    async with studio.work(Actor.system()) as work:
        await studio.jobs.wake_stalled(work.session)
        assert not await studio.jobs.beat(work.session, 1)


async def test_many_defer_at_once(studio: Studio) -> None:
    ids = await asyncio.gather(*(defer(studio) for _ in range(30)))
    assert len(set(ids)) == 30
    assert len(await listed(studio)) == 30
