"""fal's adapter against fal's protocol: every documented error, trouble on the way, files, and what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import pytest

from easel.providers import errors
from easel.providers.base import Operation, Request, Result
from easel.providers.fal import Fal
from easel.providers.fal.adapter import ENDPOINTS
from tests.servers import pictures
from tests.servers.fal import Fal as Service
from tests.servers.fal import apps, faults, serving_fal
from tests.servers.serving import KEY

from .contract.requests import request
from .contract.stage import Listener

pytestmark = pytest.mark.anyio

PATIENCE = 60.0


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_fal() as serving:
        yield serving


@pytest.fixture
async def fal(service: Service) -> AsyncIterator[Fal]:
    provider = Fal(url=service.url, silence=0.2)
    yield provider
    await provider.close()


def asked(model: str = "fal/flux-schnell", operation: str = "text-to-image", **more: Any) -> Request:
    found = next(each for each in Fal.models if each.id == model)
    return request(found, Operation(operation), **more)


def listener() -> Listener:
    return Listener({"api_key": KEY})


async def made(fal: Fal, wanted: Request, call: Listener | None = None) -> Result:
    async with asyncio.timeout(PATIENCE):
        return await fal.generate(wanted, call or listener())


async def failing(fal: Fal, wanted: Request, call: Listener | None = None) -> errors.ProviderError:
    with pytest.raises(errors.ProviderError) as caught:
        await made(fal, wanted, call)
    return caught.value


def expected(name: str) -> type[errors.ProviderError]:
    """What a documented error is in Easel's words."""
    special: dict[str, type[errors.ProviderError]] = {
        "content_policy_violation": errors.ContentRefused,
        "no_media_generated": errors.ProviderError,
        "downstream_service_error": errors.ProviderError,
        "client_disconnected": errors.Cancelled,
        "client_cancelled": errors.Cancelled,
    }
    if name in special:
        return special[name]
    status = faults.MODEL_ERRORS[name][0] if name in faults.MODEL_ERRORS else faults.REQUEST_ERRORS[name]
    if status == 504:
        return errors.TimedOut
    return errors.Unavailable if status >= 500 else errors.BadRequest


async def test_every_documented_error_has_its_class(fal: Fal, service: Service) -> None:
    for name in (*faults.MODEL_ERRORS, *faults.REQUEST_ERRORS):
        service.faults.add(name)
        error = await failing(fal, asked())
        assert type(error) is expected(name), name
        assert error.detail.startswith("fal: "), name
        # A request that ended on fal's side is over: another try makes a new one, and pays once.
        assert error.was_taken is not error.retryable, name
    assert service.submissions == len(faults.MODEL_ERRORS) + len(faults.REQUEST_ERRORS)


async def test_trouble_on_the_way_costs_time_alone(fal: Fal, service: Service) -> None:
    for name in sorted(faults.ON_THE_WAY):
        service.faults.add(name)
        service.pace = 0.1 if name == "silent_stream" else 0.0
        assert (await made(fal, asked())).images, name
    assert service.submissions == len(faults.ON_THE_WAY)
    assert service.asked["submit"] == service.submissions


async def test_submissions_that_were_not_confirmed(fal: Fal, service: Service) -> None:
    for name, kind, taken in (
        ("unavailable", errors.Unavailable, False),
        ("nginx", errors.Unavailable, True),
        ("cut_off", errors.OutcomeUnknown, True),
        ("no_app", errors.ProviderError, True),
    ):
        service.faults.add(name)
        error = await failing(fal, asked())
        assert type(error) is kind, name
        assert error.was_taken is taken, name
    assert service.asked["submit"] == 4
    nowhere = Fal(url="http://127.0.0.1:9")
    error = await failing(nowhere, asked())
    assert (type(error), error.was_taken) == (errors.Unavailable, False)
    await nowhere.close()


async def test_a_submission_that_is_cut_off_by_a_cancel_tells_its_id(fal: Fal, service: Service) -> None:
    service.faults.add("hang")
    call = listener()
    task = asyncio.create_task(fal.generate(asked(), call))
    async with asyncio.timeout(PATIENCE):
        while not service.submissions:  # noqa: ASYNC110 - the server is another thread
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert call.accepted_ids == []

    service.held = True
    slow = listener()
    task = asyncio.create_task(fal.generate(asked(), slow))
    await slow.has_id.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    service.held = False
    assert slow.accepted_ids[0].startswith("fal-ai/flux/")


async def test_files_that_are_not_what_they_should_be(fal: Fal, service: Service) -> None:
    for name, words in (("html", "something else"), ("file_gone", "404"), ("private_address", "refused")):
        service.faults.add(name)
        error = await failing(fal, asked())
        assert words in error.detail, name
        assert not error.retryable, name
    for name in ("file_503", "truncated"):
        service.faults.add(name)
        call = listener()
        error = await failing(fal, asked(), call)
        assert (type(error), error.was_taken) == (errors.Unavailable, True), name
        # Another try follows the id, and gets the file.
        assert (await fal.resume(call.accepted_ids[0], asked(), listener())).images, name
    service.faults.add("drip")
    assert (await made(fal, asked())).images
    assert service.submissions == 6


async def test_what_the_checker_blackened_is_not_delivered(fal: Fal, service: Service) -> None:
    service.faults.add("nsfw")
    assert isinstance(await failing(fal, asked(images=2)), errors.ContentRefused)
    service.faults.add("one_nsfw")
    result = await made(fal, asked(images=3))
    assert [image.seed for image in result.images] == [None, None]


async def test_what_is_sent_and_what_comes_back(fal: Fal, service: Service) -> None:
    call = listener()
    wanted = asked(
        "fal/flux-lora", "inpaint", lora="https://example.com/a.safetensors", lora_scale=0.5, steps=9
    )
    result = await made(fal, wanted, call)
    (job,) = service.jobs.values()
    assert job.app == "fal-ai/flux-lora/inpainting"
    assert job.sent["loras"] == [{"path": "https://example.com/a.safetensors", "scale": 0.5}]
    assert (job.sent["num_inference_steps"], job.sent["seed"]) == (9, wanted.seed)
    assert len(service.uploads) == 2
    assert [job.sent[name].rpartition("/")[2] for name in ("image_url", "mask_url")] == service.uploads
    assert job.headers["x-fal-no-retry"] == "1"
    assert "86400" in job.headers["x-fal-object-lifecycle-preference"]
    assert job.webhook is None
    assert call.accepted_ids == [f"fal-ai/flux-lora/{job.id}"]
    assert call.steps[-1] == (4, 4)
    assert result.provider_cost_usd == Decimal("0.035") * Decimal(
        str(round(wanted.width * wanted.height / 1e6, 4))
    )
    assert result.images[0].metadata["request_id"] == job.id
    # Where the mask is black, nothing has changed.
    assert wanted.inputs.image is not None
    before, after = pictures.read(wanted.inputs.image.data), pictures.read(result.images[0].data)
    left = (0, 0, wanted.width // 2 - 16, wanted.height)
    assert (before.crop(*left) - after.crop(*left)).abs().max() < 40
    style = asked("fal/flux-general")
    assert style.inputs.style_image is None


async def test_every_endpoint_is_one_that_fal_has(fal: Fal) -> None:
    for model, endpoints in ENDPOINTS.items():
        for endpoint in endpoints.values():
            fields = apps.APPS[endpoint.app]["input"]
            for name in endpoint.options.values():
                assert name in fields, (model, name)
            assert endpoint.loras <= ("loras" in fields)
            assert endpoint.negative <= ("negative_prompt" in fields)


async def test_tells_whether_a_key_is_good(fal: Fal, service: Service) -> None:
    assert await fal.check({"api_key": KEY}) == "fal.ai accepts the key."
    with pytest.raises(errors.NotConfigured):
        await fal.check({"api_key": "another:key"})
    assert service.submissions == 0


async def test_only_what_fal_signed_is_heard(fal: Fal, service: Service) -> None:
    body = b'{"request_id": "one", "status": "OK"}'
    signed = service.signer.headers("one", body)
    assert await fal.heard(signed, body) == "one"
    assert await fal.heard({name.lower(): value for name, value in signed.items()}, body) == "one"
    wrong: list[tuple[dict[str, str], bytes]] = [
        (signed, body + b" "),
        ({**signed, "X-Fal-Webhook-Request-Id": "two"}, body),
        ({**signed, "X-Fal-Webhook-Signature": "zz"}, body),
        ({**signed, "X-Fal-Webhook-Signature": ""}, body),
        ({**signed, "X-Fal-Webhook-Timestamp": "soon"}, body),
        (service.signer.headers("one", body, at=1_000), body),
        ({}, body),
    ]
    for headers, sent in wrong:
        with pytest.raises(errors.WebhookRefused):
            await fal.heard(headers, sent)
    # The keys were asked for once, whatever came.
    assert service.asked["jwks"] == 1
    service.signer.rotate()
    new = service.signer.headers("three", body)
    with pytest.raises(errors.WebhookRefused):
        await fal.heard(new, body)
    fal._signatures._fetched = -1_000.0 + (fal._signatures._fetched or 0.0)
    assert await fal.heard(new, body) == "three"
    with pytest.raises(errors.WebhookRefused):
        await fal.heard(signed, body)
    nowhere = Fal(url="http://127.0.0.1:9")
    with pytest.raises(errors.Unavailable):
        await nowhere.heard(signed, body)
