"""Signing in from a new place: told by mail, once, and not the first time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest
from sqlalchemy import select

from easel.base.settings import Settings
from easel.core.actor import Actor, Client
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio
from easel.features.accounts.service import places
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
async def server(settings: Settings, studio: Studio) -> AsyncIterator[Server]:
    web = settings.web.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    async with serving(settings.model_copy(update={"web": web}), studio) as running:
        yield running


async def sign_in(server: Server, address: str, program: str, path: str = "login") -> None:
    headers = {"X-Forwarded-For": address, "User-Agent": program}
    body = {"email": "ada@example.com", "password": PASSWORD}
    sent = {**body, "name": "Ada"} if path == "register" else body
    answer = await server.client(headers=headers).post(f"/api/auth/{path}", json=sent)
    assert answer.status_code < 300, answer.text


async def notices(studio: Studio) -> list[OutboxMail]:
    async with studio.work(Actor.system()) as work:
        found = select(OutboxMail).where(OutboxMail.template == "new-sign-in").order_by(OutboxMail.created_at)
        return list(await work.session.scalars(found))


async def test_a_new_place_is_told_by_mail(server: Server, studio: Studio) -> None:
    await sign_in(server, "203.0.113.7", FIREFOX, "register")
    await sign_in(server, "203.0.113.99", NEWER)
    assert await notices(studio) == []
    await sign_in(server, "198.51.100.7", FIREFOX)
    await sign_in(server, "198.51.100.8", FIREFOX)
    (first,) = await notices(studio)
    assert first.to == "ada@example.com"
    assert "Firefox on Linux, at 198.51.100.7, on " in first.text
    assert "198.51.100.7" in first.html
    await sign_in(server, "203.0.113.7", EDGE)
    assert "Edge on Windows, at 203.0.113.7" in (await notices(studio))[1].text
    await sign_in(server, "2001:db8:1:1::1", FIREFOX)
    await sign_in(server, "2001:db8:1:2::1", FIREFOX)
    assert len(await notices(studio)) == 3


async def test_the_log_says_that_a_place_was_new(server: Server) -> None:
    ada = await server.member()
    await sign_in(server, "198.51.100.7", FIREFOX)
    newest, first, _ = (await ada.get("/api/auth/audit")).json()["items"]
    assert (newest["action"], newest["details"]) == ("session.started", {"new_place": True})
    assert (first["action"], first["details"]) == ("session.started", {})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (new)", "A browser"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("curl/8.5.0", "curl"),
        ("<script>", "unknown"),
        (" ", "unknown"),
        (None, "unknown"),
    ],
)
def test_programs(said: str | None, expected: str) -> None:
    assert places.program(Client(user_agent=said)) == expected


def test_networks() -> None:
    assert places.network(Client(ip="203.0.113.7")) == "203.0.113.0/24"
    assert places.network(Client(ip="2001:db8:1:2::3")) == "2001:db8:1::/48"
    assert places.network(Client()) == "unknown"
