"""Deleting one's account: closed at once and everywhere, restored within the grace by the password alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from easel.base.clock import now
from easel.core.actor import Actor, Client
from easel.core.work import Studio
from easel.features.accounts import queries
from easel.features.accounts.models import Session, User
from easel.features.accounts.service import sessions, sign_in
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

EMAIL, PASSWORD = "grace@example.com", "a good long password"


async def close(client: httpx.AsyncClient, **body: str) -> httpx.Response:
    return await client.request("DELETE", "/api/users/me", json=body)


async def log_in(server: Server, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await server.client().post("/api/auth/login", json={"email": email, "password": password})


async def restore(server: Server, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await server.client().post("/api/users/me/restore", json={"email": email, "password": password})


@pytest.fixture
async def ada(server: Server) -> httpx.AsyncClient:
    """The studio's first account, its administrator."""
    return await server.member("ada@example.com")


@pytest.fixture
async def grace(server: Server, ada: httpx.AsyncClient) -> httpx.AsyncClient:
    """Another account."""
    return await server.member(EMAIL, "Grace")


async def test_a_deleted_account_is_closed_everywhere(server: Server, grace: httpx.AsyncClient) -> None:
    browser = server.client()
    answer = await browser.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
    tokens = answer.json()
    answer = await close(browser, password=PASSWORD)
    assert answer.status_code == 202, answer.text
    purged_at = datetime.fromisoformat(answer.json()["purged_at"])
    assert timedelta(days=6, hours=23) < purged_at - now() <= timedelta(days=7)
    assert 'easel_session=""' in answer.headers["set-cookie"]

    problem_of(await grace.get("/api/auth/me"), 401, "not_signed_in")
    problem_of(await browser.get("/api/auth/me"), 401, "not_signed_in")
    refreshed = await server.client().post(
        "/api/auth/refresh-token", json={"refresh_token": tokens["refresh_token"]}
    )
    problem_of(refreshed, 401, "bad_refresh_token")
    problem = problem_of(await log_in(server), 403, "account_closed")
    assert "POST /api/users/me/restore" in problem.detail
    assert (await log_in(server)).json()["purged_at"] == answer.json()["purged_at"].replace("Z", "+00:00")
    problem_of(await log_in(server, password="something else"), 401, "wrong_credentials")
    taken = {"email": EMAIL, "password": PASSWORD, "name": "Eve"}
    problem_of(await server.client().post("/api/auth/register", json=taken), 409, "email_taken")


async def test_within_the_grace_it_can_be_restored(server: Server, grace: httpx.AsyncClient) -> None:
    assert (await close(grace, password=PASSWORD)).status_code == 202
    problem_of(await restore(server, password="something else"), 401, "wrong_credentials")
    problem_of(await restore(server, email="nobody@example.com"), 401, "wrong_credentials")
    assert (await restore(server)).status_code == 204
    assert (await restore(server)).status_code == 204
    assert (await log_in(server)).status_code == 200
    problem_of(await grace.get("/api/auth/me"), 401, "not_signed_in")


async def test_it_takes_the_password(server: Server, grace: httpx.AsyncClient) -> None:
    for body in ({}, {"password": "something else"}):
        problem = problem_of(await close(grace, **body), 422, "invalid_input")
        assert [(error.field, error.code) for error in problem.errors] == [("password", "wrong_password")]
    assert (await grace.get("/api/auth/me")).status_code == 200
    problem_of(await close(server.client(), password=PASSWORD), 401, "not_signed_in")


async def test_who_was_barred_does_not_come_back_by_restoring(
    server: Server, studio: Studio, grace: httpx.AsyncClient
) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).where(User.email == EMAIL).values(is_active=False))
    problem_of(await restore(server), 401, "wrong_credentials")


async def test_the_last_administrator_stays_with_the_others(
    server: Server, studio: Studio, ada: httpx.AsyncClient, grace: httpx.AsyncClient
) -> None:
    problem_of(await close(ada, password=PASSWORD), 409, "last_administrator")
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(User).where(User.email == EMAIL).values(role="admin"))
    assert (await close(ada, password=PASSWORD)).status_code == 202
    problem_of(await close(grace, password="wrong password"), 422, "invalid_input")
    assert (await close(grace, password=PASSWORD)).status_code == 202


async def test_who_is_alone_may_go_and_the_next_one_administers(
    server: Server, ada: httpx.AsyncClient
) -> None:
    assert (await close(ada, password=PASSWORD)).status_code == 202
    facts = (await (await server.member(EMAIL)).get("/api/auth/verify")).json()
    assert facts["role"] == "admin"


async def without_password(studio: Studio) -> tuple[UUID, str]:
    """An account that logs in elsewhere: its id and an access token."""
    async with studio.work(Actor.system()) as work:
        user = await sign_in.add_user(work, email="elsewhere@example.com", name="E", password_hash=None)
        return user.id, (await sessions.begin(work, user, Client())).access_token


async def test_without_a_password_a_fresh_log_in_confirms_and_restores(
    server: Server, studio: Studio, ada: httpx.AsyncClient
) -> None:
    user_id, token = await without_password(studio)
    client = server.client(headers={"Authorization": f"Bearer {token}"})
    async with studio.work(Actor.system()) as work:
        of_user = update(Session).where(Session.user_id == user_id)
        await work.session.execute(of_user.values(created_at=now() - timedelta(minutes=11)))
    problem_of(await close(client), 403, "fresh_sign_in_needed")
    async with studio.work(Actor.system()) as work:
        await work.session.execute(of_user.values(created_at=now()))
    assert (await close(client)).status_code == 202
    problem_of(await client.get("/api/auth/me"), 401, "not_signed_in")
    problem_of(await restore(server, email="elsewhere@example.com"), 401, "wrong_credentials")
    async with studio.work(Actor.anonymous()) as work:
        user = await queries.user_by_id(work, user_id)
        assert user is not None
        again = await sessions.begin(work, user, Client())
    back = server.client(headers={"Authorization": f"Bearer {again.access_token}"})
    assert (await back.get("/api/auth/me")).status_code == 200


async def test_the_profile(grace: httpx.AsyncClient) -> None:
    assert (await grace.get("/api/users/profile")).json()["name"] == "Grace"
    assert (await grace.put("/api/users/profile", json={"name": "Grace H."})).json()["name"] == "Grace H."
    assert (await grace.get("/api/auth/me")).json()["name"] == "Grace H."
    problem_of(await grace.put("/api/users/profile", json={"role": "admin"}), 422, "invalid_input")
