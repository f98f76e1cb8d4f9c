"""Calls to a service without a client of its own: one request each, never repeated, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import httpx

from easel import __version__

from .errors import OutcomeUnknown, ProviderError, Unavailable

T = TypeVar("T")


class Service:
    """A service at `url`; opens nothing before the first call."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._url, self._seconds = url, seconds
        self._client: httpx.AsyncClient | None = None

    async def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request and its answer, whatever that says.

        Raises `Unavailable` where nothing was sent, `OutcomeUnknown` where something was and no answer came.
        """
        try:
            return await self._opened().request(method, path, **request)
        except httpx.HTTPError as error:
            raise never_answered(error) from error

    async def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                base_url=self._url,
                timeout=httpx.Timeout(self._seconds, connect=10.0),
                headers={"User-Agent": f"Easel/{__version__}"},
            )
        return self._client


def never_answered(error: httpx.HTTPError) -> ProviderError:
    """What a request is that came to no answer: only one that never left may be made again."""
    if isinstance(
        error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
    ):
        return Unavailable("The service cannot be reached.", taken=False)
    return OutcomeUnknown()


def retry_after(response: httpx.Response, otherwise: float | None = None) -> float | None:
    """The seconds that an answer asks to wait."""
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return otherwise


async def side_by_side(calls: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The answers of paid calls made at once: those that came, where others failed; all stop with this task.

    Raises where none came: rather the error of a call that may have been paid than that of one that was not.
    """
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    came = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    if came:
        return came
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    raise max(
        failed, key=lambda error: (not isinstance(error, ProviderError), getattr(error, "was_taken", True))
    )
