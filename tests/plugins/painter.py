"""A provider for tests: its behaviour is written in the prompt, and it counts what was asked of it."""

from __future__ import annotations

import asyncio
from collections import Counter
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
    and `limit` fail so (the last two only the first time), `crash` breaks, `text` answers with no picture."""

    id: ClassVar[str] = "painter"
    title: ClassVar[str] = "Painter"
    description: ClassVar[str] = "For tests."
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = (
        Model(id="painter/fast", name="Fast", featured=True, **_MODEL),  # type: ignore[arg-type]
        Model(id="painter/plain", name="Plain", **(_MODEL | {"capabilities": frozenset({Capability.TEXT_TO_IMAGE})})),  # type: ignore[arg-type]
    )
    repeatable: ClassVar[bool] = True

    def __init__(self, *, repeatable: bool = True, request_ids: bool = False) -> None:
        self.repeatable = repeatable  # type: ignore[misc]  # the test says which kind of provider it is
        self.request_ids = request_ids
        self.calls: Counter[str] = Counter()
        self.cancelled: list[str] = []
        self.go = asyncio.Event()
        self.started = asyncio.Event()

    async def generate(self, request: Request, call: Call) -> Result:
        self.calls[request.prompt] += 1
        self.started.set()
        if self.request_ids:
            await call.accepted(f"request-{self.calls.total()}")
        return await self._paint(request, call)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        if not self.request_ids:
            raise errors.OutcomeUnknown
        self.calls[f"resume {request_id}"] += 1
        return await self._paint(request, call)

    async def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    async def close(self) -> None:
        pass

    async def _paint(self, request: Request, call: Call) -> Result:
        words = request.prompt.split()
        if "slow" in words:
            await call.progress(1, 4)
            await call.preview(_picture(64, 64, 3))
            await self.go.wait()
        for word in words:
            first_only = word in ("limit", "away")
            if word in ERRORS and (not first_only or self.calls[request.prompt] == 1):
                raise ERRORS[word](f"The painter says: {word}.", retry_after=0.1 if first_only else None)
        if "crash" in words:
            raise RuntimeError("the adapter broke")
        if "text" in words:
            return Result((Produced(b"<html>not a picture</html>", None),))
        return Result(
            tuple(
                Produced(_picture(request.width, request.height, request.seed + index), request.seed + index)
                for index in range(request.num_images)
            )
        )


def _picture(width: int, height: int, seed: int) -> bytes:
    color = [seed * 37 % 256, seed * 91 % 256, seed * 151 % 256]
    image = pyvips.Image.black(width, height, bands=3).linear([1, 1, 1], color).cast("uchar")
    data: bytes = image.copy(interpretation="srgb").pngsave_buffer(compression=1)
    return data
