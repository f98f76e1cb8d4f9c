"""From a wish about a picture to a request that a model can take."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from easel.base.errors import InvalidInput
from easel.core.work import Work
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.policy import size_like
from easel.features.generation.schemas import GenerationSettings
from easel.features.generation.service.answer import Planned
from easel.features.generation.service.inputs import Sources
from easel.features.generation.service.submit import plan_with
from easel.features.library import queries as library
from easel.features.library.errors import ImageNotFound
from easel.features.library.models import Image
from easel.features.projects import queries as projects
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.providers.base import Margins, Model, Operation

from .. import policy
from ..errors import NoModelFor, SourceInTrash

_SIZED = (Operation.TEXT_TO_IMAGE, Operation.VARIATION)
"""Operations whose result has the size that one asks for, the picture's own if one asks for none."""
_OWN_STRENGTH = 0.6


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants of a picture. `prompt` None takes the picture's own."""

    operation: str
    settings: GenerationSettings
    prompt: str | None = None
    strength: float | None = None
    style_image_id: UUID | None = None
    mask_id: UUID | None = None
    scale: int | None = None
    margins: Margins | None = None


async def source(work: Work, image_id: UUID, field: str | None = None) -> Image:
    """A picture to start from. Raises `ImageNotFound` (`InvalidInput` for a `field` of the body), `SourceInTrash`."""
    try:
        image = await library.get_image(work, image_id)
    except ImageNotFound:
        if field is None:
            raise
        raise InvalidInput.of(field, "is not an image that you can see", "image_not_found") from None
    if image.deleted_at is not None:
        raise SourceInTrash
    return image


async def plan(work: Work, image: Image, wish: Wish) -> Planned:
    """The request that fulfils a wish.

    Raises `InvalidInput`, `ModelNotFound`, `ModelUnavailable`, `ProviderKeyMissing`, `NoModelFor`.
    """
    prompt = image.prompt if wish.prompt is None else wish.prompt
    styled = wish.style_image_id is not None
    wanted = policy.ways(wish.operation, prompt=prompt, strength=wish.strength, styled=styled)
    model, operation = _chosen(await catalogue.offer(work), image, wish, wanted, styled=styled)
    settings = policy.with_own(wish.settings, image, model, sized=operation in _SIZED)
    size, margins = _size(model, operation, image, wish)
    if size is not None:
        settings = policy.without_size(settings)
    elif operation in _SIZED and settings.width and settings.height and settings.size is None:
        wide, high = size_like(model.sizes, settings.width, settings.height)
        if "width" not in wish.settings.model_fields_set:
            settings = settings.model_copy(update={"width": wide, "height": high})
    if wish.operation == "remix" and "seed" not in wish.settings.model_fields_set:
        settings = settings.model_copy(update={"seed": image.seed})
    strength = wish.strength
    if strength is None and wish.operation == "variation" and operation is Operation.IMAGE_TO_IMAGE:
        strength = _OWN_STRENGTH if "strength" in model.options.model_fields else None
    request = plan_with(model, settings, operation, prompt=prompt, size=size, strength=strength)
    style = await source(work, wish.style_image_id, "style_image_id") if wish.style_image_id else None
    starts = operation is not Operation.TEXT_TO_IMAGE
    sources = Sources(
        operation=wish.operation,
        image_id=image.id,
        image_key=image.file_path if starts else None,
        style_image_id=style.id if style else None,
        style_image_key=style.file_path if style else None,
        mask_id=wish.mask_id,
        scale=wish.scale,
        margins=margins,
    )
    return Planned(request, sources, await _project(work, image))


async def _project(work: Work, image: Image) -> UUID | None:
    """The project of the picture, if it takes more."""
    if image.project_id is None:
        return None
    try:
        return (await projects.require_open(work, image.project_id)).id
    except (ProjectNotFound, ProjectArchived, ProjectIsTemplate):
        return None


def _chosen(
    offer: catalogue.Offer, image: Image, wish: Wish, wanted: tuple[Operation, ...], *, styled: bool
) -> tuple[Model, Operation]:
    """The model that was asked for, else the picture's own, the studio's default, or the first that can do it."""
    name = wish.operation + (" with a second image's style" if styled else "")
    able = [
        model
        for model in offer.models
        if _usable(offer, model)
        and policy.way(model, wanted, styled=styled)
        and (wish.scale is None or not model.scales or wish.scale in model.scales)
    ]
    if wish.settings.model is not None:
        model = offer.usable(wish.settings.model)
        operation = policy.way(model, wanted, styled=styled)
        if operation is None:
            those = ", ".join(other.id for other in able) or "none in this studio"
            message = f"{model.name} cannot do {name}; these can: {those}"
            raise InvalidInput.of("model", message, "not_supported")
        return model, operation
    first = (image.model_id, offer.studio.settings.default_model)
    for model in sorted(able, key=lambda each: first.index(each.id) if each.id in first else len(first)):
        operation = policy.way(model, wanted, styled=styled)
        assert operation is not None
        return model, operation
    raise NoModelFor(f"No model of this studio can do {name}. Ask who runs it to add one.")


def _usable(offer: catalogue.Offer, model: Model) -> bool:
    return offer.ready(model) and offer.out_of_reach(model) is None and offer.missing_key(model) is None


def _size(
    model: Model, operation: Operation, image: Image, wish: Wish
) -> tuple[tuple[int, int] | None, Margins | None]:
    """The size of the result where the operation says it, and how far the picture grows."""
    wide, high = image.width, image.height
    if operation is Operation.OUTPAINT:
        margins = policy.grown(image, wish.margins or Margins(), wish.settings.aspect_ratio, model.sizes)
        wide += margins.left + margins.right
        high += margins.top + margins.bottom
        _require(model, wide, high, "aspect_ratio" if wish.settings.aspect_ratio else "left")
        return (wide, high), margins
    if operation is Operation.UPSCALE:
        scale = wish.scale or 2
        if model.scales and scale not in model.scales:
            message = f"{model.name} enlarges by {' or '.join(map(str, model.scales))} only"
            raise InvalidInput.of("scale", message, "not_supported")
        _require(model, wide * scale, high * scale, "scale")
        return (wide * scale, high * scale), None
    if operation is Operation.REMOVE_BACKGROUND:
        _require(model, wide, high, "image")
        return (wide, high), None
    if operation is Operation.INPAINT:
        return size_like(model.sizes, wide, high), None
    said = {"width", "height", "size", "aspect_ratio"} & wish.settings.model_fields_set
    if operation is Operation.IMAGE_TO_IMAGE and not said:
        return size_like(model.sizes, wide, high), None
    return None, None


def _require(model: Model, width: int, height: int, field: str) -> None:
    if why := model.sizes.why_not(width, height):
        message = f"the result would have {width} × {height} pixels; for {model.name}: {why}"
        raise InvalidInput.of(field, message, "out_of_range")
