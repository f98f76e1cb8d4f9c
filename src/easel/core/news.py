"""News of single things, by NOTIFY: whoever waits for one is woken, in whatever process. Nothing is kept.

For what only saves questions: who waits asks by itself after a while, so what is missed costs time and no more.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from easel.base.db import conninfo

log = structlog.get_logger(__name__)

_CHANNEL = "easel_news"
_QUIET_SECONDS = 15.0
"""A connection that heard nothing for so long is asked whether it still works."""


async def tell(session: AsyncSession, subject: UUID) -> None:
    """Wake who waits for news of `subject`, at the transaction's commit."""
    await session.execute(select(func.pg_notify(_CHANNEL, subject.hex)))


class News:
    """What a process waits for; `run` listens, over a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.listening = asyncio.Event()

    @contextmanager
    def of(self, subject: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever there are news of `subject`; to be cleared by who waited."""
        event = asyncio.Event()
        self._waiting[subject.hex].add(event)
        try:
            yield event
        finally:
            self._waiting[subject.hex].discard(event)
            if not self._waiting[subject.hex]:
                del self._waiting[subject.hex]

    async def run(self) -> None:
        """Listen until cancelled, reconnecting with back-off."""
        delay = 0.2
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    conninfo(self._url), autocommit=True, application_name="easel news", connect_timeout=5
                )
                async with connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    self.listening.set()
                    delay = 0.2
                    while True:
                        async for notice in connection.notifies(timeout=_QUIET_SECONDS):
                            for event in self._waiting.get(notice.payload, ()):
                                event.set()
                        async with asyncio.timeout(_QUIET_SECONDS):
                            await connection.execute("SELECT 1")
            except (psycopg.Error, OSError) as error:
                log.warning("news.listen_lost", error=str(error).strip(), retry_in=delay)
            finally:
                self.listening.clear()
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)
