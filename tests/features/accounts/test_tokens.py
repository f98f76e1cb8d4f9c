"""Tokens for programs: access tokens that are not ours or are over, refresh tokens that come twice."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select, update

from easel.base.clock import now
from easel.base.crypto import derive_key
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import Session
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"


async def tokens_of(server: Server) -> dict[str, Any]:
    sent = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
    answer = await server.client().post("/api/auth/register", json=sent)
    found: dict[str, Any] = answer.json()
    return found


async def works(server: Server, token: str) -> bool:
    answer = await server.client().get("/api/auth/verify", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 401), answer.text
    if answer.status_code == 401:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "not_signed_in"
    return answer.status_code == 200


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def signed(
    studio: Studio,
    claims: dict[str, Any],
    *,
    key: bytes | None = None,
    alg: str = "HS256",
    header: dict[str, Any] | None = None,
) -> str:
    used = OctKey.import_key(key or derive_key(studio.secret, "access tokens"))
    return jwt.encode({"alg": alg, **(header or {})}, claims, used, algorithms=[alg])


async def test_a_token_of_ours_works(server: Server, studio: Studio) -> None:
    token = (await tokens_of(server))["access_token"]
    claims = claims_of(token)
    assert await works(server, token)
    assert claims["iss"] == "easel"
    assert claims["exp"] - claims["iat"] == 900
    assert await works(server, signed(studio, claims))


FORGERIES: dict[str, Callable[[Studio, dict[str, Any], str], str]] = {
    "expired": lambda studio, claims, _: signed(studio, claims | {"exp": int(time.time()) - 1}),
    "without an end": lambda studio, claims, _: signed(
        studio, {k: v for k, v in claims.items() if k != "exp"}
    ),
    "an end that is no number": lambda studio, claims, _: signed(studio, claims | {"exp": "tomorrow"}),
    "alg none": lambda _, claims, __: f"{part({'alg': 'none'})}.{part(claims)}.",
    "alg None": lambda _, claims, token: f"{part({'alg': 'None'})}.{part(claims)}.{token.split('.')[2]}",
    "another key": lambda studio, claims, _: signed(studio, claims, key=b"k" * 32),
    "the undivided secret": lambda studio, claims, _: signed(
        studio, claims, key=studio.secret.current.encode()
    ),
    "another algorithm": lambda studio, claims, _: signed(studio, claims, alg="HS512"),
    "another issuer": lambda studio, claims, _: signed(studio, claims | {"iss": "elsewhere"}),
    "another session": lambda studio, claims, _: signed(studio, claims | {"sid": str(uuid4())}),
    "another user": lambda studio, claims, _: signed(studio, claims | {"sub": str(uuid4())}),
    "a user that is no id": lambda studio, claims, _: signed(studio, claims | {"sub": 7}),
    "no session": lambda studio, claims, _: signed(studio, {k: v for k, v in claims.items() if k != "sid"}),
    "tampered claims": lambda _, claims, token: ".".join(
        [token.split(".")[0], part(claims | {"role": "admin"}), token.split(".")[2]]
    ),
    "cut": lambda _, __, token: token[:-5],
    "words": lambda *_: "nonsense",
    "dots": lambda *_: "..",
    "deep": lambda *_: f"{part(b'[' * 20_000)}.e30.x",
    "long": lambda *_: "x" * 30_000,
    "five parts": lambda *_: "a.b.c.d.e",
}


async def test_other_tokens_are_refused(server: Server, studio: Studio) -> None:
    token = (await tokens_of(server))["access_token"]
    for name, forge in FORGERIES.items():
        assert not await works(server, forge(studio, claims_of(token), token)), name
    assert await works(server, token)


async def test_bytes_that_are_no_text(server: Server) -> None:
    answer = await server.client().get(
        "/api/auth/me", headers={b"Authorization": b"Bearer \xff\xfe.\x80.\xe9"}
    )
    assert answer.status_code == 401
    answer = await server.client().get("/api/auth/me", headers={b"Cookie": b"easel_session=\xff\xfe\xe9"})
    assert answer.status_code == 401


async def refresh(client: httpx.AsyncClient, token: str, how: str) -> httpx.Response:
    if how == "body":
        return await client.post("/api/auth/refresh-token", json={"refresh_token": token})
    return await client.post("/api/auth/refresh-token", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("how", ["body", "bearer"])
async def test_a_refresh_token_is_good_once(server: Server, how: str) -> None:
    first = await tokens_of(server)
    client = server.client()
    answer = await refresh(client, first["refresh_token"], how)
    assert answer.status_code == 200
    second = answer.json()
    assert second["user"] == first["user"]
    assert second["refresh_token"] != first["refresh_token"]
    assert await works(server, second["access_token"])
    third = (await refresh(client, second["refresh_token"], how)).json()
    assert await works(server, third["access_token"])

    stolen = await refresh(client, first["refresh_token"], how)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "bad_refresh_token")
    for tokens in (first, second, third):
        assert not await works(server, tokens["access_token"])
    assert (await refresh(client, third["refresh_token"], how)).status_code == 401


async def test_of_several_at_once_with_one_refresh_token_none_keeps_the_session(server: Server) -> None:
    first = await tokens_of(server)
    answers = await asyncio.gather(
        *(refresh(server.client(), first["refresh_token"], "body") for _ in range(4))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 401, 401, 401]
    assert not await works(server, first["access_token"])


async def test_refreshing_is_use_and_ends_with_the_session(server: Server, studio: Studio) -> None:
    first = await tokens_of(server)
    old = now() - timedelta(days=10)
    await _age(studio, created_at=old, last_seen_at=old, expires_at=now() + timedelta(days=4))
    second = (await refresh(server.client(), first["refresh_token"], "body")).json()
    async with studio.work(Actor.system()) as work:
        session = (await work.session.scalars(select(Session))).one()
    assert session.expires_at > now() + timedelta(days=13)
    await _age(studio, expires_at=now() - timedelta(seconds=1))
    answer = await refresh(server.client(), second["refresh_token"], "body")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_refresh_token")


async def test_a_refresh_without_a_token_says_what_is_missing(server: Server) -> None:
    for body in (None, {}, {"refresh_token": None}, {"refresh_token": ""}):
        answer = await server.client().post("/api/auth/refresh-token", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "refresh_token"


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(server: Server) -> None:
    tokens = await tokens_of(server)
    assert not await works(server, tokens["refresh_token"])
    assert (await refresh(server.client(), tokens["access_token"], "bearer")).status_code == 401


async def _age(studio: Studio, **values: object) -> None:
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Session).values(**values))


async def test_tokens_outlive_a_new_secret_until_it_is_forgotten(server: Server, studio: Studio) -> None:
    old = (await tokens_of(server))["access_token"]
    before, later = studio.secret.current, "a secret that came later, and is as long"
    known: dict[str, tuple[str, ...]] = {"now": (later, before)}
    studio.secret._refresh = lambda: known["now"]
    answer = await server.client().post(
        "/api/auth/login", json={"email": "ada@example.com", "password": PASSWORD}
    )
    new = answer.json()["access_token"]
    assert kid_of(new) != kid_of(old)
    assert await works(server, old)
    assert await works(server, new)
    assert not await works(server, signed(studio, claims_of(old), header={"kid": kid_of(old)}))
    known["now"] = (later,)
    assert not await works(server, old)
    assert await works(server, new)


def kid_of(token: str) -> str:
    head = token.split(".")[0]
    found: str = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]
    return found
