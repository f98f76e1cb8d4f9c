"""Records of use: what is written at the end of a generation, and the sums over them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from easel.base.ids import new_id
from tests.features.credits.purse import log
from tests.features.generation.steps import ended, rows, submit
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

PROJECT = new_id()


def noon(day: str) -> datetime:
    """Noon of a day (UTC)."""
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


async def get(client: httpx.AsyncClient, what: str, **query: str) -> Any:
    answer = await client.get(f"/api/usage/{what}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_generation_that_ended_leaves_a_record(server: Server, worker: None) -> None:
    client = await server.member()
    good = await ended(client, await submit(client, "a fox", num_images=2))
    bad = await ended(client, await submit(client, "refuse"))
    gone = await submit(client, "slow fox")
    await client.delete(f"/api/generate/queue/{gone['id']}")
    found = await rows(
        server.studio,
        "SELECT generation_id, image_id, action, model_id, images, credits_used::float8 AS credits,"
        " provider_cost_usd::float8 AS usd, success, error_code, error_message FROM usage_logs ORDER BY created_at",
    )
    assert found == [
        {
            "generation_id": UUID(good["id"]),
            "image_id": UUID(good["images"][0]["id"]),
            "action": "text-to-image",
            "model_id": "painter/fast",
            "images": 2,
            "credits": 2,
            "usd": 0.008,
            "success": True,
            "error_code": None,
            "error_message": None,
        },
        {
            "generation_id": UUID(bad["id"]),
            "image_id": None,
            "action": "text-to-image",
            "model_id": "painter/fast",
            "images": 0,
            "credits": 0,
            "usd": None,
            "success": False,
            "error_code": "content_refused",
            "error_message": "The painter says: refuse.",
        },
    ]
    stats = await get(client, "stats")
    assert (stats["generations"], stats["failed"], stats["images"], stats["credits"]) == (2, 1, 2, 2)
    assert (stats["success_rate"], stats["provider_cost_usd"]) == (0.5, 0.008)
    assert (stats["favourite_model"], stats["spent_this_month"]) == ("painter/fast", 2)


async def test_sums_by_day_month_model_action_and_project(server: Server) -> None:
    client, ben = await server.member(), await server.member("ben@example.com")
    studio = server.studio
    await log(studio, client, noon("2026-01-31"), credits=2, images=4, usd="0.5")
    await log(studio, client, noon("2026-02-01"), credits="0.25", model="painter/plain", project=PROJECT)
    await log(studio, client, noon("2026-02-03"), credits=0, images=0, success=False, action="upscale")
    await log(studio, ben, noon("2026-02-01"), credits=100)
    days = (await get(client, "daily", **{"from": "2026-01-31", "to": "2026-02-03"}))["items"]
    assert [(day["day"], day["credits"], day["failed"]) for day in days] == [
        ("2026-01-31", 2, 0),
        ("2026-02-01", 0.25, 0),
        ("2026-02-02", 0, 0),
        ("2026-02-03", 0, 1),
    ]
    assert days[0]["provider_cost_usd"] == 0.5
    span = {"from": "2025-12-15", "to": "2026-02-28"}
    months = (await get(client, "monthly", **span))["items"]
    assert [(month["month"], month["credits"], month["generations"]) for month in months] == [
        ("2025-12-01", 0, 0),
        ("2026-01-01", 2, 1),
        ("2026-02-01", 0.25, 2),
    ]
    models = (await get(client, "by-model", **span))["items"]
    assert [(one["model"], one["name"], one["credits"], one["generations"]) for one in models] == [
        ("painter/fast", "Fast", 2, 2),
        ("painter/plain", "Plain", 0.25, 1),
    ]
    actions = (await get(client, "by-action", **span))["items"]
    assert [(one["action"], one["credits"]) for one in actions] == [("text-to-image", 2.25), ("upscale", 0)]
    projects = (await get(client, "by-project", **span))["items"]
    assert [(one["project_id"], one["credits"]) for one in projects] == [(None, 2), (str(PROJECT), 0.25)]
    assert (await get(client, "stats", **span))["credits"] == 2.25
    assert (await get(client, "stats", **{"from": "2026-02-01", "to": "2026-02-02"}))["credits"] == 0.25


async def test_a_table_for_spreadsheets(server: Server) -> None:
    client = await server.member()
    await log(server.studio, client, noon("2026-01-31"), credits="0.5")
    span = {"from": "2026-01-30", "to": "2026-01-31"}
    asked = await client.get("/api/usage/daily", params={**span, "format": "csv"})
    accepted = await client.get("/api/usage/daily", params=span, headers={"Accept": "text/csv"})
    assert asked.text == accepted.text
    assert asked.headers["content-type"].startswith("text/csv")
    assert "usage-daily-2026-01-30-2026-01-31.csv" in asked.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(asked.text)))
    assert [(row["day"], row["credits"], row["provider_cost_usd"]) for row in table] == [
        ("2026-01-30", "0.0", ""),
        ("2026-01-31", "0.5", ""),
    ]
    for what in ("monthly", "by-model", "by-action", "by-project"):
        answer = await client.get(f"/api/usage/{what}", params={**span, "format": "csv"})
        assert len(list(csv.DictReader(io.StringIO(answer.text)))) == 1
    both = await client.get("/api/usage/daily", params=span, headers={"Accept": "text/csv, application/json"})
    assert both.headers["content-type"] == "application/json"


async def test_without_use_there_are_zeros_and_no_shares(server: Server) -> None:
    client = await server.member()
    stats = await get(client, "stats")
    assert (stats["generations"], stats["success_rate"], stats["favourite_model"]) == (0, None, None)
    days = (await get(client, "daily"))["items"]
    today = datetime.now(UTC).date()
    assert len(days) == 30
    assert days[-1]["day"] in (today.isoformat(), (today - timedelta(days=1)).isoformat())
    assert len((await get(client, "monthly"))["items"]) in (12, 13)
    assert (await get(client, "by-model"))["items"] == []
    empty = await client.get("/api/usage/by-model", params={"format": "csv"})
    assert (empty.status_code, empty.text) == (200, "")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "2024-01-01", "to": "2026-01-01"},
        {"from": "yesterday"},
        {"to": "9999-12-31"},
        {"to": "0001-01-01"},
        {"days": "3"},
        {"format": "xml"},
    ],
)
async def test_days_that_make_no_sense_are_refused(server: Server, query: dict[str, str]) -> None:
    client = await server.member()
    problem_of(await client.get("/api/usage/daily", params=query), 422, "invalid_input")


async def test_tips_from_what_was_really_made(server: Server, worker: None) -> None:
    client = await server.member()
    none = await get(client, "tips")
    assert (none["images"], none["tips"]) == (0, [])
    await ended(client, await submit(client, "short fox", num_images=3))
    await ended(client, await submit(client, "refuse"))
    found = await get(client, "tips")
    assert found["images"] == 2
    assert [(one["model"], one["credits"]) for one in found["models"]] == [
        ("painter/plain", 0.2),
        ("painter/fast", 2),
    ]
    assert found["tips"] == [
        {
            "model": "painter/fast",
            "name": "Fast",
            "instead": "painter/plain",
            "instead_name": "Plain",
            "credits": 2,
            "instead_credits": 0.2,
            "saved_percent": 90,
        }
    ]
