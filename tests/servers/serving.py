"""Servers of other people's protocols on loopback: real HTTP, from a thread of their own."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp

KEY = "test-id:test-secret"
"""The key that every server here accepts."""


@contextmanager
def serving(app: ASGIApp, *, port: int = 0) -> Iterator[str]:
    """An application at an address of loopback, for as long as the block runs; answers from the start."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()  # from now on nobody is refused, but waits until the server is at work
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=1, lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="server", daemon=True
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


async def until_gone(request: Request) -> None:
    """Wait until who asked has gone away: for a server that never answers."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def cut_off(
    start: bytes = b"{", *, media_type: str = "application/json", length: int = 1_000
) -> StreamingResponse:
    """An answer whose connection breaks after its first bytes."""

    async def pieces() -> AsyncIterator[bytes]:
        yield start
        raise ConnectionResetError("cut off on purpose")

    return StreamingResponse(pieces(), media_type=media_type, headers={"content-length": str(length)})


def dripping(data: bytes, *, media_type: str, pieces: int = 20, pause: float = 0.02) -> StreamingResponse:
    """An answer that comes a little at a time."""

    async def drops() -> AsyncIterator[bytes]:
        size = -(-len(data) // pieces)
        stream = io.BytesIO(data)
        while piece := stream.read(size):
            yield piece
            await asyncio.sleep(pause)

    return StreamingResponse(drops(), media_type=media_type, headers={"content-length": str(len(data))})
