"""Bodies of the catalogue routes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from easel.providers.base import Capability, ImageFormat


class CostOut(BaseModel):
    """What a picture costs."""

    credits: float = Field(description="Credits per unit.")
    unit: str = Field(description="What the price counts: image, megapixel, second or step.")
    explanation: str = Field(description="The price in words.")
    free: bool = Field(description="Whether nothing that it makes costs anything.")


class SizesOut(BaseModel):
    """The picture sizes that a model takes, in pixels."""

    minimum: int = Field(description="Least width and height.")
    maximum: int = Field(description="Largest width and height.")
    step: int = Field(description="Width and height are multiples of this.")
    max_pixels: int | None = Field(description="Most pixels in all, if that is limited.")
    only: list[tuple[int, int]] = Field(description="The only sizes allowed; empty when any in range is.")
    aspect_ratios: dict[str, tuple[int, int]] = Field(
        description="Width and height of each named aspect ratio."
    )


class ModelOut(BaseModel):
    """A model that can make pictures."""

    id: str = Field(description="`provider/model`.")
    provider: str = Field(description="The provider's id.")
    provider_name: str = Field(description="The provider as people know it.")
    name: str = Field(description="The model as people know it.")
    description: str = Field(description="What it is.")
    category: str = Field(description="What kind of model it is.")
    version: str = Field(description="Its version.")
    capabilities: list[Capability] = Field(description="What it can do.")
    parameters: dict[str, Any] = Field(description="JSON Schema of its own parameters.")
    defaults: dict[str, Any] = Field(description="Default values of these parameters.")
    sizes: SizesOut = Field(description="The sizes it takes.")
    formats: list[ImageFormat] = Field(description="The file formats it makes; the first is the default.")
    max_images: int = Field(description="Most pictures in one request.")
    max_prompt: int = Field(description="Most characters of a prompt.")
    cost: CostOut = Field(description="What it costs.")
    speed: int = Field(description="Speed, from 1 (slow) to 5.")
    quality: int = Field(description="Quality, from 1 to 5.")
    best_use: str = Field(description="What it is best for.")
    licence: str = Field(description="The licence of what it makes.")
    documentation_url: str | None = Field(description="Where its maker documents it.")
    featured: bool = Field(description="Whether it is shown first.")
    active: bool = Field(description="Whether it is switched on.")
    available: bool = Field(description="Whether it can be used now.")
    unavailable_reason: str | None = Field(description="Why it cannot be used now, and what to do.")


class ModelList(BaseModel):
    """The models of this studio."""

    items: list[ModelOut] = Field(description="The models, featured ones first.")
    default: str = Field(description="The model used where a request names none.")


class CategoryOut(BaseModel):
    """A kind of model."""

    id: str = Field(description="The category's name.")
    models: int = Field(description="How many models it has.")


class CategoryList(BaseModel):
    """The kinds of models."""

    items: list[CategoryOut] = Field(description="The categories by name.")


class StyleOut(BaseModel):
    """A style preset."""

    id: str = Field(description="The name to send as `style`.")
    name: str = Field(description="The name to show.")
    description: str = Field(description="What it looks like.")
    thumbnail_url: str = Field(description="An example drawn in this style.")


class StyleList(BaseModel):
    """The style presets."""

    items: list[StyleOut] = Field(description="The presets in the order to show them.")
