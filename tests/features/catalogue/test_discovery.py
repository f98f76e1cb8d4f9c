"""Models of a server of the operator's own: met by the workers, kept in the table, made with from end to end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from easel.app.open import open_studio, ready_providers
from easel.base.settings import Settings
from easel.core.work import Studio
from easel.features.catalogue.service import discover, synchronise
from easel.providers.comfyui import ComfyUI
from easel.providers.registry import Providers
from tests.features.activity.listening import Heard, listening
from tests.features.generation.steps import ended, rows, submit, until
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving
from tests.servers.comfyui import ComfyServer, serving_comfyui

pytestmark = pytest.mark.anyio

V15 = "comfyui/v1-5-pruned"


@pytest.fixture
def comfy() -> Iterator[ComfyServer]:
    with serving_comfyui() as running:
        yield running
        running.holding.clear()


@pytest.fixture
async def studio(settings: Settings, database_url: str, comfy: ComfyServer) -> AsyncIterator[Studio]:
    providers = Providers([Painter(), ComfyUI(SecretStr(comfy.url))])
    async with open_studio(settings, database_url, providers=providers) as opened:
        yield opened


@asynccontextmanager
async def another_process(settings: Settings, database_url: str, url: str | None) -> AsyncIterator[Studio]:
    """As a process that was never told by the server what it has."""
    providers = Providers([Painter(), ComfyUI(SecretStr(url) if url else None)])
    async with open_studio(settings, database_url, providers=providers) as opened:
        yield opened


async def listed(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The server's models as the API lists them."""
    answer = await client.get("/api/models", params={"provider": "comfyui"})
    assert answer.status_code == 200, answer.text
    return {model["id"]: model for model in answer.json()["items"]}


async def test_models_come_go_and_wait_for_their_server(
    settings: Settings, database_url: str, studio: Studio, server: Server, comfy: ComfyServer
) -> None:
    ada = await server.member()
    assert await listed(ada) == {}
    await discover.discover(studio)
    models = await listed(ada)
    assert set(models) == {V15, "comfyui/sdxl-juggernautxl-v9", "comfyui/realesrgan-x4plus"}
    assert models[V15]["available"] is True
    assert models[V15]["parameters"]["properties"]["sampler"]["enum"] == ["euler", "dpmpp_2m"]
    # What a process was never told itself it reads in the table, and asks no server.
    asked = comfy.asked.total()
    async with (
        another_process(settings, database_url, comfy.url) as fresh,
        serving(settings, fresh) as web,
    ):
        client = web.client(headers=ada.headers)
        assert set(await listed(client)) == set(models)
        # Its start and the hourly look at declarations leave them where they are.
        await synchronise.synchronise(fresh)
        answer = await client.post("/api/generate/estimate", json={"prompt": "a fox", "model": V15})
        assert answer.status_code == 200, answer.text
        wrong = {"prompt": "a fox", "model": V15, "sampler": "ddim"}
        problem = problem_of(await client.post("/api/images/generate", json=wrong), 422, "invalid_input")
        assert problem.errors[0].field == "sampler"
    assert comfy.asked.total() == asked

    before = await rows(studio, "SELECT id, updated_at FROM models WHERE provider = 'comfyui' ORDER BY id")
    comfy.down = True
    await discover.discover(studio)
    away = (await listed(ada))[V15]
    assert (away["available"], away["needs_key"]) == (False, False)
    assert "502" in away["unavailable_reason"]
    refused = await ada.post("/api/images/generate", json={"prompt": "a fox", "model": V15})
    assert "502" in problem_of(refused, 409, "model_unavailable").detail

    comfy.down = False
    await discover.discover(studio)
    assert (await listed(ada))[V15]["available"] is True
    # That it was away changed nothing about its models.
    assert before == await rows(
        studio, "SELECT id, updated_at FROM models WHERE provider = 'comfyui' ORDER BY id"
    )
    comfy.checkpoints.pop(0)
    await discover.discover(studio)
    assert V15 not in await listed(ada)
    assert (await ada.get(f"/api/models/{V15}")).json()["unavailable_reason"].startswith("It is not in")
    # A studio without the server has none of its models left.
    async with another_process(settings, database_url, None) as without:
        await synchronise.synchronise(without)
    assert await listed(ada) == {}


@pytest.mark.usefixtures("worker")
async def test_a_picture_from_the_server_with_live_previews(
    studio: Studio, server: Server, comfy: ComfyServer
) -> None:
    ada = await server.member()
    # The worker asks by itself when it starts.
    await until(lambda: listed(ada), lambda models: V15 in models, seconds=30)
    comfy.holding.set()

    def shown_so_far(heard: list[Heard]) -> list[dict[str, Any]]:
        told = [event.data["progress"] for event in heard if event.type == "generation.progress"]
        return [progress for progress in told if progress["preview_url"] and progress["step"] == 3]

    async with listening(ada) as listener:
        generation = await submit(
            ada, "a fox", model=V15, steps=6, num_images=2, width=256, height=192, seed=7
        )
        progress = shown_so_far(await listener.until(shown_so_far, seconds=60))[-1]
    assert (progress["step"], progress["steps"]) == (3, 12)
    shown = await ada.get(progress["preview_url"])
    assert shown.headers["content-type"] == "image/webp"
    comfy.holding.clear()
    done = await ended(ada, generation, seconds=60)
    assert done["status"] == "completed", done["error"]
    assert [(image["width"], image["height"], image["seed"]) for image in done["images"]] == [
        (256, 192, 7), (256, 192, 8),
    ]  # fmt: skip

    # A server that is started anew has forgotten what it was making; it is asked once more.
    comfy.holding.set()
    comfy.held.clear()
    generation = await submit(ada, "a fox", model=V15, steps=6)
    await until(lambda: _held(comfy), seconds=30)
    comfy.restart()
    comfy.holding.clear()
    assert (await ended(ada, generation, seconds=60))["status"] == "completed"
    assert comfy.taken == 4

    # And one that is cancelled is stopped there.
    comfy.holding.set()
    comfy.held.clear()
    generation = await submit(ada, "a fox", model=V15, steps=6)
    await until(lambda: _held(comfy), seconds=30)
    await until(lambda: _request_id(studio, generation), seconds=30)
    assert (await ada.delete(f"/api/generate/queue/{generation['id']}")).status_code == 200
    await until(lambda: _stopped(comfy), seconds=30)


async def test_a_default_model_of_a_server_is_taken_on_trust(
    settings: Settings, comfy: ComfyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = settings.model_copy(
        update={
            "default_model": V15,
            "own_servers": settings.own_servers.model_copy(update={"comfyui": SecretStr(comfy.url)}),
        }
    )
    providers = ready_providers(wanted)
    assert providers.model(V15) is None
    assert providers.name_of(V15) == V15
    await providers.close()


async def _held(comfy: ComfyServer) -> bool:
    return comfy.held.is_set()


async def _stopped(comfy: ComfyServer) -> bool:
    return comfy.stopped == 1


async def _request_id(studio: Studio, generation: dict[str, Any]) -> Any:
    found = await rows(
        studio, "SELECT provider_request_id AS id FROM generations WHERE id = :id", id=generation["id"]
    )
    return found[0]["id"]
