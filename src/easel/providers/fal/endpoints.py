"""One of fal's endpoints as data: which of its fields each part of a request goes into."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from ..base import ImageFormat, Inputs, Request
from ..errors import BadRequest

STEPS = {"steps": "num_inference_steps"}
GUIDED = {**STEPS, "guidance": "guidance_scale"}
"""What most models call steps and guidance."""


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model does an operation, and what the fields there are called; None for what it does not take.

    `options` names the model's parameters that it takes, each with fal's name. `pictures`: `image` takes a list.
    `usd` is the price of one of the units that fal bills.
    """

    app: str
    usd: Decimal | None = None
    prompt: bool = True
    negative: bool = False
    size: Literal["image_size", "aspect_ratio", "sides"] | None = "image_size"
    number: str | None = "num_images"
    seed: bool = True
    form: str | None = "output_format"
    image: str | None = None
    pictures: bool = False
    mask: str | None = None
    style_image: str | None = None
    scale: str | None = None
    margins: bool = False
    loras: bool = False
    options: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Uploaded:
    """The addresses of a request's pictures at fal."""

    image: str | None = None
    mask: str | None = None
    style_image: str | None = None


def check(endpoint: Endpoint, inputs: Inputs) -> None:
    """Raises `BadRequest` where a picture that the endpoint needs is missing."""
    if endpoint.image and inputs.image is None:
        raise BadRequest("This needs a picture to start from.")
    if endpoint.mask and inputs.mask is None:
        raise BadRequest("This needs a mask.")
    if endpoint.margins and inputs.margins is None:
        raise BadRequest("This needs the margins by which the picture grows.")


def arguments(endpoint: Endpoint, request: Request, files: Uploaded) -> dict[str, Any]:
    """The arguments of a request, in fal's names and values."""
    sent: dict[str, Any] = dict(endpoint.fixed)
    if endpoint.prompt and request.prompt:
        sent["prompt"] = request.prompt
    if endpoint.negative and request.negative_prompt:
        sent["negative_prompt"] = request.negative_prompt
    sent |= _size(endpoint, request)
    if endpoint.number:
        sent[endpoint.number] = request.num_images
    if endpoint.seed:
        # fal's seeds have 32 bits.
        sent["seed"] = request.seed % 2**32
    if endpoint.form:
        sent[endpoint.form] = _format(request.output_format)
    if endpoint.image and files.image:
        sent[endpoint.image] = [files.image] if endpoint.pictures else files.image
    if endpoint.mask and files.mask:
        sent[endpoint.mask] = files.mask
    if endpoint.style_image and files.style_image:
        sent[endpoint.style_image] = files.style_image
    if endpoint.scale and request.inputs.scale is not None:
        sent[endpoint.scale] = request.inputs.scale
    if endpoint.margins and request.inputs.margins is not None:
        sent |= {f"expand_{side}": n for side, n in dataclasses.asdict(request.inputs.margins).items()}
    return sent | _options(endpoint, request)


def _size(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    if endpoint.size == "image_size":
        return {"image_size": {"width": request.width, "height": request.height}}
    if endpoint.size == "sides":
        return {"width": request.width, "height": request.height}
    if endpoint.size == "aspect_ratio":
        return {"aspect_ratio": RATIOS.get((request.width, request.height), "1:1")}
    return {}


def _options(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    chosen = request.options.model_dump()
    sent: dict[str, Any] = {}
    for name, theirs in endpoint.options.items():
        value = chosen.get(name)
        if value is not None:
            # Tolerances are digits in quotes at fal.
            sent[theirs] = str(value) if theirs == "safety_tolerance" else value
    if endpoint.loras and chosen.get("lora"):
        sent["loras"] = [{"path": chosen["lora"], "scale": chosen["lora_scale"]}]
    return sent


def _format(form: ImageFormat) -> str:
    return form


RATIOS: Mapping[tuple[int, int], str] = {
    (1024, 1024): "1:1",
    (1568, 672): "21:9",
    (1360, 768): "16:9",
    (1184, 880): "4:3",
    (1248, 832): "3:2",
    (832, 1248): "2:3",
    (880, 1184): "3:4",
    (768, 1360): "9:16",
    (672, 1568): "9:21",
}
"""The sizes that stand for the aspect ratios of models that take those: about a megapixel each."""
