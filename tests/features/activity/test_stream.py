"""The event stream over real HTTP: its order, what it replays, who hears it, and how it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.generation.events import GenerationQueued
from tests.features.activity.listening import listening
from tests.features.generation.steps import ended, rows, state, submit, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio


async def tell(studio: Studio, workspace: object, count: int) -> None:
    """Emit `count` events to a workspace's members, in one transaction."""
    async with studio.work(Actor.system()) as work:
        for _ in range(count):
            await work.emit(GenerationQueued(subject_id=uuid4(), workspace_id=workspace))  # type: ignore[arg-type]


async def workspace_of(studio: Studio, email: str = "ada@example.com") -> object:
    found = await rows(
        studio,
        "SELECT w.id FROM workspaces w JOIN users u ON u.id = w.owner_id WHERE u.email = :email",
        email=email,
    )
    return found[0]["id"]


async def test_a_generation_is_told_from_beginning_to_end(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    async with listening(client) as listener:
        generation = await submit(client, "slow fox")
        heard = await listener.until(
            lambda heard: any((event.data.get("progress") or {}).get("preview_url") for event in heard)
        )
        progress = heard[-1]
        assert progress.type == "generation.progress"
        assert progress.id is None
        assert (progress.data["id"], progress.data["status"]) == (generation["id"], "processing")
        assert (progress.data["progress"]["step"], progress.data["progress"]["percent"]) == (1, 25)
        url = progress.data["progress"]["preview_url"]
        preview = await client.get(url)
        assert preview.status_code == 200
        assert preview.headers["content-type"] == "image/webp"
        assert preview.content[:4] + preview.content[8:12] == b"RIFFWEBP"
        assert (await state(client, generation))["progress"]["preview_url"] == url

        painter.go.set()
        await listener.until_type("image.rendered")
        assert listener.lifecycle() == [
            "generation.created",
            "generation.started",
            "image.created",
            "generation.completed",
            "image.rendered",
        ]
        ids = [event.id for event in listener.heard if event.id is not None]
        assert ids == sorted(set(ids))
        types = [event.type for event in listener.heard]
        assert types.index("generation.started") < types.index("generation.progress")
        assert "generation.progress" not in types[types.index("generation.completed") :]
        gone = await until(lambda: client.get(url), lambda answer: answer.status_code == 404)
        assert gone.json()["code"] == "preview_gone"
        created = next(event for event in listener.heard if event.type == "image.created")
        assert created.data["generation_id"] == generation["id"]
        assert (await client.get(f"/api/images/{created.data['id']}")).status_code == 200


async def test_a_cut_connection_misses_nothing_and_hears_nothing_twice(server: Server) -> None:
    client = await server.member()
    workspace = await workspace_of(server.studio)
    heard: list[int] = []
    async with listening(client) as listener:
        last_id = listener.last_id
    telling = asyncio.create_task(_tell_steadily(server.studio, workspace, 60))
    cuts = 0
    while not telling.done() or len(heard) < 60:
        async with listening(client, last_id) as listener:
            await asyncio.sleep(0.15)
        heard += [event.id for event in listener.heard if event.id is not None]
        last_id = listener.last_id
        cuts += 1
        assert cuts < 100, heard
    await telling
    kept = await rows(server.studio, "SELECT id FROM events WHERE type = 'generation.queued' ORDER BY id")
    assert heard == [row["id"] for row in kept]


async def _tell_steadily(studio: Studio, workspace: object, count: int) -> None:
    for _ in range(count):
        await tell(studio, workspace, 1)
        await asyncio.sleep(0.01)


async def test_what_was_missed_comes_by_the_parameter_too(server: Server) -> None:
    client = await server.member()
    workspace = await workspace_of(server.studio)
    async with listening(client) as listener:
        begin = listener.last_id
    await tell(server.studio, workspace, 3)
    async with listening(client, after=begin) as listener:
        await listener.until(lambda heard: len(heard) == 3)


async def test_a_new_stream_hears_first_what_runs_at_present(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    generation = await submit(client, "slow fox")
    await asyncio.wait_for(painter.slow.wait(), 10)
    await until(lambda: rows(server.studio, "SELECT id FROM generations WHERE progress <> '{}'"))
    async with listening(client) as listener:
        heard = await listener.until(bool)
        assert heard[0].type == "generation.progress"
        assert heard[0].data["id"] == generation["id"]
        assert heard[0].data["progress"]["percent"] == 25
        assert heard[0].id is None


async def test_another_person_hears_nothing_of_it(server: Server, worker: None) -> None:
    ada, ben = await server.member(), await server.member("ben@example.com", "Ben")
    async with listening(ben) as bens, listening(ada) as adas:
        await ended(ada, await submit(ada, "a fox"))
        await adas.until_type("image.rendered")
        mine = await submit(ben, "a hare")
        await bens.until_type("image.rendered")
    assert {event.data["id"] for event in bens.heard if event.type.startswith("generation.")} == {mine["id"]}
    assert not {event.data["id"] for event in bens.heard} & {event.data["id"] for event in adas.heard}


async def test_nobody_listens_without_signing_in(server: Server) -> None:
    answer = await server.client().get("/api/events")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_progress_comes_at_most_four_times_a_second(server: Server, worker: None) -> None:
    client = await server.member()
    async with listening(client) as listener:
        await submit(client, "busy fox")
        await listener.until_type("generation.started")
        begin = time.monotonic()
        await listener.until_type("generation.completed")
        seconds = time.monotonic() - begin
    steps = [
        event.data["progress"]["step"] for event in listener.heard if event.type == "generation.progress"
    ]
    assert 2 <= len(steps) <= 4 * seconds + 2
    assert steps == sorted(steps)


async def test_who_missed_too_much_is_told_to_begin_afresh_and_goes_on_from_there(server: Server) -> None:
    client = await server.member()
    workspace = await workspace_of(server.studio)
    async with listening(client) as listener:
        begin = listener.last_id
    await tell(server.studio, workspace, 501)
    async with listening(client, begin) as listener:
        heard = await listener.until(bool)
        assert [event.type for event in heard] == ["reset"]
        await tell(server.studio, workspace, 2)
        await listener.until(lambda heard: len(heard) == 3)
        last_id = listener.last_id
    assert last_id is not None
    async with listening(client, last_id - 1) as listener:
        heard = await listener.until(bool)
        assert [(event.type, event.id) for event in heard] == [("generation.queued", last_id)]


async def test_an_id_from_the_future_begins_afresh(server: Server) -> None:
    """The database was put back to an earlier state; the browser remembers the later one."""
    client = await server.member()
    async with listening(client, 10**15) as listener:
        heard = await listener.until(bool)
        assert heard[0].type == "reset"
        await submit(client, "a fox")
        await listener.until_type("generation.created")


async def test_an_id_that_makes_no_sense_breaks_nothing(server: Server) -> None:
    client = await server.member()
    for odd in ("abc", "-1", "٣", "1e3", "9" * 20, ""):
        headers = [(b"Last-Event-ID", odd.encode())]
        async with client.stream("GET", "/api/events", headers=headers) as response:
            assert response.status_code == 200


async def test_a_listener_that_goes_away_leaves_nothing_behind(server: Server) -> None:
    client = await server.member()
    tasks = len(asyncio.all_tasks())
    for _ in range(5):
        async with listening(client), listening(client):
            assert server.studio.hub.listeners == 2
            await tell(server.studio, await workspace_of(server.studio), 3)
        await until(_listeners(server), lambda count: count == 0)
    await until(_tasks, lambda count: count <= tasks + 1)


async def test_a_listener_that_does_not_read_costs_no_one_else(server: Server) -> None:
    client = await server.member()
    workspace = await workspace_of(server.studio)
    async with client.stream("GET", "/api/events", timeout=30), listening(client) as listener:
        await tell(server.studio, workspace, 1)
        await listener.until(bool)
        for _ in range(6):
            await tell(server.studio, workspace, 400)
        await listener.until(lambda heard: len(heard) == 2401)
    await until(_listeners(server), lambda count: count == 0)


def _listeners(server: Server) -> Callable[[], Awaitable[int]]:
    async def look() -> int:
        return server.studio.hub.listeners

    return look


async def _tasks() -> int:
    return len(asyncio.all_tasks())


async def test_streams_end_with_the_server(server: Server, studio: Studio) -> None:
    async with serving(studio.settings, studio) as second:
        client = httpx.AsyncClient(base_url=second.url, headers=(await server.member()).headers)
        async with client, client.stream("GET", "/api/events") as response:
            studio.hub.close()
            async with asyncio.timeout(15):
                async for _ in response.aiter_lines():
                    pass
