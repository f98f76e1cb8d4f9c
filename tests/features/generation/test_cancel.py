"""Cancelling: what waits never runs, what runs is stopped within a second, at the provider too."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from easel.app.worker import working
from tests.features.generation.steps import ended, events_of, jobs, rows, state, submit, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

with_ids = pytest.mark.parametrize("painter", [{"repeatable": False, "request_ids": True}], indirect=True)


async def cancel(client: httpx.AsyncClient, generation: dict[str, Any]) -> httpx.Response:
    return await client.delete(f"/api/generate/queue/{generation['id']}")


async def test_what_waits_is_cancelled_and_never_runs(server: Server, painter: Painter) -> None:
    client = await server.member()
    generation = await submit(client, "a fox")
    answer = await cancel(client, generation)
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert answer.json()["position"] is None
    assert await jobs(server.studio) == []
    async with working(server.studio, grace=0.5):
        after = await submit(client, "a hare")
        await ended(client, after)
    assert painter.calls == {"a hare": 1}
    assert (await state(client, generation))["status"] == "cancelled"
    assert await events_of(server.studio, generation["id"]) == ["generation.created", "generation.cancelled"]


async def test_what_runs_is_stopped(server: Server, worker: None, painter: Painter) -> None:
    client = await server.member()
    generation = await submit(client, "slow fox")
    await asyncio.wait_for(painter.slow.wait(), 10)
    assert (await cancel(client, generation)).json()["status"] == "cancelled"
    await asyncio.wait_for(painter.stopped.wait(), 10)
    await until(lambda: jobs(server.studio), lambda found: not found)
    assert (await state(client, generation))["status"] == "cancelled"
    assert await rows(server.studio, "SELECT count(*) AS images FROM images") == [{"images": 0}]
    assert [file.key async for file in server.studio.storage.list("previews")] == []


@with_ids
async def test_the_provider_is_asked_to_stop(server: Server, worker: None, painter: Painter) -> None:
    client = await server.member()
    generation = await submit(client, "slow fox")
    await asyncio.wait_for(painter.slow.wait(), 10)
    await cancel(client, generation)
    await asyncio.wait_for(painter.asked_to_stop.wait(), 3)
    assert painter.cancelled == ["request-1"]
    await until(lambda: jobs(server.studio), lambda found: not found)
    assert painter.cancelled == ["request-1"]


@with_ids
async def test_the_provider_is_asked_to_stop_what_is_cancelled_between_two_attempts(
    server: Server, painter: Painter
) -> None:
    client = await server.member()
    async with working(server.studio, grace=0):
        generation = await submit(client, "slow fox")
        await asyncio.wait_for(painter.slow.wait(), 10)
    # The worker has stopped and handed on; nobody follows the request at this moment.
    assert (await state(client, generation))["status"] == "pending"
    assert (await cancel(client, generation)).json()["status"] == "cancelled"
    async with working(server.studio, grace=0):
        await asyncio.wait_for(painter.asked_to_stop.wait(), 5)
    assert painter.cancelled == ["request-1"]
    assert painter.calls == {"slow fox": 1}


@with_ids
async def test_a_request_that_is_taken_after_the_cancel_is_stopped_too(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    painter.may_accept.clear()
    generation = await submit(client, "slow fox")
    await asyncio.wait_for(painter.started.wait(), 10)
    await cancel(client, generation)
    await asyncio.wait_for(painter.asked_to_stop.wait(), 5)
    assert painter.cancelled == ["request-1"]
    assert await rows(server.studio, "SELECT status, provider_request_id FROM generations") == [
        {"status": "cancelled", "provider_request_id": None}
    ]


async def test_cancelling_twice_is_quiet_and_tells_once(server: Server) -> None:
    client = await server.member()
    generation = await submit(client, "a fox")
    answers = await asyncio.gather(*(cancel(client, generation) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["status"] for answer in answers} == {"cancelled"}
    assert await events_of(server.studio, generation["id"]) == ["generation.created", "generation.cancelled"]


async def test_what_has_ended_cannot_be_cancelled(server: Server, worker: None) -> None:
    client = await server.member()
    for prompt, status in (("a fox", "completed"), ("refuse", "failed")):
        generation = await submit(client, prompt)
        await ended(client, generation)
        answer = await cancel(client, generation)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_ended")
        assert status in answer.json()["detail"]


async def test_nobody_cancels_what_is_another_workspaces(server: Server) -> None:
    ada, ben = await server.member(), await server.member("ben@example.com", "Ben")
    generation = await submit(ada, "a fox")
    answer = await cancel(ben, generation)
    assert (answer.status_code, answer.json()["code"]) == (404, "generation_not_found")
    assert (await state(ada, generation))["status"] == "pending"


async def test_a_cancel_is_noticed_though_no_message_of_it_arrives(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    await submit(client, "busy fox")
    await asyncio.wait_for(painter.started.wait(), 10)
    # Behind the queue's back: only the attempt's own writes can find it.
    await rows(server.studio, "UPDATE generations SET status = 'cancelled'")
    await asyncio.wait_for(painter.stopped.wait(), 5)
    await until(lambda: jobs(server.studio), lambda found: not found)
    assert await rows(server.studio, "SELECT count(*) AS images FROM images") == [{"images": 0}]
