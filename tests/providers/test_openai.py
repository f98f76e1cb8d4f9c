"""OpenAI's adapter by the official client over real HTTP: what is sent, what it costs, and what goes wrong.

What it shares with other providers is in the contract.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from easel.app.open import ready_providers
from easel.base.settings import BadSettings, load
from easel.providers import errors
from easel.providers.base import Capability, Inputs, Model, Operation, Picture, Request
from easel.providers.openai import OpenAI
from easel.providers.pricing import quote
from easel.providers.registry import load_providers
from tests.providers.contract.requests import request
from tests.providers.contract.stage import Listener
from tests.servers import openai as server
from tests.servers import pictures
from tests.servers.openai import OpenAIService
from tests.servers.serving import KEY, serving

pytestmark = pytest.mark.anyio

KEYS = {"api_key": KEY}


@pytest.fixture
def service() -> OpenAIService:
    return OpenAIService()


@pytest.fixture
def url(service: OpenAIService) -> Iterator[str]:
    with serving(service.app()) as address:
        yield f"{address}/v1"


@pytest.fixture
async def openai(url: str) -> AsyncIterator[OpenAI]:
    provider = OpenAI(url)
    yield provider
    await provider.close()


def model(name: str, provider: OpenAI | type[OpenAI] = OpenAI) -> Model:
    return next(model for model in provider.models if model.id.endswith(f"/{name}"))


def asked(name: str = "gpt-image-2", operation: Operation = Operation.TEXT_TO_IMAGE, **more: Any) -> Request:
    return request(model(name), operation, **more)


async def test_says_all_that_was_chosen_and_is_paid_by_the_tokens(
    openai: OpenAI, service: OpenAIService
) -> None:
    chosen = asked(
        "gpt-image-2.5-flare",
        images=2,
        previews=0,
        quality="xhigh",
        background="transparent",
        moderation="low",
        compression=70,
    )
    result = await openai.generate(replace(chosen, output_format="webp"), Listener(KEYS))
    assert service.asked == [
        {
            "model": "gpt-image-2.5-flare",
            "prompt": chosen.prompt,
            "size": "1024x768",
            "n": 2,
            "quality": "xhigh",
            "background": "transparent",
            "moderation": "low",
            "output_format": "webp",
            "output_compression": 70,
        }
    ]
    assert [produced.seed for produced in result.images] == [None, None]
    spent = server.usage(service.asked[0], 2)
    expected = Decimal(6 * 5 + spent["output_tokens"] * 30) / 1_000_000
    assert result.provider_cost_usd == expected
    assert service.headers[0]["x-stainless-retry-count"] == "0"


async def test_previews_are_streamed_for_each_picture(openai: OpenAI, service: OpenAIService) -> None:
    call = Listener(KEYS)
    result = await openai.generate(asked(images=2, previews=3, quality="low"), call)
    assert len(result.images) == 2
    assert len(call.previews) == 6
    assert {pictures.read(data).width for data in call.previews} == {512}
    assert call.steps == [(done, 8) for done in range(1, 9)]
    assert [(fields["stream"], fields["partial_images"]) for fields in service.asked] == [(True, 3)] * 2
    spent = server.usage(service.asked[0], 1, partials=3)
    assert result.provider_cost_usd == Decimal(2 * (6 * 5 + spent["output_tokens"] * 30)) / 1_000_000


async def test_of_pictures_that_are_streamed_those_that_came_are_kept(
    openai: OpenAI, service: OpenAIService
) -> None:
    service.faults.append(server.answers(429, "Slow down.", "rate_limit_exceeded"))
    result = await openai.generate(asked(images=3), Listener(KEYS))
    assert len(result.images) == 2


async def test_a_mask_is_sent_transparent_where_easels_is_white(
    openai: OpenAI, service: OpenAIService
) -> None:
    paint = asked(operation=Operation.INPAINT, quality="low")
    result = await openai.generate(paint, Listener(KEYS))
    (sent,) = service.asked
    mask = pictures.read(sent["mask"])
    half = paint.width // 2
    assert (mask.width, mask.height) == (paint.width, paint.height)
    assert (mask[3].crop(0, 0, half, 9).avg(), mask[3].crop(half, 0, half, 9).avg()) == (255, 0)
    assert paint.inputs.image is not None
    before, after = pictures.read(paint.inputs.image.data), pictures.read(result.images[0].data)
    difference = (before - after).abs()
    assert difference.crop(0, 0, half, before.height).max() == 0
    assert difference.crop(half, 0, half, before.height).max() > 0
    # A margin is painted, and what was there stays.
    grow = asked(operation=Operation.OUTPAINT)
    wide = pictures.read((await openai.generate(grow, Listener(KEYS))).images[0].data)
    assert (wide.width, wide.height) == (grow.width, grow.height)
    assert grow.inputs.image is not None
    assert grow.inputs.margins is not None
    kept = wide.crop(grow.inputs.margins.left, grow.inputs.margins.top, before.width, before.height)
    assert (kept - pictures.read(grow.inputs.image.data)).abs().max() == 0


async def test_a_picture_for_the_style_goes_last_and_a_size_that_is_none_is_left_to_the_model(
    openai: OpenAI, service: OpenAIService
) -> None:
    style = Picture(pictures.file_of(pictures.paint("style", 3, 64, 64), "jpeg"), "jpeg", 64, 64)
    await openai.generate(replace(asked(), inputs=Inputs(style_image=style)), Listener(KEYS))
    edit = asked("gpt-image-1.5", Operation.EDIT, input_fidelity="high")
    edit = replace(edit, width=1000, height=700, inputs=replace(edit.inputs, style_image=style))
    await openai.generate(edit, Listener(KEYS))
    first, second = service.asked
    assert first["image"] == style.data
    assert "style of the last picture" in first["prompt"]
    assert edit.inputs.image is not None
    assert second["image"] == [edit.inputs.image.data, style.data]
    assert (second["size"], second["input_fidelity"]) == ("auto", "high")


@pytest.mark.parametrize(
    ("fault", "kind", "taken", "retry_after"),
    [
        (
            server.answers(429, "No quota.", "insufficient_quota", "insufficient_quota"),
            errors.OutOfCredit,
            True,
            None,
        ),
        (server.answers(400, "Refused.", "content_policy_violation"), errors.ContentRefused, True, None),
        (server.answers(403, "Verify the organization.", None), errors.NotConfigured, True, None),
        (server.answers(404, "No such model.", "model_not_found"), errors.Unavailable, True, None),
        (
            server.answers(429, "Slow.", "rate_limit_exceeded", headers={"retry-after-ms": "1500"}),
            errors.RateLimited,
            False,
            1.5,
        ),
        (
            server.answers(503, "Overloaded.", None, "server_error", headers={"retry-after": "9"}),
            errors.Unavailable,
            False,
            9.0,
        ),
        (server.answers(504, "Too long.", None, "server_error"), errors.OutcomeUnknown, True, None),
    ],
)
async def test_its_errors_in_easels_words(
    openai: OpenAI,
    service: OpenAIService,
    fault: server.Answer,
    kind: type[errors.ProviderError],
    taken: bool,
    retry_after: float | None,
) -> None:
    service.faults.append(fault)
    with pytest.raises(errors.ProviderError) as caught:
        await openai.generate(asked(previews=0), Listener(KEYS))
    assert type(caught.value) is kind
    assert (caught.value.was_taken, caught.value.retry_after) == (taken, retry_after)


async def test_a_stream_that_ends_badly(openai: OpenAI, service: OpenAIService) -> None:
    service.stream_error = {"message": "Rejected by the safety system.", "code": "moderation_blocked"}
    with pytest.raises(errors.ContentRefused, match="safety system"):
        await openai.generate(asked(), Listener(KEYS))
    service.breaks_stream = True
    with pytest.raises(errors.OutcomeUnknown):
        await openai.generate(asked(), Listener(KEYS))
    assert service.submissions == 2


async def test_what_was_never_sent_may_be_tried_again() -> None:
    provider = OpenAI("http://127.0.0.1:9/v1")
    with pytest.raises(errors.Unavailable) as caught:
        await provider.generate(asked(), Listener(KEYS))
    assert not caught.value.was_taken
    await provider.close()


async def test_what_cannot_be_is_not_sent(openai: OpenAI, service: OpenAIService) -> None:
    wrong = asked(background="transparent")
    for bad in (
        replace(wrong, output_format="jpeg"),
        replace(asked(), width=1030),
        replace(asked(operation=Operation.INPAINT), inputs=Inputs()),
        replace(asked(operation=Operation.OUTPAINT), inputs=Inputs()),
    ):
        with pytest.raises(errors.BadRequest):
            await openai.generate(bad, Listener(KEYS))
    assert service.submissions == 0


SERVERS = [
    {
        "id": "attic",
        "title": "The attic",
        "base_url": "",
        "models": ["dall-e-3", {"id": "flux-dev", "title": "FLUX"}, {"id": "own", "like": "dall-e-2"}],
    }
]


async def test_another_server_of_the_same_language(
    service: OpenAIService, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no key, models of its own names and retired ones; nothing of OpenAI's own is told to it."""
    service.key, service.models = None, ("dall-e-3", "flux-dev", "own")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("EASEL_OPENAI_SERVERS", json.dumps([SERVERS[0] | {"base_url": url}]))
    providers = load_providers(load())
    attic = providers.get("attic")
    assert isinstance(attic, OpenAI)
    assert (attic.title, attic.secrets) == ("The attic", ())
    assert [(model.id, model.name, model.retired, model.price.free) for model in attic.models] == [
        ("attic/dall-e-3", "DALL·E 3", None, True),
        ("attic/flux-dev", "FLUX", None, True),
        ("attic/own", "DALL·E 2", None, True),
    ]
    vivid = request(attic.models[0], Operation.TEXT_TO_IMAGE, style="natural", quality="hd")
    result = await attic.generate(vivid, Listener())
    assert result.provider_cost_usd is None
    many = request(attic.models[2], Operation.TEXT_TO_IMAGE, images=3)
    assert len((await attic.generate(many, Listener())).images) == 3
    assert service.asked[0] == {
        "model": "dall-e-3",
        "prompt": vivid.prompt,
        "size": "1024x1024",
        "quality": "hd",
        "style": "natural",
        "response_format": "b64_json",
    }
    assert (service.asked[1]["model"], service.asked[1]["n"]) == ("own", 3)
    assert not any("org-secret" in headers.values() for headers in service.headers)
    await providers.close()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("attic", "must be a JSON list"),
        ("7", "must be a JSON list"),
        (json.dumps([{"id": "attic"}]), "title: Field required"),
        (json.dumps([SERVERS[0] | {"base_url": "ftp://x"}]), "must be like https"),
        (json.dumps([SERVERS[0] | {"base_url": "http://x/v1"}] * 2), "names a server twice"),
        (json.dumps([SERVERS[0] | {"base_url": "http://x", "models": ["a", "a"]}]), "names a model twice"),
        (
            json.dumps([SERVERS[0] | {"base_url": "http://x", "models": [{"id": "a", "like": "b"}]}]),
            "no model b to be like",
        ),
    ],
)
def test_a_server_that_is_described_wrongly_stops_the_start(
    value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_OPENAI_SERVERS", value)
    with pytest.raises(BadSettings, match=f"EASEL_OPENAI_SERVERS.*{words}"):
        ready_providers(load())


def test_prices_are_by_quality_size_previews_and_source() -> None:
    def price(name: str, operation: Operation = Operation.TEXT_TO_IMAGE, **options: Any) -> Decimal:
        return quote(request(model(name), operation, **({"previews": 0} | options))).per_image

    assert price("gpt-image-2", quality="low") == Decimal("0.6")
    assert price("gpt-image-2", quality="low", previews=2) == Decimal("1.2")
    assert price("gpt-image-2", Operation.EDIT, quality="low") == Decimal("2.6")
    assert price("gpt-image-2", quality="auto") == Decimal(42)
    assert price("gpt-image-2.5-flare", quality="max") == Decimal(42)
    assert price("gpt-image-1-mini", quality="high") == Decimal("3.6")
    large = replace(asked(quality="high", previews=0), width=3840, height=2160)
    assert quote(large).per_image == Decimal(42)


def test_the_client_is_loaded_by_the_first_call_only() -> None:
    program = "import sys, easel.providers.registry as r; from easel.base.settings import load; "
    program += "r.load_providers(load()); sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


def test_every_model_for_generating_says_so() -> None:
    for one in OpenAI.models:
        assert Capability.TEXT_TO_IMAGE in one.capabilities


async def test_a_key_is_tried_without_making_a_picture(openai: OpenAI, service: OpenAIService) -> None:
    assert "7 of these models" in await openai.check(KEYS)
    for wrong in ({}, {"api_key": "wrong"}):
        with pytest.raises(errors.NotConfigured):
            await openai.check(wrong)
    assert service.submissions == 0
