"""Finished pictures on their way into the library: stores that are away or full, and workers that stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from obstore.store import MemoryStore

from easel.app.worker import working
from easel.core.work import Studio
from easel.storage.base import Storage
from easel.storage.errors import StorageFull, StorageUnavailable
from tests.features.generation.steps import events_of, jobs, member, rows, submitted, until
from tests.plugins.painter import Painter

pytestmark = pytest.mark.anyio


class MoodyStorage(Storage):
    """A store in memory that is away, or full, for as long as the test says."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.mood: type[Exception] | None = None
        self.refused = asyncio.Event()

    async def put_content(self, data: bytes, *, suffix: str) -> str:
        if self.mood is not None:
            self.refused.set()
            raise self.mood
        return await super().put_content(data, suffix=suffix)


@pytest.fixture
async def storage() -> AsyncIterator[MoodyStorage]:
    """The studio's store."""
    storage = MoodyStorage()
    yield storage
    await storage.close()


@pytest.fixture
def studio(studio: Studio, storage: MoodyStorage) -> Studio:
    """A studio whose store has moods."""
    return replace(studio, storage=storage)


async def state(studio: Studio) -> dict[str, Any]:
    found = await rows(
        studio,
        "SELECT status, attempt, error_code, (SELECT count(*) FROM images) AS images FROM generations",
    )
    return found[0]


async def ended(studio: Studio) -> dict[str, Any]:
    found: dict[str, Any] = await until(
        lambda: state(studio), lambda now: now["status"] not in ("pending", "processing"), seconds=15
    )
    return found


async def test_a_store_that_is_away_for_a_while_costs_no_picture(
    studio: Studio, storage: MoodyStorage, painter: Painter
) -> None:
    storage.mood = StorageUnavailable
    await submitted(studio, await member(studio), "a fox", num_images=3)
    async with working(studio, grace=0.5):
        await asyncio.wait_for(storage.refused.wait(), 10)
        assert (await state(studio))["status"] == "processing"
        storage.mood = None
        assert await ended(studio) == {
            "status": "completed",
            "attempt": 1,
            "error_code": None,
            "images": 3,
        }
    assert painter.calls == {"a fox": 1}


async def test_a_store_that_is_full_fails_plainly_and_leaves_nothing(
    studio: Studio, storage: MoodyStorage
) -> None:
    storage.mood = StorageFull
    id = await submitted(studio, await member(studio), "a fox", num_images=2)
    async with working(studio, grace=0.5):
        assert await ended(studio) == {
            "status": "failed",
            "attempt": 1,
            "error_code": "storage_full",
            "images": 0,
        }
        await until(lambda: jobs(studio), lambda found: not found)
    assert await events_of(studio, id) == ["generation.created", "generation.started", "generation.failed"]


@pytest.mark.parametrize("painter", [{"repeatable": False}], indirect=True)
async def test_what_breaks_in_the_library_fails_plainly_and_leaves_nothing(
    studio: Studio, painter: Painter
) -> None:
    # The second of three pictures is one that the table refuses.
    await rows(studio, "ALTER TABLE images ADD CONSTRAINT odd CHECK (seed <> 4)")
    await submitted(studio, await member(studio), "a fox", num_images=3, seed=3)
    async with working(studio, grace=0.5):
        end = await ended(studio)
    assert end == {"status": "failed", "attempt": 1, "error_code": "unknown", "images": 0}
    message = (await rows(studio, "SELECT error_message FROM generations"))[0]["error_message"]
    assert message == "The pictures could not be stored; the log has the details."
    assert painter.calls == {"a fox": 1}
    assert await rows(studio, "SELECT image_count FROM users") == [{"image_count": 0}]


@pytest.mark.parametrize("painter", [{"repeatable": False}], indirect=True)
async def test_a_worker_that_stops_still_stores_what_was_paid_for(
    studio: Studio, storage: MoodyStorage, painter: Painter
) -> None:
    storage.mood = StorageUnavailable
    await submitted(studio, await member(studio), "a fox")
    async with working(studio, grace=0):
        await asyncio.wait_for(storage.refused.wait(), 10)
        storage.mood = None
    # The grace was over before the store was back, and the pictures are there.
    assert await state(studio) == {"status": "completed", "attempt": 1, "error_code": None, "images": 1}
    assert painter.calls == {"a fox": 1}


async def test_a_worker_that_stops_hands_on_what_it_cannot_store(
    studio: Studio, storage: MoodyStorage, painter: Painter
) -> None:
    storage.mood = StorageUnavailable
    await submitted(studio, await member(studio), "a fox")
    async with working(studio, grace=0):
        await asyncio.wait_for(storage.refused.wait(), 10)
    assert (await state(studio))["status"] == "pending"
    storage.mood = None
    async with working(studio, grace=0):
        assert await ended(studio) == {"status": "completed", "attempt": 2, "error_code": None, "images": 1}


async def test_someone_who_left_takes_their_generation_along(
    studio: Studio, storage: MoodyStorage, painter: Painter
) -> None:
    await submitted(studio, await member(studio), "slow fox")
    async with working(studio, grace=0.5):
        await asyncio.wait_for(painter.slow.wait(), 10)
        await rows(studio, "DELETE FROM users")
        painter.go.set()
        await until(lambda: jobs(studio), lambda found: not found)
    assert await rows(studio, "SELECT id FROM images") == []
    assert [file.key async for file in storage.list("previews")] == []


async def test_news_that_makes_no_sense_harms_no_call(studio: Studio, painter: Painter) -> None:
    await submitted(studio, await member(studio), "nonsense fox")
    async with working(studio, grace=0.5):
        seen: list[int] = []

        async def look() -> dict[str, Any]:
            row = (await rows(studio, "SELECT status, progress FROM generations"))[0]
            seen.append(row["progress"].get("percent", 0))
            return row

        end = await until(look, lambda row: row["status"] not in ("pending", "processing"))
    assert end["status"] == "completed"
    assert set(seen) <= set(range(101))


async def test_progress_that_cannot_be_written_harms_no_call(studio: Studio, painter: Painter) -> None:
    await submitted(studio, await member(studio), "busy fox")
    await rows(
        studio,
        "ALTER TABLE generations ADD CONSTRAINT no_news CHECK (progress = '{}' OR status = 'completed')",
    )
    async with working(studio, grace=0.5):
        assert (await ended(studio))["status"] == "completed"
    assert painter.calls == {"busy fox": 1}
    # All steps of the request are done, though none of them could be told.
    assert await rows(studio, "SELECT progress FROM generations") == [{"progress": {"step": 4, "steps": 4}}]
