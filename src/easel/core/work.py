"""Studio and Work: what a process opens once, and what one transaction is.

`Studio` holds the parts; `studio.work(actor)` is one transaction with the session, the actor, `defer` and
`emit`. All three commit together or not at all. Application code never commits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from httpx import AsyncBaseTransport
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from easel.base.crypto import StudioSecret
from easel.base.errors import EaselError
from easel.base.open_internet import GuardedTransport
from easel.base.settings import Settings
from easel.base.trail import Trail
from easel.core import events
from easel.core.actor import Actor
from easel.core.events import Event, Hub
from easel.core.federation.parts import Federation
from easel.core.jobs import Job, Jobs
from easel.core.news import News
from easel.media.isolated import Isolated
from easel.providers.registry import Providers
from easel.storage.base import Storage


class DatabaseUnavailable(EaselError):
    """The database does not answer at the moment. Nothing was changed; try again soon."""

    status = 503
    code = "database_unavailable"


Subscriber = Callable[["Work", Event], Awaitable[None]]


@dataclass(frozen=True)
class Studio:
    """The parts of one process. Tests build it with other parts; nothing is patched."""

    settings: Settings
    sessions: async_sessionmaker[AsyncSession]
    storage: Storage
    providers: Providers
    jobs: Jobs
    hub: Hub
    news: News
    secret: StudioSecret = field(repr=False)
    federation: Federation = field(default_factory=Federation)
    outside: Callable[[], AsyncBaseTransport] = GuardedTransport
    """How addresses that users name are reached; tests hand in one that may go to loopback."""
    isolated: Isolated = field(default_factory=Isolated)
    subscribers: Mapping[type[Event], tuple[Subscriber, ...]] = field(default_factory=dict)

    @asynccontextmanager
    async def work(self, actor: Actor) -> AsyncIterator[Work]:
        """One transaction: commits when the block ends, rolls back when it raises.

        Raises `DatabaseUnavailable` when the database cannot be reached or goes away.
        """
        with _translated():
            async with self.sessions.begin() as session:
                work = Work(session, actor, self)
                yield work
                await session.flush()
                await events.record(session, work.emitted)
            for event in work.emitted:
                event.count()

    @asynccontextmanager
    async def glance(self, actor: Actor) -> AsyncIterator[Work]:
        """For one read that needs no transaction around it: the database is asked once instead of three times.

        Raises as `work` does.
        """
        with _translated():
            async with self.sessions() as session:
                await session.connection(execution_options=_EACH_FOR_ITSELF)
                yield Work(session, actor, self)


_EACH_FOR_ITSELF = {"isolation_level": "AUTOCOMMIT"}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, psycopg.OperationalError, PoolTimeout, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, ConnectionError):
            raise
        raise DatabaseUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable from error
        raise


@dataclass(frozen=True)
class Work:
    """One transaction: the session, who acts, and what is to happen once it commits."""

    session: AsyncSession
    actor: Actor
    studio: Studio
    emitted: list[Event] = field(default_factory=list)

    async def defer(
        self, job: Job, /, *, at: datetime | None = None, trail: Trail | None = None, **args: str | int
    ) -> int:
        """Run `job` in the background if this transaction commits; `at` delays it. Answers the job's id.

        Its log lines have the id of the request that runs now, or of the one that `trail` comes from.
        """
        return await self.studio.jobs.defer(self.session, job, at=at, trail=trail, **args)

    async def emit(self, event: Event) -> None:
        """Record that something happened. Subscribers run now, in this transaction; listeners hear at commit."""
        self.emitted.append(event)
        for subscriber in self.studio.subscribers.get(type(event), ()):
            await subscriber(self, event)
