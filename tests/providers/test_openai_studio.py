"""OpenAI in a whole studio: web server, queue, worker, previews, one's own key, and what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from easel.app.open import open_studio
from easel.base.settings import Settings
from easel.core.work import Studio
from easel.providers.openai import OpenAI
from easel.providers.registry import Providers
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server
from tests.servers import openai as protocol
from tests.servers import pictures
from tests.servers.openai import OpenAIService
from tests.servers.serving import KEY, serving

pytestmark = pytest.mark.anyio


@pytest.fixture
def service() -> OpenAIService:
    return OpenAIService()


@pytest.fixture
def url(service: OpenAIService) -> Iterator[str]:
    with serving(service.app()) as address:
        yield f"{address}/v1"


@pytest.fixture
async def studio(
    settings: Settings, database_url: str, painter: Painter, url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Studio]:
    """A studio with OpenAI, and no key of its own to it."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    providers = Providers([painter, OpenAI(url)])
    async with open_studio(settings, database_url, providers=providers) as opened:
        yield opened


async def test_makes_a_picture_with_previews_by_ones_own_key(
    server: Server, worker: None, service: OpenAIService
) -> None:
    member = await server.member()
    shown = (await member.get("/api/models/openai/gpt-image-2")).json()
    assert shown["available"] is False
    assert "OPENAI_API_KEY" in shown["unavailable_reason"]
    await member.put("/api/settings/provider-keys", json={"provider": "openai", "key": KEY})
    assert (await member.get("/api/models/openai/gpt-image-2")).json()["available"] is True
    service.paused.set()
    body = {"prompt": "a red fox", "model": "openai/gpt-image-2", "quality": "low"}
    estimate = (await member.post("/api/generate/estimate", json=body)).json()
    assert estimate["credits"] == pytest.approx(0.9)
    begun = await member.post("/api/images/generate", json=body)
    assert begun.status_code == 202, begun.text
    address = begun.json()["links"]["self"]
    running = await reached(member, address, lambda one: bool(one["progress"]["preview_url"]))
    assert (running["progress"]["step"], running["progress"]["steps"]) == (1, 2)
    preview = await member.get(running["progress"]["preview_url"])
    assert pictures.read(preview.content).width == 512
    service.paused.clear()
    done = await reached(member, address, lambda one: one["status"] == "completed")
    picture = pictures.read((await member.get(done["images"][0]["url"])).content)
    assert (picture.width, picture.height) == (1024, 1024)
    assert done["images"][0]["seed"] is None
    spent = protocol.usage(service.asked[0], 1, partials=1)
    used = (await member.get("/api/usage/stats")).json()
    cost = Decimal(3 * 5 + spent["output_tokens"] * 30) / 1_000_000
    assert used["provider_cost_usd"] == pytest.approx(float(cost))
    assert service.submissions == 1


async def test_retired_models_are_listed_and_refused(server: Server, service: OpenAIService) -> None:
    member = await server.member()
    listed = {one["id"]: one for one in (await member.get("/api/models")).json()["items"]}
    old = listed["openai/dall-e-3"]
    assert old["available"] is False
    assert old["retired"] == old["unavailable_reason"]
    assert "12 May 2026" in old["retired"]
    assert listed["openai/gpt-image-2"]["retired"] is None
    body = {"prompt": "a fox", "model": "openai/dall-e-3"}
    problem_of(await member.post("/api/images/generate", json=body), 409, "model_unavailable")
    problem_of(await member.post("/api/generate/estimate", json=body), 409, "model_unavailable")
    await member.put("/api/settings/provider-keys", json={"provider": "openai", "key": KEY})
    wide = {"prompt": "a fox", "model": "openai/gpt-image-2", "size": "2048x512"}
    answer = await member.post("/api/images/generate", json=wide)
    problem_of(answer, 422, "invalid_input")
    assert "3 times the shorter" in answer.json()["errors"][0]["message"]
    assert service.submissions == 0


async def reached(
    member: httpx.AsyncClient, address: str, condition: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """A generation as soon as it is so."""
    async with asyncio.timeout(60):
        while True:
            found: dict[str, Any] = (await member.get(address)).json()
            assert found["status"] != "failed", found
            if condition(found):
                return found
            await asyncio.sleep(0.05)
