"""A worker's own `/metrics` and `/healthz`: a few lines of HTTP, so that workers load no web server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from easel.app.metrics import CONTENT_TYPE, may_read, own_text
from easel.base.metrics_settings import MetricsSettings
from easel.base.settings import BadSettings

_PATIENCE_SECONDS = 10.0
_LONGEST_HEAD = 16_384
_REASONS = {
    200: "OK",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}


@asynccontextmanager
async def listening(settings: MetricsSettings, alive: Callable[[], bool]) -> AsyncIterator[int | None]:
    """Answers on `EASEL_METRICS_PORT` while the block runs; yields the port, None where it is not set.

    `/healthz` is 503 unless `alive`. Raises `BadSettings` where the address cannot be had.
    """
    if settings.port is None:
        yield None
        return

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                peer = (writer.get_extra_info("peername") or ("",))[0]
                status, kind, body = await _answer(settings, alive, peer, head)
                writer.write(
                    f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(serve, settings.host, settings.port, limit=_LONGEST_HEAD)
    except OSError as error:
        raise BadSettings(
            f"EASEL_METRICS_PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from error
    async with server:
        yield settings.port


async def _answer(
    settings: MetricsSettings, alive: Callable[[], bool], peer: str, head: str
) -> tuple[int, str, bytes]:
    first, *lines = head.split("\r\n")
    method, _, rest = first.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    plain = "text/plain; charset=utf-8"
    if method != "GET":
        return 405, plain, b"Only GET.\n"
    if path == "/healthz":
        return (200, plain, b"ok\n") if alive() else (503, plain, b"no heartbeat\n")
    if path != "/metrics":
        return 404, plain, b"/metrics and /healthz are here.\n"
    if not may_read(settings, peer, headers):
        return 403, plain, b"EASEL_METRICS_TOKEN and EASEL_METRICS_FROM say who may read this.\n"
    return 200, CONTENT_TYPE, await asyncio.to_thread(own_text)
