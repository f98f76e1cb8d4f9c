"""A listener of the event stream, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Heard:
    """One event as a browser would see it."""

    type: str
    data: dict[str, Any]
    id: int | None


class Listener:
    """Reads a stream; `heard` are its events, `last_id` what a browser would send to go on.

    `ended` is set at its proper end, `over` when no more will be heard for whatever reason.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.heard: list[Heard] = []
        self.last_id: int | None = None
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()
        self.over = asyncio.Event()
        self._lines = response.aiter_lines()

    async def read(self) -> None:
        """Read to the stream's end."""
        try:
            await self._read()
        finally:
            self.over.set()

    async def _read(self) -> None:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if "id" in fields:
                self.last_id = int(fields["id"])
                self.begun.set()
            if "event" in fields:
                given = int(fields["id"]) if "id" in fields else None
                self.heard.append(Heard(fields["event"], json.loads(fields["data"]), given))
            fields = {}
        self.ended.set()

    async def until(self, good: Callable[[list[Heard]], Any], seconds: float = 15) -> list[Heard]:
        """What was heard, as soon as it is good."""
        try:
            async with asyncio.timeout(seconds):
                while not good(self.heard):  # noqa: ASYNC110 - a list has no event
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"heard only {self.heard}") from None
        return self.heard

    async def until_type(self, type: str) -> list[Heard]:
        """What was heard, as soon as an event of this type is among it."""
        return await self.until(lambda heard: type in [event.type for event in heard])

    def lifecycle(self) -> list[str]:
        """The types of the events that are no progress."""
        return [event.type for event in self.heard if event.id is not None]


@asynccontextmanager
async def listening(
    client: httpx.AsyncClient, last_id: int | None = None, **parameters: Any
) -> AsyncIterator[Listener]:
    """A listener, from after `last_id`; the connection is cut at the block's end."""
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    async with client.stream(
        "GET", "/api/events", headers=headers, params=parameters, timeout=30
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        listener = Listener(response)
        reading = asyncio.create_task(listener.read())
        try:
            await asyncio.wait_for(listener.begun.wait(), 10)
            yield listener
        finally:
            reading.cancel()
            await asyncio.wait([reading])
            if not reading.cancelled() and not isinstance(reading.exception(), httpx.TransportError | None):
                raise AssertionError from reading.exception()
