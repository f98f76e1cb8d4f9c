"""Signing in and out: what is told and what is not, the cookie, when sessions end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import argon2
import httpx
import pytest
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, update

from easel.base.clock import now
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts import policy
from easel.features.accounts.models import RefreshToken, Session, SignInTries, User
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"


async def browser(server: Server, email: str = "ada@example.com") -> httpx.AsyncClient:
    """A client that signed up as a browser does: with the cookie, without a token."""
    client = server.client()
    sent = {"email": email, "password": PASSWORD, "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    assert client.cookies.get("easel_session")
    return client


async def log_in(
    client: httpx.AsyncClient, password: str = PASSWORD, email: str = "ada@example.com"
) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


async def test_signs_in_and_says_who(server: Server) -> None:
    await browser(server)
    client = server.client()
    answer = await log_in(client)
    assert answer.status_code == 200
    assert (await client.get("/api/auth/me")).json() == answer.json()["user"]
    client.cookies.clear()
    assert (await client.get("/api/auth/me")).status_code == 401
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    facts = (await client.get("/api/auth/verify", headers=token)).json()
    assert facts["valid"] is True
    assert facts["user_id"] == answer.json()["user"]["id"]
    assert (facts["role"], facts["scopes"]) == ("admin", ["generate", "manage", "read"])


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[argon2.Parameters]:
    """What passwords were hashed with to compare them: work, not time, which a busy machine blurs."""
    costs: list[argon2.Parameters] = []
    hasher = policy._hasher

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            try:
                matches = hasher.verify(stored, password)
            except VerifyMismatchError:
                costs.append(argon2.extract_parameters(stored))
                raise
            costs.append(argon2.extract_parameters(stored))
            return matches

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

    monkeypatch.setattr(policy, "_hasher", Watched())
    return costs


async def test_a_failed_log_in_tells_nothing(
    server: Server, studio: Studio, hashed: list[argon2.Parameters]
) -> None:
    await browser(server)
    await browser(server, "gone@example.com")
    async with studio.work(Actor.system()) as work:
        gone = update(User).where(User.email == "gone@example.com").values(is_active=False)
        await work.session.execute(gone)
    client = server.client()
    tries = {
        "wrong": ("ada@example.com", "not the password"),
        "unknown": ("nobody@example.com", PASSWORD),
        "suspended": ("gone@example.com", PASSWORD),
        "no address": ("nobody", PASSWORD),
    }

    bodies, headers, works = set(), set(), []
    for email, password in tries.values():
        hashed.clear()
        answer = await log_in(client, password, email)
        assert answer.status_code == 401
        body = answer.json()
        body.pop("request_id")
        bodies.add(str(body))
        headers.add(tuple(answer.headers))
        works.append(list(hashed))
    assert works == [works[0]] * len(tries), "hashing is nearly all that a log-in costs"
    assert len(works[0]) == 1
    assert len(bodies) == len(headers) == 1


async def test_a_log_in_that_is_none(server: Server) -> None:
    client = server.client()
    for body in (
        *(
            {},
            {"email": "ada@example.com"},
            {"email": "a\0", "password": "b"},
            {"email": [], "password": "b"},
        ),
        *({"email": "a@example.com", "password": "x" * 1_000_000}, {"email": "x" * 9000, "password": "y"}),
    ):
        assert (await client.post("/api/auth/login", json=body)).status_code == 422


async def test_the_cookie_is_for_this_site_and_out_of_reach_of_scripts(
    server: Server, settings: Settings
) -> None:
    await browser(server)
    flags = _flags((await log_in(server.client())).headers["set-cookie"])
    assert {"httponly", "samesite=lax", "path=/", "max-age=7776000"} <= flags
    assert "secure" not in flags
    production = settings.model_copy(update={"environment": "production"})
    object.__setattr__(server.studio, "settings", production)
    async with serving(production, server.studio) as other:
        assert "secure" in _flags((await log_in(other.client())).headers["set-cookie"])


def _flags(cookie: str) -> set[str]:
    return {part.strip().lower() for part in cookie.split(";")[1:]}


async def test_signing_out_ends_cookie_access_token_and_refresh_token(server: Server) -> None:
    await browser(server)
    client = server.client()
    tokens = (await log_in(client)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    cookie = client.cookies["easel_session"]
    answer = await client.post("/api/auth/logout")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "easel_session" not in client.cookies
    client.cookies.set("easel_session", cookie)
    assert (await client.get("/api/auth/me")).status_code == 401
    client.cookies.clear()
    assert (await client.get("/api/auth/me", headers=bearer)).status_code == 401
    refreshed = await client.post("/api/auth/refresh-token", json={"refresh_token": tokens["refresh_token"]})
    assert (refreshed.status_code, refreshed.json()["code"]) == (401, "bad_refresh_token")


async def test_signing_out_here_leaves_other_sessions(server: Server) -> None:
    here, there = await browser(server), server.client()
    await log_in(there)
    await here.post("/api/auth/logout")
    assert (await there.get("/api/auth/me")).status_code == 200


async def test_a_suspended_user_is_out_at_once(server: Server, studio: Studio) -> None:
    client = await browser(server)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(is_active=False))
    assert (await client.get("/api/auth/me")).status_code == 401


async def test_a_cookie_that_ended_does_not_lock_out(server: Server, studio: Studio) -> None:
    client = await browser(server)
    await _age(studio, expires_at=now() - timedelta(seconds=1))
    assert (await client.get("/api/auth/me")).status_code == 401
    assert (await client.get("/api/models")).status_code == 200
    assert (await log_in(client)).status_code == 200
    assert (await client.get("/api/auth/me")).status_code == 200
    client.cookies.clear()
    client.cookies.set("easel_session", "nonsense")
    assert (await log_in(client)).status_code == 200


async def test_use_moves_the_idle_end_but_never_past_the_absolute_one(server: Server, studio: Studio) -> None:
    client = await browser(server)
    security = studio.settings.security
    old = now() - timedelta(days=security.session_idle_days - 1)
    await _age(studio, created_at=old, last_seen_at=old, expires_at=now() + timedelta(days=1))
    assert (await client.get("/api/auth/me")).status_code == 200
    left = (await _session(studio)).expires_at - now()
    assert timedelta(days=13.9) < left < timedelta(days=14.1)

    old = now() - timedelta(days=security.session_max_days - 1)
    seen = now() - timedelta(days=1)
    await _age(studio, created_at=old, last_seen_at=seen, expires_at=now() + timedelta(hours=1))
    assert (await client.get("/api/auth/me")).status_code == 200
    left = (await _session(studio)).expires_at - now()
    assert timedelta(days=0.9) < left < timedelta(days=1.1)

    await _age(studio, expires_at=now() - timedelta(seconds=1))
    assert (await client.get("/api/auth/me")).status_code == 401


async def test_a_bearer_token_goes_before_the_cookie(server: Server) -> None:
    client = await browser(server)
    bob = (
        await server.client().post(
            "/api/auth/register", json={"email": "bob@example.com", "password": PASSWORD, "name": "Bob"}
        )
    ).json()
    me = await client.get("/api/auth/me", headers={"Authorization": f"Bearer {bob['access_token']}"})
    assert me.json()["name"] == "Bob"
    bad = await client.get("/api/auth/me", headers={"Authorization": "Bearer nonsense"})
    assert bad.status_code == 401


async def test_secrets_are_kept_as_hashes_only(server: Server, studio: Studio) -> None:
    client = await browser(server)
    tokens = (await log_in(client)).json()
    async with studio.work(Actor.system()) as work:
        user = (await work.session.scalars(select(User))).one()
        sessions = (await work.session.scalars(select(Session))).all()
        refresh = (await work.session.scalars(select(RefreshToken))).all()
    assert (user.password_hash or "").startswith("$argon2id$")
    kept = repr([vars(row) for row in (*sessions, *refresh)])
    assert client.cookies["easel_session"] not in kept
    assert tokens["refresh_token"] not in kept
    assert {len(row.token) for row in sessions} | {len(row.token) for row in refresh} == {32}


class Held(ThreadPoolExecutor):
    """Two threads that begin nothing until they are let."""

    def __init__(self) -> None:
        super().__init__(max_workers=2)
        self.given = 0
        self.let = threading.Event()

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        self.given += 1
        return super().submit(self._begin, function, *args, **named)

    def _begin(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        self.let.wait()
        return function(*args, **named)


@pytest.fixture
def held() -> Iterator[Held]:
    """Threads for hashing that wait for the test."""
    threads = Held()
    yield threads
    threads.let.set()
    threads.shutdown()


async def test_a_storm_of_log_ins_leaves_connections_for_others(
    server: Server, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await browser(server)
    monkeypatch.setattr(policy, "_POOL", held)
    stranger = server.client(limits=httpx.Limits(max_connections=60))
    stranger.timeout = httpx.Timeout(60)
    storm = [asyncio.create_task(log_in(stranger, f"wrong {n}")) for n in range(60)]
    # More than there are connections to the database, and all wait for a hash.
    while held.given < 60:  # noqa: ASYNC110 - the test's own time is the deadline
        await asyncio.sleep(0.01)
    assert (await client.get("/api/auth/me")).status_code == 200
    held.let.set()
    assert {answer.status_code for answer in await asyncio.gather(*storm)} == {401}


async def test_when_too_many_wait_the_next_are_asked_to_come_back(
    server: Server, held: Held, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser(server)
    monkeypatch.setattr(policy, "_POOL", held)
    monkeypatch.setattr(policy, "_LONGEST_LINE", 2)
    client = server.client()
    client.timeout = httpx.Timeout(60)
    first = [asyncio.create_task(log_in(client, "wrong")) for _ in range(2)]
    while held.given < 2:  # noqa: ASYNC110 - the test's own time is the deadline
        await asyncio.sleep(0.01)
    refused = await log_in(client)
    problem_of(refused, 503, "too_busy")
    assert int(refused.headers["retry-after"]) > 0
    sent = {"email": "eve@example.com", "password": PASSWORD, "name": "Eve"}
    problem_of(await client.post("/api/auth/register", json=sent), 503, "too_busy")
    async with studio.work(Actor.system()) as work:
        assert set(await work.session.scalars(select(SignInTries.number))) == {2}  # only those let in count
    held.let.set()
    assert [answer.status_code for answer in await asyncio.gather(*first)] == [401, 401]
    assert (await log_in(client)).status_code == 200


async def _age(studio: Studio, **values: object) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Session).values(**values))


async def _session(studio: Studio) -> Session:
    async with studio.work(Actor.system()) as work:
        return (await work.session.scalars(select(Session))).one()
