"""A worker process for tests that kill it: `python -m tests.features.generation.painting_worker FOLDER KIND`.

Its provider is a `Painter` that notes its calls in FOLDER/calls, a line each, and lets `slow` ones go on when
there is a file FOLDER/go. KIND is any of the words `paid` and `ids`. The rest comes from the environment.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from easel.app.open import open_studio
from easel.app.worker import run_worker
from easel.base.logging import configure_logging
from easel.base.settings import load
from easel.providers.base import Call, Request, Result
from easel.providers.registry import Providers
from tests.plugins.painter import Painter


class NotingPainter(Painter):
    """A painter whose calls another process can see."""

    def __init__(self, folder: Path, kind: str) -> None:
        super().__init__(repeatable="paid" not in kind, request_ids="ids" in kind)
        self.folder = folder

    async def generate(self, request: Request, call: Call) -> Result:
        self._note(f"generate {request.prompt}")
        return await super().generate(request, call)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        self._note(f"resume {request_id}")
        return await super().resume(request_id, request, call)

    async def _paint(self, request: Request, call: Call) -> Result:
        watching = asyncio.create_task(self._watch())
        try:
            return await super()._paint(request, call)
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        while True:
            if self.slow.is_set():
                (self.folder / "slow").touch()
            if (self.folder / "go").exists():
                self.go.set()
            await asyncio.sleep(0.02)

    def _note(self, line: str) -> None:
        with (self.folder / "calls").open("a") as file:
            file.write(line + "\n")


async def main(folder: Path, kind: str) -> None:
    settings = load()
    configure_logging(settings, "worker")
    assert settings.database.url is not None
    providers = Providers([NotingPainter(folder, kind)])
    async with open_studio(settings, settings.database.url.get_secret_value(), providers=providers) as studio:
        await run_worker(studio, grace=0.3)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
