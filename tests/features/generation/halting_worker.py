"""A worker process that halts at a point of an attempt, to be killed there.

`python -m tests.features.generation.halting_worker FOLDER KIND POINT`: as `painting_worker`, and it touches
FOLDER/halted when it has come to POINT, from which it does not go on. ``claim`` and ``settle`` are no points of its
own: a test holds it there by a lock in the database.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from easel.app.open import open_studio
from easel.app.worker import run_worker
from easel.base.logging import configure_logging
from easel.base.settings import load
from easel.providers.base import Call, Model, Request, Result
from easel.providers.pricing import Price
from easel.providers.registry import Providers
from easel.storage.base import Storage
from tests.features.generation.painting_worker import NotingPainter
from tests.plugins.painter import Painter

PRICE = 4


class HaltingPainter(NotingPainter):
    """A painter with a price that halts at a point. A call is noted when it has reached the provider's server."""

    models: ClassVar[tuple[Model, ...]] = (
        replace(Painter.models[0], price=Price(Decimal(PRICE), explanation="4 credits a picture.")),
    )

    def __init__(self, folder: Path, kind: str, point: str | None = None) -> None:
        super().__init__(folder, kind)
        self.point = point
        self.halted, self.go_on = asyncio.Event(), asyncio.Event()

    async def generate(self, request: Request, call: Call) -> Result:
        await self.pass_by("claimed")
        return await super().generate(request, _Halting(call, self))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        return await super().resume(request_id, request, _Halting(call, self))

    async def _picture(self, request: Request, call: Call) -> Result:
        await call.progress(1, 4)
        await self.pass_by("streaming")
        return await super()._picture(request, call)

    async def pass_by(self, point: str) -> None:
        """Come to a point, and halt if it is the one, until `go_on` is set."""
        if point == self.point:
            (self.folder / "halted").touch()
            self.halted.set()
            await self.go_on.wait()


class _Halting:
    """A call that halts before and after the provider's id is stored."""

    def __init__(self, call: Call, painter: HaltingPainter) -> None:
        self._call, self._painter = call, painter
        self.secrets: Mapping[str, str] = call.secrets
        self.webhook_url = call.webhook_url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    async def accepted(self, request_id: str) -> None:
        await self._painter.pass_by("submitted")
        await self._call.accepted(request_id)
        await self._painter.pass_by("accepted")


class HaltingStorage(Storage):
    """A store that halts when an original has been written."""

    def __init__(self, storage: Storage, painter: HaltingPainter) -> None:
        self.__dict__.update(storage.__dict__)
        self._painter = painter

    async def put_content(self, data: bytes, *, suffix: str) -> str:
        key = await super().put_content(data, suffix=suffix)
        await self._painter.pass_by("storing")
        return key


async def main(folder: Path, kind: str, point: str) -> None:
    settings = load()
    configure_logging(settings, "worker")
    assert settings.database.url is not None
    painter = HaltingPainter(folder, kind, point)
    url = settings.database.url.get_secret_value()
    async with open_studio(settings, url, providers=Providers([painter])) as studio:
        await run_worker(replace(studio, storage=HaltingStorage(studio.storage, painter)), grace=0.3)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:4]))
