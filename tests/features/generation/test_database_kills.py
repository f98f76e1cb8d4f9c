"""The database killed at every step of an attempt: the pictures arrive, are asked for once, and are paid for once.

The row without a mark runs with all tests, the others by ``make test-faults``.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy.exc import DBAPIError

from easel.app.embedded import EmbeddedPostgres
from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import DatabaseUnavailable, Studio
from easel.providers.registry import Providers
from tests.features.credits.purse import give, purse
from tests.features.generation.halting_worker import PRICE, HaltingPainter, HaltingStorage
from tests.features.generation.steps import events_of, jobs, member, rows, submitted, until
from tests.features.generation.test_kills import held, waiting

pytestmark = pytest.mark.anyio

CREDITS = 100
ALWAYS = ("paid with ids", "submitted")


def cases() -> list[Any]:
    """Each point of an attempt with each kind of provider; only ids are stored between two points of their own."""
    points = ("claim", "claimed", "submitted", "accepted", "streaming", "storing", "settle")
    return [
        pytest.param(
            kind, point, id=f"{kind}: {point}", marks=() if (kind, point) == ALWAYS else pytest.mark.faults
        )
        for kind in ("free", "paid", "paid with ids")
        for point in points
        if "ids" in kind or point not in ("submitted", "accepted")
    ]


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Credits are charged."""
    monkeypatch.setenv("EASEL_BILLING", "on")
    monkeypatch.setenv("EASEL_GRANT_CREDITS", "0")
    return load()


@pytest.fixture
def painter(tmp_path: Path, kind: str, point: str) -> HaltingPainter:
    return HaltingPainter(tmp_path, kind, point)


@asynccontextmanager
async def two_workers(studio: Studio, url: str, painter: HaltingPainter) -> AsyncIterator[None]:
    """One has the generation, and the other is not to take it for lost."""
    storage = HaltingStorage(studio.storage, painter)
    async with (
        open_studio(studio.settings, url, providers=Providers([painter])) as other,
        working(replace(studio, storage=storage), grace=0),
        working(replace(other, storage=storage), grace=0),
    ):
        yield


@asynccontextmanager
async def held_until_the_crash(studio: Studio) -> AsyncIterator[None]:
    """As `held`, by a server that dies in the block, and the lock with it."""
    with suppress(DBAPIError):
        async with held(studio):
            yield


async def crash(server: EmbeddedPostgres, process: psutil.Process) -> None:
    """Kill the server without a word to anybody, and start it again."""
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait, 60)
    await asyncio.to_thread(server.start)


def patient(look: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """A look that finds nothing where it meets a connection of before the crash."""

    async def found() -> Any:
        with suppress(DBAPIError, DatabaseUnavailable):
            return await look()
        return None

    return found


@pytest.mark.parametrize(("kind", "point"), cases())
async def test_the_database_dies_and_pictures_arrive_and_are_paid_for_once(
    studio: Studio, database_url: str, postgres_server: EmbeddedPostgres, painter: HaltingPainter, point: str
) -> None:
    ada = await member(studio)
    await give(studio, ada, CREDITS)
    backend = await rows(studio, "SELECT pg_backend_pid() AS pid")
    process = psutil.Process(psutil.Process(backend[0]["pid"]).ppid())
    id = await submitted(studio, ada, "slow fox" if point == "settle" else "a fox", num_images=2, seed=3)
    if point == "claim":
        async with held_until_the_crash(studio), two_workers(studio, database_url, painter):
            await until(lambda: waiting(studio, "UPDATE generations%"), seconds=40)
            await crash(postgres_server, process)
            await over(studio)
    else:
        async with two_workers(studio, database_url, painter):
            if point == "settle":
                await asyncio.wait_for(painter.slow.wait(), 40)
                # Its first progress is written; what comes next of it is the end.
                await until(lambda: rows(studio, "SELECT id FROM generations WHERE progress <> '{}'"))
                async with held_until_the_crash(studio):
                    painter.go.set()
                    await until(lambda: waiting(studio, "SELECT generations%FOR UPDATE%"), seconds=40)
                    await crash(postgres_server, process)
            else:
                await asyncio.wait_for(painter.halted.wait(), 40)
                await crash(postgres_server, process)
                painter.go_on.set()
            await over(studio)
    end = await rows(studio, "SELECT status, error_message, attempt FROM generations")
    assert end == [{"status": "completed", "error_message": None, "attempt": 1}]
    assert [row["seed"] for row in await rows(studio, "SELECT seed FROM images ORDER BY seed")] == [3, 4]
    assert painter.calls.total() == 1
    assert await purse(studio, ada) == (CREDITS - 2 * PRICE, 0)
    told = await events_of(studio, id)
    assert [told.count(f"generation.{word}") for word in ("created", "started", "completed")] == [1, 1, 1]


async def over(studio: Studio) -> None:
    """Wait until the generation has ended, and its job is gone from the queue."""
    unfinished = "SELECT id FROM generations WHERE status IN ('pending', 'processing')"
    await until(patient(lambda: rows(studio, unfinished)), lambda found: found == [], seconds=60)
    await until(patient(lambda: jobs(studio)), lambda found: found == [], seconds=60)
