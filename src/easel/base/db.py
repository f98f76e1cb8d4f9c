"""The database base: the declarative class, column types, and the engine.

Tables live in their features. This room knows how names, ids and times look everywhere, and how to connect.
"""

from __future__ import annotations

import select
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy import DateTime, LargeBinary, MetaData, Text, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from easel.base.clock import now
from easel.base.ids import new_id


class Base(DeclarativeBase):
    """Base of every table; constraints get predictable names, so migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as declared
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


class Identified:
    """Mixin: a UUIDv7 primary key made in Python."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Dated:
    """Mixin: when the row was made and last changed, UTC."""

    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, server_default=text("now()"))


class Sealed(LargeBinary):
    """The type of a column that holds what `crypto.seal` made with this `purpose`; rotation finds it by that."""

    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose


def driver_url(url: str) -> str:
    """`url` with the one driver that Easel uses, whichever form of scheme came in."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def conninfo(url: str) -> str:
    """`url` as libpq understands it, for connections outside SQLAlchemy (LISTEN, the queue)."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Connection(psycopg.AsyncConnection[Any]):
    """A connection that can send the last statements of a transaction with its COMMIT, in one trip.

    For those that take locks which many wait for: nobody waits for this process between them and the COMMIT.
    """

    _last: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    def before_commit(self, *statements: tuple[str, Mapping[str, Any]]) -> None:
        """Run `statements` with the COMMIT of the present transaction; their answers are not looked at."""
        self._last = (*self._last, *statements)

    async def commit(self) -> None:
        last, self._last = self._last, ()
        if not last:
            await super().commit()
            return
        async with self.pipeline():
            for statement, values in last:
                await self.execute(statement.encode(), values, prepare=True)
            await super().commit()

    async def rollback(self) -> None:
        self._last = ()
        await super().rollback()


async def driver(session: AsyncSession) -> Connection:
    """The connection under a session, for what shares its transaction and is not SQLAlchemy's."""
    pooled = await (await session.connection()).get_raw_connection()
    return cast("Connection", pooled.driver_connection)


def create_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """An async engine; every session speaks UTC and gives up on a lock after ten seconds."""
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_recycle=1800,
        async_creator=partial(
            Connection.connect,
            conninfo(url),
            application_name="easel",
            connect_timeout=5,
            prepare_threshold=2,
            options="-c timezone=UTC -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        ),
    )
    event.listen(engine.sync_engine, "checkout", _refuse_if_ended)
    return engine


def _refuse_if_ended(adapted: Any, _record: object, _proxy: object) -> None:
    """Have the pool connect anew where the server has ended a connection; a question to it would cost a trip.

    Nobody has asked anything: what there is to read is the server's farewell, or that there is no server.
    """
    connection: Connection = adapted.driver_connection
    if not connection.closed:
        readable = (
            select.poll()
        )  # `select` knows no descriptor above 1,023, and thousands of clients take those
        readable.register(connection.fileno(), select.POLLIN)
        if not readable.poll(0):
            return
    raise DisconnectionError


def create_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """A session factory whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
