"""Requests for every operation of any model, small, with pictures to start from."""

from __future__ import annotations

from typing import Any

import pyvips

from easel.providers.base import Capability, Inputs, Margins, Model, Operation, Picture, Request
from tests.servers import pictures

SCALE = 2
MARGINS = Margins(left=32, top=0, right=32, bottom=64)
PROMPT = "a red fox in the snow"


def size_of(model: Model) -> tuple[int, int]:
    """A small size that the model takes; not square where it can be helped."""
    tried = (*((256, 192), (512, 384), (768, 512), (1024, 768)), *model.sizes.only[:1])
    return next((size for size in tried if model.sizes.why_not(*size) is None), model.sizes.default)


def request(
    model: Model,
    operation: Operation,
    *,
    prompt: str = PROMPT,
    seed: int = 7,
    images: int = 1,
    **options: Any,
) -> Request:
    """A request for `operation`, complete with what it starts from."""
    width, height = size_of(model)
    source = _picture(width, height)
    inputs = Inputs()
    if operation is not Operation.TEXT_TO_IMAGE:
        inputs = Inputs(image=source)
    if operation is Operation.INPAINT:
        inputs = Inputs(image=source, mask=_mask(width, height))
    elif operation is Operation.OUTPAINT:
        inputs = Inputs(image=source, margins=MARGINS)
        width, height = width + MARGINS.left + MARGINS.right, height + MARGINS.top + MARGINS.bottom
    elif operation is Operation.UPSCALE:
        scale = (model.scales or (SCALE,))[0]
        inputs = Inputs(image=source, scale=scale)
        width, height = width * scale, height * scale
    return Request(
        model=model,
        operation=operation,
        prompt=prompt,
        negative_prompt="blurry" if Capability.NEGATIVE_PROMPT in model.capabilities else "",
        width=width,
        height=height,
        seed=seed,
        num_images=images,
        output_format=model.formats[0],
        options=model.options.model_validate(options),
        inputs=inputs,
    )


def operations(model: Model) -> tuple[Operation, ...]:
    """What the model claims to do."""
    return tuple(operation for operation in Operation if operation.value in model.capabilities)


def _picture(width: int, height: int) -> Picture:
    return Picture(
        pictures.file_of(pictures.paint("a source", 1, width, height), "png"), "png", width, height
    )


def _mask(width: int, height: int) -> Picture:
    """White in the right half."""

    white = pyvips.Image.black(width // 2, height) + 255
    mask = pyvips.Image.black(width, height).insert(white, width - width // 2, 0).cast("uchar")
    data: bytes = mask.copy(interpretation="b-w").pngsave_buffer()
    return Picture(data, "png", width, height)
