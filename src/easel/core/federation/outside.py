"""Calls to issuers: a few seconds, a few hundred kilobytes, no redirects.

Addresses come from the settings and from what an issuer says of itself, and are HTTPS or this machine's own.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import httpx2
import structlog

from easel import __version__

from .errors import IssuerUnavailable

log = structlog.get_logger(__name__)

_SECONDS = 10.0
_BYTES = 512 * 1024


class Outside:
    """Makes the clients that talk to issuers."""

    def __init__(self, *, seconds: float = _SECONDS, limit: int = _BYTES) -> None:
        self._seconds = seconds
        self._limit = limit

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Reading the certificates takes tens of milliseconds; once is enough.
        return httpx2.create_ssl_context()

    def options(self) -> dict[str, Any]:
        """What every HTTP client for issuers is made with."""
        return {
            "verify": self._tls,
            "timeout": httpx2.Timeout(self._seconds / 2),
            "follow_redirects": False,
            "event_hooks": {"response": [self._bound]},
            # No compression, or the limit would be on what is sent and not on what it becomes.
            "headers": {"User-Agent": f"easel/{__version__}", "Accept-Encoding": "identity"},
        }

    @asynccontextmanager
    async def patience(self, where: str) -> AsyncIterator[None]:
        """Within, a call that fails or takes too long raises `IssuerUnavailable`; `where` is for the log."""
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, ssl.SSLError) as error:
            log.warning("federation.unavailable", at=where, error=str(error) or type(error).__name__)
            raise IssuerUnavailable from error

    async def get(self, url: str, *, token: str | None = None, accept: str = "application/json") -> Any:
        """The JSON at `url`. Raises `IssuerUnavailable` for whatever is not that."""
        headers = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {})}
        async with self.patience(url), httpx2.AsyncClient(**self.options()) as client:
            answer = await client.get(url, headers=headers)
            if answer.status_code != 200:
                raise ValueError(f"answered {answer.status_code}")
            return json.loads(answer.content)

    async def _bound(self, response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.DecodingError("the answer is compressed, which was not asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream, self._limit)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._left = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise httpx2.DecodingError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


Clock = Callable[[], float]
