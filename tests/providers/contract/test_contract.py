"""The contract of `easel.providers.base`, kept by every provider over real HTTP with its service's own protocol.

To put another provider under it:

1. Write its service's protocol as a server beside `tests/servers/fal.py`, from the documentation and not from the
   adapter; `tests.servers.serving` starts it, `tests.servers.pictures` makes its pictures. It counts the requests
   that it takes, refuses other keys than `serving.KEY`, and shows faults on demand.
2. Add a module here that implements `stage.Stage` with it and ends with a `Subject`: which of the `stage.Fault`s the
   service can show, whether it keeps requests by id (`keeps_requests`) and whether they can be held (`holds`).
   `fal.py` is a whole example, `sketch.py` the smallest.
3. Add the `Subject` to `subjects.SUBJECTS`, and the server to `tests.servers.demo.SERVERS`.

Each model that the adapter declares is then asked for every operation that it claims; faults, keys, cancelling and
following by id are tried with the first model. What is special to one adapter is tested beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, suppress

import pytest

from easel.providers import errors
from easel.providers.base import Capability, Checks, Model, Operation, Provider, Request, Result
from tests.servers import pictures

from . import requests
from .requests import request
from .stage import EXPECTED, Fault, Listener, Stage, Subject
from .subjects import SUBJECTS

pytestmark = pytest.mark.anyio

PATIENCE = 60.0
LOADERS = {"png": "png", "jpeg": "jpeg", "webp": "webp", "avif": "heif"}
WITH_KEYS = tuple(subject for subject in SUBJECTS if subject.kind.secrets)
KEEPING = tuple(subject for subject in SUBJECTS if subject.keeps_requests)
CHECKING = tuple(subject for subject in SUBJECTS if hasattr(subject.kind, "check"))
HOLDING = tuple(subject for subject in SUBJECTS if subject.holds)
CLAIMS = tuple(
    pytest.param(subject, model, operation, id=f"{model.id}-{operation}")
    for subject in SUBJECTS
    for model in subject.kind.models
    if model.retired is None
    for operation in requests.operations(model)
)


def each(subjects: tuple[Subject, ...]) -> pytest.MarkDecorator:
    """A parameter for each of these subjects."""
    return pytest.mark.parametrize("subject", [pytest.param(one, id=one.name) for one in subjects])


@pytest.fixture
def stage(subject: Subject) -> Iterator[Stage]:
    """The subject's service, for one test."""
    with subject.open() as opened:
        yield opened


Open = Callable[[], Provider]


@pytest.fixture
async def open_provider(stage: Stage) -> AsyncIterator[Open]:
    """Makes adapters as processes would, and closes them."""
    async with AsyncExitStack() as stack:

        def opened() -> Provider:
            provider = stage.provider()
            stack.push_async_callback(provider.close)
            return provider

        yield opened


def first(provider: Provider | type[Provider]) -> tuple[Model, Operation]:
    """A model that still serves, and the first thing that it claims."""
    model = next(model for model in provider.models if model.retired is None)
    return model, requests.operations(model)[0]


async def made(provider: Provider, asked: Request, call: Listener) -> Result:
    async with asyncio.timeout(PATIENCE):
        return await provider.generate(asked, call)


@pytest.mark.parametrize(("subject", "model", "operation"), CLAIMS)
async def test_does_what_it_claims(
    subject: Subject, model: Model, operation: Operation, stage: Stage, open_provider: Open
) -> None:
    call = Listener(stage.secrets)
    images = 2 if model.max_images > 1 and operation is Operation.TEXT_TO_IMAGE else 1
    asked = request(model, operation, images=images)
    provider = open_provider()
    result = await made(provider, asked, call)
    assert len(result.images) == images
    for produced in result.images:
        picture = pictures.read(produced.data)
        assert picture.get("vips-loader").startswith(LOADERS[asked.output_format])
        if operation in subject.sizes_exact:
            assert (picture.width, picture.height) == (asked.width, asked.height)
        if operation is Operation.REMOVE_BACKGROUND:
            assert picture.bands == 4
            assert picture[3].min() == 0
    if images > 1:
        assert len({produced.data for produced in result.images}) == images
    if Capability.PREVIEWS in model.capabilities:
        assert call.previews
        assert all(pictures.read(data).width <= 512 for data in call.previews)
    assert all(0 <= step <= steps for step, steps in call.steps)
    assert [step for step, _ in call.steps] == sorted(step for step, _ in call.steps)
    assert len(call.accepted_ids) == (1 if subject.keeps_requests else 0)
    assert result.provider_cost_usd is None or result.provider_cost_usd >= 0
    if Capability.SEED in model.capabilities and operation is Operation.TEXT_TO_IMAGE:
        assert result.images[0].seed == asked.seed
        again = await made(provider, asked, Listener(stage.secrets))
        other = await made(provider, request(model, operation, seed=8), Listener(stage.secrets))
        assert again.images[0].data == result.images[0].data
        assert other.images[0].data != result.images[0].data


@each(SUBJECTS)
async def test_refuses_what_it_does_not_claim(subject: Subject, stage: Stage, open_provider: Open) -> None:
    provider = open_provider()
    for model in provider.models:
        for operation in set(Operation) - set(requests.operations(model)):
            with pytest.raises(errors.BadRequest):
                await made(provider, request(model, operation), Listener(stage.secrets))
    assert stage.submissions == 0


@pytest.mark.parametrize(
    ("subject", "fault"),
    [
        pytest.param(subject, fault, id=f"{subject.name}-{fault.name.lower()}")
        for subject in SUBJECTS
        for fault in Fault
        if fault in subject.faults
    ],
)
async def test_says_what_went_wrong(
    subject: Subject, fault: Fault, stage: Stage, open_provider: Open
) -> None:
    provider, call = open_provider(), Listener(stage.secrets)
    stage.provoke(fault)
    with pytest.raises(EXPECTED[fault].error) as caught:
        await made(provider, request(*first(provider)), call)
    error = caught.value
    assert error.detail
    for secret in stage.secrets.values():
        assert secret not in error.detail
    if EXPECTED[fault].taken is not None:
        assert error.was_taken is EXPECTED[fault].taken
    # Whatever went wrong: nothing was asked for twice.
    assert stage.submissions <= 1
    # And the next request is served.
    assert (await made(provider, request(*first(provider)), Listener(stage.secrets))).images


@each(WITH_KEYS)
async def test_a_key_that_is_wrong_or_missing(subject: Subject, stage: Stage, open_provider: Open) -> None:
    provider = open_provider()
    asked = request(*first(provider))
    for secrets in ({}, dict.fromkeys(stage.secrets, "not-the:right-key")):
        call = Listener(secrets)
        with pytest.raises(errors.NotConfigured) as caught:
            await made(provider, asked, call)
        assert "right-key" not in caught.value.detail
        assert call.accepted_ids == []
    assert stage.submissions == 0


@each(CHECKING)
async def test_tells_whether_it_would_work_and_makes_nothing(
    subject: Subject, stage: Stage, open_provider: Open
) -> None:
    provider = open_provider()
    assert isinstance(provider, Checks)
    async with asyncio.timeout(PATIENCE):
        assert await provider.check(stage.secrets)
        for secrets in ({}, dict.fromkeys(stage.secrets, "not-the:right-key")) if stage.secrets else ():
            with pytest.raises(errors.NotConfigured) as caught:
                await provider.check(secrets)
            assert "right-key" not in caught.value.detail
    assert stage.submissions == 0


@each(HOLDING)
async def test_a_cancelled_task_ends_and_the_service_is_told(
    subject: Subject, stage: Stage, open_provider: Open
) -> None:
    provider, call = open_provider(), Listener(stage.secrets)
    stage.hold()
    task = asyncio.create_task(provider.generate(request(*first(provider)), call))
    await until(lambda: stage.submissions == 1)
    if subject.keeps_requests:
        async with asyncio.timeout(PATIENCE):
            await call.has_id.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(PATIENCE):
            await task
    for request_id in call.accepted_ids:
        # By another process, and twice: the second time it is over already.
        for _ in range(2):
            await open_provider().cancel(request_id, stage.secrets)
    await until(lambda: stage.cancelled == 1)
    stage.release()
    assert stage.submissions == 1


@each(KEEPING)
async def test_another_process_follows_by_the_id(subject: Subject, stage: Stage, open_provider: Open) -> None:
    provider, call = open_provider(), Listener(stage.secrets)
    asked = request(*first(provider))
    stage.hold()
    task = asyncio.create_task(provider.generate(asked, call))
    async with asyncio.timeout(PATIENCE):
        await call.has_id.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    stage.release()
    heard = Listener(stage.secrets)
    async with asyncio.timeout(PATIENCE):
        result = await open_provider().resume(call.accepted_ids[0], asked, heard)
        assert len(result.images) == 1
        # As often as one likes.
        again = await open_provider().resume(call.accepted_ids[0], asked, heard)
    assert again.images[0].data == result.images[0].data
    assert stage.submissions == 1


@each(KEEPING)
async def test_an_id_that_the_service_does_not_know(
    subject: Subject, stage: Stage, open_provider: Open
) -> None:
    provider, call = open_provider(), Listener(stage.secrets)
    asked = request(*first(provider))
    await made(provider, asked, call)
    unknown = call.accepted_ids[0][:-4] + "0000"
    with pytest.raises(errors.ProviderError) as caught:
        async with asyncio.timeout(PATIENCE):
            await provider.resume(unknown, asked, Listener(stage.secrets))
    assert not caught.value.retryable
    await provider.cancel(unknown, stage.secrets)
    assert stage.submissions == 1


@each(SUBJECTS)
async def test_declares_itself_well(subject: Subject) -> None:
    kind = subject.kind
    assert kind.models
    assert len({model.id for model in kind.models}) == len(kind.models)
    for model in kind.models:
        assert model.provider_id == kind.id
        assert requests.operations(model), f"{model.id} claims to do nothing"
        assert model.sizes.why_not(*model.sizes.default) is None
        defaults = model.options()
        model.options.model_validate({**defaults.model_dump(), **model.recommended})
        for name, described in model.options.model_json_schema().get("properties", {}).items():
            assert described.get("description"), f"{model.id}: say what {name} is"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the other side is a server's thread
            await asyncio.sleep(0.01)
