"""How often one may ask: what counts for whom, what is told, and what happens without the shared store."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from limits import RateLimitItemPerSecond
from pydantic import SecretStr

from easel.base.settings import Settings
from easel.core.http.limits import Counters, Policy
from easel.core.work import Studio
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio

PLENTY = 1_000_000


@asynccontextmanager
async def limited(settings: Settings, studio: Studio, **limits: Any) -> AsyncIterator[Server]:
    """A server with limits of its own, that believes `X-Forwarded-For`."""
    web = settings.web.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    changed = settings.limits.model_copy(update=limits)
    async with serving(settings.model_copy(update={"limits": changed, "web": web}), studio) as server:
        yield server


def at(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def told(answer: httpx.Response) -> tuple[str, int, int, int, int]:
    """The policy's name, its quota and window, what is left and in how many seconds it is whole again."""
    policy = re.fullmatch(r'"([a-z-]+)";q=(\d+);w=(\d+)', answer.headers["ratelimit-policy"])
    left = re.fullmatch(r'"([a-z-]+)";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert policy
    assert left
    assert policy[1] == left[1]
    return policy[1], int(policy[2]), int(policy[3]), int(left[2]), int(left[3])


async def log_in(client: httpx.AsyncClient, **options: Any) -> httpx.Response:
    body = {"email": "nobody@example.com", "password": "guess"}
    return await client.post("/api/auth/login", json=body, **options)


async def test_what_signs_in_shares_one_small_allowance(settings: Settings, studio: Studio) -> None:
    async with limited(settings, studio, sign_in=4) as server:
        client = server.client()
        first = await log_in(client)
        assert first.status_code == 401
        assert told(first)[:4] == ("sign-in", 4, 900, 3)
        for path in ("login", "register", "anything-else"):
            answer = await client.post(f"/api/auth/{path}", json={})
            assert answer.status_code in (404, 422)
        refused = await log_in(client)
        problem = problem_of(refused, 429, "too_many_requests")
        name, quota, window, remaining, reset = told(refused)
        assert (name, quota, window, remaining) == ("sign-in", 4, 900, 0)
        assert 0 < reset <= 900
        assert refused.headers["retry-after"] == str(reset)
        assert str(reset) in problem.detail
        # What does not sign in, and others, go on.
        assert (await client.get("/api/auth/me")).status_code == 401
        assert (await client.post("/api/auth/refresh-token", json={"refresh_token": "x"})).status_code == 401
        assert (await log_in(client, headers=at("198.51.100.1"))).status_code == 401


async def test_an_account_has_its_own_allowance_wherever_it_is(settings: Settings, studio: Studio) -> None:
    async with limited(settings, studio, user=3, anonymous=2) as server:
        ada = await server.member()
        bob = await server.member("bob@example.com")
        for left in (2, 1, 0):
            answer = await ada.get("/api/auth/me", headers=at(f"198.51.100.{left}"))
            assert answer.status_code == 200
            assert told(answer)[:4] == ("account", 3, 60, left)
        problem_of(await ada.get("/api/auth/me"), 429, "too_many_requests")
        assert (await bob.get("/api/auth/me")).status_code == 200


async def test_without_a_good_credential_the_address_counts(settings: Settings, studio: Studio) -> None:
    async with limited(settings, studio, anonymous=3) as server:
        client = server.client()
        assert told(await client.get("/api/models"))[:4] == ("address", 3, 60, 2)
        for number in range(2):
            guess = {"Authorization": f"Bearer guess-{number}"}
            assert (await client.get("/api/auth/me", headers=guess)).status_code == 401
        problem_of(await client.get("/api/models"), 429, "too_many_requests")
        problem_of(
            await client.get("/api/auth/me", headers={"Authorization": "Bearer 3"}), 429, "too_many_requests"
        )
        problem_of(
            await client.get("/api/auth/me", headers={"Cookie": "easel_session=4"}), 429, "too_many_requests"
        )
        assert (await client.get("/api/models", headers=at("198.51.100.1"))).status_code == 200
        # One address of an IPv6 network is as good as any other.
        for number in range(3):
            there = at(f"2001:db8:1:2::{number}")
            assert (await client.get("/api/models", headers=there)).status_code == 200
        problem_of(
            await client.get("/api/models", headers=at("2001:db8:1:2:3:4:5:6")), 429, "too_many_requests"
        )


async def test_the_studios_files_and_the_health_checks_are_free(settings: Settings, studio: Studio) -> None:
    async with limited(settings, studio, anonymous=1, sign_in=1) as server:
        client = server.client()
        for _ in range(3):
            for path in ("/healthz", "/readyz", "/openapi.json", "/"):
                answer = await client.get(path)
                assert answer.status_code != 429
                assert "ratelimit" not in answer.headers


async def test_web_servers_count_together(
    settings: Settings, studio: Studio, counter_store: tuple[str, subprocess.Popen[bytes]]
) -> None:
    shared = {"url": SecretStr(counter_store[0]), "sign_in": 3}
    async with limited(settings, studio, **shared) as one, limited(settings, studio, **shared) as two:
        for server in (one, two, one):
            assert (await log_in(server.client())).status_code == 401
        problem_of(await log_in(two.client()), 429, "too_many_requests")


async def test_without_the_shared_store_each_counts_for_itself(
    settings: Settings, studio: Studio, counter_store: tuple[str, subprocess.Popen[bytes]]
) -> None:
    url, process = counter_store
    async with limited(settings, studio, url=SecretStr(url), sign_in=2) as server:
        client = server.client()
        assert told(await log_in(client))[3] == 1
        process.kill()
        process.wait(20)
        assert [(await log_in(client)).status_code for _ in range(3)] == [401, 401, 429]


async def test_what_has_run_out_is_forgotten_aside_from_requests() -> None:
    counters = Counters(None)
    forgetting = asyncio.create_task(counters.forget(every=0.01))
    await asyncio.sleep(0)
    before = asyncio.all_tasks()
    quick, slow = (Policy("p", RateLimitItemPerSecond(5, seconds)) for seconds in (1, 3600))
    for number in range(3000):
        await counters.charge(quick, f"10.0.0.{number}")
    await counters.charge(slow, "10.1.0.1")
    assert asyncio.all_tasks() == before, "a request looks after its own count only"
    async with asyncio.timeout(30):
        while len(counters.memory.storage) > 1:  # noqa: ASYNC110 - the library has no event for it
            await asyncio.sleep(0.05)
    assert (await counters.charge(slow, "10.1.0.1")).remaining == 3
    forgetting.cancel()
