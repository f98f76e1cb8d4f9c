"""Google's Gemini image models, by the documented REST protocol.

A request makes one picture; several are as many requests at once. Changes are told in words, with the pictures as
parts of the message: the service takes no masks, keeps no requests and says no seeds.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import httpx
from pydantic import Field

from .base import (
    Call,
    Capability,
    Model,
    Operation,
    Options,
    Picture,
    Produced,
    Request,
    Result,
    Secret,
    Sizes,
)
from .errors import (
    BadRequest,
    ContentRefused,
    NotConfigured,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Unavailable,
)
from .pricing import Price, Rate, dollars
from .transport import Service, retry_after, side_by_side

__all__ = ["Google"]

_SECONDS = 300.0
_MILLION = 1_000_000
_SHAPES: dict[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1376, 768),
    "9:16": (768, 1376),
    "3:2": (1264, 848),
    "2:3": (848, 1264),
    "4:3": (1200, 896),
    "3:4": (896, 1200),
    "5:4": (1152, 928),
    "4:5": (928, 1152),
    "21:9": (1584, 672),
}
"""The shapes that the models make, and the size that each has at 1K."""
SIZES: dict[tuple[int, int], tuple[str, str]] = {
    (width * factor, height * factor): (ratio, f"{factor}K")
    for factor in (1, 2, 4)
    for ratio, (width, height) in _SHAPES.items()
}
"""By size the shape and the scale that make it."""
_REFUSED = ("SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII")
_IN_STYLE = "Take the style of the last picture, not what it shows."
_TEMPERATURE = "How much the model wanders: 0 is the most predictable."


class GeminiOptions(Options):
    """How freely the model reads the prompt."""

    temperature: float = Field(1, ge=0, le=2, title="Temperature", description=_TEMPERATURE)


def _model(
    name: str,
    title: str,
    description: str,
    prices: tuple[str, str, str],
    speed: int,
    quality: int,
    best_use: str,
) -> Model:
    small, middle, large = map(dollars, prices)
    return Model(
        id=f"google/{name}",
        name=title,
        description=description,
        version="1",
        capabilities=frozenset(map(Capability, ("text-to-image", "image-to-image", "edit", "style-image"))),
        options=GeminiOptions,
        sizes=Sizes(minimum=672, maximum=6336, only=tuple(SIZES)),
        formats=("png",),
        price=Price(
            large,
            "image",
            f"{small.normalize():f} credits at 1K, {middle.normalize():f} at 2K, {large.normalize():f} at 4K.",
            table=(Rate(small, max_pixels=1_200_000), Rate(middle, max_pixels=4_800_000)),
        ),
        speed=speed,
        quality=quality,
        best_use=best_use,
        licence="The pictures are yours, within the service's terms; each carries Google's watermark SynthID.",
        documentation_url="https://ai.google.dev/gemini-api/docs/image-generation",
    )


_TOKENS: Mapping[str, tuple[Decimal, Decimal]] = {
    "gemini-3-pro-image": (Decimal(2), Decimal(120)),
    "gemini-nano-banana-2.1": (Decimal("0.5"), Decimal(30)),
}
"""What a million tokens cost in US dollars, in and out."""


class Google:
    """The service at `url`."""

    id: ClassVar[str] = "google"
    title: ClassVar[str] = "Google"
    description: ClassVar[str] = "Gemini image models by Google; needs a key."
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "GEMINI_API_KEY"),)
    models: ClassVar[tuple[Model, ...]] = (
        _model(
            "gemini-3-pro-image",
            "Gemini 3 Pro Image",
            "Google's best: thinks before it draws, writes legible text, up to 4K.",
            ("0.134", "0.134", "0.24"),
            2,
            5,
            "Layouts, diagrams and lettering.",
        ),
        _model(
            "gemini-nano-banana-2.1",
            "Gemini Nano Banana 2.1",
            "Google's fast one: edits told in words, up to 4K.",
            ("0.0336", "0.0504", "0.0756"),
            4,
            4,
            "Quick edits in words.",
        ),
    )
    repeatable: ClassVar[bool] = False
    seats: int | None = 10
    seats_per_worker: int | None = None

    def __init__(self, url: str) -> None:
        self._service = Service(url, seconds=_SECONDS)

    async def check(self, secrets: Mapping[str, str]) -> str:
        """List the models, which costs nothing."""
        key = _key(secrets)
        answer = await self._service.send("GET", "/v1beta/models", headers={"x-goog-api-key": key})
        listed = _body(_good(answer, key)).get("models")
        return f"The key works; {len(listed) if isinstance(listed, list) else 0} models are open to it."

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the pictures; of several each may fail by itself."""
        key = _key(call.secrets)
        body = _asked(request)
        name = request.model.id.partition("/")[2]

        async def one() -> tuple[list[Produced], Decimal]:
            answer = await self._service.send(
                "POST", f"/v1beta/models/{name}:generateContent", headers={"x-goog-api-key": key}, json=body
            )
            told = _body(_good(answer, key))
            return _pictures(told), _cost(name, told)

        came = await side_by_side([one() for _ in range(request.num_images)])
        images = tuple(produced for pictures, _ in came for produced in pictures[:1])
        return Result(images, sum((cost for _, cost in came), Decimal(0)))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Google keeps no requests: always raises `OutcomeUnknown`."""
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: a call that is dropped is all there is."""

    async def close(self) -> None:
        """Let the connections go."""
        await self._service.close()


def _key(secrets: Mapping[str, str]) -> str:
    if not (key := secrets.get("api_key")):
        raise NotConfigured
    return key


def _asked(request: Request) -> dict[str, Any]:
    """The body of a request for one picture. Raises `BadRequest`."""
    model, operation, inputs = request.model, request.operation, request.inputs
    if operation.value not in {capability.value for capability in model.capabilities}:
        raise BadRequest(f"{model.name} cannot do {operation.value}.")
    config: dict[str, str] = {}
    if known := SIZES.get((request.width, request.height)):
        config = {"aspectRatio": known[0], "imageSize": known[1]}
    elif operation is Operation.TEXT_TO_IMAGE:
        raise BadRequest("The size is not one of the model's.")
    words = request.prompt
    if inputs.style_image is not None:
        words += f"\n\n{_IN_STYLE}"
    parts: list[dict[str, Any]] = [{"text": words}]
    if operation is not Operation.TEXT_TO_IMAGE:
        if inputs.image is None:
            raise BadRequest(f"{operation.value} needs a picture to start from.")
        parts.append(_part(inputs.image))
    if inputs.style_image is not None:
        parts.append(_part(inputs.style_image))
    generation: dict[str, Any] = {"responseModalities": ["IMAGE"], **request.options.model_dump(mode="json")}
    if config:
        generation["imageConfig"] = config
    return {"contents": [{"role": "user", "parts": parts}], "generationConfig": generation}


def _part(picture: Picture) -> dict[str, Any]:
    data = base64.b64encode(picture.data).decode()
    return {"inlineData": {"mimeType": f"image/{picture.format}", "data": data}}


def _pictures(told: Mapping[str, Any]) -> list[Produced]:
    """The pictures of an answer; the thoughts on the way are left out. Raises what it says instead."""
    blocked = (told.get("promptFeedback") or {}).get("blockReason")
    if blocked:
        raise ContentRefused(f"The service refused the prompt: {blocked}.")
    found = []
    candidate: Mapping[str, Any] = next(iter(told.get("candidates") or ()), {})
    for part in (candidate.get("content") or {}).get("parts") or ():
        inline = part.get("inlineData") or part.get("inline_data")
        if inline and not part.get("thought"):
            found.append(Produced(_decoded(inline.get("data")), None))
    reason = str(candidate.get("finishReason") or "")
    if not found and any(word in reason for word in _REFUSED):
        raise ContentRefused(
            str(candidate.get("finishMessage") or f"The service refused the picture: {reason}.")
        )
    if not found:
        raise ProviderError(f"The service answered without a picture{f': {reason}' if reason else ''}.")
    return found


def _decoded(data: object) -> bytes:
    try:
        return base64.b64decode(str(data).replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError("The service answered with a picture that cannot be read.") from error


def _cost(name: str, told: Mapping[str, Any]) -> Decimal:
    """What the tokens of an answer cost, in US dollars."""
    usage = told.get("usageMetadata") or {}
    taken, given = _TOKENS[name]
    out = int(usage.get("candidatesTokenCount") or 0) + int(usage.get("thoughtsTokenCount") or 0)
    return (int(usage.get("promptTokenCount") or 0) * taken + out * given) / _MILLION


def _body(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderError("The service answered with something else than a picture.")
    return found


def _good(answer: httpx.Response, key: str) -> httpx.Response:
    """The answer, if it is none of an error. Raises what it says."""
    status = answer.status_code
    if status < 300:
        return answer
    try:
        told = answer.json().get("error") or {}
    except (ValueError, AttributeError):
        told = {}
    said = str(told.get("message") or f"The service answered with {status}.").replace(key, "…")[:1000]
    kinds = {detail.get("reason") for detail in told.get("details") or () if isinstance(detail, dict)}
    if status in (401, 403) or "API_KEY_INVALID" in kinds:
        raise NotConfigured(said)
    if status == 402 or (status == 429 and "billing" in said.lower()):
        raise OutOfCredit(said)
    if status == 429:
        raise RateLimited(said, retry_after=retry_after(answer, _retry_delay(told)))
    if status == 404:
        raise Unavailable(said)
    if status == 503:
        raise Unavailable(said, retry_after=retry_after(answer), taken=False)
    if status in (408, 502, 504):
        raise OutcomeUnknown
    if status >= 500:
        raise Unavailable(said)
    raise BadRequest(said)


def _retry_delay(told: Mapping[str, Any]) -> float | None:
    """The wait among an error's details, such as ``"17s"``."""
    for detail in told.get("details") or ():
        delay = str(detail.get("retryDelay") or "") if isinstance(detail, dict) else ""
        try:
            return float(delay.removesuffix("s"))
        except ValueError:
            continue
    return None
