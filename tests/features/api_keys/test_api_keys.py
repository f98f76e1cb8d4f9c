"""API keys: what they open, what they never do, and when they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.features.accounts.models import User
from easel.features.api_keys.models import ApiKey
from tests.features.workspaces.steps import Team, open_team
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

ALL = ["read", "generate", "manage"]


async def make(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/settings/api-keys", json={"name": "Program", "scopes": ALL, **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def program(server: Server, key: dict[str, Any], *, header: str = "Authorization") -> httpx.AsyncClient:
    value = f"Bearer {key['key']}" if header == "Authorization" else key["key"]
    return server.client(headers={header: value})


@pytest.fixture
async def team(server: Server) -> Team:
    return await open_team(server)


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
async def test_a_key_acts_for_its_maker(server: Server, header: str) -> None:
    client = await server.member()
    used = program(server, await make(client), header=header)
    facts = (await used.get("/api/auth/verify")).json()
    mine = (await client.get("/api/auth/verify")).json()
    assert (facts["user_id"], facts["workspace_id"]) == (mine["user_id"], mine["workspace_id"])
    made = await used.post("/api/images/generate", json={"prompt": "a fox"})
    assert made.status_code == 202, made.text
    [seen] = (await client.get("/api/generate/history")).json()["items"]
    assert seen["id"] == made.json()["id"]


async def test_a_key_is_shown_once_and_kept_as_a_hash(server: Server) -> None:
    client = await server.member()
    made = await make(client, name="Nightly", scopes=["read"])
    assert made["key"].startswith(made["prefix"] + "_")
    assert made["prefix"].startswith("easel_")
    listed = await client.get("/api/settings/api-keys")
    assert made["key"] not in listed.text
    [shown] = listed.json()["items"]
    assert (shown["name"], shown["scopes"], shown["last_used_at"]) == ("Nightly", ["read"], None)
    async with server.studio.work(Actor.system()) as work:
        row = (await work.session.scalars(select(ApiKey))).one()
    assert made["key"] not in repr(vars(row))
    assert made["key"].encode() not in row.token


@pytest.mark.parametrize(
    ("scopes", "statuses"),
    [(["read"], (200, 403, 403)), (["generate"], (403, 202, 403)), (["manage"], (403, 403, 404))],
)
async def test_a_scope_opens_what_it_names(
    server: Server, scopes: list[str], statuses: tuple[int, int, int]
) -> None:
    used = program(server, await make(await server.member(), scopes=scopes))
    nothing = "01234567-89ab-7cde-8f01-234567abcdef"
    answers = (
        await used.get("/api/images"),
        await used.post("/api/images/generate", json={"prompt": "a fox"}),
        await used.delete(f"/api/images/{nothing}"),
    )
    assert tuple(answer.status_code for answer in answers) == statuses


async def test_keys_manage_neither_keys_nor_the_account_nor_teams(server: Server) -> None:
    used = program(server, await make(await server.member()))
    passwords = {"current_password": "a good long password", "new_password": "another long one"}
    for method, path, body in (
        ("GET", "/api/settings/api-keys", None),
        ("POST", "/api/settings/api-keys", {"name": "More", "scopes": ["read"]}),
        ("GET", "/api/auth/sessions", None),
        ("DELETE", "/api/auth/sessions", None),
        ("PUT", "/api/auth/change-password", passwords),
        ("PUT", "/api/auth/profile", {"name": "Other"}),
        ("POST", "/api/auth/logout", None),
        ("POST", "/api/teams", {"name": "Mine"}),
        ("GET", "/api/admin/audit", None),
    ):
        refused = problem_of(await used.request(method, path, json=body), 403, "not_allowed")
        assert "API key" in refused.detail


async def test_a_key_does_no_more_than_its_maker_may_and_ends_with_the_membership(team: Team) -> None:
    made = await make(team.editor)
    assert made["workspace"] == {"id": team.id, "name": "Posters", "personal": False}
    used = program(team.server, made)
    assert (await used.post("/api/images/generate", json={"prompt": "a fox"})).status_code == 202
    member = f"/api/teams/{team.id}/members/{team.editor_id}"
    assert (await team.admin.put(member, json={"level": "view"})).status_code == 204
    refused = await used.post("/api/images/generate", json={"prompt": "a fox"})
    problem_of(refused, 403, "not_allowed")
    assert (await used.get("/api/images")).status_code == 200
    assert (await team.admin.delete(member)).status_code == 204
    problem_of(await used.get("/api/images"), 401, "not_signed_in")
    del team.editor.headers["X-Workspace"]
    assert (await team.editor.get("/api/settings/api-keys")).json()["items"] == []


async def test_a_key_acts_in_its_own_workspace_only(team: Team) -> None:
    del team.editor.headers["X-Workspace"]
    personal = program(team.server, await make(team.editor))
    problem_of(
        await personal.get("/api/images", headers={"X-Workspace": team.id}), 404, "workspace_not_found"
    )
    image = await team.add_image()
    problem_of(await personal.get(f"/api/images/{image}/file"), 404, "image_not_found")
    shared = program(team.server, await make(team.editor, workspace_id=team.id))
    assert (await shared.get(f"/api/images/{image}/file")).status_code == 200
    stranger = await team.server.member("eve@example.com")
    refused = await stranger.post(
        "/api/settings/api-keys", json={"name": "x", "scopes": ["read"], "workspace_id": team.id}
    )
    problem_of(refused, 404, "workspace_not_found")


async def test_a_key_ends_when_it_is_revoked_expires_or_its_maker_is_suspended(server: Server) -> None:
    client = await server.member()
    revoked, expiring, suspended = [
        await make(client, expires_at=(now() + timedelta(hours=1)).isoformat()) for _ in range(3)
    ]
    stranger = await server.member("eve@example.com")
    other = await stranger.delete(f"/api/settings/api-keys/{revoked['id']}")
    problem_of(other, 404, "api_key_not_found")
    assert (await client.delete(f"/api/settings/api-keys/{revoked['id']}")).status_code == 204
    problem_of(await program(server, revoked).get("/api/images"), 401, "not_signed_in")

    assert (await program(server, expiring).get("/api/images")).status_code == 200
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(
            update(ApiKey)
            .where(ApiKey.prefix == expiring["prefix"])
            .values(expires_at=now() - timedelta(seconds=1))
        )
    problem_of(await program(server, expiring).get("/api/images"), 401, "not_signed_in")

    assert (await program(server, suspended).get("/api/images")).status_code == 200
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(
            update(User).where(User.email == "ada@example.com").values(is_active=False)
        )
    problem_of(await program(server, suspended).get("/api/images"), 401, "not_signed_in")


async def test_what_is_no_key_is_refused_and_never_taken_for_none(server: Server) -> None:
    client = await server.member()
    key = (await make(client))["key"]
    for wrong in (
        key[:-1],
        key + "x",
        "easel_",
        "easel_" + "0" * 52,
        "nonsense",
        key.replace("easel_", "Easel_"),
    ):
        problem_of(await server.client(headers={"X-API-Key": wrong}).get("/api/images"), 401, "not_signed_in")
    past = {"name": "x", "scopes": ["read"], "expires_at": (now() - timedelta(days=1)).isoformat()}
    problem_of(await client.post("/api/settings/api-keys", json=past), 422, "invalid_input")
    none = {"name": "x", "scopes": []}
    problem_of(await client.post("/api/settings/api-keys", json=none), 422, "invalid_input")


async def test_the_last_use_is_noted_at_most_once_a_minute(server: Server) -> None:
    client = await server.member()
    used = program(server, await make(client))

    async def last_use() -> str:
        found: str = (await client.get("/api/settings/api-keys")).json()["items"][0]["last_used_at"]
        return found

    assert (await used.get("/api/images")).status_code == 200
    first = await last_use()
    assert first
    assert (await used.get("/api/images")).status_code == 200
    assert await last_use() == first
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(update(ApiKey).values(last_used_at=now() - timedelta(minutes=2)))
    assert (await used.get("/api/images")).status_code == 200
    assert await last_use() > first
