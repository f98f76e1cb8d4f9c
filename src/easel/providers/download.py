"""Fetching the pictures that a service made from where it says they are.

A service names any address it likes, so it is believed only as far as it goes: the open internet, and the service's
own place (`home`), which may be on loopback or in the house. What comes is streamed, to disk where it is much, bounded
in size and time, and must begin as a picture does.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import os
import tempfile
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import httpx

from easel import __version__
from easel.base.open_internet import AddressRefused, GuardedTransport, tls

from .base import Produced
from .errors import ProviderError, TimedOut, Unavailable

LIMIT_BYTES = 64_000_000
"""The largest picture that is fetched, unless an adapter says otherwise."""
SECONDS = 120.0
_MAX_REDIRECTS = 5
_SILENCE = 30.0
_PIECE = 256 * 1024
_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")
_LONGEST_MAGIC = 32
_IN_MEMORY = 2_000_000
"""Bytes of a result that stay in memory; what is larger goes to a file."""
_NOTHING: Final[Mapping[str, Any]] = {}


class Downloads:
    """Fetches for one adapter, which makes one and closes it; opens nothing before the first fetch.

    `home` is the address at which the service itself is reached, such as ``http://127.0.0.1:8188``: files at that
    host and port are fetched wherever it is, files elsewhere from public addresses only.
    """

    def __init__(self, home: str | None = None) -> None:
        self._home = _place(httpx.URL(home)) if home else None
        self._client: httpx.AsyncClient | None = None

    async def fetch(
        self,
        url: str,
        *,
        limit_bytes: int = LIMIT_BYTES,
        seconds: float = SECONDS,
        headers: Mapping[str, str] | None = None,
        seed: int | None = None,
        facts: Mapping[str, Any] = _NOTHING,
    ) -> Produced:
        """The picture at `url` (``https:``, ``http:`` or ``data:``), after redirects, with its `seed` and `facts`.

        `headers` such as a key are sent to `url`'s own host and, after a redirect, to no other. Raises
        `ProviderError` for what is no picture or too large, `Unavailable` or `TimedOut` for what may pass.
        """
        if url.startswith("data:"):
            return Produced(_inline(url, limit_bytes), seed, facts)
        try:
            async with (
                asyncio.timeout(seconds),
                self._opened().stream("GET", url, headers=headers, follow_redirects=True) as answer,
            ):
                _check_head(answer, limit_bytes)
                content = await _read(answer, limit_bytes)
                if isinstance(content, bytes):
                    return Produced(content, seed, facts)
                return Produced(b"", seed, facts, content)
        except AddressRefused as error:
            raise ProviderError(f"The result's address was refused: {error.detail}") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ProviderError("The service named a result that is no web address.") from error
        except httpx.TooManyRedirects as error:
            raise ProviderError("The result's address leads to others without end.") from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise TimedOut("The result did not arrive in time.") from error
        except httpx.HTTPError as error:
            raise Unavailable(f"The result could not be fetched ({type(error).__name__}).") from error

    async def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=_Transport(self._home),
                timeout=_SILENCE,
                trust_env=False,
                max_redirects=_MAX_REDIRECTS,
                headers={"User-Agent": f"Easel/{__version__}", "Accept-Encoding": "identity"},
            )
        return self._client


class _Transport(httpx.AsyncBaseTransport):
    """To the service's own place directly, to all others through the guard."""

    def __init__(self, home: tuple[str, str, int | None] | None) -> None:
        self._home = home
        # Results are few and their hosts many: no connection is kept, and none serves another event loop.
        self._direct = (
            httpx.AsyncHTTPTransport(
                verify=tls(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
            )
            if home
            else None
        )
        self._guarded = GuardedTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._direct is not None and _place(request.url) == self._home:
            return await self._direct.handle_async_request(request)
        return await self._guarded.handle_async_request(request)

    async def aclose(self) -> None:
        if self._direct is not None:
            await self._direct.aclose()
        await self._guarded.aclose()


def is_picture(start: bytes) -> bool:
    """Whether a file that begins so is a PNG, JPEG, WebP, AVIF or GIF."""
    return (
        start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))
        or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")
        or (start[4:8] == b"ftyp" and (b"avif" in start or b"mif1" in start))
    )


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check_head(answer: httpx.Response, limit_bytes: int) -> None:
    status = answer.status_code
    if status >= 500 or status in (408, 429):
        # Never `RateLimited`, which says that nothing was taken: the picture is made, and paid for.
        raise Unavailable(f"The result's host answered {status}.")
    if not answer.is_success:
        raise ProviderError(f"The result is not there: its host answered {status}.")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        # Packed without being asked to: what little comes could unpack to anything.
        raise ProviderError("The result's host sends it packed.")
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and not media_type.startswith(_TYPES):
        raise ProviderError(f"The service answered with something else than a picture: {media_type[:100]}.")
    if _length(answer) > limit_bytes:
        raise _too_large(limit_bytes)


def _length(answer: httpx.Response) -> int:
    """The size that the answer says it has; 0 where it does not say."""
    length = answer.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


class _OnDisk(io.BufferedRandom):
    """A file without a name, gone with the last who holds it."""

    def __init__(self) -> None:
        descriptor, name = tempfile.mkstemp(prefix="easel-result-")
        os.unlink(name)
        super().__init__(io.FileIO(descriptor, "r+"))

    def __del__(self) -> None:
        self.close()


async def _read(answer: httpx.Response, limit_bytes: int) -> bytes | _OnDisk:
    start, size = b"", 0
    pieces: list[bytes] = []
    file: _OnDisk | None = None
    async for piece in answer.aiter_raw(_PIECE):
        size += len(piece)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        if len(start) < _LONGEST_MAGIC:
            start += piece[:_LONGEST_MAGIC]
            if len(start) >= _LONGEST_MAGIC:
                _check_start(start)
        pieces.append(piece)
        if size > _IN_MEMORY:
            if file is None:
                file = await asyncio.to_thread(_OnDisk)
            await asyncio.to_thread(file.writelines, pieces)
            pieces.clear()
    if len(start) < _LONGEST_MAGIC:
        _check_start(start)
    return b"".join(pieces) if file is None else file


def _inline(url: str, limit_bytes: int) -> bytes:
    """The bytes of a ``data:`` address (RFC 2397)."""
    head, _, text = url.partition(",")
    if len(text) > 2 * limit_bytes:
        raise _too_large(limit_bytes)
    try:
        data = base64.b64decode(text, validate=True) if head.endswith(";base64") else unquote_to_bytes(text)
    except (binascii.Error, ValueError) as error:
        raise ProviderError("The service answered with a picture that cannot be read.") from error
    if len(data) > limit_bytes:
        raise _too_large(limit_bytes)
    _check_start(data[:_LONGEST_MAGIC])
    return data


def _check_start(start: bytes) -> None:
    if not is_picture(start):
        raise ProviderError("The service answered with something else than a picture.")


def _too_large(limit_bytes: int) -> ProviderError:
    return ProviderError(f"The result is larger than {limit_bytes // 1_000_000} MB.")
