"""Events and the hub: their order, what a hub hears after it was cut off, and listeners that are too slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import psycopg
import pytest

from easel.base.db import conninfo
from easel.core import events
from easel.core.actor import Actor
from easel.core.events import Event, Hub, Message, Subscription
from easel.core.work import Studio

pytestmark = pytest.mark.anyio


class Told(Event):
    """Something happened."""

    type = "tests.told"


@pytest.fixture
async def hub(studio: Studio, database_url: str) -> AsyncIterator[Hub]:
    """A hub that listens."""
    hub = Hub(database_url, studio.sessions)
    running = asyncio.create_task(hub.run())
    await asyncio.wait_for(hub.listening.wait(), 10)
    yield hub
    running.cancel()
    await asyncio.wait([running])


async def tell(studio: Studio, *subjects: UUID) -> None:
    async with studio.work(Actor.system()) as work:
        for subject in subjects:
            await work.emit(Told(subject_id=subject))


async def take(heard: Subscription, count: int) -> list[Message]:
    messages = []
    for _ in range(count):
        message = await heard.next(10)
        assert message is not None
        messages.append(message)
    return messages


def cut(url: str, *, application: str = "easel events") -> int:
    """Terminate the hub's connection as a failing network would; answers how many there were."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [application],
        )
        return len(found.fetchall())


async def test_events_of_one_transaction_keep_their_order(studio: Studio, hub: Hub) -> None:
    subjects = [uuid4() for _ in range(50)]
    with hub.subscribe(lambda message: True) as heard:
        await tell(studio, *subjects)
        messages = await take(heard, 50)
    assert [message.data["id"] for message in messages] == [str(subject) for subject in subjects]
    ids = [message.id or 0 for message in messages]
    assert ids == sorted(set(ids))


async def test_ids_rise_in_the_order_of_commits_though_many_commit_at_once(studio: Studio, hub: Hub) -> None:
    with hub.subscribe(lambda message: True) as heard:
        await asyncio.gather(*(tell(studio, uuid4(), uuid4()) for _ in range(30)))
        ids = [message.id or 0 for message in await take(heard, 60)]
    assert ids == sorted(set(ids))


async def test_what_is_rolled_back_is_never_heard(studio: Studio, hub: Hub) -> None:
    after = uuid4()
    with hub.subscribe(lambda message: True) as heard:
        with pytest.raises(RuntimeError):  # noqa: PT012 - the whole transaction fails
            async with studio.work(Actor.system()) as work:
                await work.emit(Told(subject_id=uuid4()))
                await work.session.flush()
                await events.record(work.session, work.emitted)
                raise RuntimeError
        await tell(studio, after)
        assert [message.data["id"] for message in await take(heard, 1)] == [str(after)]


async def test_a_hub_that_was_cut_off_comes_back_and_misses_nothing(
    studio: Studio, hub: Hub, database_url: str
) -> None:
    subjects = [uuid4() for _ in range(40)]
    with hub.subscribe(lambda message: True) as heard:
        for number, subject in enumerate(subjects):
            if number % 10 == 5:
                assert await asyncio.to_thread(cut, database_url) == 1
                await asyncio.sleep(0.02)
            await tell(studio, subject)
            if number % 10 == 9:
                await asyncio.wait_for(hub.listening.wait(), 10)
        messages = await take(heard, 40)
        assert [message.data["id"] for message in messages] == [str(subject) for subject in subjects]


async def test_a_long_gap_is_read_in_pages_and_whole(studio: Studio, hub: Hub, database_url: str) -> None:
    with hub.subscribe(lambda message: True, size=5000) as heard:
        await asyncio.to_thread(cut, database_url)
        await tell(studio, *(uuid4() for _ in range(1234)))
        messages = await take(heard, 1234)
        assert len({message.id for message in messages}) == 1234


async def test_a_hub_begins_with_what_comes_and_not_with_what_was(studio: Studio, database_url: str) -> None:
    await tell(studio, uuid4())
    hub = Hub(database_url, studio.sessions)
    with hub.subscribe(lambda message: True) as heard:
        running = asyncio.create_task(hub.run())
        await asyncio.wait_for(hub.listening.wait(), 10)
        fresh = uuid4()
        await tell(studio, fresh)
        assert (await take(heard, 1))[0].data["id"] == str(fresh)
        running.cancel()
        await asyncio.wait([running])


async def test_signals_are_heard_and_leave_no_row(studio: Studio, hub: Hub) -> None:
    workspace = uuid4()
    with hub.subscribe(lambda message: message.workspace_id == workspace) as heard:
        async with studio.work(Actor.system()) as work:
            await events.signal(
                work.session, "tests.progress", workspace_id=uuid4(), user_id=None, data={"step": 1}
            )
            await events.signal(
                work.session, "tests.progress", workspace_id=workspace, user_id=None, data={"step": 2}
            )
        message = (await take(heard, 1))[0]
    assert (message.type, message.id, message.data) == ("tests.progress", None, {"step": 2})
    async with studio.work(Actor.system()) as work:
        assert await events.newest(work.session) == 0


async def test_a_listener_that_is_too_slow_is_told_so_and_holds_up_no_other(studio: Studio, hub: Hub) -> None:
    with hub.subscribe(lambda message: True, size=5) as slow, hub.subscribe(lambda message: True) as quick:
        await tell(studio, *(uuid4() for _ in range(20)))
        await take(quick, 20)
        assert slow.lost
        assert not quick.lost


async def test_closing_ends_every_listener_and_later_ones_at_once(studio: Studio, hub: Hub) -> None:
    with hub.subscribe(lambda message: True, size=1) as heard:
        await tell(studio, uuid4())
        waiting = asyncio.create_task(heard.next(10))
        await waiting
        hub.close()
        assert await heard.next(1) is None
    with hub.subscribe(lambda message: True) as later:
        assert await later.next(1) is None
    assert hub.listeners == 0


async def test_what_was_missed_is_limited_to_the_audience(studio: Studio) -> None:
    mine, other, me = uuid4(), uuid4(), uuid4()
    async with studio.work(Actor.system()) as work:
        await work.emit(Told(subject_id=uuid4(), workspace_id=mine))
        await work.emit(Told(subject_id=uuid4(), workspace_id=other, user_id=me))
        await work.emit(Told(subject_id=uuid4(), user_id=me))
        await work.emit(Told(subject_id=uuid4(), user_id=uuid4()))
        await work.emit(Told(subject_id=uuid4()))
    async with studio.work(Actor.system()) as work:
        found = await events.since(work.session, 0, workspace_ids=[mine], user_id=me)
        assert found is not None
        assert [(message.workspace_id, message.user_id) for message in found] == [(mine, None), (None, me)]
        assert await events.since(work.session, 10**15, workspace_ids=[mine], user_id=me) == []
