"""Events: what happened, as rows, and who hears of it.

Lifecycle events are rows of the table `events`, written in the transaction that they tell of, and announced by
NOTIFY with their ids alone. Progress is a notification only. One LISTEN connection per web process feeds the
`Hub`, which hands both to whoever subscribed there.

Ids rise in the order of commits: the insert goes with the COMMIT, in one trip, under an advisory lock that is
held until its end (which NOTIFY would serialise anyway). So a reader that has seen id n has seen all below.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import BigInteger, Identity, Index, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Mapped, mapped_column

from easel.base import clock, metrics
from easel.base.clock import now
from easel.base.db import Base, conninfo, driver
from easel.core import timekeeping

log = structlog.get_logger(__name__)

_LOCK = 0x45A5E1
_EVENTS = "easel_events"
_SIGNALS = "easel_signals"
_REPLAY_LIMIT = 500
_PAGE = 500
_QUIET_SECONDS = 15.0
"""A connection that heard nothing for so long is asked whether it still works."""

# The lock comes before the ids: no row of the join exists before it is held.
_RECORD = """
    WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(%(lock)s)),
    written AS (
        INSERT INTO events (type, subject_id, workspace_id, user_id, data)
        SELECT type, subject_id, workspace_id, user_id, data
        FROM locked, ROWS FROM (jsonb_to_recordset(CAST(%(events)s AS jsonb)) AS (
            type text, subject_id uuid, workspace_id uuid, user_id uuid, data jsonb
        )) WITH ORDINALITY AS event (type, subject_id, workspace_id, user_id, data, number)
        ORDER BY number
        RETURNING id
    )
    SELECT pg_notify(%(channel)s, max(id)::text) FROM written
"""


class EventRow(Base):
    """A lifecycle event as stored."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    type: Mapped[str]
    subject_id: Mapped[UUID]
    workspace_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        Index("ix_events_workspace_id_id", "workspace_id", "id"),
        Index("ix_events_created_at", "created_at"),
    )


@dataclass(frozen=True, slots=True)
class Event:
    """Base of every event; a subclass names its `type` and adds what listeners need.

    `workspace_id` says whose members hear of it; with `user_id` alone only that user does.
    """

    type: ClassVar[str] = ""

    subject_id: UUID
    workspace_id: UUID | None = None
    user_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def count(self) -> None:
        """Called once it is committed, for what this process counts."""
        metrics.EVENTS.labels(self.type).inc()


@dataclass(frozen=True, slots=True)
class Message:
    """What a listener receives: a lifecycle event (with an id) or a passing signal (without)."""

    type: str
    workspace_id: UUID | None
    user_id: UUID | None
    data: dict[str, Any]
    id: int | None = None
    text: str = field(init=False, repr=False, compare=False)
    """`data` as JSON: made once, however many listen."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", json.dumps(self.data, separators=(",", ":")))


async def record(session: AsyncSession, emitted: list[Event]) -> None:
    """Have the events of a transaction written and announced with its COMMIT. Call last."""
    if not emitted:
        return
    rows = [
        {
            "type": event.type,
            "subject_id": str(event.subject_id),
            "workspace_id": str(event.workspace_id) if event.workspace_id else None,
            "user_id": str(event.user_id) if event.user_id else None,
            "data": {"id": str(event.subject_id), **event.data},
        }
        for event in emitted
    ]
    values = {"lock": _LOCK, "channel": _EVENTS, "events": json.dumps(rows)}
    # What waits for the commit takes its locks before that of the events, as everything else does.
    (await driver(session)).before_commit(("SET CONSTRAINTS ALL IMMEDIATE", {}), (_RECORD, values))


async def signal(
    session: AsyncSession, type: str, *, workspace_id: UUID | None, user_id: UUID | None, data: dict[str, Any]
) -> None:
    """Tell listeners something that is not worth a row, such as progress; at most 7,900 bytes as JSON."""
    payload = {
        "type": type,
        "workspace_id": str(workspace_id) if workspace_id else None,
        "user_id": str(user_id) if user_id else None,
        "data": data,
    }
    await session.execute(select(func.pg_notify(_SIGNALS, json.dumps(payload, separators=(",", ":")))))


async def newest(session: AsyncSession) -> int:
    """The highest id of any event there is; 0 without any."""
    return await session.scalar(select(func.max(EventRow.id))) or 0


async def since(
    session: AsyncSession, last_id: int, *, workspace_ids: list[UUID], user_id: UUID | None
) -> list[Message] | None:
    """The events after `last_id` that this audience may hear, oldest first; None when they are too many."""
    audience = EventRow.workspace_id.in_(workspace_ids) | (
        EventRow.workspace_id.is_(None) & (EventRow.user_id == user_id)
    )
    rows = await session.scalars(
        select(EventRow).where(EventRow.id > last_id, audience).order_by(EventRow.id).limit(_REPLAY_LIMIT + 1)
    )
    messages = [_message(row) for row in rows]
    return None if len(messages) > _REPLAY_LIMIT else messages


async def delete_before(session: AsyncSession, moment: datetime) -> None:
    """Forget events older than `moment`."""
    await session.execute(text("DELETE FROM events WHERE created_at < :moment"), {"moment": moment})


def _message(row: EventRow) -> Message:
    return Message(row.type, row.workspace_id, row.user_id, row.data, row.id)


class Subscription:
    """One listener's queue. Too slow a listener is told to start afresh by `lost`."""

    def __init__(self, wants: Callable[[Message], bool], size: int) -> None:
        self.wants = wants
        self.lost = False
        self._size = size
        self._messages: deque[Message | None] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, message: Message) -> None:
        if len(self._messages) < self._size:
            self._put(message)
        else:
            self.lost = True

    def end(self) -> None:
        """Wake the listener with None, making room if need be."""
        if len(self._messages) >= self._size:
            self._messages.popleft()
        self._put(None)

    async def next(self, timeout: float) -> Message | None:
        """The next message, for one task at a time; raises `TimeoutError` after `timeout` seconds.

        None: the hub has closed.
        """
        if not self._messages:
            # By hand: `asyncio.timeout` around a `Queue` costs twice as much, for each of a thousand listeners.
            loop = asyncio.get_running_loop()
            self._waiter = waiter = loop.create_future()
            timer = loop.call_later(timeout, _expire, waiter)
            try:
                await waiter
            finally:
                timer.cancel()
                self._waiter = None
        return self._messages.popleft()

    def _put(self, message: Message | None) -> None:
        self._messages.append(message)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


class Hub:
    """Fan-out of events inside one process, fed by one LISTEN connection (`run`)."""

    def __init__(self, url: str, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._url = url
        self._sessions = sessions
        self._subscriptions: set[Subscription] = set()
        self._last_id: int | None = None
        self.listening = asyncio.Event()
        self._closed = False

    @contextlib.contextmanager
    def subscribe(self, wants: Callable[[Message], bool], size: int = 1000) -> Any:
        """Messages for which `wants` says yes, from now on, as a `Subscription`."""
        subscription = Subscription(wants, size)
        self._subscriptions.add(subscription)
        if self._closed:
            subscription.end()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    @property
    def listeners(self) -> int:
        """How many subscriptions there are."""
        return len(self._subscriptions)

    def close(self) -> None:
        """End every subscription; new ones end at once."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.end()

    async def run(self) -> None:
        """Listen for ever, reconnecting with back-off; nothing is missed across a reconnect."""
        delay = 0.1
        while True:
            try:
                async with self._listening() as connection:
                    await self._catch_up()
                    self.listening.set()
                    delay = 0.1
                    while True:
                        async for notice in connection.notifies(timeout=_QUIET_SECONDS):
                            if notice.channel == _SIGNALS:
                                self._publish(_parse_signal(notice.payload))
                            elif int(notice.payload) > (self._last_id or 0):
                                await self._catch_up()
                        async with asyncio.timeout(_QUIET_SECONDS):
                            await _keep_time(connection)
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                log.warning("events.listen_lost", error=str(error).strip(), retry_in=delay)
            except Exception:
                log.exception("events.listen_failed", retry_in=delay)
            self.listening.clear()
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        connection = await psycopg.AsyncConnection.connect(
            conninfo(self._url), autocommit=True, application_name="easel events", connect_timeout=5
        )
        try:
            await _keep_time(connection)
            await connection.execute(f"LISTEN {_EVENTS}")
            await connection.execute(f"LISTEN {_SIGNALS}")
            yield connection
        finally:
            await connection.close()

    async def _catch_up(self) -> None:
        # Ended by a commit: at a rollback the driver forgets all statements that the connection has prepared.
        async with self._sessions.begin() as session:
            if self._last_id is None:
                self._last_id = await newest(session)
                return
            more = True
            while more:
                rows = await session.scalars(
                    select(EventRow).where(EventRow.id > self._last_id).order_by(EventRow.id).limit(_PAGE)
                )
                messages = [_message(row) for row in rows]
                for message in messages:
                    self._last_id = message.id
                    self._publish(message)
                more = len(messages) == _PAGE
                # Listeners read between two pages, else a long gap would overflow them.
                await asyncio.sleep(0)

    def _publish(self, message: Message) -> None:
        for subscription in tuple(self._subscriptions):
            if subscription.wants(message):
                subscription.offer(message)


async def _keep_time(connection: psycopg.AsyncConnection[Any]) -> None:
    """Ask the database for the time, which shows too that it is there."""
    asked = clock.ticks()
    moment = await (await connection.execute(timekeeping.NOW)).fetchone()
    assert moment is not None
    timekeeping.follow(moment[0], asked)


def _parse_signal(payload: str) -> Message:
    raw = json.loads(payload)
    return Message(
        raw["type"],
        UUID(raw["workspace_id"]) if raw["workspace_id"] else None,
        UUID(raw["user_id"]) if raw["user_id"] else None,
        raw["data"],
    )
