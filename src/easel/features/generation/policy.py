"""From what was asked to what will be run: sizes, seeds, formats and options, checked against the model."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from easel.base.errors import FieldProblem, InvalidInput
from easel.features.catalogue import policy as catalogue
from easel.providers.base import Capability, ImageFormat, Model, Operation, Options, Request

from .models import Generation


@dataclass(frozen=True, slots=True)
class Wish:
    """A request for pictures as it came in; None where the sender said nothing."""

    prompt: str
    negative_prompt: str
    width: int | None
    height: int | None
    size: str | None
    aspect_ratio: str | None
    num_images: int
    seed: int | None
    output_format: str | None
    standard: Mapping[str, Any]
    parameters: Mapping[str, Any]


def plan(model: Model, operation: Operation, wish: Wish, size: tuple[int, int] | None = None) -> Request:
    """What a model will be asked for; the result is of `size` where the operation says so.

    Raises `InvalidInput` with every problem, field by field.
    """
    problems: list[FieldProblem] = []

    def refuse(field: str, message: str, code: str = "not_supported") -> None:
        problems.append(FieldProblem(field, message, code))

    if operation.value not in {capability.value for capability in model.capabilities}:
        refuse("model", f"{model.name} cannot do {operation.value}")
    if len(wish.prompt) > model.max_prompt:
        refuse("prompt", f"{model.name} takes at most {model.max_prompt} characters", "too_long")
    if wish.negative_prompt and Capability.NEGATIVE_PROMPT not in model.capabilities:
        refuse("negative_prompt", f"{model.name} does not take a negative prompt")
    if wish.num_images > model.max_images:
        refuse("num_images", f"{model.name} makes at most {model.max_images} at once", "too_many")
    if wish.seed is not None and Capability.SEED not in model.capabilities:
        refuse("seed", f"{model.name} does not take a seed")
    output_format: ImageFormat = model.formats[0]
    if wish.output_format is not None:
        wanted = "jpeg" if wish.output_format == "jpg" else wish.output_format
        matches = [known for known in model.formats if known == wanted]
        if matches:
            output_format = matches[0]
        else:
            refuse("output_format", f"{model.name} makes: {', '.join(model.formats)}")
    if operation is Operation.TEXT_TO_IMAGE and "strength" in {*wish.standard, *wish.parameters}:
        refuse("strength", "is for what starts from a picture")
    width, height = size or _size(model, wish, refuse)
    options, found = catalogue.read_options(model, wish.standard, wish.parameters)
    problems += found
    if problems or options is None:
        raise InvalidInput("; ".join(f"{p.field}: {p.message}" for p in problems[:5]), errors=tuple(problems))
    return Request(
        model=model,
        operation=operation,
        prompt=wish.prompt,
        negative_prompt=wish.negative_prompt,
        width=width,
        height=height,
        seed=wish.seed if wish.seed is not None else secrets.randbelow(2**32),
        num_images=wish.num_images,
        output_format=output_format,
        options=options,
    )


def stored_parameters(request: Request) -> dict[str, Any]:
    """What a row keeps of a request besides its own columns; `restored` reads it back."""
    options = request.options.model_dump(mode="json")
    if request.operation is Operation.TEXT_TO_IMAGE:
        options.pop("strength", None)
    return {
        "width": request.width,
        "height": request.height,
        "seed": request.seed,
        "output_format": request.output_format,
        **options,
    }


def restored_options(model: Model, parameters: Mapping[str, Any]) -> Options:
    """The options among stored parameters; those that the model has dropped since are left out."""
    known = model.options.model_fields
    return model.options.model_validate({name: value for name, value in parameters.items() if name in known})


def restored(model: Model, row: Generation) -> Request:
    """The request of a stored generation. Raises `ValueError` or `KeyError` when the model takes others now."""
    return Request(
        model=model,
        operation=Operation(row.inputs.get("as") or row.operation),
        prompt=row.prompt,
        negative_prompt=row.negative_prompt,
        width=row.parameters["width"],
        height=row.parameters["height"],
        seed=row.parameters["seed"],
        num_images=row.num_images,
        output_format=row.parameters["output_format"],
        options=restored_options(model, row.parameters),
    )


def carried_over(request: Request, other: Model) -> Request | None:
    """The same request to another model; None where that cannot do all of it, or not as well.

    As well is a grade less at most. Parameters that were left as they are become those of the other model.
    """
    needed = {request.operation.value}
    if request.negative_prompt:
        needed.add(Capability.NEGATIVE_PROMPT.value)
    changed = request.options.model_dump(exclude_defaults=True)
    fits = (
        needed <= {capability.value for capability in other.capabilities}
        and other.quality >= request.model.quality - 1
        and len(request.prompt) <= other.max_prompt
        and request.num_images <= other.max_images
        and request.output_format in other.formats
        and other.sizes.why_not(request.width, request.height) is None
        and changed.keys() <= other.options.model_fields.keys()
    )
    if not fits:
        return None
    try:
        options = other.options.model_validate(changed)
    except ValidationError:
        return None
    return dataclasses.replace(request, model=other, options=options)


def _size(model: Model, wish: Wish, refuse: Any) -> tuple[int, int]:
    said = [
        name
        for name, given in (
            ("size", wish.size is not None),
            ("aspect_ratio", wish.aspect_ratio is not None),
            ("width", wish.width is not None or wish.height is not None),
        )
        if given
    ]
    if len(said) > 1:
        refuse(said[1], f"give either {' or '.join(said)}, not both", "ambiguous")
        return model.sizes.default
    width, height = model.sizes.default
    field = "size"
    if wish.aspect_ratio is not None:
        return catalogue.size_of_ratio(model.sizes, wish.aspect_ratio)
    if wish.size is not None:
        across, down = wish.size.split("x")
        width, height = int(across), int(down)
    elif wish.width is not None or wish.height is not None:
        if wish.width is None or wish.height is None:
            refuse("height" if wish.height is None else "width", "width and height go together", "missing")
            return model.sizes.default
        width, height = wish.width, wish.height
        field = "width" if not model.sizes.minimum <= width <= model.sizes.maximum else "height"
    if reason := model.sizes.why_not(width, height):
        refuse(field, reason, "out_of_range")
    return width, height
