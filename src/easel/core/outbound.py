"""Requests on behalf of users, to addresses that users name: never to where only this machine could go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

import httpx

from easel import __version__
from easel.base.errors import EaselError
from easel.base.open_internet import AddressRefused, GuardedTransport

_MAX_REDIRECTS = 5
_PATIENCE = 10.0
_PIECE = 1 << 18


class RemoteFailed(EaselError):
    """The other server did not answer as it should."""

    status = 502
    code = "remote_failed"


class RemoteTooLarge(EaselError):
    """What the other server sends is too large."""

    status = 422
    code = "remote_too_large"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What `fetch` got: the bytes, what the other server says they are, and where they were in the end."""

    content: bytes
    media_type: str
    url: str


@asynccontextmanager
async def client(transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client for requests on behalf of users; tests pass a transport that may go to loopback.

    It follows no redirects unless told (then at most five), knows no proxies, and keeps no cookies of anyone.
    """
    async with httpx.AsyncClient(
        transport=transport or GuardedTransport(),
        timeout=_PATIENCE,
        trust_env=False,
        max_redirects=_MAX_REDIRECTS,
        headers={"User-Agent": f"Easel/{__version__}", "Accept-Encoding": "identity"},
    ) as opened:
        yield opened


async def fetch(
    url: str, *, max_bytes: int, seconds: float = 30.0, transport: httpx.AsyncBaseTransport | None = None
) -> Fetched:
    """What is at `url`, after redirects: at most `max_bytes`, within `seconds` in all.

    Raises `AddressRefused`, `RemoteFailed`, `RemoteTooLarge`.
    """
    content = bytearray()
    async with _answered(url, max_bytes, seconds, transport) as answer:
        async for piece in _body(answer, max_bytes):
            content += piece
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(bytes(content), media_type, str(answer.url))


async def save(
    url: str,
    file: BinaryIO,
    *,
    max_bytes: int,
    seconds: float = 60.0,
    transport: httpx.AsyncBaseTransport | None = None,
) -> str:
    """As `fetch`, writing to `file` as it comes. Answers where it was in the end."""
    async with _answered(url, max_bytes, seconds, transport) as answer:
        async for piece in _body(answer, max_bytes):
            await asyncio.to_thread(file.write, piece)
        return str(answer.url)


async def _body(answer: httpx.Response, max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for piece in answer.aiter_raw(_PIECE):
        size += len(piece)
        if size > max_bytes:
            raise RemoteTooLarge
        yield piece


@asynccontextmanager
async def _answered(
    url: str, max_bytes: int, seconds: float, transport: httpx.AsyncBaseTransport | None
) -> AsyncIterator[httpx.Response]:
    """The head of a good answer, and everything that can go wrong until its end in words."""
    try:
        async with (
            asyncio.timeout(seconds),
            client(transport) as opened,
            opened.stream("GET", url, follow_redirects=True) as answer,
        ):
            if not answer.is_success:
                raise RemoteFailed(f"The other server answered {answer.status_code}.")
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                # Packed without being asked to: what little comes could unpack to anything.
                raise RemoteFailed("The other server sends its answer packed.")
            if int(_digits(answer.headers.get("content-length", ""))) > max_bytes:
                raise RemoteTooLarge
            yield answer
    except httpx.InvalidURL as error:
        raise AddressRefused("This is no address.") from error
    except httpx.UnsupportedProtocol as error:
        raise AddressRefused("Only http and https addresses can be fetched.") from error
    except httpx.TooManyRedirects as error:
        raise RemoteFailed("The other server sends from one address to the next without end.") from error
    except TimeoutError as error:
        raise RemoteFailed(f"The other server did not answer within {seconds:g} seconds.") from error
    except httpx.HTTPError as error:
        raise RemoteFailed(f"The other server could not be reached ({type(error).__name__}).") from error


def _digits(text: str) -> str:
    return text if text.isdecimal() and len(text) < 20 else "0"
