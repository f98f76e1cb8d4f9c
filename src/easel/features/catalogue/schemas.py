"""Bodies of the catalogue routes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from easel.base.types import PlainText
from easel.providers.base import Capability, ImageFormat

Health = Literal["up", "degraded", "down", "unknown"]
Notice = Literal["new", "updated"]


class CostOut(BaseModel):
    """What a picture costs."""

    credits: float = Field(description="Credits per unit.")
    unit: str = Field(description="What the price counts: image, megapixel, second or step.")
    explanation: str = Field(description="The price in words.")
    free: bool = Field(description="Whether nothing that it makes costs anything.")
    declared_credits: float | None = Field(
        description="Credits per unit by its provider, where an administrator has set another price."
    )


class SizesOut(BaseModel):
    """The picture sizes that a model takes, in pixels."""

    default: tuple[int, int] = Field(description="Width and height where a request says nothing.")
    minimum: int = Field(description="Least width and height.")
    maximum: int = Field(description="Largest width and height.")
    step: int = Field(description="Width and height are multiples of this.")
    min_pixels: int | None = Field(None, description="Fewest pixels in all, if that is limited.")
    max_pixels: int | None = Field(description="Most pixels in all, if that is limited.")
    max_ratio: float | None = Field(
        None, description="How many times the shorter side the longer one may be, if that is limited."
    )
    only: list[tuple[int, int]] = Field(description="The only sizes allowed; empty when any in range is.")
    aspect_ratios: dict[str, tuple[int, int]] = Field(
        description="Width and height of each named aspect ratio."
    )


class ModelDetails(BaseModel):
    """What a model takes, makes and costs, and how it compares."""

    provider_name: str = Field(description="The provider as people know it.")
    sizes: SizesOut = Field(description="The sizes it takes.")
    formats: list[ImageFormat] = Field(description="The file formats it makes; the first is the default.")
    max_images: int = Field(description="Most pictures in one request.")
    max_prompt: int = Field(description="Most characters of a prompt.")
    cost: CostOut = Field(description="What it costs.")
    speed: int = Field(description="Speed, from 1 (slow) to 5.")
    quality: int = Field(description="Quality, from 1 to 5.")
    best_use: str = Field(description="What it is best for.")
    recommended: dict[str, Any] = Field(description="Parameters that suit it better than the defaults.")
    licence: str = Field(description="The licence of what it makes.")
    documentation_url: str | None = Field(description="Where its maker documents it.")
    retired: str | None = Field(
        None, description="That its service has ended it, in words; it is listed for what it made."
    )


class ModelOut(ModelDetails):
    """A model that can make pictures."""

    id: str = Field(description="`provider/model`.")
    provider: str = Field(description="The provider's id.")
    name: str = Field(description="The model as people know it.")
    description: str = Field(description="What it is.")
    category: str = Field(description="What kind of model it is.")
    version: str = Field(description="Its version.")
    capabilities: list[Capability] = Field(description="What it can do.")
    parameters: dict[str, Any] = Field(description="JSON Schema of its own parameters.")
    defaults: dict[str, Any] = Field(description="Default values of these parameters.")
    featured: bool = Field(description="Whether it is shown first.")
    active: bool = Field(description="Whether it is switched on.")
    available: bool = Field(description="Whether it can be used now.")
    unavailable_reason: str | None = Field(description="Why it cannot be used now, and what to do.")
    needs_key: bool = Field(
        False, description="Whether a key to its provider is all that you lack to use it."
    )
    down_until: datetime | None = Field(
        description="It is down, and called again then; null while it is called as usual."
    )
    added_at: datetime | None = Field(description="When it came into the studio.")
    updated_at: datetime | None = Field(description="When its declaration last changed.")
    notice: Notice | None = Field(description="What was news about it in the last 30 days.")


class ModelFilter(BaseModel):
    """Which models to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    q: PlainText | None = Field(None, max_length=200, description="Words in its names or description.")
    capability: Capability | None = Field(None, description="Only models that can do this.")
    category: PlainText | None = Field(None, max_length=100, description="Only this kind of model.")
    provider: PlainText | None = Field(None, max_length=100, description="Only this provider's models.")
    featured: bool | None = Field(None, description="Only featured models, or only the others.")
    limit: int = Field(200, ge=1, le=500, description="How many models at most.")
    cursor: str | None = Field(None, max_length=1000, description="The `next_cursor` of the page before.")


class ModelList(BaseModel):
    """The models of this studio."""

    items: list[ModelOut] = Field(description="The models, featured ones first.")
    default: str = Field(description="The model used where a request names none.")
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null on the last one."
    )


class ModelStatsOut(BaseModel):
    """How a model has done lately, over the whole studio."""

    model: str = Field(description="The model's id.")
    days: int = Field(description="The number of days looked at, up to now.")
    generations: int = Field(
        description="Generations that ended, but for cancelled ones; one that was tried again counts each time."
    )
    success_rate: float | None = Field(
        description="The share that brought pictures, from 0 to 1, without those refused for what was asked."
    )
    p50_seconds: float | None = Field(description="Half of the successful ones took at most so long.")
    p95_seconds: float | None = Field(description="95 of 100 successful ones took at most so long.")
    health: Health = Field(description="How it stands by its latest runs.")


class ModelStatsList(BaseModel):
    """How all models have done lately."""

    items: list[ModelStatsOut] = Field(description="The models in the order of their list.")


class ToggleIn(BaseModel):
    """Switching a model."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": False}]})

    active: bool = Field(strict=True, description="Whether it may be used.")


class ModelChangeIn(BaseModel):
    """What to set of a model. Absent changes nothing; null goes back to what its provider declares."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"price": 0.5}]})

    featured: bool | None = Field(None, description="Whether it is shown first.")
    price: Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=4)] | None = Field(
        None, description="Credits per unit, in the place of the declared price and its table."
    )

    @model_validator(mode="after")
    def _says_something(self) -> ModelChangeIn:
        if not self.model_fields_set:
            raise ValueError("say featured or price")
        return self


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
