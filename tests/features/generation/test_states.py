"""The state machine: what may follow what, who wins a race, and that events go with the state or not at all."""

from __future__ import annotations

import asyncio
import itertools
from typing import get_args
from uuid import UUID

import pytest

from easel.core.actor import Actor
from easel.core.jobs import Start
from easel.core.work import Studio
from easel.features.generation.service import claim, settle, states
from easel.features.generation.service.states import TRANSITIONS, Status
from easel.providers.base import Produced, Result
from tests.features.generation.steps import ended, events_of, member, rows, submit, submitted
from tests.plugins.painter import picture
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

STATES: tuple[Status, ...] = get_args(Status)
PAIRS = list(itertools.product(STATES, STATES))


async def put(studio: Studio, id: UUID, status: str) -> None:
    await rows(studio, "UPDATE generations SET status = :status WHERE id = :id", id=id, status=status)


async def status_of(studio: Studio, id: UUID) -> str:
    found: str = (await rows(studio, "SELECT status FROM generations WHERE id = :id", id=id))[0]["status"]
    return found


async def start_of(studio: Studio, id: UUID) -> Start:
    return Start((await rows(studio, "SELECT job_id FROM generations WHERE id = :id", id=id))[0]["job_id"])


async def test_the_table_knows_every_state_and_nothing_leaves_a_completed_one() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert TRANSITIONS["completed"] == frozenset()
    allowed = {(origin, to) for origin, to in PAIRS if to in TRANSITIONS[origin]}
    assert allowed == {
        ("pending", "processing"),
        ("pending", "failed"),
        ("pending", "cancelled"),
        ("pending", "pending"),
        ("processing", "completed"),
        ("processing", "failed"),
        ("processing", "cancelled"),
        ("processing", "pending"),
        ("processing", "processing"),
        ("failed", "pending"),
        ("cancelled", "pending"),
    }


async def test_every_allowed_transition_moves_and_tells_and_every_other_is_refused(studio: Studio) -> None:
    ada = await member(studio)
    for origin, to in PAIRS:
        id = await submitted(studio, ada)
        await put(studio, id, origin)
        if to in TRANSITIONS[origin]:
            async with studio.work(ada) as work:
                moved = await states.advance(work, id, to, come_from=(origin,))
                assert moved is not None
            assert await status_of(studio, id) == to
            told = {"pending": "queued", "processing": "started"}.get(to, to)
            assert await events_of(studio, id) == ["generation.created", f"generation.{told}"]
        else:
            with pytest.raises(ValueError, match=f"from {origin} to {to}"):
                async with studio.work(ada) as work:
                    await states.advance(work, id, to, come_from=(origin,))
            assert await status_of(studio, id) == origin
            assert await events_of(studio, id) == ["generation.created"]


async def test_a_transition_from_another_state_than_named_changes_and_tells_nothing(studio: Studio) -> None:
    ada = await member(studio)
    id = await submitted(studio, ada)
    async with studio.work(ada) as work:
        assert await states.advance(work, id, "completed", come_from=("processing",)) is None
        assert await states.advance(work, id, "cancelled", come_from=("pending",), attempt=7) is None
    assert await status_of(studio, id) == "pending"
    assert await events_of(studio, id) == ["generation.created"]


async def test_of_many_who_advance_at_once_exactly_one_wins(studio: Studio) -> None:
    ada = await member(studio)
    id = await submitted(studio, ada)

    async def advance() -> bool:
        async with studio.work(ada) as work:
            moved = await states.advance(
                work, id, "processing", come_from=("pending",), attempt=0, next_attempt=True
            )
            return moved is not None

    won = await asyncio.gather(*(advance() for _ in range(12)))
    assert sum(won) == 1
    assert await events_of(studio, id) == ["generation.created", "generation.started"]
    assert await rows(studio, "SELECT attempt FROM generations") == [{"attempt": 1}]


async def test_state_and_event_are_undone_together(studio: Studio) -> None:
    ada = await member(studio)
    id = await submitted(studio, ada)
    with pytest.raises(RuntimeError, match="after all"):  # noqa: PT012 - the whole transaction fails
        async with studio.work(ada) as work:
            assert await states.advance(work, id, "processing", come_from=("pending",))
            raise RuntimeError("after all")
    assert await status_of(studio, id) == "pending"
    assert await events_of(studio, id) == ["generation.created"]


async def test_an_attempt_that_was_taken_over_stores_nothing(studio: Studio) -> None:
    id = await submitted(studio, await member(studio))
    start = await start_of(studio, id)
    first = await claim.take(studio, id, start)
    second = await claim.take(studio, id, start)
    assert first is not None
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)
    await settle.complete(studio, first, Result((Produced(picture(32, 32, 1), 1),)), seconds=1)
    await settle.fail(studio, first, "unknown", "too late")
    await settle.requeue(studio, first, request_id=None)
    assert await rows(studio, "SELECT count(*) AS images FROM images") == [{"images": 0}]
    assert await status_of(studio, id) == "processing"
    await settle.complete(studio, second, Result((Produced(picture(32, 32, 1), 1),)), seconds=1)
    assert await status_of(studio, id) == "completed"
    assert await rows(studio, "SELECT seed FROM images") == [{"seed": 1}]
    assert await events_of(studio, id) == [
        "generation.created",
        "generation.started",
        "generation.started",
        "image.created",
        "generation.completed",
    ]


async def test_a_job_that_the_generation_does_not_name_any_more_takes_nothing(studio: Studio) -> None:
    id = await submitted(studio, await member(studio))
    start = await start_of(studio, id)
    assert await claim.take(studio, id, start) is not None
    assert await claim.take(studio, id, Start(start.job_id + 1)) is None
    assert await rows(studio, "SELECT status, attempt FROM generations") == [
        {"status": "processing", "attempt": 1}
    ]


async def test_an_event_that_is_committed_later_has_a_higher_id(studio: Studio) -> None:
    ada = await member(studio)
    ids = await asyncio.gather(*(submitted(studio, ada) for _ in range(5)))

    async def cancel(id: UUID) -> None:
        async with studio.work(Actor.system()) as work:
            await states.advance(work, id, "cancelled", come_from=("pending",))

    before = (await rows(studio, "SELECT max(id) AS id FROM events"))[0]["id"]
    for id in reversed(ids):
        await cancel(id)
    found = await rows(studio, "SELECT subject_id FROM events WHERE id > :id ORDER BY id", id=before)
    assert [row["subject_id"] for row in found] == ids[::-1]


async def test_cancelling_against_completing_ends_in_one_of_both(server: Server, worker: None) -> None:
    client = await server.member()
    generations = [await submit(client, f"a race {number}") for number in range(10)]

    async def cancel(generation: dict[str, object], delay: float) -> None:
        await asyncio.sleep(delay)
        answer = await client.delete(f"/api/generate/queue/{generation['id']}")
        assert answer.status_code in (200, 409), answer.text

    # Fifty clients, five for each of ten generations that are being made at this moment.
    await asyncio.gather(
        *(cancel(generation, 0.02 * number) for generation in generations for number in range(5))
    )
    for generation in generations:
        end = await ended(client, generation)
        assert end["status"] in ("completed", "cancelled")
        assert len(end["images"]) == (1 if end["status"] == "completed" else 0)
        told = await events_of(server.studio, generation["id"])
        assert told[-1] == f"generation.{end['status']}"
        assert told.count("generation.completed") + told.count("generation.cancelled") == 1
    images = await rows(server.studio, "SELECT generation_id FROM images")
    completed = await rows(server.studio, "SELECT id FROM generations WHERE status = 'completed'")
    assert sorted(row["generation_id"] for row in images) == sorted(row["id"] for row in completed)
