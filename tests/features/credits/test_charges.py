"""Generations and their credits, over HTTP and through the pipeline: reserved, charged, given back, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from easel.app.worker import working
from easel.core.work import Studio
from easel.features.generation.service import claim, settle
from easel.providers.base import Produced, Result
from tests.features.credits.purse import PricedPainter, causes, drift, give, purse
from tests.features.generation.steps import ended, jobs, member, rows, submit, submitted, until
from tests.features.generation.test_states import start_of
from tests.plugins.painter import picture
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def balance(client: httpx.AsyncClient) -> tuple[float, float]:
    found = (await client.get("/api/credits/balance")).json()
    return found["available"], found["reserved"]


async def generate(client: httpx.AsyncClient, prompt: str = "a fox", **more: Any) -> httpx.Response:
    return await client.post("/api/images/generate", json={"prompt": prompt, **more})


async def test_what_was_shown_is_reserved_and_charged(server: Server, painter: PricedPainter) -> None:
    client = await server.member()
    body = {"prompt": "slow fox", "model": "painter/plain", "width": 512, "height": 512, "num_images": 3}
    shown = (await client.post("/api/generate/estimate", json=body)).json()
    assert shown == {
        "credits": 0.3,
        "per_image": 0.1,
        "num_images": 3,
        "unit": "megapixel",
        "explanation": "0.25 credits a megapixel.",
        "billing": True,
        "available": 3,
        "affordable": True,
    }
    generation = (await client.post("/api/images/generate", json=body)).json()
    assert generation["cost_credits"] == shown["credits"]
    assert await balance(client) == (2.7, 0.3)
    async with working(server.studio, grace=0.5):
        await asyncio.wait_for(painter.slow.wait(), 15)
        painter.go.set()
        end = await ended(client, generation)
    assert (end["status"], end["cost_credits"]) == ("completed", 0.3)
    assert [image["cost_credits"] for image in end["images"]] == [0.1, 0.1, 0.1]
    assert await balance(client) == (2.7, 0)
    assert await drift(server.studio) == []


@pytest.mark.parametrize(
    ("prompt", "pictures", "left"), [("short fox", 2, 1), ("more fox", 4, 0), ("plain fox", 3, 0)]
)
async def test_pictures_that_came_are_charged_up_to_the_number_asked_for(
    server: Server, worker: None, prompt: str, pictures: int, left: int
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, prompt, num_images=3))
    assert (end["status"], len(end["images"]), end["cost_credits"]) == ("completed", pictures, 3 - left)
    assert sum(image["cost_credits"] for image in end["images"]) == pytest.approx(3 - left, abs=0.001)
    assert await balance(client) == (left, 0)
    assert await causes(server.studio) == ["grant", "reserve", "capture"]
    assert await drift(server.studio) == []


@pytest.mark.parametrize("prompt", ["refuse", "crash", "text", "nothing"])
async def test_a_failure_gives_all_of_it_back(server: Server, worker: None, prompt: str) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, prompt, num_images=2))
    assert (end["status"], end["cost_credits"]) == ("failed", 0)
    assert await balance(client) == (3, 0)
    assert await causes(server.studio) == ["grant", "reserve", "release"]


async def test_cancelling_gives_it_back_once_and_a_late_end_charges_nothing(server: Server) -> None:
    client = await server.member()
    waiting = await submit(client, "a fox", num_images=2)
    for _ in range(3):
        answer = await client.delete(f"/api/generate/queue/{waiting['id']}")
        assert answer.json()["cost_credits"] == 0
    assert await balance(client) == (3, 0)
    running = await submit(client, "a fox")
    start = await start_of(server.studio, running["id"])
    taken = await claim.take(server.studio, running["id"], start)
    assert taken is not None
    await client.delete(f"/api/generate/queue/{running['id']}")
    await settle.complete(server.studio, taken, Result((Produced(picture(32, 32, 1), 1),)), seconds=1)
    await settle.fail(server.studio, taken, "unknown", "too late")
    assert await balance(client) == (3, 0)
    assert await causes(server.studio) == ["grant", "reserve", "release", "reserve", "release"]


async def test_trying_again_is_paid_for_again(server: Server, painter: PricedPainter, worker: None) -> None:
    client = await server.member()
    generation = await submit(client, "crash fox", num_images=2)
    await ended(client, generation)
    painter.healed.set()
    again = await client.post(f"/api/generate/queue/{generation['id']}/retry")
    assert (again.status_code, again.json()["cost_credits"]) == (202, 2)
    assert (await ended(client, generation))["cost_credits"] == 2
    assert await balance(client) == (1, 0)
    assert await causes(server.studio) == ["grant", "reserve", "release", "reserve", "capture"]


async def test_too_few_credits_leave_nothing_and_say_how_many(server: Server) -> None:
    client = await server.member()
    body = problem_of(await generate(client, num_images=4), 402, "insufficient_credits")
    assert body.detail == "This takes 4 credits; 3 credits can be spent."
    refused = (await generate(client, num_images=4)).json()
    assert (refused["need"], refused["have"]) == (4, 3)
    assert await rows(server.studio, "SELECT id FROM generations") == []
    assert await jobs(server.studio) == []
    shown = (await client.post("/api/generate/estimate", json={"num_images": 4})).json()
    assert (shown["credits"], shown["affordable"]) == (4, False)


async def test_a_retry_that_cannot_be_paid_changes_nothing(server: Server) -> None:
    client = await server.member()
    generation = await submit(client, "a fox", num_images=2)
    await client.delete(f"/api/generate/queue/{generation['id']}")
    await submit(client, "another", num_images=2)
    answer = await client.post(f"/api/generate/queue/{generation['id']}/retry")
    problem_of(answer, 402, "insufficient_credits")
    assert (await client.get(f"/api/generate/queue/{generation['id']}/status")).json()[
        "status"
    ] == "cancelled"
    assert await balance(client) == (1, 2)


async def test_of_twenty_at_once_with_credits_for_five_exactly_five_are_taken(server: Server) -> None:
    client = await server.member()
    ada = (await client.get("/api/auth/verify")).json()
    await client.post(
        f"/api/admin/credits/{ada['workspace_id']}/adjust", json={"amount": 2, "reason": "test"}
    )
    answers = await asyncio.gather(*(generate(client, f"fox {number}") for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [402] * 15
    assert await balance(client) == (0, 5)
    assert len(await jobs(server.studio)) == 5
    async with working(server.studio, grace=0.5):
        await until(lambda: balance(client), lambda now: now == (0, 0), seconds=30)
    assert await drift(server.studio) == []


async def test_settling_at_once_from_many_sides_happens_once(studio: Studio) -> None:
    ada = await member(studio)
    id = await submitted(studio, ada, "a fox", num_images=2)
    taken = await claim.take(studio, id, await start_of(studio, id))
    assert taken is not None
    result = Result((Produced(picture(32, 32, 1), 1), Produced(picture(32, 32, 2), 2)))
    ends: list[Any] = [settle.complete(studio, taken, result, seconds=1) for _ in range(4)]
    ends += [settle.fail(studio, taken, "unknown", "lost") for _ in range(4)]
    await asyncio.gather(*ends)
    end = (await rows(studio, "SELECT status, cost_credits::float8 AS cost FROM generations"))[0]
    assert end == {"status": "completed", "cost": 2} or end == {"status": "failed", "cost": 0}
    assert await purse(studio, ada) == (3 - end["cost"], 0)
    assert len(await causes(studio)) == 3
    assert len(await rows(studio, "SELECT id FROM usage_logs")) == 1
    assert await drift(studio) == []


@pytest.mark.parametrize("settings", [{"EASEL_BILLING": "off"}], indirect=True)
async def test_where_billing_is_off_nothing_moves_and_the_cost_is_recorded(
    server: Server, worker: None
) -> None:
    client = await server.member()
    shown = (await client.post("/api/generate/estimate", json={"num_images": 4})).json()
    assert (shown["credits"], shown["billing"], shown["available"], shown["affordable"]) == (
        4,
        False,
        None,
        True,
    )
    end = await ended(client, await submit(client, "a fox", num_images=4))
    assert (end["status"], end["cost_credits"]) == ("completed", 4)
    assert await causes(server.studio) == []
    assert await rows(server.studio, "SELECT credits_used::int AS used FROM usage_logs") == [{"used": 4}]


async def test_what_was_reserved_comes_back_or_is_charged_though_billing_was_switched_off(
    studio: Studio,
) -> None:
    ada = await member(studio)
    await give(studio, ada, 1)
    ids = [await submitted(studio, ada, "a fox") for _ in range(2)]
    off = studio.settings.model_copy(
        update={"billing": studio.settings.billing.model_copy(update={"mode": "off"})}
    )
    later = replace(studio, settings=off)
    for id, end in zip(ids, ("completed", "failed"), strict=True):
        taken = await claim.take(later, id, await start_of(later, id))
        assert taken is not None
        if end == "completed":
            await settle.complete(later, taken, Result((Produced(picture(32, 32, 1), 1),)), seconds=1)
        else:
            await settle.fail(later, taken, "unknown", "no")
    assert await purse(later, ada) == (3, 0)
    assert await drift(later) == []


async def test_estimates_are_checked_like_submits(server: Server) -> None:
    client = await server.member()
    answer = await client.post("/api/generate/estimate", json={"num_images": 4, "sampler": "euler"})
    assert problem_of(answer, 422, "invalid_input").errors[0].field == "sampler"
    answer = await client.post("/api/generate/estimate", json={"model": "no/such"})
    problem_of(answer, 404, "model_not_found")
    problem_of(await server.client().post("/api/generate/estimate", json={}), 401, "not_signed_in")


async def test_a_batch_is_reserved_as_a_whole_or_not_at_all(server: Server) -> None:
    client = await server.member()
    body = [{"prompt": f"fox {number}"} for number in range(4)]
    refused = await client.post("/api/generate/batch", json={"requests": body})
    assert problem_of(refused, 402, "insufficient_credits").detail.startswith("This takes 4 credits")
    assert await causes(server.studio) == ["grant"]
    assert (await client.post("/api/generate/batch", json={"requests": body[:3]})).status_code == 202
    assert await balance(client) == (0, 3)
    told = await rows(server.studio, "SELECT id FROM events WHERE type = 'credits.changed'")
    assert len(told) == 2
    async with working(server.studio, grace=0.5):
        await until(lambda: balance(client), lambda now: now == (0, 0), seconds=30)
    assert await drift(server.studio) == []
