"""Models at Replicate through the official client: predictions, followed, cancelled and picked up again by their ids.

Pictures to start from are uploaded first, which costs nothing and may fail without harm; then the prediction is
made, once. The client is loaded at the first call.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import httpx

from ..base import Call, Model, Operation, Picture, Request, Result, Secret
from ..download import Downloads
from ..errors import (
    BadRequest,
    Cancelled,
    NotConfigured,
    OutcomeUnknown,
    ProviderError,
    Unavailable,
)
from ..pricing import CREDITS_PER_DOLLAR
from ..transport import never_answered
from .models import MODELS, PLACES, RATIOS, Place

if TYPE_CHECKING:
    from replicate.client import Client
    from replicate.prediction import Prediction

__all__ = ["Replicate"]

_LARGEST_SEED = 2**31
_SLOWEST = 3.0


class Replicate:
    """The service at `url`; a prediction is asked about every `interval` seconds at first, then less often."""

    id: ClassVar[str] = "replicate"
    title: ClassVar[str] = "Replicate"
    description: ClassVar[str] = "FLUX and many other models, hosted by Replicate; needs a key."
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "REPLICATE_API_TOKEN"),)
    models: ClassVar[tuple[Model, ...]] = MODELS
    repeatable: ClassVar[bool] = False
    seats: int | None = 20
    seats_per_worker: int | None = None

    def __init__(self, url: str, *, interval: float = 0.5) -> None:
        self._url, self._interval = url, interval
        self._wire: Any = None
        self._downloads = Downloads(url)

    async def check(self, secrets: Mapping[str, str]) -> str:
        """Ask whose token it is, which costs nothing."""
        key = _key(secrets)
        client = await self._client(key)
        from replicate.exceptions import ReplicateError

        from .wire import understood

        try:
            account = await client.accounts.async_current()
        except ReplicateError as error:
            raise understood(error, key) from error
        except httpx.HTTPError as error:
            raise Unavailable("The service cannot be reached.") from error
        except ValueError as error:
            raise ProviderError("The service answered with something else than an account.") from error
        return f"The key works; it is that of {account.username}."

    async def generate(self, request: Request, call: Call) -> Result:
        """Order a prediction and follow it to its end."""
        key = _key(call.secrets)
        place = PLACES[request.model.id]
        inputs = _inputs(place, request)
        client = await self._client(key)
        for name, picture in _pictures(place, request).items():
            inputs[name] = await self._upload(client, picture, key)
        prediction = await self._order(client, place, request, inputs, key)
        await call.accepted(prediction.id)
        return await self._follow(client, prediction, request, call)

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Follow a prediction that another process ordered; pictures are kept for an hour."""
        client = await self._client(_key(call.secrets))
        prediction = await self._ask(client, request_id, _key(call.secrets))
        return await self._follow(client, prediction, request, call)

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Ask the service to stop a prediction; quiet when it ended already or is not known."""
        key = _key(secrets)
        client = await self._client(key)
        from replicate.exceptions import ReplicateError

        from .wire import understood

        try:
            await client.predictions.async_cancel(request_id)
        except ReplicateError as error:
            if error.status not in (404, 409, 422):
                raise understood(error, key) from error
        except httpx.HTTPError as error:
            raise Unavailable("The service cannot be reached.") from error
        except ValueError:
            # It was aborted, which the client has no word for.
            return

    async def close(self) -> None:
        """Let the connections go."""
        await self._downloads.close()
        if self._wire is not None:
            await self._wire.aclose()
            self._wire = None

    async def _client(self, key: str) -> Client:
        replicate = await asyncio.to_thread(__import__, "replicate")
        if self._wire is None:
            from .wire import Wire

            self._wire = Wire()
        client: Client = replicate.Client(api_token=key, base_url=self._url, transport=self._wire)
        return client

    async def _upload(self, client: Client, picture: Picture, key: str) -> str:
        """Hand in a picture; the address by which the service knows it."""
        from replicate.exceptions import ReplicateError

        from .wire import understood

        try:
            file = await client.files.async_create(
                io.BytesIO(picture.data),
                filename=f"picture.{picture.format}",
                content_type=f"image/{picture.format}",
            )
        except ReplicateError as error:
            failed = understood(error, key)
            raise failed if not failed.retryable else Unavailable(failed.detail, taken=False) from error
        except httpx.HTTPError as error:
            raise Unavailable("The picture could not be handed in.", taken=False) from error
        return file.urls["get"]

    async def _order(
        self, client: Client, place: Place, request: Request, inputs: dict[str, Any], key: str
    ) -> Prediction:
        from replicate.exceptions import ReplicateError

        from .wire import understood

        try:
            if place.version is not None:
                return await client.predictions.async_create(version=place.version, input=inputs)
            name = request.model.id.partition("/")[2]
            return await client.models.predictions.async_create(model=name, input=inputs)
        except ReplicateError as error:
            raise understood(error, key) from error
        except httpx.HTTPError as error:
            raise never_answered(error) from error
        except ValueError as error:
            # No prediction, or one whose state the client has no word for: it may have been ordered.
            raise OutcomeUnknown from error

    async def _ask(self, client: Client, request_id: str, key: str) -> Prediction:
        """How a prediction stands. Asking costs nothing: what may pass is tried again by its id."""
        from replicate.exceptions import ReplicateError

        from .wire import understood

        try:
            return await client.predictions.async_get(request_id)
        except ReplicateError as error:
            if error.status == 404:
                raise ProviderError("The service does not know the prediction any more.") from error
            failed = understood(error, key)
            raise failed if isinstance(failed, NotConfigured) else Unavailable(failed.detail) from error
        except httpx.HTTPError as error:
            raise Unavailable("The service cannot be reached.") from error
        except ValueError as error:
            raise ProviderError("The service ended the prediction before it began.") from error

    async def _follow(self, client: Client, prediction: Prediction, request: Request, call: Call) -> Result:
        key, interval, told = _key(call.secrets), self._interval, 0
        while prediction.status not in ("succeeded", "failed", "canceled"):
            if (progress := prediction.progress) and progress.current > told:
                told = progress.current
                await call.progress(min(progress.current, progress.total), progress.total)
            await asyncio.sleep(interval)
            interval = min(interval * 1.3, max(_SLOWEST, self._interval))
            prediction = await self._ask(client, prediction.id, key)
        if prediction.status == "canceled":
            raise Cancelled
        if prediction.status == "failed":
            from .wire import failure

            raise failure(prediction.error or "The model failed.")
        return await self._result(prediction, request, key)

    async def _result(self, prediction: Prediction, request: Request, key: str) -> Result:
        from .wire import belongs

        urls = prediction.output if isinstance(prediction.output, list) else [prediction.output]
        produced = []
        seeded = "seed" in {capability.value for capability in request.model.capabilities}
        for index, url in enumerate(urls):
            if not isinstance(url, str):
                raise ProviderError("The service answered with something else than pictures.")
            headers = {"Authorization": f"Bearer {key}"} if belongs(url, self._url) else None
            # One seed makes all pictures of a prediction: only the first can be made again alone.
            seed = request.seed if seeded and index == 0 else None
            produced.append(await self._downloads.fetch(url, headers=headers, seed=seed))
        cost = request.model.price.credits * len(produced) / CREDITS_PER_DOLLAR
        return Result(tuple(produced), cost)


def _key(secrets: Mapping[str, str]) -> str:
    if not (key := secrets.get("api_key")):
        raise NotConfigured
    return key


def _inputs(place: Place, request: Request) -> dict[str, Any]:
    """A prediction's inputs but for its pictures. Raises `BadRequest`."""
    model, operation = request.model, request.operation
    capabilities = {capability.value for capability in model.capabilities}
    if operation.value not in capabilities:
        raise BadRequest(f"{model.name} cannot do {operation.value}.")
    names = dict(place.inputs)
    inputs: dict[str, Any] = {
        names.get(name, name): value
        for name, value in request.options.model_dump(mode="json").items()
        if not (name == "strength" and request.inputs.image is None)
    }
    if capabilities & {"text-to-image", "inpaint", "edit"}:
        inputs["prompt"] = request.prompt
    if request.negative_prompt:
        inputs["negative_prompt"] = request.negative_prompt
    if "seed" in capabilities:
        inputs["seed"] = request.seed % _LARGEST_SEED
    if place.format:
        inputs["output_format"] = place.jpeg if request.output_format == "jpeg" else request.output_format
    if place.count:
        inputs[place.count] = request.num_images
    if operation is Operation.TEXT_TO_IMAGE:
        if (request.width, request.height) not in RATIOS:
            raise BadRequest("The size is not one of the model's.")
        inputs["aspect_ratio"] = RATIOS[request.width, request.height]
    elif operation is Operation.EDIT:
        inputs["aspect_ratio"] = "match_input_image"
    elif operation is Operation.UPSCALE and place.scale:
        if request.inputs.scale not in model.scales:
            raise BadRequest(f"{model.name} enlarges {min(model.scales)} to {max(model.scales)} times.")
        inputs["scale"] = request.inputs.scale
    return inputs


def _pictures(place: Place, request: Request) -> dict[str, Picture]:
    """The pictures of a prediction by the names of its inputs. Raises `BadRequest`."""
    if request.operation is Operation.TEXT_TO_IMAGE:
        return {}
    if request.inputs.image is None or place.image is None:
        raise BadRequest(f"{request.operation.value} needs a picture to start from.")
    pictures = {place.image: request.inputs.image}
    if request.operation is Operation.INPAINT:
        if request.inputs.mask is None:
            raise BadRequest("An inpaint needs a mask.")
        pictures["mask"] = request.inputs.mask
    return pictures
