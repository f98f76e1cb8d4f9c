"""Linking and unlinking: whose account it stays, and that nobody locks themselves out."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import update

from easel.core.actor import Actor
from easel.features.accounts.models import User
from tests.features.accounts.test_federation import arrive, audited, me, register, sign_in
from tests.features.accounts.test_second_factor import forget_steps, protected, second_step
from tests.plugins.authenticator import app_code
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server
from tests.servers.oidc import ADA, IdProvider

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("federated")]


async def begin_link(client: httpx.AsyncClient, provider: str = "oidc") -> str:
    """Begin to link a provider; answers where it sends the browser back to."""
    begun = await client.post("/api/auth/identities", json={"provider": provider})
    assert begun.status_code == 200, begun.text
    async with httpx.AsyncClient() as browser:
        return (await browser.get(begun.json()["url"])).headers["location"]


async def link(client: httpx.AsyncClient, provider: str = "oidc") -> str:
    return await arrive(client, await begin_link(client, provider))


async def identities(client: httpx.AsyncClient) -> Any:
    answer = await client.get("/api/auth/identities")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_linking_opens_the_account_that_the_address_did_not(server: Server) -> None:
    client = await register(server)
    account = await me(client)
    assert await link(client) == "/app/settings?tab=account&linked=oidc"
    (linked,) = await identities(client)
    assert (linked["provider"], linked["name"], linked["email"]) == (
        "oidc",
        "House account",
        "ada@example.com",
    )
    assert linked["removable"]
    other = server.client()
    assert await sign_in(other) == "/app/generate"
    assert await me(other) == account
    assert await link(client) == "/app/settings?tab=account&linked=oidc"  # again: nothing to do
    assert await audited(server, "identity.linked") == [{"name": "House account"}]


async def test_what_is_linked_to_one_account_is_not_linked_to_another(server: Server) -> None:
    await sign_in(server.client())
    client = await register(server, "grace@example.com")
    page = parse_qs(urlsplit(await link(client)).query)
    assert page == {"tab": ["account"], "refused": ["identity_taken"], "provider": ["oidc"]}
    assert await identities(client) == []


async def test_a_link_is_for_who_began_it(server: Server, id_provider: IdProvider) -> None:
    ada = await register(server)
    back = await begin_link(ada)
    grace = await register(server, "grace@example.com")
    grace.cookies.set("easel_sign_in", ada.cookies["easel_sign_in"], path="/api/auth/oauth/oidc")
    page = parse_qs(urlsplit(await arrive(grace, back)).query)
    assert page["refused"] == ["sign_in_expired"]
    assert await identities(grace) == []
    back = await begin_link(ada)
    await ada.post("/api/auth/logout")
    page = parse_qs(urlsplit(await arrive(ada, back)).query)
    assert page["refused"] == ["sign_in_expired"]
    assert id_provider.asked["/token"] == 0


async def test_nobody_is_made_to_link_by_another_site(server: Server) -> None:
    client = await register(server)
    foreign = {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post("/api/auth/identities", json={"provider": "oidc"}, headers=foreign)
    problem_of(answer, 403, "foreign_origin")
    # A link on another site may begin a sign-in: it ends in the account of who signs in, and links nothing.
    left = await client.get("/api/auth/oauth/oidc/login", headers={"Sec-Fetch-Site": "cross-site"})
    assert left.status_code == 303
    assert "form-action 'self'" in left.headers["content-security-policy"]
    problem_of(
        await server.client().post("/api/auth/identities", json={"provider": "oidc"}), 401, "not_signed_in"
    )
    problem_of(
        await client.post("/api/auth/identities", json={"provider": "google"}), 404, "unknown_provider"
    )


async def test_the_last_way_in_stays(server: Server, id_provider: IdProvider) -> None:
    client = server.client()
    await sign_in(client)
    (only,) = await identities(client)
    assert not only["removable"]
    problem_of(await client.delete(f"/api/auth/identities/{only['id']}"), 409, "last_way_in")
    await link(client, "github")
    both = await identities(client)
    assert [each["removable"] for each in both] == [True, True]
    answers = await asyncio.gather(*(client.delete(f"/api/auth/identities/{each['id']}") for each in both))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    (left,) = await identities(client)
    assert not left["removable"]
    assert await audited(server, "identity.unlinked") == [
        {"name": each["name"]} for each in both if each["id"] != left["id"]
    ]


async def test_with_a_password_every_link_may_go(server: Server) -> None:
    client = await register(server)
    await link(client)
    (linked,) = await identities(client)
    stranger = await register(server, "grace@example.com")
    problem_of(await stranger.delete(f"/api/auth/identities/{linked['id']}"), 404, "identity_not_found")
    assert (await client.delete(f"/api/auth/identities/{linked['id']}")).status_code == 204
    problem_of(await client.delete(f"/api/auth/identities/{linked['id']}"), 404, "identity_not_found")
    page = await sign_in(server.client())
    assert "refused=link_first" in page


async def test_two_links_of_one_person_at_once_make_one(server: Server) -> None:
    clients = [await register(server), await register(server, "grace@example.com")]
    urls = [await begin_link(client) for client in clients]
    pages = await asyncio.gather(*(arrive(c, url) for c, url in zip(clients, urls, strict=True)))
    assert sorted("linked" in page for page in pages) == [False, True]
    assert sum([len(await identities(client)) for client in clients]) == 1


async def test_two_first_sign_ins_of_one_person_at_once_make_one_account(
    server: Server, id_provider: IdProvider
) -> None:
    clients = [server.client() for _ in range(4)]
    pages = await asyncio.gather(*(sign_in(client) for client in clients))
    assert pages == ["/app/generate"] * 4
    assert len({(await me(client))["id"] for client in clients}) == 1
    assert len(await audited(server, "account.registered")) == 1


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_REGISTRATION", "false")


@pytest.mark.usefixtures("closed", "federated")
async def test_a_closed_studio_lets_in_those_it_knows(server: Server, id_provider: IdProvider) -> None:
    assert await sign_in(server.client()) == "/app/generate"  # the first one always
    assert await sign_in(server.client()) == "/app/generate"
    id_provider.person = ADA | {"sub": "2", "email": "grace@example.com"}
    assert "refused=registration_closed" in await sign_in(server.client())


async def test_two_step_verification_guards_this_door_too(server: Server, id_provider: IdProvider) -> None:
    client, secret, _ = await protected(server)
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(update(User).values(email_verified=True))
    email = (await me(client))["email"]
    id_provider.person = ADA | {"email": email}
    # A token alone cannot be asked for the code, so an address alone does not lead it here.
    bearer = {"Authorization": f"Bearer {id_provider.token()}"}
    problem_of(await server.client().get("/api/auth/me", headers=bearer), 403, "link_first")
    await forget_steps(server.studio)
    other = server.client()
    page = urlsplit(await sign_in(other, next="/app/trash"))
    assert (page.path, parse_qs(page.query)) == ("/app/log-in", {"next": ["/app/trash"]})
    assert await me(other) is None
    begun = parse_qs(page.fragment)
    assert begun["methods"] == ["totp"]
    assert (await second_step(other, begun["challenge"][0], app_code(secret))).status_code == 200
    assert (await me(other))["email"] == email
