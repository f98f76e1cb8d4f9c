"""A web process that halts at a point of a submission, to be killed there.

`python -m tests.features.generation.halting_web FOLDER POINT PORT`: listens on PORT of loopback, and touches
FOLDER/halted when a submission has come to POINT, from which it does not go on: ``commit``, when its rows are
written and not committed, or ``answer``, when they are committed and not answered. Any other word halts nowhere.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from easel.app.api import create_app
from easel.app.open import open_studio
from easel.base.logging import configure_logging
from easel.base.settings import Settings, load
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.generation.events import GenerationCreated
from easel.providers.registry import Providers
from tests.features.generation.halting_worker import HaltingPainter


@dataclass(frozen=True, kw_only=True)
class HaltingStudio(Studio):
    """A studio that halts around the commit of a transaction which submits."""

    painter: HaltingPainter

    @asynccontextmanager
    async def work(self, actor: Actor) -> AsyncIterator[Work]:
        async with super().work(actor) as work:
            yield work
            submits = any(isinstance(event, GenerationCreated) for event in work.emitted)
            if submits:
                await self.painter.pass_by("commit")
        if submits:
            await self.painter.pass_by("answer")


async def main(settings: Settings, folder: Path, point: str, port: int) -> None:
    assert settings.database.url is not None
    url = settings.database.url.get_secret_value()
    painter = HaltingPainter(folder, "paid", point)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Studio]:
        async with open_studio(settings, url, providers=Providers([painter])) as studio:
            yield HaltingStudio(**vars(studio), painter=painter)

    app = create_app(settings, opened)
    await uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False)).serve()


if __name__ == "__main__":
    known = load()
    configure_logging(known, "web")
    asyncio.run(main(known, Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
