"""Stability AI's image services, by HTTP: there is no official client.

A request makes one picture; several are as many requests at once, with seeds one apart. Only the creative upscaler
answers with an id that can be followed, by another process too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import httpx

from ..base import Call, Model, Operation, Picture, Produced, Request, Result, Secret
from ..errors import (
    BadRequest,
    ContentRefused,
    NotConfigured,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Unavailable,
)
from ..pricing import CREDITS_PER_DOLLAR
from ..transport import Service, retry_after, side_by_side
from .models import ENDPOINTS, MODELS, RATIOS, Endpoint

__all__ = ["Stability"]

_SECONDS = 300.0
_LARGEST_SEED = 4_294_967_294
_FIELDS = {"guidance": "cfg_scale", "style": "style_preset"}
_PAUSE_AFTER_LIMIT = 60.0
"""How long the service shuts out who asks too often."""


class Stability:
    """The service at `url`; a request that is followed is asked about every `interval` seconds."""

    id: ClassVar[str] = "stability"
    title: ClassVar[str] = "Stability AI"
    description: ClassVar[str] = "Stable Image and Stable Diffusion by Stability AI; needs a key."
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "STABILITY_API_KEY"),)
    models: ClassVar[tuple[Model, ...]] = MODELS
    repeatable: ClassVar[bool] = False
    seats: int | None = 20
    seats_per_worker: int | None = None

    def __init__(self, url: str, *, interval: float = 10.0) -> None:
        self._service = Service(url, seconds=_SECONDS)
        self._interval = interval

    async def check(self, secrets: Mapping[str, str]) -> str:
        """Ask for the balance, which costs nothing."""
        key = _key(secrets)
        answer = await self._service.send(
            "GET", "/v1/user/balance", headers={"authorization": f"Bearer {key}"}
        )
        credits = _json(_good(answer, key)).get("credits")
        if not isinstance(credits, int | float):
            raise ProviderError("The service answered with something else than a balance.")
        return f"The key works; {credits:g} of the service's credits are left."

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the pictures; of several each may fail by itself."""
        key = _key(call.secrets)
        endpoint = ENDPOINTS[request.model.id]
        fields, files = _asked(endpoint, request)
        if endpoint.keeps:
            answer = await self._post(key, endpoint, fields | _seed(request, 0), files, "application/json")
            request_id = _json(answer).get("id")
            if not isinstance(request_id, str):
                raise ProviderError("The service answered without an id.")
            await call.accepted(request_id)
            return await self._follow(key, request_id, request)

        async def one(index: int) -> Produced:
            answer = await self._post(key, endpoint, fields | _seed(request, index), files, "image/*")
            return _produced(answer, request, index)

        came = await side_by_side([one(index) for index in range(request.num_images)])
        return Result(tuple(came), _cost(request, len(came)))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Follow a request that the service keeps, for a day."""
        return await self._follow(_key(call.secrets), request_id, request)

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: the service stops nothing that it has begun."""

    async def close(self) -> None:
        """Let the connections go."""
        await self._service.close()

    async def _post(
        self,
        key: str,
        endpoint: Endpoint,
        fields: Mapping[str, str],
        files: Mapping[str, Picture],
        accept: str,
    ) -> httpx.Response:
        # The service wants forms in parts always, also those without files.
        parts: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
        for name, picture in files.items():
            parts[name] = (f"{name}.{picture.format}", picture.data, f"image/{picture.format}")
        answer = await self._service.send(
            "POST",
            f"/v2beta/stable-image/{endpoint.path}",
            headers={"authorization": f"Bearer {key}", "accept": accept},
            files=parts,
        )
        return _good(answer, key)

    async def _follow(self, key: str, request_id: str, request: Request) -> Result:
        while True:
            try:
                answer = await self._service.send(
                    "GET",
                    f"/v2beta/results/{request_id}",
                    headers={"authorization": f"Bearer {key}", "accept": "image/*"},
                )
            except ProviderError as error:
                # Asking costs nothing: the next try goes on from here.
                raise Unavailable(error.detail) from error
            if answer.status_code == 404:
                raise ProviderError("The service does not know the request any more.")
            if answer.status_code == 429:
                raise Unavailable("The service is asked too often.", retry_after=_PAUSE_AFTER_LIMIT)
            if answer.status_code != 202:
                return Result((_produced(_good(answer, key), request, 0),), _cost(request, 1))
            await asyncio.sleep(self._interval)


def _key(secrets: Mapping[str, str]) -> str:
    if not (key := secrets.get("api_key")):
        raise NotConfigured
    return key


def _asked(endpoint: Endpoint, request: Request) -> tuple[dict[str, str], dict[str, Picture]]:
    """The fields and files of a request. Raises `BadRequest`."""
    model, operation, inputs = request.model, request.operation, request.inputs
    if operation.value not in {capability.value for capability in model.capabilities}:
        raise BadRequest(f"{model.name} cannot do {operation.value}.")
    fields: dict[str, str] = {"output_format": request.output_format}
    for name, value in request.options.model_dump(mode="json").items():
        if name == "target":
            fields[str(endpoint.target)] = value
        elif not (name == "style" and value == "none") and not (name == "strength" and inputs.image is None):
            fields[_FIELDS.get(name, name)] = str(value)
    if request.prompt and endpoint.path not in ("edit/erase", "edit/remove-background", "upscale/fast"):
        fields["prompt"] = request.prompt
    if request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if endpoint.variant:
        fields["model"] = endpoint.variant
        fields["mode"] = "image-to-image" if inputs.image else "text-to-image"
    if operation is Operation.TEXT_TO_IMAGE:
        if (request.width, request.height) not in RATIOS:
            raise BadRequest("The size is not one of the model's.")
        return fields | {"aspect_ratio": RATIOS[request.width, request.height]}, {}
    if inputs.image is None:
        raise BadRequest(f"{operation.value} needs a picture to start from.")
    files = {"image": inputs.image}
    if operation is Operation.INPAINT:
        if inputs.mask is None:
            raise BadRequest("An inpaint needs a mask.")
        files["mask"] = inputs.mask
    elif operation is Operation.OUTPAINT:
        if inputs.margins is None:
            raise BadRequest("An outpaint needs to know how far to go.")
        margins = inputs.margins
        sides = {"left": margins.left, "right": margins.right, "up": margins.top, "down": margins.bottom}
        fields |= {name: str(pixels) for name, pixels in sides.items()}
    elif operation is Operation.UPSCALE:
        if model.scales and inputs.scale not in model.scales:
            raise BadRequest(f"{model.name} enlarges by {' or '.join(map(str, model.scales))} only.")
        if "prompt" not in fields and endpoint.path != "upscale/fast":
            raise BadRequest(f"{model.name} wants a few words about what the picture shows.")
    return fields, files


def _seed(request: Request, index: int) -> dict[str, str]:
    """The seed of a picture in the service's range; 0 would mean any."""
    if "seed" not in {capability.value for capability in request.model.capabilities}:
        return {}
    return {"seed": str((request.seed + index) % _LARGEST_SEED + 1)}


def _produced(answer: httpx.Response, request: Request, index: int) -> Produced:
    if answer.headers.get("finish-reason") == "CONTENT_FILTERED":
        raise ContentRefused("The service found the picture against its rules and blurred it.")
    if not answer.headers.get("content-type", "").startswith("image/"):
        raise ProviderError("The service answered with something else than a picture.")
    seeded = "seed" in {capability.value for capability in request.model.capabilities}
    return Produced(answer.content, request.seed + index if seeded else None)


def _cost(request: Request, pictures: int) -> Decimal:
    """What the service takes: it says so nowhere but in its price list."""
    return request.model.price.credits * pictures / CREDITS_PER_DOLLAR


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _good(answer: httpx.Response, key: str) -> httpx.Response:
    """The answer, if it is none of an error. Raises what it says."""
    status = answer.status_code
    if status < 300:
        return answer
    said = _json(answer)
    listed = said.get("errors")
    words = "; ".join(map(str, listed)) if isinstance(listed, list) else str(said.get("message") or "")
    detail = (words or f"The service answered with {status}.").replace(key, "…")[:1000]
    if said.get("name") == "content_moderation":
        raise ContentRefused(detail)
    if status in (401, 403):
        raise NotConfigured(detail)
    if status == 402:
        raise OutOfCredit(detail)
    if status == 429:
        raise RateLimited(detail, retry_after=retry_after(answer, _PAUSE_AFTER_LIMIT))
    if status == 503:
        raise Unavailable(detail, retry_after=retry_after(answer), taken=False)
    if status in (408, 502, 504):
        raise OutcomeUnknown
    if status >= 500:
        raise Unavailable(detail)
    raise BadRequest(detail)
