"""Background jobs: declared here and in features, deferred inside the caller's transaction, run by workers.

This file is the only face of Procrastinate besides `app.worker`. A job carries ids only and is safe to run
twice. What exactly one run means is the business of the rows it works on, never of the queue.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import procrastinate
from procrastinate import exceptions as queue_errors
from psycopg import AsyncConnection
from sqlalchemy import ColumnElement, Text, column, exists, table
from sqlalchemy import cast as cast_sql
from sqlalchemy.ext.asyncio import AsyncSession

from easel.base.clock import now
from easel.base.db import conninfo

JobAborted = queue_errors.JobAborted

HEARTBEAT_SECONDS = 2.0
STALLED_AFTER_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work: its name (``area.verb``), the queue it waits in, its priority (higher first)."""

    name: str
    queue: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A job's implementation: called with the studio and the job's arguments."""

    job: Job
    run: Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something every worker looks after by itself: `run(studio)` every `seconds`, harmless when several do."""

    name: str
    seconds: float
    run: Callable[..., Awaitable[None]]


class Jobs:
    """The queue as the rest of Easel sees it."""

    def __init__(self, url: str) -> None:
        self.app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=conninfo(url), min_size=1, max_size=8)
        )

    async def defer(
        self, session: AsyncSession, job: Job, /, *, at: datetime | None = None, **args: str | int
    ) -> int:
        """Put `job` into its queue within the session's transaction; answers the job's id."""
        deferrer = self.app.configure_task(
            job.name,
            queue=job.queue,
            priority=job.priority,
            schedule_at=at,
            connection=await _raw(session),
        )
        return await deferrer.defer_async(**args)

    async def cancel(self, session: AsyncSession, job_id: int) -> None:
        """Take a waiting job out of the queue, or tell the worker that runs it to abort; quiet if it ended."""
        await self.app.job_manager.cancel_job_by_id_async(
            job_id, abort=True, delete_job=False, connection=await _raw(session)
        )

    async def wake_stalled(self) -> int:
        """Requeue the jobs of workers that died; answers how many. Safe on every worker at once.

        A worker is dead when its heartbeat is older than `STALLED_AFTER_SECONDS` or its row is gone.
        """
        count = 0
        for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
            try:
                await self.app.job_manager.retry_job(job, retry_at=now() - timedelta(seconds=1))
                count += 1
            except queue_errors.ConnectorException:
                continue  # another worker was quicker
        return count


def is_alive(job_id: ColumnElement[int | None]) -> ColumnElement[bool]:
    """SQL: whether the job with this id waits or runs."""
    jobs = table("procrastinate_jobs", column("id"), column("status"))
    return exists().where(jobs.c.id == job_id, cast_sql(jobs.c.status, Text).in_(("todo", "doing")))


async def _raw(session: AsyncSession) -> AsyncConnection[Any]:
    """The psycopg connection under a session, so that the queue's rows share its transaction."""
    pooled = await (await session.connection()).get_raw_connection()
    return cast("AsyncConnection[Any]", pooled.driver_connection)
