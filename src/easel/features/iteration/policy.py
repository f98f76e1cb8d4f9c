"""What each operation needs of a model, and what a picture's own settings add to a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from easel.base.errors import InvalidInput
from easel.features.catalogue.policy import ASPECT_RATIOS
from easel.features.generation.schemas import GenerationSettings
from easel.features.library.models import Image
from easel.providers.base import Capability, Margins, Model, Operation, Sizes

_STANDARD: Final = ("guidance", "steps", "sampler", "style", "quality")
_SIZE: Final = ("width", "height", "size", "aspect_ratio")


def ways(operation: str, *, prompt: str, strength: float | None, styled: bool) -> tuple[Operation, ...]:
    """The ways a model may do what people call `operation`, the best first.

    A variation, for one, is asked of a model that has its own, else made again from the words, or painted over.
    """
    text = (Operation.TEXT_TO_IMAGE,) if prompt else ()
    if operation == "variation":
        if strength is not None:
            return (Operation.IMAGE_TO_IMAGE,)
        return (Operation.VARIATION, *text, Operation.IMAGE_TO_IMAGE)
    if operation == "remix":
        return text if strength is None else (Operation.IMAGE_TO_IMAGE,)
    if operation == "image-to-image" and strength is None:
        return (Operation.IMAGE_TO_IMAGE, Operation.EDIT)
    return (Operation(operation),)


def way(model: Model, wanted: tuple[Operation, ...], *, styled: bool) -> Operation | None:
    """The first of `wanted` that a model can do, or None."""
    if styled and Capability.STYLE_IMAGE not in model.capabilities:
        return None
    can = {capability.value for capability in model.capabilities}
    return next((operation for operation in wanted if operation.value in can), None)


def with_own(settings: GenerationSettings, image: Image, model: Model, *, sized: bool) -> GenerationSettings:
    """`settings` with what they leave open as the picture has it, as far as `model` takes that.

    `sized` takes its size over too, where none is said.
    """
    said = settings.model_dump(exclude_unset=True)
    base: dict[str, Any] = {}
    if image.negative_prompt and Capability.NEGATIVE_PROMPT in model.capabilities:
        base["negative_prompt"] = image.negative_prompt
    parameters: Mapping[str, Any] = image.parameters if image.model_id == model.id else {}
    own = {
        name: value
        for name, value in parameters.items()
        if name in model.options.model_fields and name != "strength" and value is not None
    }
    base |= {name: own.pop(name) for name in _STANDARD if name in own}
    if parameters.get("output_format") in model.formats:
        base["output_format"] = parameters["output_format"]
    if sized and not any(name in said for name in _SIZE):
        base |= {"width": image.width, "height": image.height}
    given = said.pop("parameters", {})
    return GenerationSettings.model_validate(
        {**base, **said, "model": model.id, "parameters": {**own, **given}}
    )


def without_size(settings: GenerationSettings) -> GenerationSettings:
    """The settings of an operation whose result has a size of its own."""
    return settings.model_copy(update=dict.fromkeys(_SIZE))


def grown(image: Image, margins: Margins, ratio: str | None, sizes: Sizes) -> Margins:
    """How far a picture grows at each side: as said, or to a shape. Raises `InvalidInput`.

    Where a model makes only multiples of some pixels, the right and the lower side take what is missing.
    """
    asked = any((margins.left, margins.top, margins.right, margins.bottom))
    if ratio is not None:
        if asked:
            raise InvalidInput.of("aspect_ratio", "give either a shape or margins, not both", "ambiguous")
        margins = _to_ratio(image, *ASPECT_RATIOS[ratio])
        asked = any((margins.left, margins.top, margins.right, margins.bottom))
    if not asked:
        message = (
            "is the picture's shape already"
            if ratio
            else "say how far the picture is to grow, or give aspect_ratio"
        )
        raise InvalidInput.of("aspect_ratio" if ratio else "left", message, "nothing_to_do")
    across = -(image.width + margins.left + margins.right) % sizes.step
    down = -(image.height + margins.top + margins.bottom) % sizes.step
    return Margins(margins.left, margins.top, margins.right + across, margins.bottom + down)


def _to_ratio(image: Image, across: int, down: int) -> Margins:
    wide = max(image.width, round(image.height * across / down))
    high = max(image.height, round(image.width * down / across))
    left, top = (wide - image.width) // 2, (high - image.height) // 2
    return Margins(left, top, wide - image.width - left, high - image.height - top)
