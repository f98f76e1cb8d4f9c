"""An HTTP client's way into an application of the same process.

`httpx.ASGITransport` keeps an answer until all of it is there; this one hands it on piece by piece, so a take-out
of any size passes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

_AHEAD = 4
"""How many pieces an application may be ahead of who reads them."""


class InProcess(httpx.AsyncBaseTransport):
    """Calls an ASGI application directly. What it raises, the caller gets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer as soon as its head is there."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        sent = aiter(request.stream)
        asked_for_more = True
        answer = _Answer()

        async def receive() -> Message:
            nonlocal asked_for_more
            if not asked_for_more:
                # Who leaves cancels the call, so there is nothing else to tell.
                await asyncio.get_running_loop().create_future()
            piece = await anext(sent, None)
            asked_for_more = piece is not None
            return {"type": "http.request", "body": piece or b"", "more_body": asked_for_more}

        async def call() -> None:
            try:
                await self._app(_scope(request), receive, answer.send)
            finally:
                answer.end()

        answer.task = asyncio.create_task(call())
        try:
            head = await answer.next()
        except BaseException:
            await answer.aclose()
            raise
        if head is None:
            await answer.task
            raise httpx.RemoteProtocolError("The application answered nothing.")
        return httpx.Response(head["status"], headers=head["headers"], stream=answer)


class _Answer(httpx.AsyncByteStream):
    """What an application says, and the task that it runs in; closing it ends the application's work on it."""

    task: asyncio.Task[None]

    def __init__(self) -> None:
        self._said: asyncio.Queue[Message | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(_AHEAD)

    async def send(self, message: Message) -> None:
        await self._room.acquire()
        self._said.put_nowait(message)

    def end(self) -> None:
        self._said.put_nowait(None)

    async def next(self) -> Message | None:
        message = await self._said.get()
        self._room.release()
        return message

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self.next()) is not None:
            if body := message.get("body"):
                yield body
        await self.task

    async def aclose(self) -> None:
        if not self.task.done():
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
    }
