"""A provider for tests: its behaviour is written in the prompt, and it counts what was asked of it."""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

import pyvips
from pydantic import Field

from easel.providers import errors
from easel.providers.base import Call, Capability, Model, Options, Produced, Request, Result, Secret, Sizes


class PainterOptions(Options):
    """Parameters of the test models."""

    steps: int = Field(4, ge=1, le=50, title="Steps", description="How many steps to take.")
    guidance: float = Field(7, ge=0, le=20, title="Guidance", description="How literally.")


_MODEL = dict(  # noqa: C408 - reads as the arguments it stands for
    description="For tests.",
    version="1",
    capabilities=frozenset(
        {Capability.TEXT_TO_IMAGE, Capability.NEGATIVE_PROMPT, Capability.SEED, Capability.PREVIEWS}
    ),
    options=PainterOptions,
    sizes=Sizes(minimum=16, maximum=512, default=(64, 64)),
    formats=("png", "webp"),
)

ERRORS = {
    "refuse": errors.ContentRefused,
    "invalid": errors.BadRequest,
    "limit": errors.RateLimited,
    "away": errors.Unavailable,
}


class Painter:
    """Paints flat pictures. Words in the prompt: `slow` waits until `go` is set, `refuse`, `invalid`, `away`
    and `limit` fail so (the last two only the first time), `never` is away each time, `crash` breaks until
    `healed` is set, `text` answers with no picture and `nothing` with none at all, `empty` with no bytes, `cut`
    with half a picture, `huge` with one that claims 60,000 pixels a side, `busy` tells of a thousand steps within
    a second, `nonsense` tells of progress and previews that cannot be."""

    id: ClassVar[str] = "painter"
    title: ClassVar[str] = "Painter"
    description: ClassVar[str] = "For tests."
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = (
        Model(id="painter/fast", name="Fast", featured=True, **_MODEL),  # type: ignore[arg-type]
        Model(
            id="painter/plain",
            name="Plain",
            **(_MODEL | {"capabilities": frozenset({Capability.TEXT_TO_IMAGE})}),  # type: ignore[arg-type]
        ),
    )
    repeatable: ClassVar[bool] = True
    seats: int | None = None
    seats_per_worker: int | None = None

    def __init__(self, *, repeatable: bool = True, request_ids: bool = False) -> None:
        self.repeatable = repeatable  # type: ignore[misc]  # the test says which kind of provider it is
        self.request_ids = request_ids
        self.calls: Counter[str] = Counter()
        self.tries: Counter[str] = Counter()
        self.cancelled: list[str] = []
        self.go = asyncio.Event()
        self.healed = asyncio.Event()
        self.started = asyncio.Event()
        self.slow = asyncio.Event()
        self.stopped = asyncio.Event()
        self.asked_to_stop = asyncio.Event()
        self.may_accept = asyncio.Event()
        self.may_accept.set()

    async def generate(self, request: Request, call: Call) -> Result:
        self.calls[request.prompt] += 1
        self.started.set()
        if self.request_ids:
            request_id = f"request-{self.calls.total()}"
            try:
                await self.may_accept.wait()
            finally:
                # Even a call that is cut off here may have reached the provider.
                await call.accepted(request_id)
        return await self._paint(request, call)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        if not self.request_ids:
            raise errors.OutcomeUnknown
        self.calls[f"resume {request_id}"] += 1
        return await self._paint(request, call)

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        self.cancelled.append(request_id)
        self.asked_to_stop.set()

    async def close(self) -> None:
        pass

    async def _paint(self, request: Request, call: Call) -> Result:
        try:
            return await self._picture(request, call)
        except asyncio.CancelledError:
            self.stopped.set()
            raise

    async def _picture(self, request: Request, call: Call) -> Result:
        self.tries[request.prompt] += 1
        words = request.prompt.split()
        if "slow" in words:
            await call.progress(1, 4)
            await call.preview(picture(64, 64, 3))
            self.slow.set()
            await self.go.wait()
        if "busy" in words:
            for step in range(1000):
                await call.progress(step + 1, 1000)
                await asyncio.sleep(0.001)
        if "nonsense" in words:
            for step, steps in ((-3, 4), (9, 0), (9, 4), (1, -1)):
                await call.progress(step, steps)
                await call.preview(b"no picture")
                await asyncio.sleep(0.3)
        if "never" in words:
            raise errors.Unavailable("The painter is away.", retry_after=0.01)
        for word in words:
            first_only = word in ("limit", "away")
            if word in ERRORS and (not first_only or self.tries[request.prompt] == 1):
                raise ERRORS[word](f"The painter says: {word}.", retry_after=0.1 if first_only else None)
        if "crash" in words and not self.healed.is_set():
            raise RuntimeError("the adapter broke")
        if "text" in words:
            return Result((Produced(b"<html>not a picture</html>", None),))
        if "empty" in words:
            return Result((Produced(b"", None),))
        if "cut" in words:
            whole = picture(request.width, request.height, 1)
            return Result((Produced(whole[: len(whole) // 2], None),))
        if "huge" in words:
            return Result((Produced(huge(), None),))
        if "nothing" in words:
            return Result(())
        return Result(
            tuple(
                Produced(picture(request.width, request.height, request.seed + index), request.seed + index)
                for index in range(request.num_images)
            )
        )


def huge() -> bytes:
    """A whole PNG of one pixel whose header says 60,000 × 60,000."""
    data = picture(1, 1, 1)
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + data[24:29]
    return data[:12] + header + zlib.crc32(header).to_bytes(4, "big") + data[33:]


def picture(width: int, height: int, seed: int) -> bytes:
    color = [seed * 37 % 256, seed * 91 % 256, seed * 151 % 256]
    image = pyvips.Image.black(width, height, bands=3).linear([1, 1, 1], color).cast("uchar")
    data: bytes = image.copy(interpretation="srgb").pngsave_buffer(compression=1)
    return data
