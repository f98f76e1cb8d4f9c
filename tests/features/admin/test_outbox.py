"""The outbox as administrators read it, and others do not."""

from __future__ import annotations

import httpx
import pytest

from easel.core import mail
from easel.core.actor import Actor
from easel.core.work import Studio
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
LINK = "https://studio.example.com/app/verify-email?token=abc"


async def write(studio: Studio, number: int) -> None:
    async with studio.work(Actor.system()) as work:
        for index in range(number):
            to = f"someone{index}@example.com"
            await mail.send(work, to=to, template="verify-email", link=LINK, hours=24)


async def listed(client: httpx.AsyncClient, **query: object) -> dict[str, object]:
    answer = await client.get("/api/admin/outbox", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_pages_of_the_outbox_hold_every_mail_once(server: Server, studio: Studio) -> None:
    admin = await server.member()
    before = len(await all_of(admin))
    await write(studio, 7)
    found = await all_of(admin, limit=3)
    assert len(found) == before + 7
    assert len({mail["id"] for mail in found}) == before + 7
    assert [mail["to"] for mail in found[:2]] == ["someone6@example.com", "someone5@example.com"]
    assert "text" not in found[0]


async def all_of(client: httpx.AsyncClient, **query: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    cursor: object = None
    while True:
        page = await listed(client, **query, **({"cursor": cursor} if cursor else {}))
        found += page["items"]  # type: ignore[arg-type]
        cursor = page["next_cursor"]
        if not cursor:
            return found


async def test_a_kept_mail_opens_with_its_words(server: Server, studio: Studio) -> None:
    admin = await server.member()
    await write(studio, 1)
    first = (await all_of(admin))[0]
    answer = await admin.get(f"/api/admin/outbox/{first['id']}")
    assert answer.status_code == 200
    opened = answer.json()
    assert (opened["state"], opened["to"]) == ("kept", "someone0@example.com")
    assert LINK in opened["text"]
    assert LINK in opened["html"]
    missing = await admin.get("/api/admin/outbox/01234567-89ab-7cde-8f01-234567abcdef")
    problem_of(missing, 404, "mail_not_found")
    problem_of(await admin.get("/api/admin/outbox?cursor=nonsense"), 422, "bad_cursor")


async def test_the_outbox_is_for_administrators(server: Server, studio: Studio) -> None:
    admin, member = await server.member(), await server.member("bob@example.com")
    await write(studio, 1)
    id = (await all_of(admin))[0]["id"]
    for path in ("/api/admin/outbox", f"/api/admin/outbox/{id}"):
        problem_of(await member.get(path), 403, "not_allowed")
        problem_of(await server.client().get(path), 401, "not_signed_in")
