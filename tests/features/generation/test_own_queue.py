"""A provider with a queue of its own: only a worker that can make its calls takes them, and its absence is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar

import httpx
import pytest

from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.settings import BadSettings, Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.catalogue.service import discover, synchronise
from easel.providers.base import LOCAL, Model
from easel.providers.registry import Providers
from tests.features.generation.steps import ended, state, submit, until
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

MODEL = "loft/easel"


class Loft(Painter):
    """A painter whom only some machines have; `here` says whether this one does."""

    id: ClassVar[str] = "loft"
    title: ClassVar[str] = "Loft"
    models: ClassVar[tuple[Model, ...]] = ()
    queue: ClassVar[str] = LOCAL
    nobody: ClassVar[str] = "No local worker is running. Start one."
    missing_here: ClassVar[str] = "there are no brushes here."
    setting: ClassVar[str] = "LOFT"
    seats_per_worker: int | None = 1

    def __init__(self, *, here: bool, configured: bool = True) -> None:
        super().__init__()
        self.runs_here, self.configured = here, configured

    async def discover(self) -> tuple[Model, ...]:
        return (self.known(MODEL, {"brushes": 3}),)

    def known(self, model_id: str, found: Mapping[str, Any]) -> Model:
        return replace(Painter.models[0], id=model_id, name="Loft", found=dict(found))

    async def check(self, secrets: Mapping[str, str]) -> str:
        return "A local worker is running."


@pytest.fixture
async def studio(settings: Settings, database_url: str) -> AsyncIterator[Studio]:
    """The studio's web server and ordinary worker, on a machine without a loft."""
    async with open_studio(
        settings, database_url, providers=Providers([Painter(), Loft(here=False)])
    ) as opened:
        yield opened


@asynccontextmanager
async def loft(settings: Settings, database_url: str) -> AsyncIterator[Loft]:
    """A worker on a machine with a loft, which takes nothing else."""
    provider = Loft(here=True)
    async with (
        open_studio(settings, database_url, providers=Providers([Painter(), provider])) as opened,
        working(opened, grace=0.5, only=frozenset({LOCAL})),
    ):
        yield provider


async def of_loft(client: httpx.AsyncClient) -> dict[str, Any] | None:
    answer = await client.get("/api/models", params={"provider": "loft"})
    return next(iter(answer.json()["items"]), None)


async def test_only_the_machine_that_can_takes_the_queue_and_is_missed(
    settings: Settings, database_url: str, studio: Studio, server: Server
) -> None:
    ada = await server.member()
    with pytest.raises(BadSettings, match="--queues local: there are no brushes here"):
        async with working(studio, grace=0.5, only=frozenset({LOCAL})):
            pass
    async with working(studio, grace=0.5):
        async with loft(settings, database_url) as provider:
            # It tells of its models itself, and that it is there.
            shown = await until(lambda: of_loft(ada), lambda model: bool(model), seconds=60)
            assert shown is not None
            assert shown["available"] is True
            (panel,) = (await ada.get("/api/settings/providers")).json()["items"]
            assert (panel["provider"], panel["ready"]) == ("loft", True)
            assert (await ada.post("/api/settings/providers/loft/check")).json()["ok"] is True
            generation = await submit(ada, "a fox", model=MODEL)
            done = await ended(ada, generation, seconds=60)
            assert done["status"] == "completed", done["error"]
            assert provider.calls == {"a fox": 1}
            # Another's ordinary work goes its usual way meanwhile.
            ordinary = await submit(ada, "a hen", model="painter/fast")
            assert (await ended(ada, ordinary, seconds=60))["status"] == "completed"
            assert provider.calls == {"a fox": 1}
            waiting = await submit(ada, "slow fox", model=MODEL)
            await asyncio.wait_for(provider.slow.wait(), 60)

        # It stopped in the midst of that one, which waits now, taken by no other worker.
        async def unattended() -> bool:
            async with studio.work(Actor.system()) as work:
                return not await studio.jobs.is_attended(work.session, LOCAL)

        await until(unattended, lambda gone: gone, seconds=60)
        await discover.discover(studio)
        await synchronise.synchronise(studio)
        missed = await of_loft(ada)
        assert missed is not None
        assert (missed["available"], missed["unavailable_reason"]) == (False, Loft.nobody)
        refused = await ada.post("/api/images/generate", json={"prompt": "a fox", "model": MODEL})
        assert Loft.nobody in problem_of(refused, 409, "model_unavailable").detail
        assert (await ada.post("/api/settings/providers/loft/check")).json()["message"] == Loft.nobody
        assert (await state(ada, waiting))["status"] == "pending"
        async with loft(settings, database_url) as provider:
            provider.go.set()
            assert (await ended(ada, waiting, seconds=60))["status"] == "completed"
            back = await until(
                lambda: of_loft(ada), lambda model: bool(model and model["available"]), seconds=60
            )
            assert back is not None
