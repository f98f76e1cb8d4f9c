"""The audit log over HTTP: what is written by itself, who may read it, and how it is searched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.work import Studio
from easel.features.activity.tasks import forget
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"


async def log_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = await client.post("/api/auth/login", json={"email": email, "password": password})
    body: dict[str, Any] = answer.json()
    return body


async def entries(client: httpx.AsyncClient, path: str = "/api/auth/audit", **query: Any) -> list[Any]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def actions(items: list[Any]) -> list[str]:
    return [item["action"] for item in items]


async def test_signing_in_and_out_is_written_down(server: Server) -> None:
    client = await server.member()
    other = server.client(headers={"User-Agent": "Mozilla/5.0 Elsewhere"})
    await log_in(other, "ada@example.com", "not the password")
    await log_in(other, "ada@example.com")
    await other.post("/api/auth/logout")
    await log_in(other, "ada@example.com")
    await client.delete("/api/auth/sessions")
    seen = await entries(client)
    assert actions(seen) == [
        "session.ended",
        "session.started",
        "session.ended",
        "session.started",
        "log_in.failed",
        "session.started",
        "account.registered",
    ]
    assert [seen[0]["details"], seen[2]["details"]] == [{"by": "revoking"}, {"by": "log_out"}]
    failed = seen[4]
    assert (failed["actor_kind"], failed["actor"], failed["ip_address"]) == ("anonymous", None, "127.0.0.1")
    assert failed["user_agent"] == "Mozilla/5.0 Elsewhere"
    assert failed["user"]["email"] == "ada@example.com"
    assert (seen[2]["actor_kind"], seen[2]["actor"]["email"]) == ("user", "ada@example.com")


async def test_a_new_password_and_a_stolen_token_are_written_down(server: Server) -> None:
    client = await server.member()
    tokens = await log_in(server.client(), "ada@example.com")
    for _ in range(2):
        sent = {"refresh_token": tokens["refresh_token"]}
        await server.client().post("/api/auth/refresh-token", json=sent)
    await log_in(server.client(), "ada@example.com")
    changed = await client.put(
        "/api/auth/change-password", json={"current_password": PASSWORD, "new_password": "another good one"}
    )
    assert changed.status_code == 204
    seen = actions(await entries(client, limit=4))
    assert seen == ["session.ended", "password.changed", "session.started", "refresh_token.reused"]


async def test_no_secret_is_in_the_log(server: Server) -> None:
    client = await server.member()
    tokens = await log_in(server.client(), "ada@example.com")
    await log_in(server.client(), "ada@example.com", "mistyped secret")
    said = (await client.get("/api/admin/audit")).text
    for secret in (PASSWORD, "mistyped secret", tokens["access_token"], tokens["refresh_token"]):
        assert secret not in said


async def test_everyone_sees_their_own_alone(server: Server) -> None:
    ada = await server.member()
    bob = await server.member("bob@example.com", "Bob")
    assert {item["user"]["email"] for item in await entries(bob)} == {"bob@example.com"}
    problem_of(await bob.get("/api/admin/audit"), 403, "not_allowed")
    problem_of(await server.client().get("/api/auth/audit"), 401, "not_signed_in")
    everyone = await entries(ada, "/api/admin/audit")
    assert {item["user"]["email"] for item in everyone} == {"ada@example.com", "bob@example.com"}


async def test_an_administrator_searches(server: Server) -> None:
    ada = await server.member()
    bob = await server.member("bob@example.com", "Bob")
    bobs_id = (await bob.get("/api/auth/me")).json()["id"]
    await log_in(server.client(), "nobody@example.com")
    path = "/api/admin/audit"
    unknown = await entries(ada, path, action="log_in.failed")
    assert [item["user"] for item in unknown] == [None]
    his = ["session.started", "account.registered"]
    assert actions(await entries(ada, path, user="Bob@Example.com")) == his
    assert actions(await entries(ada, path, user=bobs_id)) == his
    assert await entries(ada, path, user="who@example.com") == []
    assert actions(await entries(ada, path, action="session")) == ["session.started"] * 2
    assert await entries(ada, path, action="sess") == []
    assert await entries(ada, path, action="%") == []
    middle = unknown[0]["created_at"]
    assert len(await entries(ada, path, created_to=middle)) == 5
    assert len(await entries(ada, path, created_from=middle)) == 1


async def test_pages(server: Server) -> None:
    ada = await server.member()
    for _ in range(4):
        await log_in(server.client(), "ada@example.com")
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        query: dict[str, str | int] = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = (await ada.get("/api/auth/audit", params=query)).json()
        assert len(page["items"]) <= 4
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 6
    problem_of(await ada.get("/api/auth/audit", params={"cursor": "nonsense"}), 422, "bad_cursor")


async def test_old_entries_are_forgotten(server: Server, studio: Studio) -> None:
    ada = await server.member()
    days = studio.settings.security.audit_days
    async with studio.work(Actor.system()) as work:
        old = update(AuditRow).where(AuditRow.action == "account.registered")
        await work.session.execute(old.values(created_at=now() - timedelta(days=days + 1)))
    await forget(studio)
    assert actions(await entries(ada)) == ["session.started"]
