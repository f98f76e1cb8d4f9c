"""Making accounts over HTTP: who becomes administrator, what is refused and how it is named."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import func, select

from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import User
from easel.features.accounts.service import sign_in
from easel.features.accounts.service.sessions import Client
from easel.features.workspaces.models import Membership, Workspace
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PASSWORD = "a good long password"


async def register(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    body = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada", **fields}
    return await client.post("/api/auth/register", json=body)


def refused(answer: httpx.Response, field: str) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert [error["field"] for error in problem["errors"]] == [field]
    found: dict[str, str] = problem["errors"][0]
    return found


async def test_the_first_account_administers_and_the_next_does_not(server: Server) -> None:
    client = server.client()
    first = (await register(client)).json()
    second = (await register(client, email="bob@example.com", name="  Bob ")).json()
    assert (first["user"]["role"], second["user"]["role"]) == ("admin", "member")
    assert second["user"]["name"] == "Bob"
    assert first["token_type"] == "bearer"
    assert first["expires_in"] == 900
    assert "password" not in str(first)


async def test_of_many_first_accounts_at_once_one_administers(server: Server) -> None:
    client = server.client(limits=httpx.Limits(max_connections=20))
    answers = await asyncio.gather(*(register(client, email=f"u{n}@example.com") for n in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["user"]["role"] for answer in answers) == ["admin"] + ["member"] * 19


async def test_an_address_is_taken_whatever_its_case(server: Server) -> None:
    client = server.client()
    await register(client, email="Ärla@Example.com")
    for email in ("ärla@example.com", "ÄRLA@EXAMPLE.COM", "A\u0308rla@example.com"):
        answer = await register(client, email=email)
        assert answer.status_code == 409
        assert answer.json()["code"] == "email_taken"
        assert answer.json()["errors"][0]["field"] == "email"
        again = await client.post("/api/auth/login", json={"email": email, "password": PASSWORD})
        assert again.status_code == 200


async def test_of_many_with_one_address_one_wins(server: Server) -> None:
    answers = await asyncio.gather(*(register(server.client()) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_addresses_are_kept_in_their_normal_form(server: Server, studio: Studio) -> None:
    answer = await register(server.client(), email="e\u0301va@ＥXAMPLE.com")
    assert answer.json()["user"]["email"] == "éva@example.com"
    async with studio.work(Actor.system()) as work:
        assert (await work.session.scalars(select(User.email))).all() == ["éva@example.com"]


async def test_addresses_inside_a_house_will_do(server: Server) -> None:
    assert (await register(server.client(), email="ada@studio.local")).status_code == 201


NO_ADDRESSES = (
    *("", "ada", "ada@", "@example.com", "ada@localhost", "Ada <ada@example.com>", "a da@example.com"),
    *("ada@example.com\0", "a\r\nb@example.com", "x" * 250 + "@example.com", "ada@example..com", 7, None),
    *("\N{CYRILLIC SMALL LETTER A}da@example.com", "ada@ex\N{CYRILLIC SMALL LETTER A}mple.com"),
)
BAD_PASSWORDS = (
    *("", "short", "password", "PASSWORD1", "qwertyuiop", "ada@example.com", "ADA@example.com ", " " * 12),
    *("\u2003" * 12, "good\0password", "x" * 1_000_000, 12345678, None, ["password"]),
)
BAD_NAMES = ("", "   ", "\u2003", "x" * 101, "A\0da", None, 5)


async def test_what_will_not_do_is_refused_by_name(server: Server) -> None:
    client = server.client()
    bad = {"email": NO_ADDRESSES, "password": BAD_PASSWORDS, "name": BAD_NAMES}
    for field, values in bad.items():
        for value in values:
            assert refused(await register(client, **{field: value}), field)["message"]
    unknown = refused(await register(client, role="admin"), "role")
    assert unknown["message"] == "is not known here"


async def test_half_a_surrogate_pair_is_refused(server: Server) -> None:
    client = server.client()
    for field in ("email", "password", "name"):
        fields = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
        fields[field] = "\\ud800" + fields[field]
        text = "{" + ",".join(f'"{name}":"{value}"' for name, value in fields.items()) + "}"
        answer = await client.post(
            "/api/auth/register", content=text.encode(), headers={"content-type": "application/json"}
        )
        refused(answer, field)


async def test_long_and_strange_passwords_work(server: Server) -> None:
    client = server.client()
    for n, password in enumerate(["x" * 1000, "пароль-очень-длинный", "🦊" * 8, " leading and trailing "]):
        email = f"user{n}@example.com"
        assert (await register(client, email=email, password=password)).status_code == 201
        sent = {"email": email, "password": password}
        assert (await client.post("/api/auth/login", json=sent)).status_code == 200
        wrong = {"email": email, "password": password[:-1] + "?"}
        assert (await client.post("/api/auth/login", json=wrong)).status_code == 401


async def test_an_account_and_its_workspace_come_together(server: Server, studio: Studio) -> None:
    user = (await register(server.client())).json()["user"]
    async with studio.work(Actor.system()) as work:
        workspace = (await work.session.scalars(select(Workspace))).one()
        member = (await work.session.scalars(select(Membership))).one()
    assert (str(workspace.owner_id), workspace.kind, workspace.name) == (user["id"], "personal", "Ada")
    assert (str(member.user_id), member.workspace_id, member.level) == (user["id"], workspace.id, 3)


async def test_an_account_whose_registration_fails_leaves_nothing(studio: Studio) -> None:
    async def break_off() -> None:
        async with studio.work(Actor.anonymous()) as work:
            client = Client(ip=None, user_agent=None)
            await sign_in.register(work, email="a@example.com", password=PASSWORD, name="A", client=client)
            raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        await break_off()
    async with studio.work(Actor.system()) as work:
        for table in (User, Workspace, Membership):
            assert await work.session.scalar(select(func.count()).select_from(table)) == 0


async def test_a_closed_studio_takes_the_first_account_only(settings: Settings, studio: Studio) -> None:
    object.__setattr__(
        studio,
        "settings",
        closed := settings.model_copy(update={"security": _without_registration(settings)}),
    )
    async with serving(closed, studio) as server:
        assert (await register(server.client())).status_code == 201
        answer = await register(server.client(), email="bob@example.com")
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


def _without_registration(settings: Settings) -> object:
    return settings.security.model_copy(update={"registration": False})
