"""Signing in at a provider: there and back over real HTTP, and everything that must not get in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from sqlalchemy import select, update

from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.features.accounts.models import User
from tests.plugins.studio import Server
from tests.servers.oidc import ADA, CLIENT_ID, Claims, IdProvider, key

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("federated")]
PASSWORD = "a good long password"


async def depart(client: httpx.AsyncClient, provider: str = "oidc", next: str | None = None) -> str:
    """Where the provider sends the browser back to."""
    left = await client.get(f"/api/auth/oauth/{provider}/login", params={"next": next} if next else None)
    assert left.status_code == 303, left.text
    assert left.headers["cache-control"] == "no-store"
    async with httpx.AsyncClient() as browser:
        there = await browser.get(left.headers["location"])
    assert there.status_code == 302, there.text
    return there.headers["location"]


async def sign_in(client: httpx.AsyncClient, provider: str = "oidc", next: str | None = None) -> str:
    """Sign in; answers the page of the studio that it ends at."""
    return await arrive(client, await depart(client, provider, next))


async def arrive(client: httpx.AsyncClient, url: str) -> str:
    back = await client.get(url)
    assert back.status_code == 303, back.text
    assert back.headers["cache-control"] == "no-store"
    return back.headers["location"]


def refusal(page: str) -> str:
    """Why a page of the studio was opened, for programs."""
    parts = urlsplit(page)
    assert parts.path == "/app/log-in", page
    return parse_qs(parts.query)["refused"][0]


async def me(client: httpx.AsyncClient) -> Any:
    answer = await client.get("/api/auth/me")
    return answer.json() if answer.status_code == 200 else None


async def register(
    server: Server, email: str = "ada@example.com", *, verified: bool = False
) -> httpx.AsyncClient:
    client = server.client()
    sent = {"email": email, "password": PASSWORD, "name": "Ada of old"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    if verified:
        async with server.studio.work(Actor.system()) as work:
            await work.session.execute(update(User).where(User.email == email).values(email_verified=True))
    return client


async def audited(server: Server, action: str) -> list[dict[str, Any]]:
    async with server.studio.work(Actor.system()) as work:
        rows = await work.session.scalars(select(AuditRow).where(AuditRow.action == action))
        return [row.details for row in rows]


async def test_the_studio_says_who_one_may_sign_in_with(server: Server) -> None:
    answer = await server.client().get("/api/auth/providers")
    assert answer.json() == {
        "passwords": True,
        "providers": [{"id": "github", "name": "GitHub"}, {"id": "oidc", "name": "House account"}],
    }


@pytest.mark.parametrize("provider", ["oidc", "github"])
async def test_a_stranger_gets_an_account_and_comes_back_to_it(server: Server, provider: str) -> None:
    client = server.client()
    assert await sign_in(client, provider, "/app/images?sort=oldest") == "/app/images?sort=oldest"
    first = await me(client)
    assert (first["email"], first["email_verified"]) == ("ada@example.com", True)
    assert first["name"] == ("Ada Lovelace" if provider == "oidc" else "ada")
    assert first["role"] == "admin"  # the studio's first account
    again = server.client()
    assert await sign_in(again, provider) == "/app/generate"
    assert (await me(again))["id"] == first["id"]
    assert await audited(server, "identity.used") == [{"provider": provider}] * 2
    assert len(await audited(server, "identity.linked")) == 1
    cookie = next(each for each in again.cookies.jar if each.name == "easel_session")
    assert cookie.has_nonstandard_attr("HttpOnly")


async def test_the_ticket_is_short_lived_and_for_the_callback_alone(server: Server) -> None:
    client = server.client()
    left = await client.get("/api/auth/oauth/oidc/login")
    (cookie,) = left.headers.get_list("set-cookie")
    for part in ("HttpOnly", "Max-Age=600", "Path=/api/auth/oauth/oidc", "SameSite=lax"):
        assert part in cookie
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{server.url}/api/auth/oauth/oidc/callback"]
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43


async def test_the_address_that_an_id_token_lacks_is_asked_for(
    server: Server, id_provider: IdProvider
) -> None:
    id_provider.person = {"sub": "ada-1815"}
    id_provider.userinfo = {"email": "ada@example.com", "email_verified": True, "name": "Ada"}
    client = server.client()
    assert await sign_in(client) == "/app/generate"
    assert (await me(client))["email"] == "ada@example.com"
    id_provider.userinfo = {"sub": "somebody else", "email": "eve@example.com", "email_verified": True}
    assert refusal(await sign_in(server.client())) == "sign_in_refused"


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims: Claims) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def confused(claims: Claims) -> str:
    """Signed with the issuer's public key as if it were a shared secret."""
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
    mac = hmac.new(key("first").as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def forged(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key("an attacker's"))


NOW = time.time()
BAD_TOKENS: dict[str, tuple[Claims, Callable[[Claims], str] | None]] = {
    "another audience": ({"aud": "another client"}, None),
    "no audience": ({"aud": None}, None),
    "another issuer": ({"iss": "https://issuer.example.com"}, None),
    "expired": ({"exp": NOW - 7200, "iat": NOW - 9000}, None),
    "without an end": ({"exp": None}, None),
    "not valid yet": ({"nbf": NOW + 7200}, None),
    "another nonce": ({"nonce": "another"}, None),
    "no nonce": ({"nonce": None}, None),
    "another party": ({"aud": [CLIENT_ID, "other"], "azp": "other"}, None),
    "nobody": ({"sub": None}, None),
    "a number for a name": ({"sub": 1815}, None),
    "unsigned": ({}, unsigned),
    "signed with the public key": ({}, confused),
    "signed by another": ({}, forged),
    "no token at all": ({}, lambda _: "not a token"),
}


async def test_an_id_token_that_is_not_right_opens_nothing(server: Server, id_provider: IdProvider) -> None:
    client = server.client()
    for case, (more, sign) in BAD_TOKENS.items():
        id_provider.more, id_provider.sign = more, sign
        assert refusal(await sign_in(client)) == "sign_in_refused", case
        assert await me(client) is None, case
    assert await audited(server, "account.registered") == []
    id_provider.more, id_provider.sign = {}, None
    assert await sign_in(client) == "/app/generate"


async def test_an_issuer_may_change_its_keys(server: Server, id_provider: IdProvider) -> None:
    assert await sign_in(server.client()) == "/app/generate"
    id_provider.rotate("second")
    assert await sign_in(server.client()) == "/app/generate"
    assert id_provider.asked["/jwks"] == 2


async def test_a_state_that_is_not_ours(server: Server) -> None:
    client = server.client()
    url = await depart(client)
    parts = urlsplit(url)
    sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (
        refusal(await arrive(client, f"{parts.path}?code={sent['code']}&state=another")) == "sign_in_expired"
    )
    assert refusal(await arrive(server.client(), url)) == "sign_in_expired"  # no ticket at all
    github = await depart(client, "github")
    oidc = github.replace("/github/", "/oidc/")
    assert refusal(await arrive(client, oidc)) == "sign_in_expired"  # another provider's ticket
    assert await me(client) is None


async def test_an_answer_is_good_once(server: Server) -> None:
    client = server.client()
    url = await depart(client)
    ticket = client.cookies["easel_sign_in"]
    assert await arrive(client, url) == "/app/generate"
    assert "easel_sign_in" not in client.cookies
    assert refusal(await arrive(client, url)) == "sign_in_expired"
    thief = server.client(cookies={"easel_sign_in": ticket})
    assert refusal(await arrive(thief, url)) == "sign_in_refused"
    assert await me(thief) is None


async def test_an_answer_of_another_issuer_is_not_taken_to_this_one(
    server: Server, id_provider: IdProvider
) -> None:
    client = server.client()
    for issuer in ("", "&iss=https://issuer.example.com"):
        parts = urlsplit(await depart(client))
        sent = parse_qs(parts.query)
        url = f"{parts.path}?code={sent['code'][0]}&state={sent['state'][0]}{issuer}"
        assert refusal(await arrive(client, url)) == "sign_in_refused"
    assert id_provider.asked["/token"] == 0


@pytest.mark.parametrize("provider", ["oidc", "github"])
@pytest.mark.parametrize(
    ("error", "code"), [("access_denied", "sign_in_cancelled"), ("server_error", "sign_in_refused")]
)
async def test_a_provider_that_refuses(
    server: Server, id_provider: IdProvider, provider: str, error: str, code: str
) -> None:
    id_provider.refuses = error
    page = await sign_in(server.client(), provider, "/app/trash")
    assert refusal(page) == code
    assert parse_qs(urlsplit(page).query) == {
        "next": ["/app/trash"],
        "refused": [code],
        "provider": [provider],
    }


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
async def test_a_provider_that_is_down(server: Server, id_provider: IdProvider, path: str) -> None:
    client = server.client()
    if path == "/token":
        url = await depart(client)
        id_provider.grants.clear()
        assert refusal(await arrive(client, url)) == "sign_in_refused"
        return
    id_provider.down.add(path)
    left = await client.get("/api/auth/oauth/oidc/login")
    page = left.headers["location"]
    if path == "/jwks":
        async with httpx.AsyncClient() as browser:
            page = await arrive(client, (await browser.get(page)).headers["location"])
    assert refusal(page) == "issuer_unavailable"


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"sub": "1", "name": "Ada"}, "provider_email_missing"),
        ({"sub": "1", "email": "no address", "email_verified": True}, "provider_email_missing"),
        ({"sub": "1", "email": "ada@example.com", "email_verified": False}, "provider_email_unverified"),
        ({"sub": "1", "email": "ada@example.com"}, "provider_email_unverified"),
        ({"sub": "1", "email": "ada@example.com", "email_verified": "false"}, "provider_email_unverified"),
    ],
)
async def test_a_new_account_needs_an_address_that_was_verified(
    server: Server, id_provider: IdProvider, person: Claims, code: str
) -> None:
    id_provider.person = person
    client = server.client()
    assert refusal(await sign_in(client)) == code
    assert await me(client) is None


@pytest.mark.parametrize(
    ("emails", "code"),
    [
        ([], "provider_email_missing"),
        ([{"email": "ada@example.com", "verified": True, "primary": False}], "provider_email_missing"),
        ([{"email": "ada@example.com", "verified": False, "primary": True}], "provider_email_unverified"),
    ],
)
async def test_of_github_only_the_verified_primary_address_counts(
    server: Server, id_provider: IdProvider, emails: list[Claims], code: str
) -> None:
    id_provider.github_emails = emails
    assert refusal(await sign_in(server.client(), "github")) == code


@pytest.mark.parametrize("provider", ["oidc", "github"])
async def test_an_address_leads_to_an_account_only_if_both_have_verified_it(
    server: Server, provider: str
) -> None:
    await register(server)
    client = server.client()
    assert refusal(await sign_in(client, provider)) == "link_first"
    assert await me(client) is None
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(email_verified=True))
    assert await sign_in(client, provider) == "/app/generate"
    assert (await me(client))["name"] == "Ada of old"
    called = {"oidc": "House account", "github": "GitHub"}
    assert await audited(server, "identity.linked") == [{"name": called[provider]}]


async def test_an_address_that_only_looks_the_same_leads_nowhere(
    server: Server, id_provider: IdProvider
) -> None:
    await register(server, "fiona@example.com", verified=True)
    id_provider.person = ADA | {"email": "Fiona@example.com"}
    assert await sign_in(server.client()) == "/app/generate"
    id_provider.person = ADA | {"sub": "2", "email": "ﬁona@example.com"}
    client = server.client()
    page = await sign_in(client)
    assert page == "/app/generate" or refusal(page) == "link_first"
    mine = await me(client)
    assert mine is None or mine["name"] != "Ada of old"


async def test_an_account_stays_the_same_when_the_address_changes(
    server: Server, id_provider: IdProvider
) -> None:
    client = server.client()
    await sign_in(client)
    first = await me(client)
    id_provider.person = ADA | {"email": "ada@new.example.com", "email_verified": False}
    await sign_in(client)
    assert await me(client) == first
    id_provider.person = ADA | {"sub": "the address's next owner"}
    await sign_in(client)
    # The account's own address is verified, and the provider says that it is theirs now.
    assert len(await audited(server, "identity.linked")) == 2


async def test_a_suspended_account_stays_shut(server: Server) -> None:
    await sign_in(server.client())
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(is_active=False))
    client = server.client()
    assert refusal(await sign_in(client)) == "account_suspended"
    assert await me(client) is None


NEXT = {
    "/app/images": "/app/images",
    "/app/images/1?tab=details#top": "/app/images/1?tab=details#top",
    "https://evil.example.com/app/": None,
    "//evil.example.com/app/": None,
    "/\\evil.example.com": None,
    "/app/\\..\\..//evil.example.com": None,
    "/app//evil.example.com": None,
    "/app/../../evil": None,
    "/app/%2e%2e/api/auth/logout": None,
    "\t//evil.example.com": None,
    "/app/\r\nSet-Cookie: a=b": None,
    "javascript:alert(1)": None,
    "/api/images": None,
    "/application": None,
    "app/images": None,
    "/app/log-in?next=/app/log-in": None,
    "/app/" + "x" * 3000: None,
}


async def test_a_sign_in_ends_at_a_page_of_the_studio(server: Server) -> None:
    for next, page in NEXT.items():
        assert await sign_in(server.client(), next=next) == (page or "/app/generate"), next


async def test_providers_that_are_not_set_up(server: Server) -> None:
    client = server.client()
    for end in ("login", "callback"):
        answer = await client.get(f"/api/auth/oauth/google/{end}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_provider")
        assert (await client.get(f"/api/auth/oauth/nobody/{end}")).status_code == 422
