"""Access tokens of another issuer: an account at first sight, and every forgery refused."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.features.accounts.test_federation import confused, forged, me, part, register, sign_in, unsigned
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server
from tests.servers.oidc import ADA, AUDIENCE, CLIENT_ID, Claims, IdProvider, key

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("federated")]


async def ask(server: Server, token: str, path: str = "/api/auth/me") -> httpx.Response:
    return await server.client().get(path, headers={"Authorization": f"Bearer {token}"})


async def test_whoever_the_issuer_names_has_an_account(server: Server, id_provider: IdProvider) -> None:
    answers = await asyncio.gather(*(ask(server, id_provider.token()) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    account = answers[0].json()
    assert (account["email"], account["name"]) == ("ada@example.com", "Ada Lovelace")
    assert account["email_verified"]
    facts = (await ask(server, id_provider.token(), "/api/auth/verify")).json()
    assert facts["scopes"] == ["generate", "manage", "read"]
    # The same person comes through the browser too: one issuer, one subject, one account.
    client = server.client()
    await sign_in(client)
    assert (await me(client))["id"] == account["id"]
    assert id_provider.asked["/jwks"] == 2  # once for either door
    several = id_provider.token(
        aud=["another", AUDIENCE], email_verified="true", sub="2", email="b@example.com"
    )
    assert (await ask(server, several)).status_code == 200


def critical(claims: Claims) -> str:
    """Signed as it should be, with a header that whoever does not know it must refuse."""
    head = part({"alg": "RS256", "kid": "first", "crit": ["new"], "new": 1})
    signed = f"{head}.{part(claims)}".encode()
    private = key("first").private_key
    assert private is not None
    signature = private.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


NOW = int(time.time())
BAD: dict[str, Callable[[IdProvider, Claims], str]] = {
    "another audience": lambda issuer, _: issuer.token(aud=CLIENT_ID),
    "no audience": lambda issuer, _: issuer.token(aud=None),
    "an issuer that begins alike": lambda issuer, _: issuer.token(iss=f"{issuer.url}/"),
    "expired": lambda issuer, _: issuer.token(exp=NOW - 7200, iat=NOW - 9000),
    "without an end": lambda issuer, _: issuer.token(exp=None),
    "not valid yet": lambda issuer, _: issuer.token(nbf=NOW + 7200),
    "issued in the future": lambda issuer, _: issuer.token(iat=NOW + 7200),
    "unsigned": lambda _, claims: unsigned(claims),
    "signed with the public key": lambda _, claims: confused(claims),
    "signed by another": lambda _, claims: forged(claims),
    "an unknown key": lambda issuer, _: issuer.token(header={"kid": "made up"}),
    "a key in the header": lambda issuer, _: issuer.token(
        header={"kid": "x", "jwk": key("an attacker's").as_dict(private=False)}
    ),
    "an address of keys in the header": lambda issuer, _: issuer.token(
        header={"kid": "x", "jku": "http://127.0.0.1:1/keys"}
    ),
    "something critical that we do not know": lambda _, claims: critical(claims),
    "nobody": lambda issuer, _: issuer.token(sub=None),
    "cut off": lambda issuer, _: issuer.token()[:-5],
    "without a signature": lambda issuer, _: issuer.token().rsplit(".", 1)[0] + ".",
}


async def test_forgeries_are_refused(server: Server, id_provider: IdProvider) -> None:
    claims = {"iss": id_provider.url, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 3600, **ADA}
    for case, make in BAD.items():
        answer = await ask(server, make(id_provider, claims))
        assert answer.status_code == 401, case
        assert id_provider.url in problem_of(answer, 401, "not_signed_in").detail, case
    assert id_provider.asked["/jwks"] <= 2  # unknown keys do not make us ask each time
    assert (await ask(server, id_provider.token())).status_code == 200


async def test_tokens_of_other_issuers_are_none_of_its_business(
    server: Server, id_provider: IdProvider
) -> None:
    for issuer in ("https://issuer.example.com", "easel", None):
        answer = await ask(server, id_provider.token(iss=issuer))
        assert "not valid or has expired" in problem_of(answer, 401, "not_signed_in").detail
    assert id_provider.asked.total() == 0
    ours = await server.member("grace@example.com")
    assert (await ours.get("/api/auth/me")).status_code == 200


async def test_a_new_key_is_found_and_an_old_one_forgotten(server: Server, id_provider: IdProvider) -> None:
    old = id_provider.token()
    assert (await ask(server, old)).status_code == 200
    id_provider.rotate("second")
    assert (await ask(server, id_provider.token())).status_code == 200
    assert (await ask(server, old)).status_code == 401
    assert id_provider.asked["/jwks"] == 2


async def test_an_account_needs_an_address_that_nobody_else_has(
    server: Server, id_provider: IdProvider
) -> None:
    problem_of(await ask(server, id_provider.token(email=None)), 403, "provider_email_missing")
    unverified = id_provider.token(email_verified=False)
    problem_of(await ask(server, unverified), 403, "provider_email_unverified")
    await register(server)
    problem_of(await ask(server, id_provider.token()), 403, "link_first")


async def test_an_issuer_that_is_down(server: Server, id_provider: IdProvider) -> None:
    id_provider.down.add("/jwks")
    problem_of(await ask(server, id_provider.token()), 503, "issuer_unavailable")


async def test_a_workspace_that_is_not_theirs(server: Server, id_provider: IdProvider) -> None:
    grace = await server.member("grace@example.com")
    elsewhere = (await grace.get("/api/auth/verify")).json()["workspace_id"]
    headers = {"Authorization": f"Bearer {id_provider.token()}", "X-Workspace": elsewhere}
    problem_of(await server.client().get("/api/images", headers=headers), 404, "workspace_not_found")


@pytest.fixture
def only_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_SIGN_IN_ONLY", "external")


@pytest.mark.usefixtures("only_door", "federated")
async def test_as_the_only_door_it_leaves_no_other(server: Server, id_provider: IdProvider) -> None:
    client = server.client()
    assert (await client.get("/api/auth/providers")).json()["passwords"] is False
    sent = {"email": "ada@example.com", "password": "a good long password"}
    problem_of(await client.post("/api/auth/register", json={**sent, "name": "Ada"}), 403, "passwords_off")
    problem_of(await client.post("/api/auth/login", json=sent), 403, "passwords_off")
    problem_of(
        await client.post("/api/auth/forgot-password", json={"email": sent["email"]}), 403, "passwords_off"
    )
    problem_of(
        await client.post("/api/auth/passkeys/login/options", headers={"Host": "localhost"}),
        403,
        "passwords_off",
    )
    await sign_in(client)
    change = {"current_password": "x", "new_password": "a good long password"}
    problem_of(await client.put("/api/auth/change-password", json=change), 403, "passwords_off")
    answer = await ask(server, id_provider.token())
    assert answer.json()["id"] == (await me(client))["id"]
