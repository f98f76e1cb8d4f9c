"""HTTP to an image server that the operator runs: its address from the settings, its failures in Easel's words."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from easel import __version__

from .errors import NotConfigured, ProviderError, TimedOut, Unavailable

_PATIENCE = 10.0
"""Seconds that a short question may take."""
_CONNECT = 5.0
_MOST_BYTES = 512_000_000
"""Of one answer: A1111 puts all pictures of a request into it, as text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whole."""

    status: int
    content: bytes

    def json(self) -> Any:
        """The answer as JSON. Raises `ProviderError` for something else."""
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise ProviderError("The server answered with something else than JSON.") from error


class OwnServer:
    """One server at the operator's own address, which may be anywhere: no guard and no proxy stands between.

    `title` is what it is called, `setting` the variable that its `url` came from; None where it is not set.
    """

    def __init__(self, title: str, setting: str, url: SecretStr | None) -> None:
        self._title, self._setting = title, setting
        self._url = url
        self._client: httpx.AsyncClient | None = None

    @property
    def configured(self) -> bool:
        return self._url is not None

    @property
    def url(self) -> str:
        """The address, with the password that may be in it. Raises `NotConfigured`."""
        if self._url is None:
            raise NotConfigured(f"Set {self._setting} to the address of your {self._title} server.")
        return self._url.get_secret_value()

    async def get(self, path: str, **params: str | int) -> Any:
        """Ask for JSON. Raises `ProviderError`, `Unavailable`, `TimedOut`, `NotConfigured`."""
        answer = await self.request("GET", path, params=params)
        if answer.status >= 400:
            raise ProviderError(f"{self._title} answered {answer.status} to {path}.")
        return answer.json()

    async def post(self, path: str, body: Any) -> Answer:
        """Send JSON; a refusal is an answer too."""
        return await self.request("POST", path, json=body)

    async def request(
        self, method: str, path: str, *, seconds: float | None = _PATIENCE, **options: Any
    ) -> Answer:
        """One request, answered within `seconds`; None: as long as it takes.

        Raises `NotConfigured` where the server wants other credentials, `Unavailable` where it cannot be reached or a
        proxy before it says so, `TimedOut`.
        """
        url = self.url + path
        try:
            async with (
                asyncio.timeout(seconds),
                self._opened().stream(method, url, **options) as response,
            ):
                content = io.BytesIO()
                async for piece in response.aiter_bytes():
                    content.write(piece)
                    if content.tell() > _MOST_BYTES:
                        raise ProviderError(f"{self._title} answered with too much.")
        except (TimeoutError, httpx.ReadTimeout) as error:
            raise TimedOut(f"{self._title} did not answer in time.") from error
        except httpx.HTTPError as error:
            # Not its words: they may repeat the address, and the password in it.
            raise Unavailable(
                f"{self._title} cannot be reached at the address in {self._setting} ({type(error).__name__})."
            ) from error
        if response.status_code in (401, 403):
            raise NotConfigured(f"{self._title} wants another user name and password in {self._setting}.")
        if response.status_code in (502, 503, 504):
            raise Unavailable(f"{self._title} answered {response.status_code}.")
        return Answer(response.status_code, content.getvalue())

    async def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(None, connect=_CONNECT),
                trust_env=False,
                # A server of one's own restarts; a connection kept from before would fail the first request after.
                limits=httpx.Limits(max_keepalive_connections=0),
                headers={"User-Agent": f"Easel/{__version__}"},
            )
        return self._client


def names(listed: Any, field: str) -> list[str]:
    """The values of `field` in a list of objects, as a server sent it; what is no such thing is left out."""
    if not isinstance(listed, list):
        return []
    found = (item.get(field) for item in listed if isinstance(item, Mapping))
    return [name for name in found if isinstance(name, str) and name]
