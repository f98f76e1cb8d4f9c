"""Waiting: for a store or database that is away, and for work that must not be lost with its task."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog

from easel.core.work import DatabaseUnavailable
from easel.storage.base import StorageUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds for which finished pictures wait for a store or database that is away."""
LAST_MOMENTS = 0.7
"""Seconds more that such work gets when its task is cancelled: the worker stops."""


async def patiently(step: Callable[[], Awaitable[T]]) -> T:
    """Run `step`, again and again while the store or the database is away, for `PATIENCE` seconds."""
    deadline = time.monotonic() + PATIENCE
    delay = 0.2
    while True:
        try:
            return await step()
        except (DatabaseUnavailable, StorageUnavailable) as error:
            if time.monotonic() + delay > deadline:
                raise
            log.warning("generation.waiting", cause=error.detail, retry_in=delay)
        await asyncio.sleep(delay)
        delay = min(delay * 2, 5.0)


async def to_the_end(step: Coroutine[Any, Any, T]) -> T:
    """Await `step`, and give it `LAST_MOMENTS` seconds more when this task is cancelled meanwhile.

    Raises `CancelledError` after that, whether `step` came to its end or not.
    """
    task = asyncio.create_task(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LAST_MOMENTS)
        raise
    finally:
        if task.cancel():
            await asyncio.wait([task], timeout=LAST_MOMENTS)
        elif not task.cancelled() and (error := task.exception()):
            log.debug("generation.last_step_failed", error=str(error))
