"""What a person does with mails about an account: asks for them, and follows their links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import select

from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.work import Studio
from tests.plugins.studio import Server

OLD, NEW = "a good long password", "an even better one"
ADA = "ada@example.com"


@dataclass
class Link:
    """A link as it stands in a mail."""

    url: str

    @property
    def body(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.url).query).items()}


def link_of(mail: Any) -> Link:
    found = re.search(r"^https?://\S+token=\S+$", mail.part("plain"), re.MULTILINE)
    assert found
    return Link(found.group())


async def register(server: Server, email: str = ADA) -> httpx.AsyncClient:
    client = server.client()
    sent = {"email": email, "password": OLD, "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    return client


async def log_in(server: Server, password: str, email: str = ADA) -> int:
    sent = {"email": email, "password": password}
    return (await server.client().post("/api/auth/login", json=sent)).status_code


async def me(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/auth/me")).json()
    return found


async def forget(server: Server, email: str = ADA, **more: str) -> httpx.Response:
    return await server.client().post("/api/auth/forgot-password", json={"email": email, **more})


async def reset(server: Server, link: Link, password: str = NEW) -> httpx.Response:
    sent = {**link.body, "new_password": password}
    return await server.client().post("/api/auth/reset-password", json=sent)


async def actions(studio: Studio) -> set[str]:
    async with studio.work(Actor.system()) as work:
        return set(await work.session.scalars(select(AuditRow.action)))
