"""What a generation starts from: kept as references on its row, read from the store when an attempt begins."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.library import service as library
from easel.features.library.errors import MaskNotFound
from easel.media.fitting import fitted, on_white
from easel.media.redraw import Recipe
from easel.providers.base import Inputs, Margins, Operation, Picture, Request
from easel.providers.edits import EditStep
from easel.providers.errors import BadRequest
from easel.storage.errors import FileMissing

_WHOLE = (Operation.UPSCALE, Operation.REMOVE_BACKGROUND, Operation.ADJUST)
"""Operations that take the picture with every pixel and its transparency."""
_IN_PART = (Operation.INPAINT, Operation.OUTPAINT)
"""Operations that leave some of the picture as it is."""
_LARGEST = (4096, 4096)
"""Larger pictures to paint over are made smaller on their way to the model."""
TRAIL = "trail"
"""Beside the references, the trail of the request that asked for it: the job comes with the seat, maybe much later."""
_STEPS: TypeAdapter[tuple[EditStep, ...]] = TypeAdapter(tuple[EditStep, ...])


@dataclass(frozen=True, slots=True)
class Sources:
    """References to what a generation starts from.

    `operation` is what people call it, where the model is asked for something else: a remix is made from text.
    The keys are those of originals in the store. `base_id` is the version that an edit's steps start from.
    """

    operation: str
    image_id: UUID | None = None
    image_key: str | None = None
    style_image_id: UUID | None = None
    style_image_key: str | None = None
    mask_id: UUID | None = None
    scale: int | None = None
    margins: Margins | None = None
    edits: tuple[EditStep, ...] = ()
    base_id: UUID | None = None

    def stored(self, operation: Operation) -> dict[str, Any]:
        """As the row keeps it."""
        kept: dict[str, Any] = {
            "as": operation.value if operation.value != self.operation else None,
            "image_key": self.image_key,
            "style_image_id": self.style_image_id and str(self.style_image_id),
            "style_image_key": self.style_image_key,
            "mask_id": self.mask_id and str(self.mask_id),
            "scale": self.scale,
            "margins": self.margins
            and {name: getattr(self.margins, name) for name in ("left", "top", "right", "bottom")},
            "edits": [step.model_dump(mode="json") for step in self.edits],
            "base_id": self.base_id and str(self.base_id),
        }
        return {name: value for name, value in kept.items() if value}


TEXT = Sources("text-to-image")
ADJUSTED = "edit"
"""What people call an adjustment: it makes no other picture, but another version of the one it begins with."""


async def loaded(studio: Studio, actor: Actor, request: Request, stored: Mapping[str, Any]) -> Request:
    """The request with the pictures that its row refers to. Raises `BadRequest` when one is gone."""
    if not stored:
        return request
    size = (request.width, request.height)
    margins = Margins(**stored["margins"]) if "margins" in stored else None
    if margins is not None:
        size = (size[0] - margins.left - margins.right, size[1] - margins.top - margins.bottom)
    image = mask = style = None
    try:
        if key := stored.get("image_key"):
            image = await _picture(studio, key, request.operation, size)
        if key := stored.get("style_image_key"):
            style = await _picture(studio, key, Operation.IMAGE_TO_IMAGE, size)
        if mask_id := stored.get("mask_id"):
            async with studio.work(actor) as work:
                kept = await library.masks.one(work, UUID(mask_id))
            data = await asyncio.to_thread(fitted, kept.data, *size)
            mask = Picture(data, "png", *size)
    except (FileMissing, MaskNotFound) as error:
        raise BadRequest("A picture that it starts from is not in the studio any more.") from error
    return replace(
        request,
        inputs=Inputs(
            image=image,
            mask=mask,
            style_image=style,
            scale=stored.get("scale"),
            margins=margins,
            edits=_STEPS.validate_python(stored.get("edits", [])),
        ),
    )


async def _picture(studio: Studio, key: str, operation: Operation, size: tuple[int, int]) -> Picture:
    """A picture upright, in sRGB and eight bits, as PNG; of the exact size where it is changed in part."""
    within = None if operation in (*_WHOLE, *_IN_PART) else _LARGEST
    drawn = await studio.isolated.redraw(
        io.BytesIO(await studio.storage.get(key)), Recipe("png", within=within)
    )
    data, width, height = drawn.data, drawn.width, drawn.height
    if operation in _IN_PART and (width, height) != size:
        data, (width, height) = await asyncio.to_thread(fitted, data, *size), size
    if operation not in _WHOLE:
        data = await asyncio.to_thread(on_white, data)
    return Picture(data, "png", width, height)
