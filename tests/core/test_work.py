"""One transaction for rows, jobs and events, and that its commit comes before the answer."""

from __future__ import annotations

import asyncio
import contextlib
from uuid import uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from easel.base.db import conninfo, create_engine, create_sessions
from easel.core.actor import Actor
from easel.core.events import Event
from easel.core.http import problems
from easel.core.http.deps import Open
from easel.core.jobs import Job
from easel.core.work import DatabaseUnavailable, Studio, Work

pytestmark = pytest.mark.anyio

TRY = Job("tests.try", queue="tests")


class Told(Event):
    """Something happened."""

    type = "tests.told"


async def count(studio: Studio, table: str) -> int:
    async with studio.sessions.begin() as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
async def table(studio: Studio) -> None:
    """A table whose rows must name a partner, which only the commit looks at."""
    async with studio.sessions.begin() as session:
        await session.execute(
            text(
                "CREATE TABLE things (id int PRIMARY KEY,"
                " partner int REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        )


async def test_rows_jobs_and_events_commit_together(studio: Studio, table: None) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(text("INSERT INTO things VALUES (1, 1)"))
        await work.defer(TRY, number=1)
        await work.emit(Told(subject_id=uuid4()))
    assert [await count(studio, name) for name in ("things", "procrastinate_jobs", "events")] == [1, 1, 1]


async def test_a_commit_that_fails_leaves_nothing(studio: Studio, table: None) -> None:
    with pytest.raises(Exception, match="things_partner_fkey"):  # noqa: PT012 - its end is what fails
        async with studio.work(Actor.system()) as work:
            await work.session.execute(text("INSERT INTO things VALUES (1, 2)"))
            await work.defer(TRY, number=1)
            await work.emit(Told(subject_id=uuid4()))
    assert [await count(studio, name) for name in ("things", "procrastinate_jobs", "events")] == [0, 0, 0]


async def test_an_event_that_cannot_be_written_undoes_all_the_rest(studio: Studio, table: None) -> None:
    for value in ("\0", "told"):
        with contextlib.suppress(DBAPIError):
            async with studio.work(Actor.system()) as work:
                await work.session.execute(text("INSERT INTO things VALUES (1, 1)"))
                await work.emit(Told(subject_id=uuid4(), data={"said": value}))
        written = int(value == "told")
        assert [await count(studio, name) for name in ("things", "events")] == [written, written]


async def test_the_commit_comes_before_the_answer(studio: Studio, table: None) -> None:
    """With a dependency of the default scope this route would answer 200, and nothing be stored."""
    app = FastAPI()
    problems.install(app)
    app.state.studio = studio

    async def authenticate(*_: object) -> Actor:
        return Actor.anonymous()

    app.state.authenticate = authenticate

    @app.post("/things/{partner}")
    async def add(partner: int, work: Open) -> dict[str, int]:
        await work.session.execute(text("INSERT INTO things VALUES (1, :partner)"), {"partner": partner})
        return {"added": 1}

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://easel") as client:
        failed = await client.post("/things/2")
        assert (failed.status_code, failed.json()["code"]) == (500, "internal_error")
        assert await count(studio, "things") == 0
        assert (await client.post("/things/1")).status_code == 200
        assert await count(studio, "things") == 1


async def test_subscribers_run_in_the_same_transaction(studio: Studio, table: None) -> None:
    async def fail(work: Work, event: Event) -> None:
        await work.session.execute(text("INSERT INTO things VALUES (1, 1)"))
        raise RuntimeError(event.type)

    listening = Studio(
        **{
            **{name: getattr(studio, name) for name in studio.__dataclass_fields__},
            "subscribers": {Told: (fail,)},
        }
    )
    with pytest.raises(RuntimeError, match=r"tests\.told"):
        async with listening.work(Actor.system()) as work:
            await work.emit(Told(subject_id=uuid4()))
    assert await count(studio, "things") == 0


@pytest.mark.parametrize("through", ["the session", "the queue"])
async def test_a_connection_that_breaks_is_a_database_that_is_away(
    studio: Studio, database_url: str, through: str
) -> None:
    def cut(pid: int) -> None:
        with psycopg.connect(conninfo(database_url), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])

    with pytest.raises(DatabaseUnavailable):  # noqa: PT012 - it breaks in the midst of the block
        async with studio.work(Actor.system()) as work:
            pid = await work.session.scalar(text("SELECT pg_backend_pid()"))
            await asyncio.to_thread(cut, pid)
            await asyncio.sleep(0.1)
            if through == "the queue":
                await work.defer(TRY, number=1)
            else:
                await work.session.execute(text("SELECT 1"))
    # The next transaction has a connection that works.
    async with studio.work(Actor.system()) as work:
        assert await work.session.scalar(text("SELECT 1")) == 1


async def test_a_database_that_is_not_there_is_one_that_is_away(studio: Studio) -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:9/nothing", pool_size=1)
    parts = {name: getattr(studio, name) for name in studio.__dataclass_fields__}
    elsewhere = Studio(**{**parts, "sessions": create_sessions(engine)})
    with pytest.raises(DatabaseUnavailable):
        async with elsewhere.work(Actor.system()) as work:
            await work.session.execute(text("SELECT 1"))
    await engine.dispose()
