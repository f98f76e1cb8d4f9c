"""Sketch, the built-in image engine: a painter by procedure and classical tools, not an AI model.

Reads a prompt (`words`), lights and furnishes a place (`light`, `scenery`), sets the subjects in it (`compose`),
paints it (`paint`) and finishes it in a look (`looks`); `draw` is the whole way. What begins with a picture is done
by `rework`, `cutout` and `darkroom`. What is drawn is data: the ``.toml`` files beside; what is offered is in `models`.
Needs no key, no network and no weights; the same request gives the same bytes. This module is the provider and holds
no drawing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ClassVar

import pyvips

from ..base import Call, Model, Produced, Request, Result, Secret
from ..errors import BadRequest, OutcomeUnknown, ProviderError
from .draw import Stopped
from .models import CUT_OUT, EDIT, PAINTER, UPSCALE, SketchOptions, Style
from .operations import make

__all__ = ["Sketch", "SketchOptions", "Style"]


class _Courier:
    """Carries news from the drawing thread to the loop; never makes the drawing wait."""

    def __init__(self, call: Call, steps: int) -> None:
        self._call, self._loop, self._steps = call, asyncio.get_running_loop(), steps
        self._underway: Future[None] | None = None
        self._news: list[Future[None]] = []

    def step(self, step: int, preview: Callable[[], bytes] | None) -> None:
        """Tell of a step, and show a preview unless the last one is still on its way. For the drawing thread."""
        self._send(self._call.progress(step, self._steps))
        if preview is not None:
            # Made first and asked after: the last one has this long to arrive.
            data = preview()
            if self._underway is None or self._underway.done():
                self._underway = self._send(self._call.preview(data))

    def _send(self, news: Coroutine[Any, Any, None]) -> Future[None]:
        sent = asyncio.run_coroutine_threadsafe(news, self._loop)
        self._news = [*(f for f in self._news if not f.done()), sent]
        return sent

    async def delivered(self) -> None:
        """Wait until all news is told, so that none arrives after the result."""
        await asyncio.gather(*(asyncio.wrap_future(f) for f in self._news))


class Sketch:
    """The provider. `threads` pictures are drawn at a time; further ones wait their turn."""

    id: ClassVar[str] = "sketch"
    title: ClassVar[str] = "Sketch"
    description: ClassVar[str] = "Built in, draws by procedure, not an AI model."
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = (PAINTER, UPSCALE, CUT_OUT, EDIT)
    repeatable: ClassVar[bool] = True
    seats: int | None = None

    def __init__(self, *, threads: int = 1) -> None:
        self.seats_per_worker: int | None = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sketch")

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the request's pictures, one after the other; progress counts the steps of all of them.

        Raises `BadRequest` for what Sketch does not do, `ProviderError` when the work breaks.
        """
        form = request.output_format
        if form == "avif":
            raise BadRequest("Sketch writes PNG, JPEG and WebP.")
        if why := request.model.sizes.why_not(request.width, request.height):
            raise BadRequest(why)
        steps = getattr(request.options, "steps", 1)
        stop = threading.Event()
        courier = _Courier(call, steps * request.num_images)

        def paint(index: int) -> Produced:
            done = index * steps
            made = make(
                request, request.seed + index, stop=stop.is_set,
                on_step=lambda step, preview: courier.step(done + step, preview),
            )  # fmt: skip
            courier.step(done + steps, None)
            return made

        def paint_all() -> tuple[Produced, ...]:
            # `media` shuts every loader that strangers' files must not reach; these drawings are our own.
            pyvips.operation_block_set("VipsForeignLoadSvg", False)
            return tuple(paint(index) for index in range(request.num_images))

        try:
            pictures = await asyncio.get_running_loop().run_in_executor(self._pool, paint_all)
            await courier.delivered()
        except asyncio.CancelledError:
            stop.set()
            raise
        except Stopped:
            raise asyncio.CancelledError from None
        except pyvips.Error as error:
            raise ProviderError(f"The picture could not be drawn: {error.message}") from error
        return Result(pictures)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Sketch keeps no requests: always raises `OutcomeUnknown`."""
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: cancelling the task of `generate` stops the drawing."""

    async def close(self) -> None:
        """Release the threads; a drawing underway is finished first."""
        self._pool.shutdown(wait=False, cancel_futures=True)
