"""ComfyUI beyond the contract: what it discovers, what it sends, and what it makes of a server in trouble."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from easel.providers.base import Capability, Operation
from easel.providers.comfyui import ComfyUI, graphs
from easel.providers.comfyui.watch import Watch
from easel.providers.errors import Cancelled, NotConfigured, OutcomeUnknown, Unavailable
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers.comfyui import CHECKPOINTS, ComfyServer, serving_comfyui

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[ComfyServer]:
    with serving_comfyui() as running:
        yield running
        running.holding.clear()


@pytest.fixture
async def comfy(server: ComfyServer) -> AsyncIterator[ComfyUI]:
    opened = ComfyUI(SecretStr(server.url))
    yield opened
    await opened.close()


async def test_models_are_those_of_the_server(server: ComfyServer, comfy: ComfyUI) -> None:
    server.checkpoints = [*CHECKPOINTS, "flux1-schnell-fp8.safetensors", "V1 5 pruned.ckpt"]
    models = {model.name: model for model in await comfy.discover()}
    assert models["v1-5-pruned"].id.startswith("comfyui/v1-5-pruned")
    assert models["juggernautXL_v9"].id == "comfyui/sdxl-juggernautxl-v9"
    assert len({model.id for model in models.values()}) == 5
    assert models["v1-5-pruned"].sizes.default == (512, 512)
    assert models["juggernautXL_v9"].sizes.default == (1024, 1024)
    assert models["flux1-schnell-fp8"].options().model_dump()["steps"] == 8
    described = models["v1-5-pruned"].options.model_json_schema()["properties"]
    assert described["sampler"]["enum"] == ["euler", "dpmpp_2m"]
    assert (described["sampler"]["default"], described["scheduler"]["default"]) == ("euler", "normal")
    assert models["RealESRGAN_x4plus"].capabilities == {Capability.UPSCALE}
    # Kept as JSON, and known again from it, without the server.
    for model in models.values():
        again = ComfyUI().known(model.id, json.loads(json.dumps(model.found)))
        assert again.options.model_json_schema() == model.options.model_json_schema()
        assert (again.name, again.sizes, again.capabilities) == (model.name, model.sizes, model.capabilities)
    server.new_lists = True
    assert {model.id for model in await comfy.discover()} == {model.id for model in models.values()}
    assert await comfy.check({}) == "ComfyUI 0.3.68 answers and has 5 models."


async def test_a_server_that_is_not_named_or_away() -> None:
    unset = ComfyUI()
    assert await unset.discover() == ()
    with pytest.raises(NotConfigured, match="COMFYUI_URL"):
        await unset.check({})
    away = ComfyUI(SecretStr("http://ada:hush@127.0.0.1:9"))
    with pytest.raises(Unavailable, match="COMFYUI_URL") as caught:
        await away.discover()
    assert "hush" not in caught.value.detail
    await away.close()


async def test_the_graph_says_what_was_asked_and_the_prompt_is_no_place(
    server: ComfyServer, comfy: ComfyUI
) -> None:
    model = (await comfy.discover())[0]
    asked = request(model, Operation.TEXT_TO_IMAGE, prompt="$seed and $5", images=2, steps=6, guidance=3.5)
    call = Listener()
    result = await comfy.generate(asked, call)
    first, second = server.made
    sampler = first["sampler"]["inputs"]
    assert first["positive"]["inputs"]["text"] == "$seed and $5"
    assert first["checkpoint"]["inputs"]["ckpt_name"] == (model.found or {})["name"]
    assert (sampler["seed"], sampler["steps"], sampler["cfg"]) == (7, 6, 3.5)
    assert second["sampler"]["inputs"]["seed"] == 8
    assert [image.seed for image in result.images] == [7, 8]
    assert call.steps[-1] == (12, 12)
    assert len(call.accepted_ids[0].split(",")) == 2


async def test_a_lost_socket_costs_the_progress_and_not_the_picture(
    server: ComfyServer, comfy: ComfyUI
) -> None:
    server.dropping = True
    asked = request((await comfy.discover())[0], Operation.TEXT_TO_IMAGE, steps=5)
    assert (await comfy.generate(asked, Listener())).images
    assert server.taken == 1


async def test_older_servers_that_name_prompts_themselves(server: ComfyServer, comfy: ComfyUI) -> None:
    server.names_itself = True
    asked = request((await comfy.discover())[0], Operation.TEXT_TO_IMAGE, images=2)
    call = Listener()
    assert len((await comfy.generate(asked, call)).images) == 2
    assert set(call.accepted_ids[0].split(",")) == set(server.history)


async def test_a_server_that_was_started_anew_has_forgotten(server: ComfyServer, comfy: ComfyUI) -> None:
    asked = request((await comfy.discover())[0], Operation.TEXT_TO_IMAGE)
    server.holding.set()
    task = asyncio.create_task(comfy.generate(asked, Listener()))
    assert await asyncio.to_thread(server.held.wait, 30)
    server.restart()
    with pytest.raises(OutcomeUnknown):
        async with asyncio.timeout(30):
            await task


async def test_what_runs_for_others_is_not_stopped(server: ComfyServer, comfy: ComfyUI) -> None:
    asked = request((await comfy.discover())[0], Operation.TEXT_TO_IMAGE)
    server.holding.set()
    others, call = asyncio.create_task(comfy.generate(asked, Listener())), Listener()
    assert await asyncio.to_thread(server.held.wait, 30)
    ours = asyncio.create_task(comfy.generate(asked, call))
    async with asyncio.timeout(30):
        await call.has_id.wait()
    await comfy.cancel(call.accepted_ids[0], {})
    assert (server.stopped, server.asked["POST /interrupt"], server.pending) == (1, 0, [])
    server.holding.clear()
    assert (await others).images
    ours.cancel()
    await asyncio.wait([ours])


async def test_interrupted_by_hand_at_the_server(server: ComfyServer, comfy: ComfyUI) -> None:
    server.faults = ["interrupted"]
    with pytest.raises(Cancelled):
        await comfy.generate(request((await comfy.discover())[0], Operation.TEXT_TO_IMAGE), Listener())


async def test_frames_that_say_nothing_are_passed_over() -> None:
    call = Listener()
    watch = Watch(call, ["a", "b"])
    for frame in (
        "no json", "[]", '{"type": "progress"}', '{"type": "progress", "data": []}', b"", b"\0\0\0\1\0\0\0\2early",
        json.dumps({"type": "progress", "data": {"prompt_id": "c", "value": 1, "max": 2}}),
        json.dumps({"type": "progress", "data": {"prompt_id": ["a"], "value": 1, "max": 2}}),
        json.dumps({"type": "progress", "data": {"prompt_id": "b", "value": 1, "max": 0}}),
        json.dumps({"type": "progress", "data": {"prompt_id": "b", "value": 1, "max": 4}}),
        struct.pack(">II", 1, 1) + b"jpeg", struct.pack(">II", 4, 2) + b"{}png", struct.pack(">II", 3, 0) + b"text",
    ):  # fmt: skip
        await watch.hear(frame)
    assert call.steps == [(5, 8)]
    assert call.previews == [b"jpeg", b"png"]
    assert not watch.news.is_set()


def test_every_graph_is_whole() -> None:
    places = dict.fromkeys(
        ("checkpoint", "upscaler", "prompt", "negative_prompt", "width", "height", "seed", "steps", "guidance",
         "sampler", "scheduler", "strength", "image", "mask", "left", "top", "right", "bottom"), 1
    )  # fmt: skip
    for operation in filter(graphs.has, Operation):
        graph = graphs.filled(operation, places)
        links = [
            value for node in graph.values() for value in node["inputs"].values() if isinstance(value, list)
        ]
        assert links
        assert all(link[0] in graph for link in links)
        assert graphs.RESULT in graph
