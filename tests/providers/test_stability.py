"""Stability AI's adapter over real HTTP: what is sent, what it costs, what goes wrong; the rest is in the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from easel.providers import errors
from easel.providers.base import Inputs, Model, Operation
from easel.providers.pricing import quote
from easel.providers.stability import Stability
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers import pictures
from tests.servers import stability as server
from tests.servers.serving import KEY, serving
from tests.servers.stability import StabilityService

pytestmark = pytest.mark.anyio

KEYS = {"api_key": KEY}
TEXT = Operation.TEXT_TO_IMAGE


@pytest.fixture
def service() -> StabilityService:
    return StabilityService()


@pytest.fixture
def url(service: StabilityService) -> Iterator[str]:
    with serving(service.app()) as address:
        yield address


@pytest.fixture
async def stability(url: str) -> AsyncIterator[Stability]:
    provider = Stability(url, interval=0.02)
    yield provider
    await provider.close()


def model(name: str) -> Model:
    return next(model for model in Stability.models if model.id == f"stability/{name}")


async def test_sends_the_shape_the_look_and_a_seed_for_each_picture(
    stability: Stability, service: StabilityService
) -> None:
    asked = request(model("sd3.5-medium"), TEXT, images=2, seed=2**40, style="anime", guidance=6.5)
    asked = replace(asked, width=1344, height=768, output_format="jpeg")
    result = await stability.generate(asked, Listener(KEYS))
    assert [produced.seed for produced in result.images] == [2**40, 2**40 + 1]
    assert {service for service, _ in service.asked} == {"generate/sd3"}
    first, second = sorted((fields for _, fields in service.asked), key=lambda fields: int(fields["seed"]))
    assert first == {
        "prompt": asked.prompt,
        "negative_prompt": "blurry",
        "mode": "text-to-image",
        "model": "sd3.5-medium",
        "aspect_ratio": "16:9",
        "style_preset": "anime",
        "cfg_scale": "6.5",
        "output_format": "jpeg",
        "seed": str(2**40 % 4294967294 + 1),
    }
    assert int(second["seed"]) == int(first["seed"]) + 1
    assert result.provider_cost_usd == Decimal("0.07")
    assert quote(asked).credits == 7
    picture = pictures.read(result.images[0].data)
    assert (picture.width, picture.height) == (1344, 768)


async def test_starts_from_a_picture_with_a_strength_and_no_shape(
    stability: Stability, service: StabilityService
) -> None:
    asked = request(model("ultra"), Operation.IMAGE_TO_IMAGE, strength=0.8)
    await stability.generate(asked, Listener(KEYS))
    ((_, fields),) = service.asked
    assert fields["strength"] == "0.8"
    assert "aspect_ratio" not in fields
    assert "style_preset" not in fields
    assert asked.inputs.image is not None
    assert fields["image"] == asked.inputs.image.data


async def test_what_is_looked_for_has_a_name_of_its_own(
    stability: Stability, service: StabilityService
) -> None:
    for name in ("search-and-replace", "search-and-recolor"):
        asked = request(model(name), Operation.EDIT, target="the hat")
        await stability.generate(asked, Listener(KEYS))
    assert [fields.get("search_prompt") for _, fields in service.asked] == ["the hat", None]
    assert [fields.get("select_prompt") for _, fields in service.asked] == [None, "the hat"]


async def test_of_several_those_that_came_are_kept_and_paid(
    stability: Stability, service: StabilityService
) -> None:
    service.faults.append(server.answers(429, "rate_limit_exceeded", "Too many requests."))
    result = await stability.generate(request(model("core"), TEXT, images=3), Listener(KEYS))
    assert len(result.images) == 2
    assert result.provider_cost_usd == Decimal("0.06")


async def test_a_blurred_picture_is_a_refusal(stability: Stability, service: StabilityService) -> None:
    service.filters = True
    with pytest.raises(errors.ContentRefused, match="blurred"):
        await stability.generate(request(model("core"), TEXT), Listener(KEYS))
    service.fails = True
    with pytest.raises(errors.ProviderError, match="failed") as caught:
        await stability.generate(request(model("upscale-creative"), Operation.UPSCALE), Listener(KEYS))
    assert caught.value.was_taken


@pytest.mark.parametrize(
    ("fault", "kind", "taken", "retry_after"),
    [
        (server.answers(403, "forbidden", "Not here."), errors.NotConfigured, True, None),
        (server.answers(413, "payload_too_large", "Too large."), errors.BadRequest, True, None),
        (server.answers(429, "rate_limit_exceeded", "Slow."), errors.RateLimited, False, 60),
        (
            server.answers(429, "rate_limit_exceeded", "Slow.", **{"retry-after": "5"}),
            errors.RateLimited,
            False,
            5,
        ),
        (server.answers(503, "unavailable", "Soon."), errors.Unavailable, False, None),
        (server.answers(504, "timeout", "Late."), errors.OutcomeUnknown, True, None),
    ],
)
async def test_its_errors_in_easels_words(
    stability: Stability,
    service: StabilityService,
    fault: server.Answer,
    kind: type[errors.ProviderError],
    taken: bool,
    retry_after: float | None,
) -> None:
    service.faults.append(fault)
    with pytest.raises(errors.ProviderError) as caught:
        await stability.generate(request(model("core"), TEXT), Listener(KEYS))
    assert type(caught.value) is kind
    assert (caught.value.was_taken, caught.value.retry_after) == (taken, retry_after)


async def test_what_was_never_sent_may_be_tried_again_and_what_cannot_be_is_not_sent(
    stability: Stability, service: StabilityService
) -> None:
    nowhere = Stability("http://127.0.0.1:9")
    with pytest.raises(errors.Unavailable) as caught:
        await nowhere.generate(request(model("core"), TEXT), Listener(KEYS))
    assert not caught.value.was_taken
    await nowhere.close()
    doubled = request(model("upscale-fast"), Operation.UPSCALE)
    for bad in (
        replace(request(model("core"), TEXT), width=1000),
        replace(doubled, inputs=replace(doubled.inputs, scale=2)),
        replace(request(model("inpaint"), Operation.INPAINT), inputs=Inputs()),
        request(model("upscale-conservative"), Operation.UPSCALE, prompt=""),
    ):
        with pytest.raises(errors.BadRequest):
            await stability.generate(bad, Listener(KEYS))
    assert service.submissions == 0


async def test_asking_for_a_kept_picture_outlasts_a_service_that_is_away(
    stability: Stability, service: StabilityService
) -> None:
    asked = request(model("upscale-creative"), Operation.UPSCALE)
    call = Listener(KEYS)
    made = await stability.generate(asked, call)
    away = Stability("http://127.0.0.1:9")
    with pytest.raises(errors.Unavailable) as caught:
        await away.resume(call.accepted_ids[0], asked, call)
    # It is asked for again by its id, never ordered anew.
    assert caught.value.was_taken
    await away.close()
    again = await stability.resume(call.accepted_ids[0], asked, call)
    assert again.images[0].data == made.images[0].data
    assert made.provider_cost_usd == Decimal("0.6")
    assert service.submissions == 1


async def test_a_key_is_tried_without_making_a_picture(
    stability: Stability, service: StabilityService
) -> None:
    assert "12.34" in await stability.check(KEYS)
    for wrong in ({}, {"api_key": "wrong"}):
        with pytest.raises(errors.NotConfigured):
            await stability.check(wrong)
    assert service.submissions == 0
