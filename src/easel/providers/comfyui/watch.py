"""Watching a ComfyUI server at work: steps and previews by its web socket.

What is told here is for the eyes; whether a prompt has ended, and how, is asked of the server's history. So a socket
that is lost or never opens costs the progress, not the picture.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog

from ..base import Call

log = structlog.get_logger(__name__)

_OPEN_SECONDS = 5.0
_AGAIN_SECONDS = 1.0
_MOST_BYTES = 16_000_000
_PREVIEW, _PREVIEW_WITH_FACTS = 1, 4
_ENDINGS = ("execution_success", "execution_error", "execution_interrupted")


class Watch:
    """What is heard of some prompts that run one after the other, each of so many steps."""

    def __init__(self, call: Call, prompt_ids: Sequence[str]) -> None:
        self.prompt_ids = prompt_ids
        self.news = asyncio.Event()
        """Set when a prompt has ended, or the socket was lost: time to look into the history."""
        self._call = call
        self._current: str | None = None

    async def hear(self, frame: str | bytes) -> None:
        """Take in one frame; an unknown one is passed over."""
        if isinstance(frame, bytes):
            if self._current in self.prompt_ids and (preview := preview_of(frame)):
                await self._call.preview(preview)
            return
        try:
            message = json.loads(frame)
            kind, data = message["type"], message["data"]
            if not isinstance(data, dict):
                return
        except (ValueError, KeyError, TypeError):
            return
        prompt_id = data.get("prompt_id")
        if isinstance(prompt_id, str) and prompt_id in self.prompt_ids:
            await self._told(kind, prompt_id, data)

    async def _told(self, kind: str, prompt_id: str, data: dict[str, Any]) -> None:
        self._current = prompt_id
        if kind in _ENDINGS or (kind == "executing" and data.get("node") is None):
            self.news.set()
        elif kind == "progress":
            value, most = data.get("value"), data.get("max")
            if isinstance(value, int | float) and isinstance(most, int | float) and most > 0:
                before = self.prompt_ids.index(prompt_id)
                await self._call.progress(
                    int(before * most + min(value, most)), int(most * len(self.prompt_ids))
                )


def preview_of(frame: bytes) -> bytes | None:
    """The picture in a binary frame: after its kind and format, or after its kind and facts as JSON."""
    if len(frame) < 8:
        return None
    kind, second = struct.unpack_from(">II", frame)
    if kind == _PREVIEW:
        return frame[8:]
    if kind == _PREVIEW_WITH_FACTS:
        return frame[8 + second :] or None
    return None


@asynccontextmanager
async def watching(url: str, client_id: str, watch: Watch) -> AsyncIterator[Watch]:
    """Listen for the time of the block; begins when the socket is open, or is known not to open now."""
    opened = asyncio.Event()
    listener = asyncio.create_task(_listen(_socket_url(url, client_id), watch, opened), name="comfyui socket")
    try:
        await opened.wait()
        yield watch
    finally:
        listener.cancel()
        await asyncio.wait([listener])


async def _listen(url: str, watch: Watch, opened: asyncio.Event) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    while True:
        try:
            async with connect(
                url, open_timeout=_OPEN_SECONDS, close_timeout=1, max_size=_MOST_BYTES, proxy=None
            ) as socket:
                opened.set()
                async for frame in socket:
                    await watch.hear(frame)
        except (OSError, TimeoutError, EOFError, WebSocketException) as error:
            log.info("comfyui.socket_lost", error=type(error).__name__)
        except Exception:
            opened.set()
            log.exception("comfyui.socket_broke")
            return
        opened.set()
        watch.news.set()
        await asyncio.sleep(_AGAIN_SECONDS)


def _socket_url(url: str, client_id: str) -> str:
    parts = urlsplit(url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path + "/ws", f"clientId={client_id}", ""))
