"""A model that is down: it is called no more for a while, and others take over where they may."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any, ClassVar

import httpx
import pytest

from easel.base.settings import Settings, load
from easel.core.work import Studio
from easel.features.catalogue.service import breakers
from easel.features.generation import policy
from easel.features.generation.service import attempt, failover, seats
from easel.providers import errors
from easel.providers.base import Call, Capability, Model, Operation, Request, Result, Sizes
from easel.providers.pricing import Price
from tests.features.generation.steps import ended, rows, state, submit, until
from tests.plugins.painter import Painter, PainterOptions
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

FAST = Painter.models[0]


def model(name: str, credits: str, **more: Any) -> Model:
    price = Price(Decimal(credits), explanation="Per picture.")
    return dataclasses.replace(FAST, id=f"painter/{name}", name=name.title(), price=price, **more)


class Shaky(Painter):
    """A painter of several models, of which some may be `down`."""

    models: ClassVar[tuple[Model, ...]] = (
        model("fast", "4"),
        model("good", "3"),
        model("dear", "5"),
        model("poor", "1", quality=1),
        model("plain", "3", capabilities=frozenset({Capability.TEXT_TO_IMAGE})),
    )

    def __init__(self) -> None:
        super().__init__()
        self.down = {"painter/fast"}
        self.called: list[str] = []

    async def generate(self, request: Request, call: Call) -> Result:
        self.called.append(request.model.id)
        if request.model.id in self.down:
            raise errors.Unavailable("Out of order.", retry_after=0.01)
        return await super().generate(request, call)


@pytest.fixture
def painter() -> Shaky:
    return Shaky()


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """One after the other, so that the calls can be counted; with credits."""
    monkeypatch.setenv("EASEL_SEATS", "painter=1")
    monkeypatch.setenv("EASEL_BILLING", "on")
    monkeypatch.setenv("EASEL_GRANT_CREDITS", "100")
    return load()


async def due(studio: Studio) -> None:
    """Let the pause of every model be over."""
    await rows(studio, "UPDATE model_breakers SET open_until = now()")
    await rows(studio, "UPDATE generations SET scheduled_at = now() WHERE held_at IS NOT NULL")
    await seats.fill_all(studio)


async def credits(client: httpx.AsyncClient) -> tuple[float, float]:
    found = (await client.get("/api/credits/balance")).json()
    return found["available"], found["reserved"]


async def waits(client: httpx.AsyncClient, generation: dict[str, Any]) -> dict[str, Any]:
    """A generation when it waits for its model."""
    found: dict[str, Any] = await until(
        lambda: state(client, generation), lambda now: now["waits_until"] is not None, seconds=20
    )
    return found


async def test_a_model_that_is_down_is_left_alone_until_one_call_succeeds(
    server: Server, worker: None, painter: Shaky
) -> None:
    client = await server.member()
    for number in range(2):
        end = await ended(client, await submit(client, f"a fox, {number}"))
        assert (end["status"], end["error"]["code"]) == ("failed", "unavailable")
    assert len(painter.called) == 2 * attempt.MAX_TRIES
    assert (await client.get("/api/models/painter/fast")).json()["down_until"] is None

    held = [await submit(client, f"a hare, {number}") for number in range(2)]
    for generation in held:
        assert (await waits(client, generation))["status"] == "pending"
    assert len(painter.called) == breakers.FEWEST
    shown = (await client.get("/api/models/painter/fast")).json()
    assert shown["down_until"] is not None
    assert (await client.get("/api/models/painter/fast/stats")).json()["health"] == "down"
    # Other models of its provider go on meanwhile.
    other = await ended(client, await submit(client, "a fox", model="painter/good"))
    assert other["status"] == "completed"

    # After the pause one call shows that it is down still, and nobody else calls.
    await due(server.studio)
    await until(lambda: _calls(painter, "painter/fast"), lambda n: n == breakers.FEWEST + 1)
    for generation in held:
        await waits(client, generation)
    pause = await rows(server.studio, "SELECT trips, open_until > now() AS down FROM model_breakers")
    assert pause == [{"trips": 2, "down": True}]

    painter.down.clear()
    await due(server.studio)
    for generation in held:
        end = await ended(client, generation)
        assert (end["status"], end["asked_model"], end["waits_until"]) == ("completed", None, None)
    assert await rows(server.studio, "SELECT model_id FROM model_breakers") == []
    assert (await client.get("/api/models/painter/fast")).json()["down_until"] is None
    assert await credits(client) == (100 - 3 - 2 * 4, 0)


async def test_an_equivalent_model_takes_over_where_it_may_and_is_what_is_charged(
    server: Server, worker: None, painter: Shaky
) -> None:
    client = await server.member()
    wanted = {"failover": True, "negative_prompt": "hounds", "steps": 7, "num_images": 2}
    end = await ended(client, await submit(client, "a fox", **wanted))
    assert (end["status"], end["model"], end["asked_model"]) == ("completed", "painter/good", "painter/fast")
    assert end["model_reason"] == "Fast was down, so Good was asked instead."
    assert end["parameters"]["steps"] == 7
    assert end["cost_credits"] == 6
    assert [image["model"] for image in end["images"]] == ["painter/good"] * 2
    assert painter.called == ["painter/fast"] * attempt.MAX_TRIES + ["painter/good"]
    assert await credits(client) == (100 - 6, 0)

    # While it is known to be down, it is not asked at all; a batch may say so too.
    await rows(
        server.studio,
        "INSERT INTO model_breakers VALUES ('painter/fast', '{}', now() + interval '1 h', 1) "
        "ON CONFLICT (model_id) DO UPDATE SET open_until = excluded.open_until",
    )
    painter.called.clear()
    batch = {"requests": [{"prompt": "a fox", "failover": True}, {"prompt": "a hare"}]}
    moved, held = (await client.post("/api/generate/batch", json=batch)).json()["generations"]
    assert (await ended(client, {"id": moved}))["model"] == "painter/good"
    assert (await waits(client, {"id": held}))["model"] == "painter/fast"
    assert painter.called == ["painter/good"]
    assert await credits(client) == (100 - 6 - 3 - 4, 4)

    # Nothing else is as good for the price: it waits, and not for ever.
    painter.down.add("painter/good")
    await rows(
        server.studio, "INSERT INTO model_breakers VALUES ('painter/good', '{}', now() + interval '1 h', 1)"
    )
    waiting = await submit(client, "a fox", failover=True, negative_prompt="hounds")
    await waits(client, waiting)
    await rows(
        server.studio,
        "UPDATE generations SET scheduled_at = now(), held_at = now() - :patience - interval '1 min'"
        " WHERE held_at IS NOT NULL",
        patience=failover.PATIENCE,
    )
    await seats.fill_all(server.studio)
    for generation in (waiting, {"id": held}):
        end = await ended(client, generation)
        assert (end["status"], end["error"]["code"]) == ("failed", "unavailable")
    assert await credits(client) == (100 - 6 - 3, 0)


async def _calls(painter: Shaky, model_id: str) -> int:
    return painter.called.count(model_id)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"quality": 2}, True),
        ({"quality": 1}, False),
        ({"capabilities": frozenset({Capability.TEXT_TO_IMAGE})}, False),
        ({"capabilities": frozenset({Capability.NEGATIVE_PROMPT})}, False),
        ({"sizes": Sizes(only=((32, 32),))}, False),
        ({"formats": ("webp",)}, False),
        ({"max_images": 1}, False),
        ({"max_prompt": 3}, False),
    ],
)
def test_what_another_model_must_be_able_to_do(changes: dict[str, Any], fits: bool) -> None:
    request = Request(
        model=FAST,
        operation=Operation.TEXT_TO_IMAGE,
        prompt="a fox",
        negative_prompt="hounds",
        width=64,
        height=64,
        seed=1,
        num_images=2,
        output_format="png",
        options=PainterOptions(steps=9),
    )
    other = dataclasses.replace(FAST, id="painter/other", **changes)
    found = policy.carried_over(request, other)
    assert found == (dataclasses.replace(request, model=other) if fits else None)
