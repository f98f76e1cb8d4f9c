"""AUTOMATIC1111-compatible servers beyond the contract: what is discovered, what is sent, and who may enter."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from easel.providers.a1111 import A1111
from easel.providers.base import Capability, Model, Operation
from easel.providers.errors import BadRequest, NotConfigured, OutcomeUnknown, ProviderError, Unavailable
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers import pictures
from tests.servers.a1111 import A1111Server, serving_a1111

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[A1111Server]:
    with serving_a1111() as running:
        yield running
        running.holding.clear()


@pytest.fixture
async def a1111(server: A1111Server) -> AsyncIterator[A1111]:
    opened = A1111(SecretStr(server.url))
    yield opened
    await opened.close()


async def models_of(a1111: A1111) -> dict[str, Model]:
    return {model.name: model for model in await a1111.discover()}


async def test_models_are_those_of_the_server(server: A1111Server, a1111: A1111) -> None:
    models = await models_of(a1111)
    assert [model.id for model in models.values()] == [
        "a1111/xl-dreamshaperxl", "a1111/v1-5-pruned", "a1111/lanczos", "a1111/r-esrgan-4x",
    ]  # fmt: skip
    options = models["v1-5-pruned"].options.model_json_schema()["properties"]
    assert (options["sampler"]["default"], options["scheduler"]["default"]) == ("DPM++ 2M", "Automatic")
    assert models["Lanczos"].capabilities == {Capability.UPSCALE}
    # The hash that the server adds later makes no other model.
    server.checkpoints[1] += " [0123456789]"
    assert (await models_of(a1111)).keys() == models.keys()
    assert await a1111.check({}) == "The server answers and has 4 models."
    server.old = True
    older = (await models_of(a1111))["v1-5-pruned"]
    assert "scheduler" not in older.options.model_fields
    assert (await a1111.generate(request(older, Operation.TEXT_TO_IMAGE), Listener())).images
    assert "scheduler" not in server.bodies[-1]


async def test_what_is_sent_and_how_it_goes(server: A1111Server, a1111: A1111) -> None:
    server.grid = True
    model = (await models_of(a1111))["v1-5-pruned"]
    asked = request(model, Operation.TEXT_TO_IMAGE, images=2, steps=6, guidance=3.5, sampler="Euler a")
    call = Listener()
    result = await a1111.generate(asked, call)
    (body,) = server.bodies
    assert (body["seed"], body["n_iter"], body["batch_size"], body["steps"]) == (7, 2, 1, 6)
    assert (body["cfg_scale"], body["sampler_name"], body["scheduler"]) == (3.5, "Euler a", "Automatic")
    assert body["override_settings"] == {"sd_model_checkpoint": "v1-5-pruned.safetensors"}
    assert [image.seed for image in result.images] == [7, 8]
    # Not the grid.
    assert pictures.read(result.images[0].data).width == asked.width
    assert call.steps
    assert all(steps == 12 for _, steps in call.steps)


async def test_inpainting_sends_the_mask_white_where_it_changes(server: A1111Server, a1111: A1111) -> None:
    model = (await models_of(a1111))["v1-5-pruned"]
    asked = request(model, Operation.INPAINT, strength=0.9)
    await a1111.generate(asked, Listener())
    (body,) = server.bodies
    assert asked.inputs.mask is not None
    assert base64.b64decode(body["mask"]) == asked.inputs.mask.data
    assert (body["denoising_strength"], body["inpainting_fill"]) == (0.9, 1)


async def test_errors_in_the_servers_words(server: A1111Server, a1111: A1111) -> None:
    model = (await models_of(a1111))["v1-5-pruned"]
    asked = request(model, Operation.TEXT_TO_IMAGE)
    for fault, error, words in (
        ("oom", ProviderError, "too little memory.*CUDA out of memory"),
        ("invalid", BadRequest, "Sampler not found"),
        ("broken", Unavailable, "500"),
    ):
        server.faults = [fault]
        with pytest.raises(error, match=words):
            await a1111.generate(asked, Listener())
    with pytest.raises(OutcomeUnknown):
        await a1111.resume("any", asked, Listener())


async def test_a_door_with_a_password(server: A1111Server, a1111: A1111) -> None:
    server.password = "ada:hush"
    with pytest.raises(NotConfigured, match="A1111_URL"):
        await a1111.check({})
    inside = A1111(SecretStr(server.url.replace("http://", "http://ada:hush@")))
    models = await models_of(inside)
    assert (await inside.generate(request(models["v1-5-pruned"], Operation.TEXT_TO_IMAGE), Listener())).images
    await inside.close()
    with pytest.raises(NotConfigured, match="A1111_URL"):
        await A1111().check({})
    assert await A1111().discover() == ()
