"""One's own numbers over HTTP: pictures, storage, credits, the favourite model, the days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from easel.base.clock import now
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def stats(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/users/stats", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def generate(client: httpx.AsyncClient, **body: Any) -> None:
    answer = await client.post(
        "/api/images/generate", json={"prompt": "a fox", **body}, headers={"Prefer": "wait=30"}
    )
    assert answer.json()["status"] == "completed", answer.text


async def test_a_new_account_has_zeroes_and_thirty_days(server: Server) -> None:
    found = await stats(await server.member())
    days = found.pop("days")
    assert found == {
        "images": 0,
        "trashed": 0,
        "storage_bytes": 0,
        "generations": 0,
        "credits_used": 0,
        "billing": False,
        "favourite_model": None,
        "favourite_model_name": None,
    }
    assert len(days) == 30
    assert days[-1]["day"] == f"{now():%Y-%m-%d}"
    assert all(day["generations"] == day["images"] == 0 for day in days)


@pytest.mark.usefixtures("worker")
async def test_what_was_made_is_counted(shelf: Shelf, open_shelf: OpenShelf) -> None:
    other = await open_shelf("grace@example.com")
    began = now().date()
    await generate(shelf.client, num_images=2)
    await generate(shelf.client)
    found = await stats(shelf.client, days=2)
    assert (found["images"], found["generations"]) == (3, 2)
    made = (await shelf.client.get("/api/images?limit=10")).json()["items"]
    assert found["favourite_model"] == made[0]["model"]
    assert found["favourite_model_name"]
    # Two days, so that a midnight in between does not matter.
    assert sum(day["images"] for day in found["days"]) == 3
    assert sum(day["generations"] for day in found["days"]) == 2
    assert found["days"][0]["day"] >= str(began - timedelta(days=1))
    nobody = await stats(other.client)
    assert (nobody["images"], nobody["generations"], nobody["favourite_model"]) == (0, 0, None)


async def test_storage_counts_the_trash_and_twins_once(shelf: Shelf) -> None:
    first = await shelf.add(seed=1)
    await shelf.add(seed=1)
    gone = await shelf.add(seed=2)
    assert (await shelf.client.delete(f"/api/images/{gone.id}")).status_code == 204
    found = await stats(shelf.client)
    assert (found["images"], found["trashed"]) == (2, 1)
    assert found["storage_bytes"] == first.file_size + gone.file_size == len(picture(1)) + len(picture(2))


async def test_numbers_are_of_one_person_in_one_workspace(shelf: Shelf) -> None:
    await shelf.add(seed=1)
    team = await shelf.client.post("/api/teams", json={"name": "Studio"})
    assert team.status_code == 201, team.text
    there = await shelf.client.get("/api/users/stats", headers={"X-Workspace": team.json()["id"]})
    assert (there.status_code, there.json()["images"]) == (200, 0)


@pytest.mark.parametrize("days", [0, 367])
async def test_days_that_cannot_be_told_are_refused(server: Server, days: int) -> None:
    client = await server.member()
    answer = await client.get("/api/users/stats", params={"days": days})
    problem = problem_of(answer, 422, "invalid_input")
    assert [error.field for error in problem.errors or ()] == ["days"]
