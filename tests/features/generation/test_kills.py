"""Kill -9 at every step of an attempt: pictures or a plain failure, credits right, and never paid for twice.

The rows without a mark run with all tests, the others by ``make test-faults``.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from tests.features.credits.purse import give, purse
from tests.features.generation.halting_worker import PRICE, HaltingPainter
from tests.features.generation.steps import member, rows, submitted, until

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
CREDITS = 100


def case(kind: str, point: str, *, completed: bool, calls: int, always: bool = False) -> Any:
    """A provider's kind, the point where the worker dies, and the end: with pictures or not, after so many calls."""
    marks = () if always else (pytest.mark.faults,)
    return pytest.param(kind, point, completed, calls, marks=marks, id=f"{kind}: {point}")


CASES = [
    # What costs nothing is made anew, with the same seed.
    case("free", "claim", completed=True, calls=1),
    case("free", "claimed", completed=True, calls=1),
    case("free", "streaming", completed=True, calls=2),
    case("free", "storing", completed=True, calls=2),
    case("free", "settle", completed=True, calls=2),
    # What is paid and has no ids is never asked for twice, even where it may not have been asked for once.
    case("paid", "claim", completed=True, calls=1),
    case("paid", "claimed", completed=False, calls=0),
    case("paid", "streaming", completed=False, calls=1),
    case("paid", "storing", completed=False, calls=1),
    case("paid", "settle", completed=False, calls=1),
    # What has an id is followed by it, once that is stored.
    case("paid with ids", "claim", completed=True, calls=1),
    case("paid with ids", "claimed", completed=False, calls=0),
    case("paid with ids", "submitted", completed=False, calls=1, always=True),
    case("paid with ids", "accepted", completed=True, calls=1),
    case("paid with ids", "streaming", completed=True, calls=1),
    case("paid with ids", "storing", completed=True, calls=1),
    case("paid with ids", "settle", completed=True, calls=1, always=True),
]


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Several processes share a store only on the disk; credits are charged."""
    monkeypatch.setenv("STORAGE_URL", (tmp_path / "files").as_uri())
    monkeypatch.setenv("EASEL_BILLING", "on")
    monkeypatch.setenv("EASEL_GRANT_CREDITS", "0")
    return load()


@pytest.fixture
def kind() -> str:
    return "free"


@pytest.fixture
def painter(tmp_path: Path, kind: str) -> HaltingPainter:
    """The provider of the test's own process, which is the next worker's: it halts nowhere."""
    return HaltingPainter(tmp_path, kind)


@asynccontextmanager
async def held(studio: Studio) -> AsyncIterator[None]:
    """Nobody else writes the generation's row in the block."""
    async with studio.sessions.begin() as session:
        await session.execute(text("SELECT id FROM generations FOR UPDATE"))
        yield


async def waiting(studio: Studio, statement: str) -> bool:
    """Whether someone waits for the row with a statement that begins so."""
    found = await rows(
        studio,
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        " AND query ILIKE :query",
        query=statement,
    )
    return bool(found)


async def come_to(studio: Studio, folder: Path, point: str, start: Any, stack: AsyncExitStack) -> None:
    """Let a worker come to a point."""
    if point == "claim":
        await stack.enter_async_context(held(studio))
        start()
        await until(lambda: waiting(studio, "UPDATE generations%"), seconds=40)
    elif point == "settle":
        start()
        await until(lambda: asyncio.to_thread((folder / "slow").exists), seconds=40)
        # Its first progress is written; what comes next of it is the end.
        await until(lambda: rows(studio, "SELECT id FROM generations WHERE progress <> '{}'"), seconds=40)
        await stack.enter_async_context(held(studio))
        (folder / "go").touch()
        await until(lambda: waiting(studio, "SELECT generations%FOR UPDATE%"), seconds=40)
    else:
        start()
        await until(lambda: asyncio.to_thread((folder / "halted").exists), seconds=40)


@pytest.mark.parametrize(("kind", "point", "completed", "calls"), CASES)
async def test_after_a_kill_nothing_is_lost_that_need_be_and_nothing_is_paid_twice(
    studio: Studio, tmp_path: Path, database_url: str, kind: str, point: str, completed: bool, calls: int
) -> None:
    ada = await member(studio)
    await give(studio, ada, CREDITS)
    await submitted(studio, ada, "slow fox" if point == "settle" else "a fox", num_images=2, seed=3)
    assert await purse(studio, ada) == (CREDITS - 2 * PRICE, 2 * PRICE)
    module = "tests.features.generation.halting_worker"
    command = [sys.executable, "-m", module, str(tmp_path), kind, point]
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        environment = {**os.environ, "DATABASE_URL": database_url}
        processes.append(subprocess.Popen(command, cwd=ROOT, env=environment))

    try:
        async with AsyncExitStack() as stack:
            await come_to(studio, tmp_path, point, start, stack)
            processes[0].kill()
            await asyncio.to_thread(processes[0].wait)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    # Other workers would find out in some seconds that it is silent.
    await rows(studio, "DELETE FROM procrastinate_workers")
    (tmp_path / "go").touch()
    async with working(studio, grace=0):
        end = await until(
            lambda: rows(studio, "SELECT status, error_code, error_message FROM generations"),
            lambda found: found[0]["status"] not in ("pending", "processing"),
            seconds=40,
        )
    made = await rows(studio, "SELECT seed FROM images ORDER BY seed")
    if completed:
        assert end == [{"status": "completed", "error_code": None, "error_message": None}]
        assert [image["seed"] for image in made] == [3, 4]
    else:
        assert (end[0]["status"], end[0]["error_code"]) == ("failed", "unknown")
        assert "not repeated" in end[0]["error_message"]
        assert made == []
    noted = tmp_path / "calls"
    asked = noted.read_text().splitlines() if noted.exists() else []
    assert len([line for line in asked if line.startswith("generate")]) == calls
    assert await purse(studio, ada) == (CREDITS - 2 * PRICE * completed, 0)
