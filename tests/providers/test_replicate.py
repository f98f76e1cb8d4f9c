"""Replicate's adapter by the official client over real HTTP: what is ordered and what goes wrong; see the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from easel.providers import errors
from easel.providers.base import Inputs, Model, Operation
from easel.providers.replicate import Replicate
from easel.providers.replicate.wire import belongs
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers import pictures
from tests.servers import replicate as server
from tests.servers.replicate import ESRGAN, ReplicateService
from tests.servers.serving import KEY, serving

pytestmark = pytest.mark.anyio

KEYS = {"api_key": KEY}
TEXT = Operation.TEXT_TO_IMAGE


@pytest.fixture
def service() -> ReplicateService:
    return ReplicateService()


@pytest.fixture
def url(service: ReplicateService) -> Iterator[str]:
    with serving(service.app()) as address:
        yield address


@pytest.fixture
async def replicate(url: str) -> AsyncIterator[Replicate]:
    provider = Replicate(url, interval=0.02)
    yield provider
    await provider.close()


def model(name: str) -> Model:
    return next(model for model in Replicate.models if model.id.endswith(f"/{name}"))


async def test_orders_by_the_names_that_the_model_has_for_things(
    replicate: Replicate, service: ReplicateService
) -> None:
    asked = request(model("flux-schnell"), TEXT, images=3, seed=2**40 + 5, steps=2, compression=70)
    asked = replace(asked, width=1152, height=896, output_format="jpeg")
    call = Listener(KEYS)
    result = await replicate.generate(asked, call)
    assert service.asked == [
        (
            "black-forest-labs/flux-schnell",
            {
                "prompt": asked.prompt,
                "num_outputs": 3,
                "num_inference_steps": 2,
                "output_quality": 70,
                "output_format": "jpg",
                "aspect_ratio": "4:3",
                "seed": 5,
            },
        )
    ]
    assert [produced.seed for produced in result.images] == [2**40 + 5, None, None]
    assert result.provider_cost_usd == Decimal("0.009")
    assert call.steps == [(14, 28)]
    picture = pictures.read(result.images[0].data)
    assert (picture.width, picture.height) == (1152, 896)


async def test_pictures_are_handed_in_first(replicate: Replicate, service: ReplicateService) -> None:
    paint = request(model("flux-fill-pro"), Operation.INPAINT)
    await replicate.generate(paint, Listener(KEYS))
    large = request(model("real-esrgan"), Operation.UPSCALE, face_enhance=True)
    await replicate.generate(large, Listener(KEYS))
    edit = request(model("flux-kontext-pro"), Operation.EDIT)
    await replicate.generate(edit, Listener(KEYS))
    (_, filled), (version, enlarged), (_, edited) = service.asked
    assert paint.inputs.image is not None
    assert paint.inputs.mask is not None
    sent = [service.files[filled[name].rpartition("/")[2]] for name in ("image", "mask")]
    assert sent == [paint.inputs.image.data, paint.inputs.mask.data]
    assert version == ESRGAN
    assert (enlarged["scale"], enlarged["face_enhance"], "output_format" in enlarged) == (2, True, False)
    assert edited["aspect_ratio"] == "match_input_image"


@pytest.mark.parametrize(
    ("ends", "kind"), [("canceled", errors.Cancelled), ("aborted", errors.ProviderError)]
)
async def test_a_prediction_that_the_service_ends(
    replicate: Replicate, service: ReplicateService, ends: str, kind: type[errors.ProviderError]
) -> None:
    service.ends = ends
    with pytest.raises(kind):
        await replicate.generate(request(model("flux-1.1-pro"), TEXT), Listener(KEYS))


async def test_what_is_not_ordered_costs_nothing(url: str, service: ReplicateService) -> None:
    nowhere = Replicate("http://127.0.0.1:9")
    for operation, name in ((TEXT, "flux-dev"), (Operation.IMAGE_TO_IMAGE, "flux-dev")):
        with pytest.raises(errors.Unavailable) as caught:
            await nowhere.generate(request(model(name), operation), Listener(KEYS))
        assert not caught.value.was_taken
    asked = request(model("flux-dev"), TEXT)
    with pytest.raises(errors.Unavailable) as caught:
        await nowhere.resume("some-id", asked, Listener(KEYS))
    # What was ordered is asked for again by its id.
    assert caught.value.was_taken
    with pytest.raises(errors.Unavailable):
        await nowhere.cancel("some-id", KEYS)
    await nowhere.close()
    replicate = Replicate(url)
    doubled = request(model("real-esrgan"), Operation.UPSCALE)
    for bad in (
        replace(asked, width=1000),
        replace(doubled, inputs=replace(doubled.inputs, scale=11)),
        replace(request(model("flux-fill-pro"), Operation.INPAINT), inputs=Inputs()),
    ):
        with pytest.raises(errors.BadRequest):
            await replicate.generate(bad, Listener(KEYS))
    await replicate.close()
    assert service.submissions == 0


@pytest.mark.parametrize(
    ("fault", "kind", "taken", "retry_after"),
    [
        (server.answers(429, "Throttled.", retry_after=3), errors.RateLimited, False, 3),
        (server.answers(404, "No such model."), errors.Unavailable, True, None),
        (server.answers(503, "Soon."), errors.Unavailable, False, None),
        (server.answers(504, "Late."), errors.OutcomeUnknown, True, None),
    ],
)
async def test_its_errors_in_easels_words(
    replicate: Replicate,
    service: ReplicateService,
    fault: server.Answer,
    kind: type[errors.ProviderError],
    taken: bool,
    retry_after: float | None,
) -> None:
    service.faults.append(fault)
    with pytest.raises(errors.ProviderError) as caught:
        await replicate.generate(request(model("flux-dev"), TEXT), Listener(KEYS))
    assert type(caught.value) is kind
    assert (caught.value.was_taken, caught.value.retry_after) == (taken, retry_after)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("http://127.0.0.1:9/secret.png", "refused"),
        ({"text": "hello"}, "something else"),
        (None, "something else"),
    ],
)
async def test_output_that_is_no_picture_of_theirs(
    replicate: Replicate, service: ReplicateService, output: Any, words: str
) -> None:
    service.output = output if output is not None else [7]
    with pytest.raises(errors.ProviderError, match=words):
        await replicate.generate(request(model("flux-dev"), TEXT), Listener(KEYS))


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("https://replicate.delivery/x.png", True),
        ("https://pbxt.replicate.delivery/x.png", True),
        ("https://api.example.com/x.png", True),
        ("http://api.example.com/x.png", False),
        ("https://api.example.com.evil.org/x.png", False),
        ("http://pbxt.replicate.delivery/x.png", False),
        ("https://replicate.com.evil.org/x.png", False),
    ],
)
def test_the_token_goes_to_the_service_only(address: str, ours: bool) -> None:
    assert belongs(address, "https://api.example.com") is ours


async def test_a_key_is_tried_without_making_a_picture(
    replicate: Replicate, service: ReplicateService
) -> None:
    assert "ada" in await replicate.check(KEYS)
    for wrong in ({}, {"api_key": "wrong"}):
        with pytest.raises(errors.NotConfigured):
            await replicate.check(wrong)
    assert service.submissions == 0
