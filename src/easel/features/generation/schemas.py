"""Bodies of the generation routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import PlainText, storable
from easel.core.http.paging import Page
from easel.features.library.schemas import ImageOut
from easel.providers.base import MAX_PROMPT, MAX_SEED

Status = Literal["pending", "processing", "completed", "failed", "cancelled"]
AspectRatio = Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9"]


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty: say what the picture should show")
    return value


def _plain_json(value: dict[str, Any]) -> dict[str, Any]:
    for name, part in value.items():
        storable(name)
        if isinstance(part, str):
            storable(part)
    return value


class GenerationSettings(BaseModel):
    """How to make pictures, whatever they show. Parameters that the model does not know are refused by name."""

    model_config = ConfigDict(extra="forbid")

    negative_prompt: Annotated[str, StringConstraints(max_length=MAX_PROMPT), AfterValidator(storable)] = (
        Field("", description="What it should not show, for models that take that.")
    )
    model: Annotated[PlainText, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="The model's id; the studio's default if absent."
    )
    aspect_ratio: AspectRatio | None = Field(
        None, description="A named shape, at about the model's own resolution."
    )
    size: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,4}x[1-9][0-9]{1,4}$")] | None = Field(
        None, description="Width x height in pixels, such as `1024x1024`."
    )
    width: int | None = Field(None, ge=1, le=65_536, description="Pixels across, together with `height`.")
    height: int | None = Field(None, ge=1, le=65_536, description="Pixels down, together with `width`.")
    num_images: int = Field(1, ge=1, le=16, description="How many pictures; the model may allow fewer.")
    seed: int | None = Field(
        None, ge=0, le=MAX_SEED, description="Same seed, same settings: same picture. Random if absent."
    )
    guidance: float | None = Field(None, allow_inf_nan=False, description="How literally to take the prompt.")
    steps: int | None = Field(None, description="How many steps to take.")
    sampler: PlainText | None = Field(
        None, max_length=100, description="The sampler, for models that have several."
    )
    style: PlainText | None = Field(
        None, max_length=100, description="A style preset; GET /api/generate/styles."
    )
    quality: PlainText | None = Field(
        None, max_length=100, description="A quality grade, for models that have some."
    )
    output_format: Literal["png", "jpeg", "jpg", "webp", "avif"] | None = Field(
        None, description="File format; the model's own if absent."
    )
    failover: bool = Field(
        False,
        strict=True,
        description="Whether an equivalent model, for no more than this one's price, may make it when this one is "
        "down.",
    )
    parameters: Annotated[dict[str, Any], AfterValidator(_plain_json)] = Field(
        default_factory=dict, description="The model's own parameters; GET /api/models/{id} has their schema."
    )


class GenerateIn(GenerationSettings):
    """What to make. Parameters that the model does not know are refused by name."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"prompt": "a red fox in the snow at dusk", "aspect_ratio": "3:2"}]},
    )

    prompt: Annotated[
        str,
        StringConstraints(min_length=1, max_length=MAX_PROMPT),
        AfterValidator(storable),
        AfterValidator(_not_blank),
    ] = Field(description="What the picture should show; 1 to 10,000 characters.")
    project_id: UUID | None = Field(None, description="The project that the pictures are for.")


class EstimateIn(GenerateIn):
    """What would be made; a prompt is not needed to know the price."""

    prompt: Annotated[str, StringConstraints(max_length=MAX_PROMPT), AfterValidator(storable)] = Field(
        "", description="What the picture should show; it has no part in the price."
    )


class EstimateOut(BaseModel):
    """What a request would cost; submitted now, it is charged exactly so for the pictures that come."""

    credits: float = Field(description="Credits in all.")
    per_image: float = Field(description="Credits for each picture.")
    num_images: int = Field(description="How many pictures.")
    unit: str = Field(description="What the model's price counts: image, megapixel, second or step.")
    explanation: str = Field(description="The model's price in words.")
    billing: bool = Field(
        description="Whether credits are charged in this studio; if not, it is for information."
    )
    available: float | None = Field(description="Credits that can be spent; null where none are charged.")
    affordable: bool = Field(description="Whether they suffice.")


class ComparedModel(BaseModel):
    """What the last 30 days' pictures would have cost with one model, at its price today."""

    model: str = Field(description="The model's id.")
    name: str = Field(description="The model as people know it.")
    quality: int = Field(description="Its quality, from 1 to 5.")
    credits: float = Field(description="What they would have cost.")


class Tip(BaseModel):
    """A cheaper model of at least the same grade."""

    model: str = Field(description="The model that was used.")
    name: str = Field(description="As people know it.")
    instead: str = Field(description="The model that would have cost less.")
    instead_name: str = Field(description="As people know it.")
    credits: float = Field(description="What the pictures cost at today's price.")
    instead_credits: float = Field(description="What they would have cost.")
    saved_percent: float = Field(description="How many per cent less that is.")


class Comparison(BaseModel):
    """Models compared by what someone really made."""

    images: int = Field(description="Pictures of the last 30 days that the numbers are made of.")
    models: list[ComparedModel] = Field(
        description="The models that can make all of them, the cheapest first."
    )
    tips: list[Tip] = Field(description="What would save credits.")


MOST_AT_ONCE = 1000


class BatchIn(BaseModel):
    """Many requests at once."""

    model_config = ConfigDict(extra="forbid")

    requests: list[GenerateIn] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description="What to make, each as for a single generation."
    )
    partial: bool = Field(
        False, strict=True, description="Accept those that are good although others are not."
    )


class FieldProblemOut(BaseModel):
    """One thing wrong with one field."""

    field: str = Field(description="The field, as a dotted path.")
    message: str = Field(description="What is wrong, in words.")
    code: str = Field(description="What is wrong, for programs.")


class RefusedOut(BaseModel):
    """A request that was not accepted."""

    index: int = Field(description="Its place in the list, from 0.")
    errors: list[FieldProblemOut] = Field(description="What is wrong with it.")


class BatchOut(BaseModel):
    """What became of many requests."""

    batch_id: UUID = Field(description="What the generations have in common.")
    accepted: int = Field(description="How many wait now.")
    generations: list[UUID] = Field(description="Their ids, in the order of the requests.")
    refused: list[RefusedOut] = Field(description="Those left out; empty unless `partial` was asked for.")


class ProgressOut(BaseModel):
    """How far a generation is."""

    step: int = Field(description="Steps done.")
    steps: int = Field(description="Steps in all; 0 while that is not known.")
    percent: int = Field(description="0 to 100.")
    preview_url: str | None = Field(description="The newest preview, while there is one.")


class GenerationError(BaseModel):
    """Why a generation failed."""

    code: str = Field(description="The reason, for programs.")
    message: str = Field(description="The reason in words, the provider's own where there are any.")


class LinksOut(BaseModel):
    """Where to go from here."""

    self: str = Field(description="This generation's state.")
    cancel: str = Field(description="DELETE here cancels it.")
    events: str = Field(description="The stream of events.")


class GenerationOut(BaseModel):
    """A generation and its pictures."""

    id: UUID = Field(description="The generation's id.")
    status: Status = Field(description="Where it stands.")
    operation: str = Field(description="What it does, for example `text-to-image`.")
    model: str = Field(description="The model's id.")
    asked_model: str | None = Field(
        description="The model that was asked for, where another one took over; else null."
    )
    model_reason: str | None = Field(description="Why another one took over.")
    failover: bool = Field(description="Whether another one may take over.")
    prompt: str = Field(description="The prompt.")
    negative_prompt: str = Field(description="What is not wanted.")
    parameters: dict[str, Any] = Field(description="Every parameter, the seed that was chosen included.")
    num_images: int = Field(description="How many pictures were asked for.")
    parent_image_id: UUID | None = Field(description="The picture that it starts from, if any.")
    mask_id: UUID | None = Field(description="The mask of what changes in it, if any.")
    progress: ProgressOut = Field(description="How far it is.")
    position: int | None = Field(description="How many wait before it; null when it does not wait.")
    eta_seconds: float | None = Field(
        description="Estimate of the seconds until it ends; null without a basis."
    )
    waits_until: datetime | None = Field(
        description="When its model is tried again, while that is down and this waits for it; else null."
    )
    retry_count: int = Field(description="How often it was tried again by hand.")
    cost_credits: float = Field(description="What it costs.")
    error: GenerationError | None = Field(description="Why it failed, if it did.")
    images: list[ImageOut] = Field(description="The pictures it made, without those in the trash.")
    created_at: datetime = Field(description="When it was submitted.")
    started_at: datetime | None = Field(description="When its latest attempt began.")
    completed_at: datetime | None = Field(description="When it ended.")
    links: LinksOut = Field(description="Where to go from here.")


class GenerationPage(Page[GenerationOut]):
    """One page of generations."""
