"""What an attempt says while it runs: the provider's request id, progress, previews.

Progress is written at most four times a second, whatever the adapter reports: the newest value goes onto the
row (for who joins late) and out as a signal. Previews are small files in the store, named in the signal and
removed at the end. Nothing that goes wrong here harms the call.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy import update

from easel.base.clock import now
from easel.base.errors import EaselError
from easel.core import events
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.media.preview import shrink_preview
from easel.providers.base import TellsByItself

from ..events import PROGRESS
from ..models import Generation
from .patience import patiently

log = structlog.get_logger(__name__)

INTERVAL = 0.25
"""Seconds between two writes of one generation's progress."""
_PREVIEWS_PER_ATTEMPT = 1000
"""Numbers of previews that each attempt has to itself."""
_LAST_WRITE = 1.0
"""Seconds that a write under way gets when the call has ended."""


def preview_key(generation_id: object, number: int) -> str:
    """Where the preview with this number lies."""
    return f"previews/{generation_id}/{number}.webp"


class LiveCall:
    """The pipeline's side of `providers.base.Call` for one attempt; an async context manager."""

    def __init__(
        self, studio: Studio, generation: Generation, attempt: int, secrets: Mapping[str, str]
    ) -> None:
        self.secrets = secrets
        self.webhook_url = _webhook_url(studio, generation)
        self.request_id: str | None = None
        self._studio = studio
        self._generation = generation
        self._attempt = attempt
        self._state: dict[str, Any] = {}
        self._preview: bytes | None = None
        self._number = (attempt - 1) * _PREVIEWS_PER_ATTEMPT
        self._news = asyncio.Event()
        self._told = asyncio.Event()
        self._hearing = contextlib.ExitStack()
        self._ended = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._owner = asyncio.current_task()

    async def __aenter__(self) -> LiveCall:
        self._told = self._hearing.enter_context(self._studio.news.of(self._generation.id))
        self._writer = asyncio.create_task(self._write_news(), name="progress")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Without waiting for anything: a cancellation here would lose the pictures that just came.
        self._ended.set()
        self._news.set()
        self._hearing.close()

    async def accepted(self, request_id: str) -> None:
        """Store the provider's request id, durably, before anything else happens."""
        self.request_id = request_id

        async def store() -> bool:
            async with self._studio.work(Actor.system()) as work:
                stored = await work.session.execute(
                    self._if_mine().values(provider_request_id=request_id).returning(Generation.id)
                )
                return stored.first() is not None

        if not await patiently(store):
            self._give_up()

    async def progress(self, step: int, steps: int) -> None:
        done = 100 * step / steps if steps > 0 else 0
        self._state.update(step=step, steps=steps, percent=round(min(max(done, 0), 100)))
        self._news.set()

    async def preview(self, data: bytes) -> None:
        self._preview = data
        self._news.set()

    async def news(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._told.wait()
        self._told.clear()

    async def clear(self) -> None:
        """Wait for the last write, then delete the previews of this attempt and of earlier ones."""
        if self._writer is not None:
            # Not cut off: that would cost a connection to the database.
            await asyncio.wait([self._writer], timeout=_LAST_WRITE)
            self._writer.cancel()
        if self._attempt == 1 and not self._number:
            return
        try:
            folder = f"previews/{self._generation.id}/"
            last = preview_key(self._generation.id, self._attempt * _PREVIEWS_PER_ATTEMPT)
            keys = [
                file.key
                async for file in self._studio.storage.list(folder)
                if (len(file.key), file.key) < (len(last), last)
            ]
            if keys:
                await self._studio.storage.delete(*keys)
        except EaselError as error:
            log.warning("generation.previews_left", error=error.detail)

    async def _write_news(self) -> None:
        complained = False
        while not self._ended.is_set():
            await self._news.wait()
            self._news.clear()
            if self._ended.is_set():
                return
            try:
                await self._write()
            except EaselError as error:
                log.warning("generation.progress_not_written", error=error.detail)
            except Exception:
                # Once: it would fill the log four times a second.
                if not complained:
                    log.exception("generation.progress_not_written")
                complained = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL):
                    await self._ended.wait()

    async def _write(self) -> None:
        if self._preview is not None:
            await self._store_preview()
        progress = dict(self._state)
        async with self._studio.work(Actor.system()) as work:
            written = await work.session.execute(
                self._if_mine().values(progress=progress, updated_at=now()).returning(Generation.id)
            )
            if written.first() is None:
                self._give_up()
                return
            await events.signal(
                work.session,
                PROGRESS,
                workspace_id=self._generation.workspace_id,
                user_id=self._generation.user_id,
                data={
                    "id": str(self._generation.id),
                    "status": "processing",
                    "progress": shown_progress(self._generation.id, progress),
                },
            )

    async def _store_preview(self) -> None:
        assert self._preview is not None
        data, self._preview = self._preview, None
        try:
            small = await asyncio.to_thread(shrink_preview, data)
            await self._studio.storage.put(preview_key(self._generation.id, self._number + 1), small)
        except EaselError as error:
            log.warning("generation.preview_not_stored", error=error.detail)
            return
        self._number += 1
        self._state["preview"] = self._number

    def _if_mine(self) -> Any:
        return update(Generation).where(
            Generation.id == self._generation.id,
            Generation.attempt == self._attempt,
            Generation.status == "processing",
        )

    def _give_up(self) -> None:
        """Cancelled, or taken over by another worker: this attempt has nothing left to do."""
        if self._owner is not None and not self._ended.is_set():
            self._owner.cancel()


def _webhook_url(studio: Studio, generation: Generation) -> str | None:
    """Where a provider may tell of news; it reaches no studio that has no address of its own."""
    public = studio.settings.web.public_url
    provider = studio.providers.serving(generation.model_id)
    if public is None or not isinstance(provider, TellsByItself):
        return None
    return f"{public}/api/webhooks/{provider.id}/{generation.id}"


def shown_progress(generation_id: object, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Progress as the API shows it, from what the row keeps."""
    number = stored.get("preview")
    return {
        "step": stored.get("step", 0),
        "steps": stored.get("steps", 0),
        "percent": stored.get("percent", 0),
        "preview_url": f"/api/generate/queue/{generation_id}/previews/{number}" if number else None,
    }
