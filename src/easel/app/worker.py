"""The worker process: queues and their concurrency, and what every worker looks after by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import procrastinate
import structlog

from easel import media
from easel.app.features import FEATURES
from easel.core.jobs import HEARTBEAT_SECONDS, STALLED_AFTER_SECONDS, Periodic
from easel.core.work import Studio

log = structlog.get_logger(__name__)

_SWEEP_SECONDS = 3.0
_NICENESS = 5


def queues(studio: Studio) -> dict[str, int]:
    """The queues and how many of each one's jobs run at once in this process."""
    worker = studio.settings.worker
    return {"generation": worker.generations, "media": worker.media}


async def run_worker(studio: Studio, *, grace: float, only: frozenset[str] | None = None) -> None:
    """Work until SIGTERM or SIGINT; then let jobs finish for `grace` seconds, and hand on the rest."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with working(studio, grace=grace, only=only):
        log.info("worker.ready")
        await stop.wait()
        log.info("worker.stopping")


@asynccontextmanager
async def working(studio: Studio, *, grace: float, only: frozenset[str] | None = None) -> AsyncIterator[None]:
    """A worker for as long as the block runs, on all queues or `only` some; tests and commands use it too."""
    media.limit_threads()
    app = studio.jobs.app
    _register(app, studio)
    async with app.open_async():
        tasks = [
            asyncio.create_task(
                _forever(f"queue {queue}", _worker(app, queue, concurrency, grace)), name=queue
            )
            for queue, concurrency in queues(studio).items()
            if only is None or queue in only
        ]
        sweep = Periodic("jobs.wake_stalled", _SWEEP_SECONDS, _wake_stalled)
        periodic = [sweep, *(item for feature in FEATURES for item in feature.periodic)]
        chores = [asyncio.create_task(_every(studio, item), name=item.name) for item in periodic]
        try:
            yield
        finally:
            for task in chores:
                task.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*chores, *tasks, return_exceptions=True)


def be_nice() -> None:
    """Let the web server go first where both share a machine."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)


def _register(app: procrastinate.App, studio: Studio) -> None:
    for feature in FEATURES:
        for task in feature.tasks:
            if task.job.name not in app.tasks:
                app.task(name=task.job.name, queue=task.job.queue)(_bound(studio, task.run))


def _bound(studio: Studio, run: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def task(**args: Any) -> None:
        with structlog.contextvars.bound_contextvars(**args):
            await run(studio, **args)

    return task


def _worker(
    app: procrastinate.App, queue: str, concurrency: int, grace: float
) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        await app.run_worker_async(
            queues=[queue],
            name=f"{queue}-{os.getpid()}",
            concurrency=concurrency,
            fetch_job_polling_interval=1.0,
            abort_job_polling_interval=1.0,
            shutdown_graceful_timeout=grace,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_AFTER_SECONDS * 5,
        )

    return work


async def _forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` again when it ends by itself: the queue's worker gives up when its connection breaks."""
    delay = 0.5
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await work()
            log.warning("worker.ended", part=name, retry_in=delay)
        except Exception as error:
            log.warning("worker.lost_database", part=name, error=str(error).strip()[:300], retry_in=delay)
        if asyncio.get_running_loop().time() - started > 30:
            delay = 0.5
        await asyncio.sleep(delay)
        delay = min(delay * 2, 10.0)


async def _every(studio: Studio, item: Periodic) -> None:
    while True:
        try:
            await item.run(studio)
        except Exception as error:
            log.warning("worker.chore_failed", chore=item.name, error=str(error).strip()[:300])
        await asyncio.sleep(item.seconds)


async def _wake_stalled(studio: Studio) -> None:
    count = await studio.jobs.wake_stalled()
    if count:
        log.warning("worker.woke_stalled", jobs=count)
