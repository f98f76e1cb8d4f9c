"""Workers that die: real processes, killed while a provider works, and what the next worker makes of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from easel.features.generation.service import attempt
from tests.features.generation.painting_worker import NotingPainter
from tests.features.generation.steps import jobs, member, rows, submitted, until

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Several processes share a store only on the disk."""
    monkeypatch.setenv("STORAGE_URL", (tmp_path / "files").as_uri())
    return load()


@pytest.fixture
def kind() -> str:
    """What sort of provider all workers of the test have."""
    return "free"


@pytest.fixture
def painter(tmp_path: Path, kind: str) -> NotingPainter:
    """The provider of the test's own process, which is the next worker's."""
    return NotingPainter(tmp_path, kind)


class Doomed:
    """A worker process in the midst of a generation of two pictures."""

    def __init__(self, folder: Path, database_url: str, kind: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.features.generation.painting_worker", str(folder), kind]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url})

    def calls(self) -> list[str]:
        """What providers were asked for in all, by every process."""
        return (self.folder / "calls").read_text().splitlines()

    async def is_painting(self) -> None:
        """Wait until a provider, in whichever process, is in the midst of a picture."""

        async def look() -> bool:
            return (self.folder / "slow").exists()

        await until(look, seconds=40)
        (self.folder / "slow").unlink()

    def let_go(self) -> None:
        """Let pictures that are being painted be finished."""
        (self.folder / "go").touch()


@pytest.fixture
async def doomed(studio: Studio, tmp_path: Path, database_url: str, kind: str) -> AsyncIterator[Doomed]:
    """A worker to be killed, stopped or frozen."""
    await submitted(studio, await member(studio), "slow fox", num_images=2, seed=3)
    worker = Doomed(tmp_path, database_url, kind)
    try:
        await worker.is_painting()
        # Its first progress is written: it holds no lock in the database that would outlive it.
        await until(lambda: rows(studio, "SELECT id FROM generations WHERE progress <> '{}'"))
        await asyncio.sleep(0.1)
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


async def bury(studio: Studio) -> None:
    """Forget the workers there were, as their silence would have others do in some seconds."""
    await rows(studio, "DELETE FROM procrastinate_workers")


async def end_of(studio: Studio) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        return (await rows(studio, "SELECT status, attempt, error_code FROM generations"))[0]

    found: dict[str, Any] = await until(
        look, lambda row: row["status"] not in ("pending", "processing"), seconds=15
    )
    return found


async def seeds(studio: Studio) -> list[int]:
    return [row["seed"] for row in await rows(studio, "SELECT seed FROM images ORDER BY seed")]


async def test_after_a_kill_the_next_worker_makes_the_pictures_once(studio: Studio, doomed: Doomed) -> None:
    doomed.process.send_signal(signal.SIGKILL)
    died = time.monotonic()
    async with working(studio, grace=0):
        await doomed.is_painting()
        assert time.monotonic() - died < 15
        doomed.let_go()
        assert await end_of(studio) == {"status": "completed", "attempt": 2, "error_code": None}
    assert await seeds(studio) == [3, 4]
    assert doomed.calls() == ["generate slow fox"] * 2
    assert [file.key async for file in studio.storage.list("previews")] == []


async def test_a_worker_that_is_stopped_hands_on_at_once(studio: Studio, doomed: Doomed) -> None:
    async with working(studio, grace=0):
        doomed.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(doomed.process.wait, 10) == 0
        await asyncio.wait_for(doomed.is_painting(), 3)
        doomed.let_go()
        assert await end_of(studio) == {"status": "completed", "attempt": 2, "error_code": None}
        await until(lambda: jobs(studio), lambda found: not found)
    assert await seeds(studio) == [3, 4]
    assert doomed.calls() == ["generate slow fox"] * 2


@pytest.mark.parametrize("kind", ["paid"])
async def test_a_paid_call_that_was_cut_off_is_failed_and_never_repeated(
    studio: Studio, doomed: Doomed
) -> None:
    doomed.process.send_signal(signal.SIGKILL)
    await bury(studio)
    async with working(studio, grace=0):
        assert await end_of(studio) == {"status": "failed", "attempt": 1, "error_code": "unknown"}
    assert doomed.calls() == ["generate slow fox"]
    assert await seeds(studio) == []


@pytest.mark.parametrize("kind", ["paid with ids"])
async def test_a_paid_call_with_a_request_id_is_followed_by_the_next_worker(
    studio: Studio, doomed: Doomed
) -> None:
    doomed.process.send_signal(signal.SIGKILL)
    await bury(studio)
    doomed.let_go()
    async with working(studio, grace=0):
        assert await end_of(studio) == {"status": "completed", "attempt": 2, "error_code": None}
    assert doomed.calls() == ["generate slow fox", "resume request-1"]
    assert await seeds(studio) == [3, 4]


async def test_a_frozen_worker_that_comes_back_stores_nothing_twice(studio: Studio, doomed: Doomed) -> None:
    doomed.process.send_signal(signal.SIGSTOP)
    await bury(studio)
    async with working(studio, grace=0):
        await doomed.is_painting()
        doomed.let_go()
        assert (await end_of(studio))["status"] == "completed"
        doomed.process.send_signal(signal.SIGCONT)
        # It is known again, and finds that the work is not its own any more.
        await until(
            lambda: rows(studio, "SELECT id FROM procrastinate_workers"), lambda found: len(found) == 2
        )
        await asyncio.sleep(1)
    assert await seeds(studio) == [3, 4]
    assert await end_of(studio) == {"status": "completed", "attempt": 2, "error_code": None}
    assert doomed.process.poll() is None


async def test_a_generation_whose_job_is_gone_is_deferred_again(studio: Studio) -> None:
    ada = await member(studio)
    lost, fresh = await submitted(studio, ada, "lost"), await submitted(studio, ada, "fresh")
    await rows(studio, "DELETE FROM procrastinate_jobs")
    await rows(studio, "UPDATE generations SET updated_at = now() - interval '1 min' WHERE id = :id", id=lost)
    await asyncio.gather(*(attempt.recover(studio) for _ in range(4)))
    found = await rows(
        studio,
        "SELECT g.id FROM procrastinate_jobs j JOIN generations g ON g.job_id = j.id"
        " AND g.id::text = j.args->>'generation_id'",
    )
    # Once, though four looked at the same time; a fresh one may still be on its way.
    assert found == [{"id": lost}]
    assert fresh != lost


async def test_recovering_leaves_alone_what_has_a_job_or_has_ended(studio: Studio) -> None:
    ada = await member(studio)
    await submitted(studio, ada)
    ended = await submitted(studio, ada)
    await rows(studio, "UPDATE generations SET status = 'failed' WHERE id = :id", id=ended)
    await rows(studio, "DELETE FROM procrastinate_jobs WHERE args->>'generation_id' = :id", id=str(ended))
    await rows(studio, "UPDATE generations SET updated_at = now() - interval '1 min'")
    before = await rows(studio, "SELECT id FROM procrastinate_jobs")
    await attempt.recover(studio)
    assert await rows(studio, "SELECT id FROM procrastinate_jobs") == before
