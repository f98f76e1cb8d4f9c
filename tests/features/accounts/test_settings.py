"""Changing one's account: the name, the password and what ends with it, the sessions and who may end them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import Session, User
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
OLD, NEW = "a good long password", "an even better one"
NOBODYS = "01234567-89ab-7cde-8f01-234567abcdef"


async def browser(server: Server, email: str = "ada@example.com") -> httpx.AsyncClient:
    """A client that signed up as a browser does: with the cookie, without a token."""
    client = server.client(headers={"User-Agent": "Browser/1"})
    sent = {"email": email, "password": OLD, "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    return client


async def another(
    server: Server, password: str = OLD, agent: str = "Other/1"
) -> tuple[httpx.AsyncClient, dict[str, Any]]:
    """One more session of the same account, and its tokens."""
    client = server.client(headers={"User-Agent": agent})
    answer = await client.post("/api/auth/login", json={"email": "ada@example.com", "password": password})
    assert answer.status_code == 200, answer.text
    return client, answer.json()


async def change(client: httpx.AsyncClient, current: str = OLD, new: str = NEW) -> httpx.Response:
    sent = {"current_password": current, "new_password": new}
    return await client.put("/api/auth/change-password", json=sent)


async def sessions(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/auth/sessions")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert (page["next_cursor"], page["total"]) == (None, len(page["items"]))
    found: list[dict[str, Any]] = page["items"]
    return found


async def status(client: httpx.AsyncClient) -> int:
    return (await client.get("/api/auth/me")).status_code


async def may_refresh(server: Server, tokens: dict[str, Any]) -> bool:
    sent = {"refresh_token": tokens["refresh_token"]}
    return (await server.client().post("/api/auth/refresh-token", json=sent)).status_code == 200


async def test_a_name_is_changed_and_what_is_absent_stays(server: Server) -> None:
    client = await browser(server)
    before = (await client.get("/api/auth/me")).json()
    answer = await client.put("/api/auth/profile", json={"name": "  Ada Lovelace "})
    assert (answer.status_code, answer.json()) == (200, before | {"name": "Ada Lovelace"})
    assert (await client.put("/api/auth/profile", json={})).json() == answer.json()
    assert (await client.get("/api/auth/me")).json() == answer.json()


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": " "}, {"name": None}, {"name": "x" * 101}, {"name": "\0"}, {"role": "admin"}],
)
async def test_what_is_no_name_is_refused(server: Server, body: dict[str, Any]) -> None:
    client = await browser(server)
    problem = problem_of(await client.put("/api/auth/profile", json=body), 422, "invalid_input")
    assert [each.field for each in problem.errors] == list(body)
    assert (await client.get("/api/auth/me")).json()["name"] == "Ada"


async def test_a_new_password_ends_all_other_sessions_and_renews_this_ones_cookie(server: Server) -> None:
    here = await browser(server)
    there, tokens = await another(server)
    stranger = await browser(server, "bob@example.com")
    [mine] = [each for each in await sessions(here) if each["current"]]
    before = here.cookies["easel_session"]

    answer = await change(here)
    assert (answer.status_code, answer.content) == (204, b"")
    after = here.cookies["easel_session"]
    assert after != before
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=7776000"} <= flags

    assert [each["id"] for each in await sessions(here)] == [mine["id"]]
    assert await status(there) == 401
    there.cookies.clear()
    there.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    assert await status(there) == 401
    assert not await may_refresh(server, tokens)
    assert await status(stranger) == 200
    thief = server.client(cookies={"easel_session": before})
    assert await status(thief) == 401

    sent = {"email": "ada@example.com", "password": OLD}
    problem_of(await server.client().post("/api/auth/login", json=sent), 401, "wrong_credentials")
    assert await status((await another(server, NEW))[0]) == 200


async def test_a_program_that_changes_the_password_keeps_its_tokens(server: Server) -> None:
    here = await browser(server)
    program, tokens = await another(server)
    program.cookies.clear()
    program.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    assert (await change(program)).status_code == 204
    assert await status(program) == 200
    assert await may_refresh(server, tokens)
    assert await status(here) == 401


@pytest.mark.parametrize(
    ("current", "new", "field", "code"),
    [
        ("not the password", NEW, "current_password", "wrong_password"),
        ("", NEW, "current_password", "wrong_password"),
        ("x" * 1001, NEW, "current_password", "string_too_long"),
        (OLD, "short", "new_password", "string_too_short"),
        (OLD, "password123", "new_password", "password_common"),
        (OLD, " " * 9, "new_password", "password_blank"),
        (OLD, "ADA@example.com", "new_password", "password_is_email"),
        (OLD, "x" * 1001, "new_password", "string_too_long"),
    ],
)
async def test_a_password_that_will_not_do_changes_nothing(
    server: Server, current: str, new: str, field: str, code: str
) -> None:
    here = await browser(server)
    there, tokens = await another(server)
    answer = await change(here, current, new)
    problem = problem_of(answer, 422, "invalid_input")
    assert [(each.field, each.code) for each in problem.errors] == [(field, code)]
    assert "set-cookie" not in answer.headers
    assert await status(there) == 200
    assert await may_refresh(server, tokens)
    assert await status((await another(server))[0]) == 200


async def test_an_account_without_a_password_is_told_so(server: Server, studio: Studio) -> None:
    client = await browser(server)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(password_hash=None))
    problem = problem_of(await change(client), 422, "invalid_input")
    assert [(each.field, each.code) for each in problem.errors] == [("current_password", "no_password")]


async def test_of_several_changes_at_once_one_wins_and_only_it_stays(server: Server) -> None:
    clients = [await browser(server)] + [(await another(server))[0] for _ in range(4)]
    answers = await asyncio.gather(*(change(c, new=f"{NEW} {n}") for n, c in enumerate(clients)))
    won = [n for n, answer in enumerate(answers) if answer.status_code == 204]
    assert len(won) == 1
    assert {answer.status_code for answer in answers} <= {204, 401, 422}
    assert [n for n, client in enumerate(clients) if await status(client) == 200] == won
    assert await status((await another(server, f"{NEW} {won[0]}"))[0]) == 200


async def test_no_log_in_by_the_old_password_outlives_it(server: Server) -> None:
    here = await browser(server)
    await another(server)

    async def log_in() -> int:
        sent = {"email": "ada@example.com", "password": OLD}
        return (await server.client().post("/api/auth/login", json=sent)).status_code

    changed, *answers = await asyncio.gather(_status_of(change(here)), *(log_in() for _ in range(8)))
    assert changed == 204
    assert set(answers) <= {200, 401}
    assert [each["current"] for each in await sessions(here)] == [True]


async def test_a_log_in_waits_for_a_change_under_way_and_heeds_it(server: Server, studio: Studio) -> None:
    here = await browser(server)
    sent = {"email": "ada@example.com", "password": OLD}
    waited = text(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
    )
    async with studio.work(Actor.system()) as work, asyncio.timeout(10):
        await work.session.execute(update(User).values(password_hash="another's"))
        entering = asyncio.create_task(server.client().post("/api/auth/login", json=sent))
        while not await work.session.scalar(waited):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.01)
    problem_of(await entering, 401, "wrong_credentials")
    assert len(await sessions(here)) == 1


async def test_sessions_are_told_with_the_one_in_use_last_first(server: Server, studio: Studio) -> None:
    here = await browser(server)
    await browser(server, "bob@example.com")
    await another(server, agent="Older/1")
    await another(server, agent="Ended/1")
    await _age(studio, "Older/1", last_seen_at=now() - timedelta(days=2))
    await _age(studio, "Ended/1", expires_at=now() - timedelta(seconds=1))
    await _age(studio, "Browser/1", last_seen_at=now() - timedelta(seconds=5))
    newest, _ = await another(server, agent="Newest/1")
    found = await sessions(here)
    agents = [(each["user_agent"], each["current"]) for each in found]
    assert agents == [("Newest/1", False), ("Browser/1", True), ("Older/1", False)]
    assert {each["ip_address"] for each in found} == {"127.0.0.1"}
    fields = {"id", "ip_address", "user_agent", "created_at", "last_seen_at", "expires_at", "current"}
    assert set(found[0]) == fields
    assert [each["current"] for each in await sessions(newest)] == [True, False, False]


async def test_a_session_ends_with_its_tokens(server: Server) -> None:
    here = await browser(server)
    there, tokens = await another(server)
    [other] = [each for each in await sessions(here) if not each["current"]]
    answer = await here.delete(f"/api/auth/sessions/{other['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "set-cookie" not in answer.headers
    assert await status(there) == 401
    assert not await may_refresh(server, tokens)
    assert [each["current"] for each in await sessions(here)] == [True]
    gone = await here.delete(f"/api/auth/sessions/{other['id']}")
    problem_of(gone, 404, "session_not_found")


async def test_ending_this_session_logs_out(server: Server) -> None:
    here = await browser(server)
    there, _ = await another(server)
    [mine] = [each for each in await sessions(here) if each["current"]]
    assert (await here.delete(f"/api/auth/sessions/{mine['id']}")).status_code == 204
    assert "easel_session" not in here.cookies
    assert await status(here) == 401
    assert await status(there) == 200


async def test_no_session_of_anothers_and_none_that_ended_is_found(server: Server, studio: Studio) -> None:
    here, bob = await browser(server), await browser(server, "bob@example.com")
    await another(server, agent="Ended/1")
    ended = next(each["id"] for each in await sessions(here) if each["user_agent"] == "Ended/1")
    await _age(studio, "Ended/1", expires_at=now() - timedelta(seconds=1))
    for id in ((await sessions(bob))[0]["id"], ended, NOBODYS):
        problem_of(await here.delete(f"/api/auth/sessions/{id}"), 404, "session_not_found")
    assert await status(bob) == 200


async def test_all_other_sessions_end_at_once(server: Server) -> None:
    here, bob = await browser(server), await browser(server, "bob@example.com")
    others = [await another(server) for _ in range(3)]
    assert (await here.delete("/api/auth/sessions")).status_code == 204
    assert [await status(client) for client, _ in others] == [401, 401, 401]
    assert not any([await may_refresh(server, tokens) for _, tokens in others])
    assert (await status(here), await status(bob)) == (200, 200)
    assert (await here.delete("/api/auth/sessions")).status_code == 204
    assert [each["current"] for each in await sessions(here)] == [True]


async def test_sessions_that_end_one_another_and_refresh_at_once(server: Server) -> None:
    await browser(server)
    for _ in range(3):
        all_of_them = [await another(server) for _ in range(5)]

        async def renew(tokens: dict[str, Any]) -> int:
            sent = {"refresh_token": tokens["refresh_token"]}
            return (await server.client().post("/api/auth/refresh-token", json=sent)).status_code

        ends = [client.delete("/api/auth/sessions") for client, _ in all_of_them]
        ended = asyncio.gather(*ends)
        renewed = await asyncio.gather(*(renew(tokens) for _, tokens in all_of_them))
        codes = [answer.status_code for answer in await ended]
        assert sorted(set(codes)) in ([204], [204, 401])
        assert codes.count(204) == 1
        assert set(renewed) <= {200, 401}
        left = [client for client, _ in all_of_them if await status(client) == 200]
        assert len(left) == 1
        assert len(await sessions(left[0])) == 1


async def test_a_new_password_is_kept_as_a_hash_only(server: Server, studio: Studio) -> None:
    client = await browser(server)
    assert (await change(client)).status_code == 204
    async with studio.work(Actor.system()) as work:
        user = (await work.session.scalars(select(User))).one()
        session = (await work.session.scalars(select(Session))).one()
    assert (user.password_hash or "").startswith("$argon2id$")
    assert client.cookies["easel_session"] not in repr(vars(session))


async def _age(studio: Studio, agent: str, **values: object) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Session).where(Session.user_agent == agent).values(**values))


async def _status_of(asked: Awaitable[httpx.Response]) -> int:
    return (await asked).status_code
