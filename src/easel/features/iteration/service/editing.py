"""Edits and versions: the studio's own operations on a picture's untouched pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter

from easel.base.errors import InvalidInput
from easel.core.work import Work
from easel.features.catalogue import queries as catalogue
from easel.features.generation.schemas import GenerationSettings
from easel.features.generation.service.answer import Planned
from easel.features.generation.service.inputs import ADJUSTED, Sources
from easel.features.generation.service.submit import plan_with
from easel.features.library import service as library
from easel.features.library.models import Image
from easel.providers.base import Operation
from easel.providers.edits import MOST_STEPS, DoesNotFit, EditStep, Rotate, size_after

from ..errors import NoModelFor

_STEPS: TypeAdapter[tuple[EditStep, ...]] = TypeAdapter(tuple[EditStep, ...])


@dataclass(frozen=True, slots=True)
class Base:
    """The file that a picture's edits start from, and those that it has already."""

    key: str
    width: int
    height: int
    format: str
    version_id: UUID | None = None
    steps: tuple[EditStep, ...] = ()


async def plan(work: Work, image: Image, steps: Sequence[EditStep]) -> Planned:
    """An edit as a request to the built-in engine. Raises `InvalidInput`, `NoModelFor`."""
    offer = await catalogue.offer(work)
    model = next((each for each in offer.models if Operation.ADJUST.value in each.capabilities), None)
    if model is None:
        raise NoModelFor("This studio has no engine for edits.")
    base = await _base(work, image)
    stack = (*base.steps, *steps)
    if len(stack) > MOST_STEPS:
        message = f"the picture would have {len(stack)} edits; at most {MOST_STEPS}. Restore a version first."
        raise InvalidInput.of("steps", message, "too_many")
    try:
        size = size_after(stack, base.width, base.height)
    except DoesNotFit as error:
        index = error.index - len(base.steps)
        raise InvalidInput.of(f"steps.{index}", str(error), "outside") from error
    if why := model.sizes.why_not(*size):
        raise InvalidInput.of(
            "steps", f"the result would have {size[0]} × {size[1]} pixels: {why}", "too_large"
        )
    turned = any(isinstance(step, Rotate) and step.degrees % 90 for step in stack)
    output = base.format if base.format in model.formats and not turned else "png"
    settings = GenerationSettings.model_validate({"output_format": output})
    request = plan_with(model, settings, Operation.ADJUST, prompt=image.prompt[: model.max_prompt], size=size)
    sources = Sources(
        operation=ADJUSTED,
        image_id=image.id,
        image_key=base.key,
        edits=stack,
        base_id=base.version_id,
    )
    return Planned(request, sources)


async def _base(work: Work, image: Image) -> Base:
    if image.version_id is None:
        return Base(image.file_path, image.width, image.height, image.format)
    shown = await library.versions.one(work, image.id, image.version_id)
    steps = _STEPS.validate_python(shown.steps)
    base = await library.versions.one(work, image.id, shown.base_id) if shown.base_id else shown
    return Base(base.file_path, base.width, base.height, base.format, base.id, steps)
