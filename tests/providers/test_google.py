"""Google's adapter over real HTTP: what is sent, what it costs, what goes wrong; the rest is in the contract."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from easel.providers import errors
from easel.providers.base import Model, Operation, Request
from easel.providers.google import Google
from easel.providers.pricing import quote
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers import google as server
from tests.servers import pictures
from tests.servers.google import GoogleService
from tests.servers.serving import KEY, serving

pytestmark = pytest.mark.anyio

KEYS = {"api_key": KEY}
TEXT = Operation.TEXT_TO_IMAGE
PRO, BANANA = Google.models


@pytest.fixture
def service() -> GoogleService:
    return GoogleService()


@pytest.fixture
async def google(service: GoogleService) -> AsyncIterator[Google]:
    with serving(service.app()) as url:
        provider = Google(url)
        yield provider
        await provider.close()


def sized(model: Model, width: int, height: int, images: int = 1) -> Request:
    return replace(request(model, TEXT, images=images), width=width, height=height)


async def test_sends_the_shape_and_scale_and_is_paid_by_the_tokens(
    google: Google, service: GoogleService
) -> None:
    asked = sized(BANANA, 2752, 1536, images=2)
    result = await google.generate(asked, Listener(KEYS))
    (name, body), _ = service.asked
    assert name == "gemini-nano-banana-2.1"
    assert body["generationConfig"] == {
        "responseModalities": ["IMAGE"],
        "temperature": 1,
        "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
    }
    picture = pictures.read(result.images[0].data)
    assert (picture.width, picture.height) == (2752, 1536)
    assert [produced.seed for produced in result.images] == [None, None]
    assert result.provider_cost_usd == 2 * (6 * Decimal("0.5") + 1680 * 30) / 1_000_000
    assert [quote(sized(BANANA, *size)).credits for size in ((1024, 1024), (2048, 2048), (4096, 4096))] == [
        Decimal("3.36"),
        Decimal("5.04"),
        Decimal("7.56"),
    ]
    assert quote(sized(PRO, 3168, 1344)).credits == Decimal("13.4")


async def test_pictures_are_parts_of_the_message(google: Google, service: GoogleService) -> None:
    edit = request(PRO, Operation.EDIT)
    edit = replace(edit, width=999, inputs=replace(edit.inputs, style_image=edit.inputs.image))
    await google.generate(edit, Listener(KEYS))
    ((_, body),) = service.asked
    words, image, style = body["contents"][0]["parts"]
    assert "style of the last picture" in words["text"]
    assert edit.inputs.image is not None
    assert b64decode(image["inlineData"]["data"]) == edit.inputs.image.data
    assert image == style
    assert "imageConfig" not in body["generationConfig"]


async def test_a_prompt_that_is_not_read_and_of_several_those_that_came(
    google: Google, service: GoogleService
) -> None:
    service.block = "PROHIBITED_CONTENT"
    with pytest.raises(errors.ContentRefused, match="PROHIBITED_CONTENT"):
        await google.generate(request(PRO, TEXT), Listener(KEYS))
    service.finish = "IMAGE_SAFETY"
    assert len((await google.generate(request(PRO, TEXT, images=3), Listener(KEYS))).images) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "taken", "retry_after"),
    [
        (server.answers(429, "Slow.", "RESOURCE_EXHAUSTED", retryDelay="17s"), errors.RateLimited, False, 17),
        (server.answers(403, "Not here.", "PERMISSION_DENIED"), errors.NotConfigured, True, None),
        (server.answers(404, "No such model.", "NOT_FOUND"), errors.Unavailable, True, None),
        (server.answers(503, "Overloaded.", "UNAVAILABLE"), errors.Unavailable, False, None),
        (server.answers(504, "Late.", "DEADLINE_EXCEEDED"), errors.OutcomeUnknown, True, None),
    ],
)
async def test_its_errors_in_easels_words(
    google: Google,
    service: GoogleService,
    fault: server.Answer,
    kind: type[errors.ProviderError],
    taken: bool,
    retry_after: float | None,
) -> None:
    service.faults.append(fault)
    with pytest.raises(errors.ProviderError) as caught:
        await google.generate(request(PRO, TEXT), Listener(KEYS))
    assert type(caught.value) is kind
    assert (caught.value.was_taken, caught.value.retry_after) == (taken, retry_after)


async def test_a_key_is_tried_without_making_a_picture(google: Google, service: GoogleService) -> None:
    assert "2 models" in await google.check(KEYS)
    for wrong in ({}, {"api_key": "wrong"}):
        with pytest.raises(errors.NotConfigured):
            await google.check(wrong)
    with pytest.raises(errors.BadRequest):
        await google.generate(sized(PRO, 1000, 1000), Listener(KEYS))
    assert service.submissions == 0
