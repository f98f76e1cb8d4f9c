"""Waiting for the end of a request at fal: by its stream of statuses, else by asking, sooner when a webhook came.

The stream may break or fall silent and the webhook may never come, so both only save questions; fal's answer to a
question is what counts. Trouble on the way ends nothing before `PATIENCE` seconds.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from ..base import Call
from ..errors import Unavailable
from .answers import Trouble, error_as_result, error_on_the_way, trouble_of

if TYPE_CHECKING:
    from fal_client import AsyncRequestHandle

log = structlog.get_logger(__name__)

SILENCE = 30.0
"""Seconds without a word on the stream before fal is asked."""
PATIENCE = 120.0
"""Seconds for which nothing but trouble is borne."""
_SHORTEST, _LONGEST = 0.25, 3.0
_STEP = re.compile(r"(\d{1,4})/(\d{1,4})\b")

Status = Mapping[str, Any]


class Following:
    """One request, followed to its end; `streams` is the client for its stream."""

    def __init__(
        self, handle: AsyncRequestHandle, call: Call, streams: httpx.AsyncClient, *, silence: float = SILENCE
    ) -> None:
        self._handle = handle
        self._call = call
        self._streams = streams
        self._silence = silence
        self._streaming = True
        self._pause = _SHORTEST
        self._trouble_since: float | None = None
        self._told = (0, 0)

    async def result(self) -> httpx.Response:
        """The answer with the result. Raises a `ProviderError`."""
        while True:
            await self._completed()
            response = await self._get(self._handle.response_url)
            if response is not None:
                if response.is_success:
                    return response
                found = trouble_of(response)
                # "Still in progress": the status was ahead of the result.
                early = found.status == 400 and not found.from_fal
                if not early and (error := error_as_result(found)) is not None:
                    raise error
            await self._rest()

    async def _completed(self) -> None:
        while True:
            if self._streaming and await self._heard_the_end():
                return
            response = await self._get(self._handle.status_url, {"logs": "1"})
            if response is not None and response.is_success:
                self._trouble_since = None
                if await self._take(_status_in(response.text)):
                    return
            elif response is not None and (error := error_on_the_way(trouble_of(response))) is not None:
                raise error
            if not self._streaming:
                await self._rest()

    async def _heard_the_end(self) -> bool:
        """Listen to the stream until it ends, is silent too long, or a webhook came."""
        listening = asyncio.create_task(self._listen())
        waiting = asyncio.create_task(self._call.news(self._silence * 1000))
        try:
            await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return listening.done() and listening.result()
        finally:
            for task in (listening, waiting):
                task.cancel()
            await asyncio.wait({listening, waiting})

    async def _listen(self) -> bool:
        """Whether the stream told of the end. One that does not work is not tried again."""
        from httpx_sse import SSEError, aconnect_sse

        loop = asyncio.get_running_loop()
        try:
            async with (
                asyncio.timeout(self._silence) as patience,
                aconnect_sse(
                    self._streams, "GET", f"{self._handle.status_url}/stream", params={"logs": "1"}
                ) as source,
            ):
                async for event in source.aiter_sse():
                    patience.reschedule(loop.time() + self._silence)
                    self._trouble_since = None
                    if await self._take(_status_in(event.data)):
                        return True
        except TimeoutError:
            return False
        except (httpx.HTTPError, SSEError) as error:
            log.info("fal.stream_left", error=type(error).__name__)
        self._streaming = False
        return False

    async def _take(self, status: Status) -> bool:
        """Tell of a status; whether it is the last one."""
        logs = status.get("logs")
        entries: list[Any] = logs if isinstance(logs, list) else []
        for entry in reversed(entries):
            found = _STEP.findall(str(entry.get("message", ""))) if isinstance(entry, dict) else None
            if found:
                step, steps = map(int, found[-1])
                if steps > 0 and self._told[0] <= step <= steps and (step, steps) != self._told:
                    self._told = (step, steps)
                    await self._call.progress(step, steps)
                break
        return status.get("status") == "COMPLETED"

    async def _get(self, url: str, params: Mapping[str, str] | None = None) -> httpx.Response | None:
        """An answer; None where there was none. Raises `Unavailable` after too much trouble."""
        try:
            response = await self._handle.client.get(url, params=params, timeout=30.0)
        except httpx.HTTPError as error:
            self._bear(type(error).__name__)
            return None
        if response.status_code == 429 or response.status_code >= 500:
            found = trouble_of(response)
            if error_as_result(found) is None:
                self._bear(str(found.status), found)
        return response

    def _bear(self, what: str, found: Trouble | None = None) -> None:
        moment = asyncio.get_running_loop().time()
        self._trouble_since = self._trouble_since or moment
        if found is not None and found.retry_after is not None:
            self._pause = max(self._pause, min(found.retry_after, 60.0))
        if moment - self._trouble_since > PATIENCE:
            raise Unavailable(f"fal could not be asked about the request ({what}).")

    async def _rest(self) -> None:
        await self._call.news(self._pause)
        self._pause = min(self._pause * 1.5, _LONGEST)


def _status_in(text: str) -> Status:
    try:
        status = json.loads(text)
    except ValueError:
        return {}
    return status if isinstance(status, dict) else {}
