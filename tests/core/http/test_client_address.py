"""Whose address a request comes from: proxies are believed only where they are trusted."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from easel.base.networks import network_of
from easel.base.settings import Settings
from easel.core.http.client_address import ClientAddress
from easel.core.work import Studio
from tests.plugins.studio import serving

pytestmark = pytest.mark.anyio

TRUSTED = ("10.0.0.0/8", "2001:db8:aaaa::/48")


async def found(peer: str, *lines: str, header: str = "x-forwarded-for", trusted: Any = TRUSTED) -> str:
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    scope = {
        "type": "http",
        "client": (peer, 4711),
        "headers": [(header.encode(), line.encode()) for line in lines],
    }
    layer = ClientAddress(app, [ip_network(network) for network in trusted], header)
    await layer(scope, None, None)  # type: ignore[arg-type]  # the application above reads the scope only
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "lines", "expected"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.2.0.3"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1", "10.2.0.3"], "198.51.100.1"),
        ("10.0.0.1", ["10.9.9.9, 10.2.0.3"], "10.9.9.9"),
        ("10.0.0.1", ["198.51.100.1:5123"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::7]:5123"], "2001:db8::7"),
        ("2001:db8:aaaa::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, nonsense, 10.2.0.3"], "10.2.0.3"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1,"], "10.0.0.1"),
    ],
)
async def test_the_list_is_read_from_its_end_through_trusted_hops(
    peer: str, lines: list[str], expected: str
) -> None:
    assert await found(peer, *lines) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('for=1.1.1.1, for="198.51.100.1:80";proto=https, FOR=10.2.0.3;by=10.0.0.1', "198.51.100.1"),
        ('proto=https;for="[2001:db8::7]:5123"', "2001:db8::7"),
        ("for=1.1.1.1, for=unknown", "10.0.0.1"),
        ("for=1.1.1.1, for=_hidden", "10.0.0.1"),
        ("by=198.51.100.1", "10.0.0.1"),
    ],
)
async def test_the_standard_header(line: str, expected: str) -> None:
    assert await found("10.0.0.1", line, header="forwarded") == expected


async def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert await found("10.0.0.1", "198.51.100.1", trusted=()) == "10.0.0.1"


def test_networks() -> None:
    assert network_of("203.0.113.9", four=24, six=48) == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::9", four=24, six=48) == "2001:db8:1::/48"
    assert network_of(None, four=24, six=48) is None
    assert network_of("testclient", four=24, six=48) is None


async def test_sessions_show_the_clients_address_and_not_the_proxys(
    settings: Settings, studio: Studio
) -> None:
    web = settings.web.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    async with serving(settings.model_copy(update={"web": web}), studio) as server:
        client = server.client(headers={"X-Forwarded-For": "1.1.1.1, 198.51.100.1"})
        sent = {"email": "ada@example.com", "password": "a good long password", "name": "Ada"}
        assert (await client.post("/api/auth/register", json=sent)).status_code == 201
        (session,) = (await client.get("/api/auth/sessions")).json()["items"]
        assert session["ip_address"] == "198.51.100.1"
