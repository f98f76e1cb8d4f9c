"""The table of models, and what administrators set on top of what providers declare."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from easel.base.clock import now
from easel.base.settings import Settings
from easel.core.work import Studio
from easel.features.catalogue.policy import health
from easel.features.catalogue.service import synchronise
from easel.providers.pricing import Price
from easel.providers.registry import Providers
from tests.features.credits.purse import log
from tests.features.generation.steps import ended, rows, submit
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio

FAST = "/api/admin/models/painter/fast"
PROMPT = {"prompt": "a fox"}


class Declared(Painter):
    """A painter with other models."""

    def __init__(self, *models: Any) -> None:
        super().__init__()
        self.models = models  # type: ignore[misc]  # the test says what is declared


def having(studio: Studio, *models: Any) -> Studio:
    return replace(studio, providers=Providers([Declared(*models)]))


async def table(studio: Studio) -> dict[str, dict[str, Any]]:
    found = await rows(studio, "SELECT models.*, xmin::text AS written FROM models")
    return {row["id"]: row for row in found}


async def test_synchronising_again_writes_nothing(studio: Studio) -> None:
    await asyncio.gather(*(synchronise.synchronise(studio) for _ in range(4)))
    before = await table(studio)
    assert set(before) == {"painter/fast", "painter/plain"}
    fast = before["painter/fast"]
    assert (fast["provider"], fast["provider_model_id"], fast["display_name"]) == ("painter", "fast", "Fast")
    assert (fast["is_active"], fast["is_featured"], fast["cost_per_generation"]) == (True, True, 0)
    await synchronise.synchronise(studio)
    assert await table(studio) == before


async def test_a_model_comes_changes_goes_and_comes_back(settings: Settings, studio: Studio) -> None:
    fast, plain = Painter.models
    await synchronise.synchronise(having(studio, plain))
    later = having(studio, replace(plain, version="2"), fast)
    async with serving(settings, later) as server:
        listed = (await server.client().get("/api/models")).json()["items"]
        assert {model["id"]: model["notice"] for model in listed} == {
            "painter/fast": "new",
            "painter/plain": "updated",
        }
    without = having(studio, fast)
    async with serving(settings, without) as server:
        client = server.client()
        assert [model["id"] for model in (await client.get("/api/models")).json()["items"]] == [
            "painter/fast"
        ]
        gone = (await client.get("/api/models/painter/plain")).json()
        assert (gone["name"], gone["version"], gone["active"], gone["available"]) == (
            "Plain",
            "2",
            False,
            False,
        )
        assert gone["unavailable_reason"] == "It is not in this studio any more."
        assert gone["sizes"]["maximum"] == 512
    assert (await table(studio))["painter/plain"]["is_active"] is False
    await synchronise.synchronise(later)
    assert (await table(studio))["painter/plain"]["is_active"] is True


async def test_what_is_switched_off_is_refused_at_once_and_says_why(server: Server, worker: None) -> None:
    admin, ben = await server.member(), await server.member("ben@example.com")
    first = (await ben.post("/api/images/generate?", json=PROMPT, headers={"Prefer": "wait=60"})).json()
    assert first["status"] == "completed"
    failed = await ben.post("/api/images/generate", json={"prompt": "refuse"}, headers={"Prefer": "wait=60"})
    assert failed.json()["status"] == "failed"

    off = (await admin.put(f"{FAST}/toggle", json={"active": False})).json()
    assert (off["active"], off["available"]) == (False, False)
    assert off["unavailable_reason"] == "An administrator has switched it off."
    assert (await ben.get("/api/models/painter/fast")).json()["available"] is False

    problem = problem_of(await ben.post("/api/images/generate", json=PROMPT), 409, "model_unavailable")
    assert problem.detail == "An administrator has switched Fast off. Choose another model."
    problem_of(await ben.post("/api/generate/estimate", json=PROMPT), 409, "model_unavailable")
    again = await ben.post(f"/api/generate/queue/{failed.json()['id']}/retry")
    problem_of(again, 409, "model_unavailable")
    many = await ben.post("/api/generate/batch", json={"requests": [PROMPT]})
    (refused,) = problem_of(many, 422, "invalid_input").errors
    assert (refused.field, refused.code) == ("requests.0.model", "model_unavailable")
    other = await ben.post("/api/images/generate", json=PROMPT | {"model": "painter/plain"})
    assert other.status_code == 202

    # A restart with the same declarations leaves it off.
    await synchronise.synchronise(server.studio)
    problem_of(await ben.post("/api/images/generate", json=PROMPT), 409, "model_unavailable")
    assert (await admin.put(f"{FAST}/toggle", json={"active": True})).json()["available"] is True
    assert (await ben.post("/api/images/generate", json=PROMPT)).status_code == 202
    log = (await admin.get("/api/admin/audit?action=model")).json()["items"]
    assert [(entry["action"], entry["details"]) for entry in log] == [
        ("model.switched_on", {"model": "painter/fast"}),
        ("model.switched_off", {"model": "painter/fast"}),
    ]


async def test_the_price_set_is_what_is_shown_estimated_and_charged(
    settings: Settings, studio: Studio
) -> None:
    declared = replace(
        Painter.models[0], price=Price(Decimal(2), explanation="2 credits.", minimum=Decimal(9))
    )
    async with serving(settings, having(studio, declared)) as server:
        admin = await server.member()
        priced = (await admin.put(FAST, json={"price": 0.25, "featured": False})).json()
        assert priced["featured"] is False
        assert priced["cost"] == {
            "credits": 0.25,
            "unit": "image",
            "explanation": "0.25 credits per picture.",
            "free": False,
            "declared_credits": 2,
        }
        two = PROMPT | {"num_images": 2}
        assert (await admin.post("/api/generate/estimate", json=two)).json()["credits"] == 0.5
        assert (await admin.post("/api/images/generate", json=two)).json()["cost_credits"] == 0.5
        assert (await admin.get("/api/models?featured=false")).json()["items"][0]["cost"]["credits"] == 0.25
        back = (await admin.put(FAST, json={"price": None, "featured": None})).json()
        assert (back["cost"]["credits"], back["cost"]["declared_credits"], back["featured"]) == (
            2,
            None,
            True,
        )
        assert (await admin.post("/api/generate/estimate", json=two)).json()["credits"] == 18
        log = (await admin.get("/api/admin/audit?action=model.changed")).json()["items"]
        assert [entry["details"] for entry in log] == [
            {"model": "painter/fast", "featured": None, "price": None},
            {"model": "painter/fast", "featured": False, "price": "0.25"},
        ]


async def test_administering_is_for_administrators_and_needs_something_that_is(server: Server) -> None:
    admin, ben = await server.member(), await server.member("ben@example.com")
    path: str
    body: dict[str, Any]
    for path, body in ((f"{FAST}/toggle", {"active": False}), (FAST, {"price": 1})):
        problem_of(await ben.put(path, json=body), 403, "not_allowed")
        problem_of(await server.client().put(path, json=body), 401, "not_signed_in")
    for body in ({}, {"price": -1}, {"price": 0.00001}, {"price": "NaN"}, {"name": "x"}):
        problem_of(await admin.put(FAST, json=body), 422, "invalid_input")
    nothing = "/api/admin/models/painter/nothing"
    problem_of(await admin.put(nothing, json={"price": 1}), 404, "model_not_found")
    problem_of(await admin.put(f"{nothing}/toggle", json={"active": True}), 404, "model_not_found")
    assert (await ben.get("/api/models/painter/fast")).json()["active"] is True


async def test_models_are_found_and_come_in_pages(server: Server) -> None:
    client = server.client()

    async def ids(query: str) -> list[str]:
        return [model["id"] for model in (await client.get(f"/api/models?{query}")).json()["items"]]

    assert await ids("q=PLAIN tests") == ["painter/plain"]
    assert await ids("capability=seed") == ["painter/fast"]
    assert await ids("category=general&provider=painter&featured=false") == ["painter/plain"]
    assert await ids("category=video") == []
    page = (await client.get("/api/models?limit=1")).json()
    assert await ids(f"limit=1&cursor={page['next_cursor']}") == ["painter/plain"]
    problem_of(await client.get("/api/models?cursor=e30"), 422, "bad_cursor")
    problem_of(await client.get("/api/models?capability=fly"), 422, "invalid_input")


async def test_measures_what_ended_within_seven_days(server: Server) -> None:
    client, ben = await server.member(), await server.member("ben@example.com")
    assert (await client.get("/api/models/painter/fast/stats")).json() == {
        "model": "painter/fast",
        "days": 7,
        "generations": 0,
        "success_rate": None,
        "p50_seconds": None,
        "p95_seconds": None,
        "health": "unknown",
    }
    studio, today, before = server.studio, now(), now() - timedelta(days=8)
    for seconds in range(1, 9):
        await log(studio, ben, today, seconds=seconds)
    for error in ("unavailable", "unavailable", "content_refused"):
        await log(studio, ben, today, success=False, error=error)
    await log(studio, ben, before, seconds=999)
    found = (await client.get("/api/models/painter/fast/stats")).json()
    assert (found["generations"], found["success_rate"], found["health"]) == (11, 0.8, "degraded")
    assert (found["p50_seconds"], found["p95_seconds"]) == pytest.approx((4.5, 7.65))
    every = (await client.get("/api/models/stats")).json()["items"]
    assert [item["model"] for item in every] == ["painter/fast", "painter/plain"]
    assert every[0] == found
    problem_of(await client.get("/api/models/painter/nothing/stats"), 404, "model_not_found")
    problem_of(await server.client().get("/api/models/painter/fast/stats"), 401, "not_signed_in")


async def test_what_was_tried_again_counts_each_time_and_what_was_cancelled_never(
    server: Server, worker: None
) -> None:
    client = await server.member()
    await ended(client, await submit(client, "a fox"))
    broken = await ended(client, await submit(client, "text"))
    again = await client.post(f"/api/generate/queue/{broken['id']}/retry")
    assert (await ended(client, again.json()))["status"] == "failed"
    gone = await submit(client, "slow fox")
    await client.delete(f"/api/generate/queue/{gone['id']}")
    found = (await client.get("/api/models/painter/fast/stats")).json()
    assert (found["generations"], found["success_rate"]) == (3, pytest.approx(1 / 3))
    assert found["p50_seconds"] > 0


@pytest.mark.parametrize(
    ("succeeded", "failed", "expected"),
    [(0, 0, "unknown"), (2, 0, "unknown"), (3, 0, "up"), (18, 2, "up"), (17, 3, "degraded"), (9, 11, "down")],
)
def test_health_follows_the_latest_runs(succeeded: int, failed: int, expected: str) -> None:
    assert health(succeeded, failed) == expected
