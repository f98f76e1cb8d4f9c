"""The worker against lost connections, lost jobs and its own end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from easel.app.worker import Worker, working
from easel.base.clock import CLOCK, now, ticks
from easel.base.db import conninfo
from easel.core.actor import Actor
from easel.core.jobs import Job, Start, Task
from easel.core.work import Studio
from tests.features.generation.steps import events_of, jobs, member, rows, submitted, until
from tests.plugins.painter import Painter

pytestmark = pytest.mark.anyio

TRY = Job("tests.try", queue="generation")


def cut(url: str) -> int:
    """Terminate every connection to the database but this one; answers how many there were."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(found.fetchall())


@pytest.fixture
def away(postgres_url: str, database_url: str) -> Iterator[Away]:
    """Takes the test's database away and brings it back."""
    away = Away(postgres_url, database_url)
    yield away
    away.back()


class Away:
    """A database that refuses everyone for a while."""

    def __init__(self, server_url: str, url: str) -> None:
        self.server_url, self.url = server_url, url
        self.name = url.rsplit("?", 1)[0].rsplit("/", 1)[1]

    def gone(self) -> None:
        self._allow("false")
        with psycopg.connect(conninfo(self.server_url), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name]
            )

    def back(self) -> None:
        self._allow("true")

    def _allow(self, said: str) -> None:
        with psycopg.connect(conninfo(self.server_url), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {said}".encode())


async def completed(studio: Studio, count: int) -> None:
    await until(
        lambda: rows(studio, "SELECT id FROM generations WHERE status = 'completed'"),
        lambda found: len(found) == count,
        seconds=20,
    )


async def try_once(studio: Studio) -> int:
    async with studio.work(Actor.system()) as work:
        return await work.defer(TRY, number=1)


async def test_it_goes_on_after_all_its_connections_were_cut(
    studio: Studio, database_url: str, painter: Painter
) -> None:
    ada = await member(studio)
    async with working(studio, grace=0.5):
        await submitted(studio, ada, "one")
        await completed(studio, 1)
        assert await asyncio.to_thread(cut, database_url) > 2
        await submitted(studio, ada, "two")
        await submitted(studio, ada, "slow three")
        await completed(studio, 2)
        await asyncio.wait_for(painter.slow.wait(), 10)
        # And in the midst of a call, which is not harmed and not repeated.
        assert await asyncio.to_thread(cut, database_url) > 2
        await asyncio.sleep(0.3)
        painter.go.set()
        await completed(studio, 3)
    assert set(painter.calls.values()) == {1}


@pytest.mark.parametrize("painter", [{"repeatable": False}], indirect=True)
async def test_a_call_outlives_a_database_that_is_away_for_a_while(
    studio: Studio, away: Away, painter: Painter
) -> None:
    id = await submitted(studio, await member(studio), "slow fox")
    async with working(studio, grace=0.5):
        await asyncio.wait_for(painter.slow.wait(), 10)
        await asyncio.to_thread(away.gone)
        painter.go.set()
        await asyncio.sleep(4)
        await asyncio.to_thread(away.back)
        await completed(studio, 1)
        await until(lambda: jobs(studio), lambda found: not found)
    # Paid, and neither lost nor repeated.
    assert painter.calls == {"slow fox": 1}
    assert (await events_of(studio, id))[-1] == "generation.completed"


async def test_a_job_of_a_newer_easel_is_left_for_its_workers(studio: Studio) -> None:
    id = await try_once(studio)
    async with working(studio, grace=0):
        found = await until(
            lambda: rows(
                studio, "SELECT id, status::text, scheduled_at > now() AS later FROM procrastinate_jobs"
            ),
            lambda found: found[0]["later"],
        )
    assert found == [{"id": id, "status": "todo", "later": True}]


class Trial:
    """A task that does what the test says, on a worker of its own."""

    def __init__(self, studio: Studio) -> None:
        self.starts: list[Start] = []
        self.started, self.go = asyncio.Event(), asyncio.Event()
        self.worker = Worker(studio, {TRY.name: Task(TRY, self._run, told=True)}, {"generation": 4})

    async def _run(self, studio: Studio, *, start: Start, number: int) -> None:
        self.starts.append(start)
        self.started.set()
        await self.go.wait()
        if number < 0:
            raise RuntimeError("a job that fails")


async def test_a_job_that_fails_is_over(studio: Studio) -> None:
    trial = Trial(studio)
    trial.go.set()
    async with studio.work(Actor.system()) as work:
        await work.defer(TRY, number=-1)
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(trial.worker.run(grace=0))
        await asyncio.wait_for(trial.started.wait(), 10)
        await until(lambda: jobs(studio), lambda found: not found)
        running.cancel()
        await asyncio.wait([running])
    assert len(trial.starts) == 1


async def test_it_lives_for_others_while_it_waits_for_its_last_job(studio: Studio) -> None:
    """Else a long grace would have others take over what still runs here."""
    trial = Trial(studio)
    await try_once(studio)
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(trial.worker.run(grace=20))
        await asyncio.wait_for(trial.started.wait(), 10)
        running.cancel()
        await asyncio.sleep(0.5)
        first = await rows(studio, "SELECT last_heartbeat FROM procrastinate_workers")
        await until(
            lambda: rows(studio, "SELECT last_heartbeat FROM procrastinate_workers"),
            lambda found: found[0]["last_heartbeat"] > first[0]["last_heartbeat"],
        )
        trial.go.set()
        await asyncio.wait([running], timeout=15)
    assert await jobs(studio) == []
    assert await rows(studio, "SELECT id FROM procrastinate_workers") == []


async def test_what_does_not_end_in_its_grace_is_given_back(studio: Studio) -> None:
    trial = Trial(studio)
    id = await try_once(studio)
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(trial.worker.run(grace=0.2))
        await asyncio.wait_for(trial.started.wait(), 10)
        running.cancel()
        await asyncio.wait([running], timeout=15)
    found = await jobs(studio)
    assert [(job["id"], job["status"], job["worker_id"]) for job in found] == [(id, "todo", None)]


async def test_a_job_whose_answer_got_lost_on_its_way_here_is_given_back(studio: Studio) -> None:
    trial = Trial(studio)
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(trial.worker.run(grace=0))
        worker = (await until(lambda: rows(studio, "SELECT id FROM procrastinate_workers")))[0]["id"]
        # The queue thinks that this worker runs it; it never heard of it.
        await rows(
            studio,
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " VALUES ('generation', 'tests.try', '{\"number\": 1}', 'doing', :worker)",
            worker=worker,
        )
        await asyncio.wait_for(trial.started.wait(), 15)
        running.cancel()
        await asyncio.wait([running], timeout=15)
    assert trial.starts[0].lost_workers == 0


async def test_a_job_that_loses_its_cancellation_is_cancelled_again(studio: Studio) -> None:
    lost, over = asyncio.Event(), asyncio.Event()

    async def careless(studio: Studio, *, number: int) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            lost.set()
        try:
            await asyncio.sleep(60)
        finally:
            over.set()

    id = await try_once(studio)
    worker = Worker(studio, {TRY.name: Task(TRY, careless)}, {"generation": 1})
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(worker.run(grace=0))
        await until(lambda: jobs(studio), lambda found: found[0]["status"] == "doing")
        async with studio.work(Actor.system()) as work:
            await studio.jobs.cancel(work.session, id)
        await asyncio.wait_for(lost.wait(), 3)
        await asyncio.wait_for(over.wait(), 10)
        await until(lambda: jobs(studio), lambda found: not found)
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.timeout(300)
async def test_it_stops_in_a_storm_of_notifications(studio: Studio, database_url: str) -> None:
    """One that arrives together with the cancellation makes Python 3.11's `wait_for` lose the latter."""
    news = '{"type": "job_inserted", "job_id": 1}'

    async def storm() -> None:
        async with await psycopg.AsyncConnection.connect(conninfo(database_url), autocommit=True) as sender:
            while True:
                await sender.execute("SELECT pg_notify('procrastinate_queue_v1#generation', %s)", [news])

    blowing = asyncio.create_task(storm())
    for _ in range(12):
        async with asyncio.timeout(40), working(studio, grace=0):
            await asyncio.sleep(0.1)
    blowing.cancel()
    await asyncio.wait([blowing])


async def test_jobs_of_the_dead_are_taken_once_by_one_of_many(studio: Studio) -> None:
    # One that beat last before the database's clock was set back is as dead as one that was silent.
    await rows(
        studio,
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '9 s'), (now() + interval '9 min')",
    )
    await rows(
        studio,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
        " SELECT 'generation', 'tests.try', 'doing', id FROM procrastinate_workers, generate_series(1, 10)",
    )
    # The server of this test has only just begun; one that ran for long is what the rule is about.
    started = await rows(studio, "SELECT now() - pg_postmaster_start_time() > interval '8 s' AS long_ago")
    if not started[0]["long_ago"]:
        await asyncio.sleep(8)

    async def wake() -> int:
        async with studio.work(Actor.system()) as work:
            return await studio.jobs.wake_stalled(work.session)

    woken = await asyncio.gather(*(wake() for _ in range(6)))
    assert sum(woken) == 20
    assert {(job["status"], job["attempts"]) for job in await jobs(studio)} == {("todo", 1)}


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1)])
async def test_when_the_databases_clock_is_set_nobody_is_taken_for_dead(
    studio: Studio, off: timedelta
) -> None:
    """Every worker's last beat seems to be long ago then, or yet to come."""
    trial = Trial(studio)
    async with studio.jobs.app.open_async():
        running = asyncio.create_task(trial.worker.run(grace=0))
        await until(lambda: rows(studio, "SELECT id FROM procrastinate_workers"))
        # What it looks like to this worker: its clock is off by the same as the other's last beat.
        CLOCK.follow(now() - off, ticks())
        await rows(
            studio,
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - CAST(:off AS interval))",
            off=off,
        )
        await rows(
            studio,
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " SELECT 'generation', 'tests.try', '{\"number\": 1}', 'doing', max(id) FROM procrastinate_workers",
        )
        database = "SELECT abs(extract(epoch FROM :mine - clock_timestamp())) < 5 AS right"

        async def right() -> bool:
            return bool((await rows(studio, database, mine=now()))[0]["right"])

        await until(right)
        await asyncio.sleep(2.5)  # two looks more, at which it would judge
        assert [job["status"] for job in await jobs(studio)] == ["doing"]
        running.cancel()
        await asyncio.wait([running])


async def test_the_living_and_the_unjudged_keep_their_jobs(studio: Studio) -> None:
    await rows(
        studio,
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '5 s'), (now() - interval '20 s')",
    )
    await rows(
        studio,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
        " SELECT 'generation', 'tests.try', 'doing', id FROM procrastinate_workers",
    )
    async with studio.work(Actor.system()) as work:
        assert await studio.jobs.wake_stalled(work.session, judge=False) == 0
    assert {job["status"] for job in await jobs(studio)} == {"doing"}


async def test_stopping_and_starting_leaves_no_task_behind(studio: Studio) -> None:
    before = {task.get_name() for task in asyncio.all_tasks()}
    for _ in range(3):
        async with working(studio, grace=0):
            await submitted(studio, await member(studio, f"{uuid4()}@example.com"), "a fox")
            await asyncio.sleep(0.1)
    await asyncio.sleep(0)
    assert {task.get_name() for task in asyncio.all_tasks()} <= before
