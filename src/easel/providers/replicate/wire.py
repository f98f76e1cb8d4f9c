"""The connections to Replicate, and what goes wrong on them, in Easel's vocabulary.

The official client repeats what it asks, up to ten times, and waits as long as it is told to; never what it orders.
Here no wait is longer than `LONGEST_WAIT`, and an order that meets a rate limit says when to come again, which the
client keeps to itself.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
from replicate.exceptions import ReplicateError

from ..errors import (
    BadRequest,
    ContentRefused,
    NotConfigured,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Unavailable,
)
from ..transport import retry_after

LONGEST_WAIT = 10
_REFUSALS = ("nsfw", "safety", "sensitive", "flagged", "moderat", "e005")


class Wire(httpx.AsyncBaseTransport):
    """The transport under every client of this process."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if answer.status_code == 429 and request.method == "POST":
            await answer.aread()
            await answer.aclose()
            raise _limited(answer)
        wait = answer.headers.get("retry-after", "")
        if wait.isdecimal() and int(wait) > LONGEST_WAIT:
            answer.headers["retry-after"] = str(LONGEST_WAIT)
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


def understood(error: ReplicateError, key: str) -> ProviderError:
    """The error that stands for an answer of the API."""
    said = (error.detail or error.title or f"The service answered with {error.status}.").replace(key, "…")[
        :1000
    ]
    status = error.status or 500
    if status in (401, 403):
        return NotConfigured(said)
    if status == 402:
        return OutOfCredit(said)
    if status == 404:
        return Unavailable(said)
    if status == 503:
        return Unavailable(said, taken=False)
    if status in (408, 502, 504):
        return OutcomeUnknown()
    if status >= 500:
        return Unavailable(said)
    return BadRequest(said)


def failure(words: str) -> ProviderError:
    """The error that stands for a model's own words."""
    if any(word in words.lower() for word in _REFUSALS):
        return ContentRefused(words[:1000])
    return ProviderError(words[:1000])


def belongs(url: str, home: str) -> bool:
    """Whether the token may be sent to an address: the API's own, and where the service delivers from."""
    host, own = urlsplit(url).hostname or "", urlsplit(home)
    if (urlsplit(url).scheme, urlsplit(url).netloc) == (own.scheme, own.netloc):
        return True
    return urlsplit(url).scheme == "https" and f".{host}".endswith((".replicate.delivery", ".replicate.com"))


def _limited(answer: httpx.Response) -> RateLimited:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    asked = said.get("retry_after")
    seconds = float(asked) if isinstance(asked, (int, float)) else None
    return RateLimited(str(said.get("detail") or "") or None, retry_after=retry_after(answer, seconds))
