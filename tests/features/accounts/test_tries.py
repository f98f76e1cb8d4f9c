"""Guessing passwords: slower with every failure, the same without an account, and nobody is locked out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from easel.base.clock import now
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import SignInTries
from easel.features.activity.tasks import forget
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"
FREE = 3
ADA, NOBODY = "ada@example.com", "nobody@example.com"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    limits = settings.limits.model_copy(update={"free_tries": FREE})
    web = settings.web.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    return settings.model_copy(update={"limits": limits, "web": web})


@pytest.fixture
async def server(settings: Settings, studio: Studio) -> AsyncIterator[Server]:
    async with serving(settings, studio) as running:
        await running.member(ADA)
        yield running


async def guess(
    server: Server, email: str = ADA, password: str = "wrong", at: str = "198.51.100.7"
) -> httpx.Response:
    sent: dict[str, Any] = {"email": email, "password": password}
    return await server.client().post("/api/auth/login", json=sent, headers={"X-Forwarded-For": at})


async def later(studio: Studio, **time: float) -> None:
    """Lets time pass for all tries that were counted."""
    passed = timedelta(**time)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(
            update(SignInTries).values(
                not_before=SignInTries.not_before - passed, updated_at=SignInTries.updated_at - passed
            )
        )


async def waits(studio: Studio) -> list[int]:
    async with studio.work(Actor.system()) as work:
        rows = await work.session.scalars(select(SignInTries).order_by(SignInTries.number))
        return [round((row.not_before - row.updated_at).total_seconds()) for row in rows]


@pytest.mark.parametrize("email", [ADA, NOBODY])
async def test_after_a_few_failures_each_try_waits_twice_as_long(
    server: Server, studio: Studio, email: str
) -> None:
    for _ in range(FREE):
        assert (await guess(server, email)).status_code == 401
    for expected in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert max(await waits(studio)) == expected
        await later(studio, seconds=expected)
        assert (await guess(server, email)).status_code == 401


@pytest.mark.parametrize("email", [ADA, NOBODY, "Ada@EXAMPLE.com"])
async def test_too_early_a_try_is_refused_whatever_the_password(
    server: Server, studio: Studio, email: str
) -> None:
    for _ in range(FREE):
        await guess(server, email)
    await later(studio, seconds=1)
    await guess(server, email)
    await later(studio, seconds=-60)
    for password in ("wrong", PASSWORD):
        refused = await guess(server, ADA if email != NOBODY else NOBODY, password)
        problem = problem_of(refused, 429, "too_many_tries")
        assert 30 < int(refused.headers["retry-after"]) <= 62
        assert refused.headers["retry-after"] in problem.detail


async def test_refusals_do_not_make_the_wait_longer_and_it_ends(server: Server, studio: Studio) -> None:
    for _ in range(FREE):
        await guess(server)
    await later(studio, seconds=-30)
    for _ in range(5):
        assert (await guess(server)).status_code == 429
    await later(studio, seconds=31)
    assert (await guess(server, password=PASSWORD)).status_code == 200
    assert await waits(studio) == []


async def test_many_at_once_are_no_way_around(server: Server, studio: Studio) -> None:
    # So that the wait is not over before the last of them has come.
    async with asyncio.TaskGroup() as group:
        tried = [group.create_task(guess(server)) for _ in range(4 * FREE)]
    let_through = sum(task.result().status_code == 401 for task in tried)
    assert {task.result().status_code for task in tried} == {401, 429}
    assert FREE <= let_through <= FREE + 3
    async with studio.work(Actor.system()) as work:
        rows = await work.session.scalars(select(SignInTries.number))
        assert max(rows) == let_through


async def test_from_many_addresses_an_account_waits_too_but_its_owner_at_home_does_not(
    server: Server, studio: Studio
) -> None:
    for number in range(FREE * 4):
        assert (await guess(server, at=f"198.51.{number}.1")).status_code == 401
    await later(studio, seconds=-30)
    problem_of(await guess(server, password=PASSWORD, at="203.0.113.1"), 429, "too_many_tries")
    assert (await guess(server, password=PASSWORD, at="127.0.0.1")).status_code == 200
    assert (await guess(server, password=PASSWORD, at="203.0.113.1")).status_code == 200


async def test_a_minute_is_the_longest_that_others_can_make_one_wait(server: Server, studio: Studio) -> None:
    for number in range(FREE * 4 + 8):
        await guess(server, at=f"198.51.{number}.1")
        await later(studio, minutes=2)
    assert max(await waits(studio)) == 60


async def test_a_day_later_all_is_forgotten(server: Server, studio: Studio) -> None:
    for _ in range(FREE):
        await guess(server)
    await later(studio, days=1, seconds=1)
    for _ in range(FREE):
        assert (await guess(server)).status_code == 401
    await later(studio, days=1, seconds=1)
    await forget(studio)
    assert await waits(studio) == []


async def test_the_table_of_tries_names_nobody(server: Server, studio: Studio) -> None:
    await guess(server)
    async with studio.work(Actor.system()) as work:
        rows = list(await work.session.scalars(select(SignInTries)))
    assert {len(row.key) for row in rows} == {32}
    assert all(row.updated_at <= now() for row in rows)
