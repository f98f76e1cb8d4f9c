"""Keys of one's own: what is kept of them, what is told, whom they serve, and that nothing shows them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from easel.core import audit
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.work import Studio
from easel.features.connections import service
from easel.features.connections.models import ProviderKey
from easel.providers.base import Call, Request, Result, Secret
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
KEY = "pk-live-51fe6a0b9c2d4711"
PATH = "/api/settings/provider-keys"


class PaidPainter(Painter):
    """A painter that wants to be paid, and remembers with which keys it was."""

    secrets: ClassVar[tuple[Secret, ...]] = (Secret("key", "PAINTER_KEY"),)

    def __init__(self) -> None:
        super().__init__()
        self.paid_with: list[str | None] = []

    async def generate(self, request: Request, call: Call) -> Result:
        self.paid_with.append(call.secrets.get("key"))
        return await super().generate(request, call)


@pytest.fixture
def painter() -> Painter:
    return PaidPainter()


async def secrets_of(studio: Studio, member: httpx.AsyncClient) -> dict[str, str]:
    """What a call of the painter on a member's behalf would be handed."""
    user_id = UUID((await member.get("/api/auth/me")).json()["id"])
    (provider,) = studio.providers
    async with studio.work(Actor.system()) as work:
        return dict(await service.secrets_for(work, provider, user_id))


async def test_a_key_is_kept_sealed_and_shown_by_its_end(server: Server) -> None:
    ada = await server.member()
    (before,) = (await ada.get(PATH)).json()["items"]
    assert (before["provider"], before["title"]) == ("painter", "Painter")
    assert before["environment_variable"] == "PAINTER_KEY"
    assert (before["last_four"], before["set_at"], before["from_environment"]) == (None, None, False)

    answer = await ada.put(PATH, json={"provider": "painter", "key": f"  {KEY}\n"})
    assert answer.status_code == 200, answer.text
    (after,) = answer.json()["items"]
    assert after["last_four"] == "4711"
    assert after["set_at"] is not None
    assert KEY not in answer.text
    assert KEY not in (await ada.get(PATH)).text
    async with server.studio.work(Actor.system()) as work:
        row = (await work.session.scalars(select(ProviderKey))).one()
    assert KEY.encode() not in row.sealed_key
    assert await secrets_of(server.studio, ada) == {"key": KEY}


async def test_another_key_takes_its_place_and_null_removes_it(server: Server) -> None:
    ada = await server.member()
    for key in (KEY, "pk-live-000000000815"):
        await ada.put(PATH, json={"provider": "painter", "key": key})
    assert await secrets_of(server.studio, ada) == {"key": "pk-live-000000000815"}
    for _ in range(2):
        answer = await ada.put(PATH, json={"provider": "painter", "key": None})
        assert answer.json()["items"][0]["last_four"] is None
    assert await secrets_of(server.studio, ada) == {}
    async with server.studio.work(Actor.system()) as work:
        rows = await audit.page(work, AuditRow.action.like("provider_key.%"), limit=10, after=None)
    assert [row.action for row in reversed(rows)] == ["provider_key.set"] * 2 + ["provider_key.removed"]
    assert {tuple(row.details.items()) for row in rows} == {(("provider", "painter"),)}


async def test_a_key_serves_its_owner_before_the_studios(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await server.member(), await server.member("bob@example.com")
    monkeypatch.setenv("PAINTER_KEY", "the-studios-own")
    await ada.put(PATH, json={"provider": "painter", "key": KEY})
    (shown,) = (await bob.get(PATH)).json()["items"]
    assert (shown["last_four"], shown["from_environment"]) == (None, True)
    assert await secrets_of(server.studio, ada) == {"key": KEY}
    assert await secrets_of(server.studio, bob) == {"key": "the-studios-own"}


@pytest.mark.parametrize(
    "key", ["short", "a key with spaces", "schlüssel-12345", "x" * 4001, "line\nbreak-123"]
)
async def test_what_is_no_key_is_refused_and_not_repeated(server: Server, key: str) -> None:
    ada = await server.member()
    answer = await ada.put(PATH, json={"provider": "painter", "key": key})
    assert problem_of(answer, 422, "invalid_input").errors[0].field == "key"
    assert key not in answer.json()["detail"]


async def test_only_providers_that_are_there_and_the_signed_in(server: Server) -> None:
    ada = await server.member()
    problem_of(await ada.put(PATH, json={"provider": "nobody", "key": KEY}), 404, "provider_not_found")
    problem_of(await ada.put(PATH, json={"provider": "nobody", "key": None}), 404, "provider_not_found")
    problem_of(await server.client().get(PATH), 401, "not_signed_in")
    problem_of(
        await server.client().put(PATH, json={"provider": "painter", "key": KEY}), 401, "not_signed_in"
    )
