"""Presets over HTTP: saved, listed, changed and deleted; checked like a submit; one default for each member."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from easel.features.presets.service import MOST_PRESETS
from tests.features.generation.steps import rows
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

PRESETS = "/api/generate/presets"
PORTRAITS: dict[str, Any] = {"aspect_ratio": "2:3", "num_images": 2, "steps": 12, "seed": 7}


async def save(
    client: httpx.AsyncClient, name: str, settings: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    answer = await client.post(PRESETS, json={"name": name, "settings": settings or {}, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(client: httpx.AsyncClient, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(PRESETS, params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def defaults(client: httpx.AsyncClient) -> list[str]:
    return [one["name"] for one in (await listed(client))["items"] if one["is_default"]]


async def test_what_was_saved_comes_back_and_makes_the_same_picture(server: Server) -> None:
    client = await server.member()
    made = await save(client, "  Portraits ", PORTRAITS)
    assert made["name"] == "Portraits"
    assert made["settings"]["model"] == "painter/fast"
    assert PORTRAITS.items() <= made["settings"].items()
    assert (await listed(client))["items"] == [made]
    request = {**made["settings"], "prompt": "a fox"}
    generation = await client.post("/api/images/generate", json=request)
    assert generation.status_code == 202, generation.text
    parameters = generation.json()["parameters"]
    assert (parameters["seed"], parameters["steps"], generation.json()["num_images"]) == (7, 12, 2)


async def test_settings_that_the_model_refuses_are_refused_field_by_field(server: Server) -> None:
    client = await server.member()
    settings = {"steps": 5_000, "sampler": "none such", "aspect_ratio": "1:1", "size": "64x64"}
    submitted = await client.post("/api/images/generate", json={"prompt": "a fox", **settings})
    answer = await client.post(PRESETS, json={"name": "Wild", "settings": settings})
    assert (submitted.status_code, answer.status_code) == (422, 422)
    expected = [{**each, "field": f"settings.{each['field']}"} for each in submitted.json()["errors"]]
    assert answer.json()["errors"] == expected
    assert len(expected) == 3
    unknown = await client.post(PRESETS, json={"name": "Wild", "settings": {"model": "no/such"}})
    assert unknown.json()["code"] == "model_not_found"
    prompt = await client.post(PRESETS, json={"name": "Wild", "settings": {"prompt": "a fox"}})
    assert prompt.status_code == 422
    kept = await save(client, "Tame")
    changed = await client.put(f"{PRESETS}/{kept['id']}", json={"name": "Tame", "settings": settings})
    assert changed.json()["errors"] == expected
    assert (await listed(client))["items"] == [kept]


async def test_a_name_is_one_presets_whatever_its_case(server: Server) -> None:
    client = await server.member()
    made = await save(client, "Überblick")
    other = await save(client, "Other")
    again = {"name": "üBERBLICK", "settings": {}}
    answers = [
        await client.post(PRESETS, json=again),
        await client.put(f"{PRESETS}/{other['id']}", json=again),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "preset_name_taken")
        assert answer.json()["errors"][0]["field"] == "name"
    renamed = await client.put(f"{PRESETS}/{made['id']}", json=again)
    assert renamed.json()["name"] == "üBERBLICK"
    elsewhere = await server.member("ben@example.com", "Ben")
    await save(elsewhere, "Überblick")


async def test_of_many_at_once_with_one_name_one_is_saved(server: Server) -> None:
    client = await server.member()
    body = {"name": "Same", "settings": {}, "is_default": True}
    answers = await asyncio.gather(*(client.post(PRESETS, json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert await defaults(client) == ["Same"]


async def test_a_member_has_one_default_and_may_have_none(server: Server) -> None:
    client = await server.member()
    first = await save(client, "First", is_default=True)
    second = await save(client, "Second", {"steps": 3}, is_default=True)
    assert await defaults(client) == ["Second"]
    body = {"name": "First", "settings": first["settings"], "is_default": True}
    assert (await client.put(f"{PRESETS}/{first['id']}", json=body)).json()["is_default"] is True
    assert await defaults(client) == ["First"]
    # Saying of another that it is none leaves the default alone.
    body = {"name": "Second", "settings": second["settings"]}
    await client.put(f"{PRESETS}/{second['id']}", json=body)
    assert await defaults(client) == ["First"]
    assert (await client.delete(f"{PRESETS}/{first['id']}")).status_code == 204
    assert await defaults(client) == []
    assert (await client.delete(f"{PRESETS}/{first['id']}")).status_code == 404


async def test_a_team_shares_presets_and_each_member_chooses_a_default(server: Server) -> None:
    ada, ben = await server.member(), await server.member("ben@example.com", "Ben")
    team = (await ada.post("/api/teams", json={"name": "Team"})).json()["id"]
    await rows(
        server.studio,
        "INSERT INTO memberships (workspace_id, user_id, level)"
        f" SELECT '{team}', id, 2 FROM users WHERE email = 'ben@example.com'",
    )
    for client in (ada, ben):
        client.headers["X-Workspace"] = team
    made = await save(ada, "House style", {"steps": 9}, is_default=True)
    assert [one["name"] for one in (await listed(ben))["items"]] == ["House style"]
    assert await defaults(ben) == []
    mine = await save(ben, "Mine", is_default=True)
    assert (await defaults(ada), await defaults(ben)) == (["House style"], ["Mine"])
    taken = {"name": "House style", "settings": made["settings"], "is_default": True}
    await ben.put(f"{PRESETS}/{made['id']}", json=taken)
    await ada.delete(f"{PRESETS}/{mine['id']}")
    assert (await defaults(ada), await defaults(ben)) == (["House style"], ["House style"])
    # What somebody saved stays the team's when they go.
    await rows(server.studio, "DELETE FROM memberships USING users WHERE users.id = user_id AND level = 2")
    assert await defaults(ada) == ["House style"]


async def test_pages_have_no_gap_and_no_repeat(server: Server) -> None:
    client = await server.member()
    saved = [(await save(client, f"Preset {number}"))["id"] for number in range(7)]
    await rows(server.studio, "UPDATE presets SET created_at = date_trunc('hour', created_at)")
    seen: list[str] = []
    parameters: dict[str, Any] = {"limit": 3, "count": True}
    while True:
        page = await listed(client, **parameters)
        assert page["total"] == 7
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
    assert seen == sorted(saved, reverse=True)


async def test_a_preset_of_a_model_that_is_gone_is_shown_and_renamed(server: Server) -> None:
    client = await server.member()
    made = await save(client, "Old", {"steps": 5})
    await rows(server.studio, "UPDATE presets SET model_id = 'gone/model'")
    settings = (await listed(client))["items"][0]["settings"]
    assert settings["model"] == "gone/model"
    body = {"name": "Very old", "settings": settings}
    renamed = await client.put(f"{PRESETS}/{made['id']}", json=body)
    assert renamed.status_code == 200, renamed.text
    body["settings"] = {**settings, "steps": 6}
    assert (await client.put(f"{PRESETS}/{made['id']}", json=body)).status_code == 404


async def test_there_is_a_limit(server: Server) -> None:
    client = await server.member()
    await save(client, "First")
    await rows(
        server.studio,
        "INSERT INTO presets (id, workspace_id, user_id, name, model_id, parameters)"
        " SELECT gen_random_uuid(), workspace_id, user_id, 'n' || n, model_id, '{}'"
        f" FROM presets, generate_series(2, {MOST_PRESETS}) AS n",
    )
    answer = await client.post(PRESETS, json={"name": "One more", "settings": {}})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_presets")
