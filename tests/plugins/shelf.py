"""A shelf: someone's library, filled without waiting for generations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from easel.core.actor import ALL_SCOPES, Actor, Level
from easel.core.work import Studio, Work
from easel.features.library import service
from easel.features.library.models import Image
from tests.plugins import painter
from tests.plugins.studio import Server


@dataclass
class Shelf:
    """Someone's library: `client` is signed in as the owner, `actor` acts as them."""

    client: httpx.AsyncClient
    actor: Actor
    studio: Studio

    async def add(self, data: bytes | None = None, *, seed: int = 1, **origin: Any) -> Image:
        """Put a picture on the shelf; its rendering is left to a worker."""
        async with self.studio.work(self.actor) as work:
            return await self.add_within(work, data, seed=seed, **origin)

    async def add_within(
        self, work: Work, data: bytes | None = None, *, seed: int = 1, **origin: Any
    ) -> Image:
        """As `add`, in a transaction that is open."""
        original = await service.keep(self.studio, data or picture(seed))
        about: Mapping[str, Any] = {
            "operation": "text-to-image",
            "prompt": "a red fox",
            "negative_prompt": "",
            "model_id": "painter/fast",
            "model_version": "1",
            "parameters": {"seed": seed},
            "generation_id": None,
            "generation_time": 0.5,
            "cost_credits": Decimal(0),
            **origin,
        }
        return await service.add_image(work, original, service.Origin(**about), seed=seed, facts={})

    async def image_count(self) -> int:
        """What the owner's account says of the number of pictures."""
        found: int = (await self.client.get("/api/auth/me")).json()["image_count"]
        return found

    async def ids(self, query: str = "") -> list[str]:
        """The ids of the first hundred pictures that a query lists."""
        answer = await self.client.get(f"/api/images?limit=100{query}")
        assert answer.status_code == 200, answer.text
        return [image["id"] for image in answer.json()["items"]]


def picture(seed: int, width: int = 64, height: int = 64) -> bytes:
    """A flat picture as the painter makes it."""
    return painter.picture(width, height, seed)


OpenShelf = Callable[[str], Awaitable[Shelf]]


@pytest.fixture
def open_shelf(server: Server) -> OpenShelf:
    """Opens a shelf of a new account with the given address."""

    async def open_for(email: str) -> Shelf:
        client = await server.member(email)
        facts = (await client.get("/api/auth/verify")).json()
        actor = Actor(
            kind="user",
            user_id=UUID(facts["user_id"]),
            workspace_id=UUID(facts["workspace_id"]),
            level=Level.ADMIN,
            scopes=ALL_SCOPES,
        )
        return Shelf(client, actor, server.studio)

    return open_for


@pytest.fixture
async def shelf(open_shelf: OpenShelf) -> Shelf:
    """The shelf of the first account."""
    return await open_shelf("ada@example.com")
