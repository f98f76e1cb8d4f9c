"""Background jobs: declared here and in features, deferred inside the caller's transaction, run by workers.

This file is the only face of Procrastinate besides `app.worker`. A job carries ids only, and the trail of the request
that asked for it; it is safe to run twice. What exactly one run means is the business of the rows it works on, never
of the queue.
"""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import procrastinate
from procrastinate import exceptions as queue_errors
from psycopg import AsyncConnection
from sqlalchemy import ColumnElement, Text, column, exists, table, text
from sqlalchemy import cast as cast_sql
from sqlalchemy.ext.asyncio import AsyncSession

from easel.base import trail as trails
from easel.base.db import conninfo, driver
from easel.base.trail import Trail

HEARTBEAT_SECONDS = 1.0
STALLED_AFTER_SECONDS = 8.0
"""A worker that was silent for so long is taken for dead: eight beats, longer than any pause seen of a live one."""
_FORGOTTEN_AFTER = timedelta(hours=1)
_TRAIL = "_trail"
"""The argument of each job that is not its task's."""

# Whoever puts a job back tells the queue's workers, as the queue's own trigger does for new jobs.
_TELL = """
    SELECT id, pg_notify('procrastinate_queue_v1#' || queue_name,
                         json_build_object('type', 'job_inserted', 'job_id', id)::text) FROM back
"""
# One statement: what another worker put back or took meanwhile does not match any more.
_WAKE_STALLED = text(f"""
    WITH back AS (
        UPDATE procrastinate_jobs
        SET status = 'todo', attempts = attempts + 1, worker_id = NULL, abort_requested = false
        WHERE status = 'doing' AND (worker_id IS NULL OR (:judge AND worker_id IN (
            SELECT id FROM procrastinate_workers
            -- A beat that is yet to come is one from before the database's clock was set back.
            WHERE last_heartbeat NOT BETWEEN now() - make_interval(secs => :silence)
                                         AND now() + make_interval(secs => :silence)
            -- Just back itself, the database heard nobody; they need a moment to find it again.
            AND pg_postmaster_start_time() < now() - make_interval(secs => :silence)
        )))
        RETURNING id, queue_name
    ) {_TELL}
""")  # noqa: S608 - put together of constants
_GIVE_BACK = text(f"""
    WITH back AS (
        UPDATE procrastinate_jobs
        SET status = 'todo', worker_id = NULL, abort_requested = false, scheduled_at = :at
        WHERE id = :job AND worker_id = :worker AND status = 'doing'
        RETURNING id, queue_name
    ) {_TELL}
""")  # noqa: S608
_BEAT = text("UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = :worker RETURNING id")
_FINISH = """
    DELETE FROM procrastinate_jobs WHERE id = %(job)s AND worker_id = %(worker)s AND status = 'doing'
"""
LIVE_WORKERS = f"""
    (SELECT count(*) FROM procrastinate_workers
     WHERE last_heartbeat BETWEEN now() - make_interval(secs => {STALLED_AFTER_SECONDS})
                              AND now() + make_interval(secs => {STALLED_AFTER_SECONDS}))
"""  # noqa: S608
"""SQL: how many workers there are."""
_ATTENDING = 0x45A5E7
# A worker whose machine went dark is noticed by the database within half a minute.
_KEEP_ALIVE = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_FORGET_WORKERS = text(
    "DELETE FROM procrastinate_workers WHERE last_heartbeat NOT BETWEEN now() - :age AND now() + :age"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work: its name (``area.verb``), the queue it waits in, its priority (higher first)."""

    name: str
    queue: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a job: the job's id, and how many workers were lost while they ran it before."""

    job_id: int
    lost_workers: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A job's implementation: called with the studio and the job's arguments.

    With `told`, the keyword `start` says which `Start` it is.
    """

    job: Job
    run: Callable[..., Awaitable[None]]
    told: bool = False


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something every worker looks after by itself: `run(studio)` every `seconds`, harmless when several do.

    With a `queue` only the workers that take jobs from it do.
    """

    name: str
    seconds: float
    run: Callable[..., Awaitable[None]]
    queue: str | None = None


class Jobs:
    """The queue as the rest of Easel sees it."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo(url)
        self.app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self._conninfo,
                min_size=1,
                max_size=8,
                timeout=5,
                # Shorter than the pool's growing pauses between attempts: each caller tries anew instead.
                reconnect_timeout=2,
                kwargs={"application_name": "easel queue", "connect_timeout": 5},
                configure=_one_trip,
            )
        )

    async def defer(
        self,
        session: AsyncSession,
        job: Job,
        /,
        *,
        at: datetime | None = None,
        trail: Trail | None = None,
        **args: str | int,
    ) -> int:
        """Put `job` into its queue within the session's transaction; answers the job's id.

        It carries the `trail` of another request where one is given, else that of the one which runs now.
        """
        carried: dict[str, Any] = dict(args)
        if trail := trails.here() if trail is None else trail:
            carried[_TRAIL] = dict(trail)
        deferrer = self.app.configure_task(
            job.name,
            queue=job.queue,
            priority=job.priority,
            schedule_at=at,
            connection=await driver(session),
        )
        try:
            return await deferrer.defer_async(**carried)
        except queue_errors.ConnectorException as error:
            raise error.__cause__ or error from None

    async def cancel(self, session: AsyncSession, job_id: int) -> None:
        """Take a waiting job out of the queue, or tell the worker that runs it to abort; quiet if it ended."""
        try:
            await self.app.job_manager.cancel_job_by_id_async(
                job_id, abort=True, delete_job=True, connection=await driver(session)
            )
        except queue_errors.ConnectorException as error:
            raise error.__cause__ or error from None

    async def attend(self, queue: str) -> None:
        """Let all see that this worker takes jobs from a queue of some machines only; ends with its connection.

        What is seen is a lock that the connection holds, so that a worker which dies leaves nothing behind.
        """
        async with await AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=5,
            application_name=f"easel queue {queue}",
            options=_KEEP_ALIVE,
        ) as connection:
            await connection.execute(
                "SELECT pg_advisory_lock_shared(%s, %s)", (_ATTENDING, _number_of(queue))
            )
            async for _ in connection.notifies():
                pass  # nobody notifies it: this waits until the connection breaks

    async def is_attended(self, session: AsyncSession, queue: str) -> bool:
        """Whether any worker takes jobs from a queue of some machines only."""
        return bool(await session.scalar(text(f"SELECT {attending(queue)}")))

    async def beat(self, session: AsyncSession, worker_id: int) -> bool:
        """Say that a worker lives; False when it was forgotten and has to register again."""
        return (await session.execute(_BEAT, {"worker": worker_id})).first() is not None

    async def finish(self, job_id: int, worker_id: int) -> None:
        """Remove a job that this worker has run; quiet if it was taken from it meanwhile.

        On a connection of the queue's own, and at once: there is nothing that it would have to commit with.
        Raises Procrastinate's `ConnectorException` when the database is away.
        """
        await self.app.connector.execute_query_async(_FINISH, job=job_id, worker=worker_id)

    async def give_back(
        self, session: AsyncSession, job_id: int, worker_id: int, *, at: datetime | None = None
    ) -> None:
        """Let another worker run a job that this one has, not before `at`; quiet if it was taken from it."""
        await session.execute(_GIVE_BACK, {"job": job_id, "worker": worker_id, "at": at})

    async def wake_stalled(self, session: AsyncSession, *, judge: bool = True) -> int:
        """Requeue the jobs that nobody runs; answers how many. Safe on every worker at once.

        That is a job whose worker is gone from the table, and, if `judge`, one whose worker was silent for
        `STALLED_AFTER_SECONDS`.
        """
        woken = await session.execute(_WAKE_STALLED, {"judge": judge, "silence": STALLED_AFTER_SECONDS})
        count = len(woken.all())
        if judge:
            await session.execute(_FORGET_WORKERS, {"age": _FORGOTTEN_AFTER})
        return count


@dataclass(frozen=True, slots=True)
class Standing:
    """How many workers live, and how many jobs are due and wait, by queue."""

    workers: int
    waiting: dict[str, int]


_WAITING = text("""
    SELECT queue_name, count(*) FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY 1 ORDER BY 1
""")


async def standing(session: AsyncSession) -> Standing:
    """How the queue stands, in the whole studio."""
    workers = await session.scalar(text(f"SELECT {LIVE_WORKERS}"))
    return Standing(workers or 0, {row[0]: row[1] for row in await session.execute(_WAITING)})


async def _one_trip(connection: AsyncConnection[Any]) -> None:
    """Each call of the queue's own is one statement: let it be one round trip, and wait for no disk.

    A job whose taking a crash of the database undoes is taken again. What came of it is committed later, by
    others who do wait, and with it all that was before.
    """
    await connection.set_autocommit(True)
    await connection.execute("SET synchronous_commit TO off")


def attending(queue: str) -> str:
    """SQL: how many workers take jobs from a queue of some machines only."""
    return f"""
        (SELECT count(*) FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 2
         AND classid = {_ATTENDING} AND objid = {_number_of(queue)}
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    """  # noqa: S608 - numbers


def _number_of(queue: str) -> int:
    return zlib.crc32(queue.encode()) & 0x7FFF_FFFF


def unpacked(kwargs: Mapping[str, Any]) -> tuple[dict[str, Any], Trail | None]:
    """A job's arguments as its task takes them, and the trail beside them."""
    arguments = dict(kwargs)
    return arguments, arguments.pop(_TRAIL, None)


def deferred(job: Job, *, trail: str, **args: str) -> str:
    """SQL that puts `job` into its queue and is the job's id; `args` are its arguments' names, and SQL for each.

    `trail` is SQL for the trail of the request that asked for it, or null.
    """
    pairs = ", ".join(f"'{name}', {value}" for name, value in {**args, _TRAIL: trail}.items())
    return (
        "(procrastinate_defer_jobs_v1(ARRAY[CAST(ROW("
        f"'{job.queue}', '{job.name}', {job.priority}, NULL, NULL, jsonb_build_object({pairs}), NULL"
        ") AS procrastinate_job_to_defer_v1)]))[1]"
    )


def is_alive(job_id: ColumnElement[int | None]) -> ColumnElement[bool]:
    """SQL: whether the job with this id waits or runs."""
    jobs = table("procrastinate_jobs", column("id"), column("status"))
    return exists().where(jobs.c.id == job_id, cast_sql(jobs.c.status, Text).in_(("todo", "doing")))
