"""The worker process: queues and their concurrency, and what every worker looks after by itself.

It uses Procrastinate's tables and functions through its job manager, and takes and runs jobs itself:
Procrastinate's own worker gives running jobs up when its connection breaks, and sends no heartbeat while it waits
for the last ones at its end, so that others take them over.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from procrastinate import exceptions as queue_errors
from procrastinate.jobs import Job as QueuedJob

from easel import media
from easel.app import metrics_listener
from easel.app.features import all_periodic, all_tasks
from easel.base import metrics, tracing
from easel.base.clock import now
from easel.base.settings import BadSettings
from easel.base.trail import followed
from easel.core import timekeeping
from easel.core.actor import Actor
from easel.core.jobs import HEARTBEAT_SECONDS, STALLED_AFTER_SECONDS, Periodic, Start, Task, unpacked
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.providers.base import OwnQueue

log = structlog.get_logger(__name__)

_POLL_SECONDS = 1.0
_TIDY_SECONDS = 1.0
_UNKNOWN_SECONDS = 5.0
"""A job that the queue says this worker runs, and that it does not run for so long, is given back."""
_END_PATIENCE = 30.0
"""Seconds for which a job's end waits for a database that is away; then the job is given back some time later."""
_ABORT_SECONDS = 3.0
_LAST_SECONDS = 1.8
"""How long aborted jobs may take to hand their work on when the worker stops."""
_VERY_LAST_SECONDS = 0.3
"""And those that are late must let their connections go."""
_NICENESS = 5
_MAILS = 4
"""Mails handed to the mail server at once, per worker."""
_BACKGROUND = 2
"""Long jobs, such as imports, that a worker has at once: they wait for each other and for nobody else."""


async def run_worker(studio: Studio, *, grace: float, only: frozenset[str] | None = None) -> None:
    """Work until SIGTERM or SIGINT; then let jobs finish for `grace` seconds, and hand on the rest."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with (
        working(studio, grace=grace, only=only) as worker,
        metrics_listener.listening(studio.settings.metrics, worker.alive),
    ):
        log.info("worker.ready")
        await stop.wait()
        log.info("worker.stopping")


@asynccontextmanager
async def working(
    studio: Studio, *, grace: float, only: frozenset[str] | None = None
) -> AsyncIterator[Worker]:
    """A worker for as long as the block runs, on all queues or `only` some; tests and commands use it too."""
    media.limit_threads()
    limits = {queue: limit for queue, limit in _queues(studio).items() if only is None or queue in only}
    if only and (unknown := only - limits.keys()):
        raise BadSettings(_why_not(studio, unknown))
    tasks = {task.job.name: task for task in all_tasks()}
    async with studio.jobs.app.open_async():
        worker = Worker(studio, tasks, limits)
        running = asyncio.create_task(worker.run(grace), name="worker")
        chores = [item for item in all_periodic() if item.queue is None or item.queue in limits]
        parts = [asyncio.create_task(_chores(studio, chores), name="chores")]
        if studio.settings.web.public_url:
            # Only then may a provider's webhook arrive, and somebody here wait for it.
            parts.append(asyncio.create_task(studio.news.run(), name="news"))
        try:
            yield worker
        finally:
            running.cancel()  # once: a second time would cut off its jobs' last moments
            await _end(parts)
            await asyncio.wait([running])


def be_nice() -> None:
    """Let the web server go first where both share a machine."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)


def _queues(studio: Studio) -> dict[str, int]:
    """The queues and how many of each one's jobs run at once in this process."""
    worker = studio.settings.worker
    return {
        "generation": worker.generations,
        "media": worker.media,
        "mail": _MAILS,
        "background": _BACKGROUND,
        "seats": 1,
        # One at a time: the machine's device is the limit.
        **{each.queue: 1 for each in _on_own_queues(studio) if each.runs_here},
    }


def _on_own_queues(studio: Studio) -> list[OwnQueue]:
    return [provider for provider in studio.providers if isinstance(provider, OwnQueue)]


def _why_not(studio: Studio, queues: frozenset[str]) -> str:
    """Why this worker cannot take jobs from `queues`."""
    queue = min(queues)
    for provider in _on_own_queues(studio):
        if provider.queue == queue:
            return f"--queues {queue}: {provider.missing_here}"
    return f"--queues {queue}: there is no such queue; there are {', '.join(_queues(studio))}"


class _UnknownJob(Exception):
    """This Easel does not know the job."""


class Worker:
    """Takes jobs from queues and runs them, several at once, until it is cancelled.

    A database that goes away ends no running job: the parts begin again by themselves, and the end of a job
    waits. A heartbeat tells other workers that this one lives, to its last moment.
    """

    def __init__(self, studio: Studio, tasks: Mapping[str, Task], limits: Mapping[str, int]) -> None:
        self._studio = studio
        self._tasks = tasks
        self._manager = studio.jobs.app.job_manager
        self._news = {queue: asyncio.Event() for queue in limits}
        self._free = {queue: asyncio.Semaphore(limit) for queue, limit in limits.items()}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._aborted: dict[int, float] = {}
        self._carrying: set[asyncio.Task[None]] = set()
        self._id: int | None = None
        self._last_beat = time.monotonic()
        self._watching_since = float("-inf")
        self._leaving = False

    def alive(self) -> bool:
        """Whether others take this worker for alive: its heartbeat reaches the database."""
        return self._id is not None and time.monotonic() - self._last_beat < STALLED_AFTER_SECONDS

    async def run(self, grace: float) -> None:
        """Work until cancelled; then let jobs finish for `grace` seconds and give the rest back."""
        parts: dict[str, Callable[[], Awaitable[None]]] = {
            "heartbeat": self._beat,
            "listener": self._listen,
            "tidy": self._tidy,
            **{f"queue {queue}": partial(self._take, queue) for queue in self._free},
            **{
                f"attends {each.queue}": partial(self._studio.jobs.attend, each.queue)
                for each in _on_own_queues(self._studio)
                if each.queue in self._free
            },
        }
        tasks = [asyncio.create_task(_forever(name, part), name=name) for name, part in parts.items()]
        keeping, taking = tasks[:3], tasks[3:]
        try:
            await asyncio.wait(tasks)  # for ever; unlike `gather` it leaves them alone when cancelled
        finally:
            await _end(taking)
            await self._drain(grace)
            await _end(keeping)
            if self._id is not None:
                with contextlib.suppress(queue_errors.ConnectorException, TimeoutError):
                    async with asyncio.timeout(_LAST_SECONDS):
                        await self._manager.unregister_worker(self._id)
                self._id = None

    async def _beat(self) -> None:
        while True:
            async with self._studio.work(Actor.system()) as work:
                await self._keep_time(work)
                if self._id is not None and not await self._studio.jobs.beat(work.session, self._id):
                    self._id = None
            if self._id is None:
                self._id = await self._manager.register_worker()
            moment = time.monotonic()
            if moment - self._last_beat > 3 * HEARTBEAT_SECONDS:
                # The database was away, or this machine slept: other workers may have been as silent.
                self._watching_since = moment
            self._last_beat = moment
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _listen(self) -> None:
        async def hear(*, channel: str, notification: Any) -> None:
            if notification["type"] == "abort_job_requested":
                self._abort(notification["job_id"])
            else:
                self._news[channel.rsplit("#", 1)[1]].set()

        await self._manager.listen_for_jobs(on_notification=hear, queues=list(self._free))

    async def _take(self, queue: str) -> None:
        free, news = self._free[queue], self._news[queue]
        while True:
            await free.acquire()
            job = None
            try:
                # Before the look, so that news which comes during it counts for the next one.
                news.clear()
                job = await self._fetch(queue)
            finally:
                if job is None:
                    free.release()
            if job is not None:
                carrying = asyncio.create_task(self._carry(job, free))
                self._carrying.add(carrying)
                carrying.add_done_callback(self._carrying.discard)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL_SECONDS):
                    await news.wait()

    async def _fetch(self, queue: str) -> QueuedJob | None:
        if self._id is None:
            return None
        # Fails when this worker was forgotten meanwhile; its next heartbeat notices.
        job = await self._manager.fetch_job([queue], self._id)
        if job is not None:
            assert job.id is not None
            if job.id in self._running:
                return None  # put back by others while this worker was cut off; it goes on
            self._running[job.id] = asyncio.create_task(self._call(job), name=job.task_name)
        return job

    async def _call(self, job: QueuedJob) -> None:
        assert job.id is not None
        task = self._tasks.get(job.task_name)
        if task is None:
            raise _UnknownJob
        told = {"start": Start(job.id, job.attempts)} if task.told else {}
        arguments, trail = unpacked(job.task_kwargs)
        above = trail.get("traceparent") if trail else None
        with (
            followed(trail),
            structlog.contextvars.bound_contextvars(**arguments),
            tracing.span(job.task_name, "consumer", parent=above) as span,
            _counted(job),
        ):
            span.tell({"messaging.destination.name": job.queue, **tracing.ids(arguments)})
            await task.run(self._studio, **arguments, **told)

    async def _carry(self, job: QueuedJob, free: asyncio.Semaphore) -> None:
        """See a job to its end in the queue."""
        assert job.id is not None
        run = self._running[job.id]
        try:
            await asyncio.wait([run])
            await self._close(job, run)
        finally:
            del self._running[job.id]
            self._aborted.pop(job.id, None)
            free.release()

    async def _close(self, job: QueuedJob, run: asyncio.Task[None]) -> None:
        assert job.id is not None
        back, at = run.cancelled() and self._leaving, None
        error = None if run.cancelled() else run.exception()
        if isinstance(error, _UnknownJob):
            log.warning("worker.unknown_job", job=job.task_name)
            back, at = True, now() + timedelta(seconds=5)  # a newer Easel's: its workers know it
        elif error is not None:
            log.error("worker.job_failed", job=job.task_name, exc_info=error)
        deadline = time.monotonic() + _END_PATIENCE
        while self._id is not None:
            try:
                if back:
                    async with self._studio.work(Actor.system()) as work:
                        await self._studio.jobs.give_back(work.session, job.id, self._id, at=at)
                else:
                    await self._studio.jobs.finish(job.id, self._id)
                return
            except (DatabaseUnavailable, queue_errors.ConnectorException):
                if time.monotonic() > deadline:
                    return
            await asyncio.sleep(0.5)

    def _abort(self, job_id: int) -> None:
        """Cancel a running job; once more when it still runs some seconds later, for code that lost the first."""
        moment = time.monotonic()
        if job_id in self._running and moment - self._aborted.get(job_id, float("-inf")) > _ABORT_SECONDS:
            self._aborted[job_id] = moment
            self._running[job_id].cancel()

    async def _tidy(self) -> None:
        """Abort what was cancelled, give back what got lost on its way here, wake what dead workers left."""
        unknown: dict[int, float] = {}
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            if self._id is None:
                continue
            mine = list(await self._manager.list_jobs_async(worker_id=self._id, status="doing"))
            moment = time.monotonic()
            for job in mine:
                if job.abort_requested and job.id is not None:
                    self._abort(job.id)
            lost = {job.id for job in mine if job.id is not None and job.id not in self._running}
            unknown = {id: unknown.get(id, moment) for id in lost}
            async with self._studio.work(Actor.system()) as work:
                await self._keep_time(work)
                judge = moment - self._watching_since > STALLED_AFTER_SECONDS
                for id, since in unknown.items():
                    if moment - since > _UNKNOWN_SECONDS:
                        log.warning("worker.gave_back", job=id)
                        await self._studio.jobs.give_back(work.session, id, self._id)
                woken = await self._studio.jobs.wake_stalled(work.session, judge=judge)
            if woken:
                log.warning("worker.woke_stalled", jobs=woken)

    async def _keep_time(self, work: Work) -> None:
        if not await timekeeping.keep(work.session):
            # The database's clock may have been set: then every worker's last beat seems to be long ago.
            self._watching_since = time.monotonic()

    async def _drain(self, grace: float) -> None:
        if self._carrying:
            await asyncio.wait(set(self._carrying), timeout=grace)
        self._leaving = True
        for id in tuple(self._running):
            self._abort(id)
        if self._carrying:
            await asyncio.wait(set(self._carrying), timeout=_LAST_SECONDS)
        late = {run for run in self._running.values() if run.cancel()}
        await _end(self._carrying)
        if late:
            await asyncio.wait(late, timeout=_VERY_LAST_SECONDS)


@contextmanager
def _counted(job: QueuedJob) -> Iterator[None]:
    outcome, started = "failed", time.perf_counter()
    try:
        with metrics.JOBS_RUNNING.labels(job.queue).track_inprogress():
            yield
        outcome = "ok"
    except asyncio.CancelledError:
        outcome = "cancelled"
        raise
    finally:
        metrics.JOBS.labels(job.task_name, outcome).inc()
        seconds = time.perf_counter() - started
        metrics.JOB_SECONDS.labels(job.task_name).observe(seconds)
        log.debug("worker.job_ended", job=job.task_name, outcome=outcome, seconds=round(seconds, 3))


async def _forever(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Run `part` again when it ends or breaks: it lost its connection."""
    delay = 0.2
    while True:
        started = time.monotonic()
        try:
            await part()
        except Exception as error:
            cause = error.__cause__ or error
            log.warning("worker.lost_database", part=name, error=str(cause).strip()[:300], retry_in=delay)
        if time.monotonic() - started > 10:
            delay = 0.2
        await asyncio.sleep(delay)
        delay = min(delay * 2, 2.0)


async def _chores(studio: Studio, items: Iterable[Periodic]) -> None:
    """What every worker looks after, one thing at a time: none of it is urgent."""
    due = dict.fromkeys(items, 0.0)
    while due:
        item = min(due, key=lambda one: due[one])
        await asyncio.sleep(due[item] - time.monotonic())
        try:
            await item.run(studio)
        except Exception as error:
            log.warning("worker.chore_failed", chore=item.name, error=str(error).strip()[:300])
        due[item] = time.monotonic() + item.seconds


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: `asyncio.wait_for` may lose a cancellation before Python 3.12."""
    rest = {task for task in tasks if not task.done()}
    while rest:
        for task in rest:
            task.cancel()
        _, rest = await asyncio.wait(rest, timeout=0.5)
