"""Simple edits as data: what a crop or a turn is, and the size that a stack of them leaves.

A stack is applied from its first step to its last, always to the untouched picture, so that pixels are encoded
once however often a picture is edited.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[
    float, Field(ge=-1, le=1, allow_inf_nan=False, description="From −1 to 1; 0 changes nothing.")
]

MOST_STEPS = 100
"""Steps in a stack, those of earlier edits included."""


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Crop(_Step):
    """A rectangle of the picture, in pixels from its top left corner."""

    op: Literal["crop"] = Field(description="Which step this is.")
    x: int = Field(ge=0, le=65_535, description="Pixels from the left edge.")
    y: int = Field(ge=0, le=65_535, description="Pixels from the upper edge.")
    width: int = Field(ge=1, le=65_535, description="Pixels across.")
    height: int = Field(ge=1, le=65_535, description="Pixels down.")


class Rotate(_Step):
    """Turned clockwise; by other than right angles the picture grows and its corners are transparent."""

    op: Literal["rotate"] = Field(description="Which step this is.")
    degrees: float = Field(ge=-360, le=360, allow_inf_nan=False, description="Degrees clockwise.")


class Straighten(_Step):
    """Turned clockwise by a little, and cropped to the largest upright rectangle of the same shape."""

    op: Literal["straighten"] = Field(description="Which step this is.")
    degrees: float = Field(ge=-45, le=45, allow_inf_nan=False, description="Degrees clockwise.")


class Flip(_Step):
    """Mirrored: left and right changed over for `horizontal`, above and below for `vertical`."""

    op: Literal["flip"] = Field(description="Which step this is.")
    axis: Literal["horizontal", "vertical"] = Field(description="Along which axis things move.")


class Tone(_Step):
    """Light, contrast, colour or sharpness. Saturation −1 is grey; sharpness below 0 blurs."""

    op: Literal["brightness", "contrast", "saturation", "sharpness"] = Field(
        description="Which step this is."
    )
    amount: Amount


EditStep = Annotated[Crop | Rotate | Straighten | Flip | Tone, Field(discriminator="op")]


class DoesNotFit(ValueError):
    """A step asks for something outside the picture. `index` is its place in the stack."""

    def __init__(self, index: int, message: str) -> None:
        self.index = index
        super().__init__(message)


def size_after(steps: Sequence[EditStep], width: int, height: int) -> tuple[int, int]:
    """The size in pixels that a picture of width × height has after `steps`. Raises `DoesNotFit`."""
    for index, step in enumerate(steps):
        if isinstance(step, Crop):
            if step.x + step.width > width or step.y + step.height > height:
                raise DoesNotFit(
                    index,
                    f"{step.width} × {step.height} at {step.x}, {step.y} is not inside "
                    f"the picture, which has {width} × {height} pixels there",
                )
            width, height = step.width, step.height
        elif isinstance(step, Rotate):
            width, height = turned_size(width, height, step.degrees)
        elif isinstance(step, Straighten):
            width, height = inscribed_size(width, height, step.degrees)
    return width, height


def turned_size(width: int, height: int, degrees: float) -> tuple[int, int]:
    """The upright box around a rectangle turned by `degrees`."""
    if degrees % 180 == 0:
        return width, height
    if degrees % 90 == 0:
        return height, width
    angle = math.radians(degrees)
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    return round(width * cos + height * sin), round(width * sin + height * cos)


def inscribed_size(width: int, height: int, degrees: float) -> tuple[int, int]:
    """The largest upright rectangle of the same shape that fits into a rectangle turned by `degrees`."""
    angle = math.radians(abs(degrees))
    cos, sin = math.cos(angle), math.sin(angle)
    scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
