"""Bodies of the iteration routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import PlainText, storable
from easel.features.generation.schemas import GenerateIn, GenerationSettings, Status
from easel.providers.base import MAX_PROMPT
from easel.providers.edits import EditStep

LONGEST_MASK = 24_000_000
"""Characters of a mask as a data URL."""
WIDEST = 16_384

Strength = Annotated[
    float | None,
    Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="How much is changed: 0 gives the picture back, 1 leaves nothing of it.",
    ),
]
Words = Annotated[str, StringConstraints(max_length=MAX_PROMPT), AfterValidator(storable)]


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty: say what the pictures should show")
    return value


class VariationIn(GenerationSettings):
    """Another one like it: its settings with a new seed, or, with `strength`, painted over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"num_images": 4}]})

    strength: Strength


class RemixIn(GenerateIn):
    """Its settings with another prompt; its seed too, if none is said. With `strength` it is painted over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"prompt": "a red fox in a wheat field"}]})

    strength: Strength


class ImageToImageIn(GenerateIn):
    """A picture painted over after a prompt, if wished in the style of a second one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"image_id": "0190a5c0-0000-7000-8000-000000000000", "prompt": "in autumn", "strength": 0.5}
            ]
        }
    )

    image_id: UUID = Field(description="The picture to start from.")
    strength: Strength
    style_image_id: UUID | None = Field(None, description="A second picture whose style is taken over.")


class InpaintIn(GenerateIn):
    """A part of a picture made anew."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"prompt": "a blue door", "mask": "data:image/png;base64,iVBORw0KGgo="}]
        }
    )

    mask: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MASK)] = Field(
        description=(
            "White where the picture is to change, black where it stays, of its size: a PNG as a data URL, the id of "
            "a mask that was used before, or the id of an image."
        )
    )
    strength: Strength


class OutpaintIn(GenerationSettings):
    """A picture that grows beyond its edges: by so many pixels, or to a shape."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"left": 128, "right": 128}]})

    prompt: Words | None = Field(None, description="What is around it; its own prompt if absent.")
    left: int = Field(0, ge=0, le=WIDEST, description="Pixels to add on the left.")
    top: int = Field(0, ge=0, le=WIDEST, description="Pixels to add above.")
    right: int = Field(0, ge=0, le=WIDEST, description="Pixels to add on the right.")
    bottom: int = Field(0, ge=0, le=WIDEST, description="Pixels to add below.")


class _OnePicture(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model: Annotated[PlainText, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="The model's id; one that can do it if absent."
    )
    output_format: Literal["png", "jpeg", "jpg", "webp", "avif"] | None = Field(
        None, description="File format; the model's own if absent."
    )
    parameters: dict[str, Any] = Field(default_factory=dict, description="The model's own parameters.")


class UpscaleIn(_OnePicture):
    """A picture made larger."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"scale": 2}]})

    scale: Literal[2, 4, 8] = Field(2, description="How many times as wide and high.")


class RemoveBackgroundIn(_OnePicture):
    """A picture's subject on transparency."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class EditIn(BaseModel):
    """Simple edits, one after the other. They make a new version of the picture, from its untouched pixels."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"steps": [{"op": "rotate", "degrees": 90}, {"op": "brightness", "amount": 0.2}]},
            ]
        },
    )

    steps: list[EditStep] = Field(min_length=1, max_length=50, description="What to do, in this order.")


class IterationEstimateIn(GenerationSettings):
    """What would be made of a picture, for its price."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"operation": "upscale", "scale": 4}]})

    operation: Literal[
        "variation", "remix", "image-to-image", "inpaint", "outpaint", "upscale", "remove-background"
    ] = Field(description="What is to be done.")
    strength: Strength
    scale: Literal[2, 4, 8] = Field(2, description="Of an upscale.")
    left: int = Field(0, ge=0, le=WIDEST, description="Of an outpaint.")
    top: int = Field(0, ge=0, le=WIDEST, description="Of an outpaint.")
    right: int = Field(0, ge=0, le=WIDEST, description="Of an outpaint.")
    bottom: int = Field(0, ge=0, le=WIDEST, description="Of an outpaint.")


class ReplayIn(BaseModel):
    """A branch made again with another prompt, another model, or both."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"prompt": "a grey wolf in the snow"}]}
    )

    prompt: Annotated[Words, StringConstraints(min_length=1), AfterValidator(_said)] | None = Field(
        None,
        description="Takes the place of the first picture's prompt, also where that is a part of a later step's.",
    )
    model: Annotated[PlainText, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="The model that makes every step; each keeps its own if absent."
    )
    keep_models: bool = Field(
        False, strict=True, description="Whether a step that the model cannot do keeps its own."
    )


class ReplayStepOut(BaseModel):
    """One step of a replay."""

    image_id: UUID = Field(description="The picture that is made again.")
    after: int | None = Field(
        description="The place of the step that it waits for, from 0; null for the first."
    )
    operation: str = Field(description="What it does.")
    model: str = Field(description="The model that makes it.")
    prompt: str = Field(description="Its prompt.")
    credits: float = Field(description="What it costs.")


class ReplayEstimateOut(BaseModel):
    """What a replay would do and cost."""

    steps: list[ReplayStepOut] = Field(description="Its steps; each comes after the one it waits for.")
    credits: float = Field(description="Credits in all.")
    billing: bool = Field(description="Whether credits are charged in this studio.")
    available: float | None = Field(description="Credits that can be spent; null where none are charged.")
    affordable: bool = Field(description="Whether they suffice.")


class ReplayRunOut(ReplayStepOut):
    """One step of a replay, and how it stands."""

    generation_id: UUID = Field(description="The generation that makes it.")
    status: Status = Field(description="Where it stands.")
    error: str | None = Field(description="Why it failed, if it did.")


class ReplayOut(BaseModel):
    """A replay and how it stands."""

    id: UUID = Field(description="The replay's id.")
    steps: list[ReplayRunOut] = Field(description="Its steps, in their order.")
    finished: bool = Field(description="Whether every step has ended.")


class NodeOut(BaseModel):
    """A picture in its family."""

    id: UUID = Field(description="The picture's id.")
    parent_id: UUID | None = Field(description="The picture that it came from.")
    operation: str = Field(description="How it came from it.")
    thumbnail: str | None = Field(description="A thumbnail; null when the picture was purged.")
    created_at: datetime = Field(description="When it was made.")
    is_favorite: bool = Field(description="Whether it is a favourite.")
    deleted: bool = Field(description="Whether it is in the trash or purged.")
    purged: bool = Field(description="Whether nothing but its place is left.")
    prompt: str | None = Field(description="Its prompt.")
    model: str | None = Field(description="The model that made it.")
    width: int | None = Field(description="Pixels across.")
    height: int | None = Field(description="Pixels down.")


class TreeOut(BaseModel):
    """A family of pictures, oldest first."""

    root_id: UUID = Field(description="The picture that all others came from.")
    nodes: list[NodeOut] = Field(description="The pictures; a parent comes before its children.")
    truncated: bool = Field(description="Whether there are more than are listed.")


class VersionOut(BaseModel):
    """A version of a picture."""

    id: UUID = Field(description="The version's id.")
    number: int = Field(description="1 is the picture as it came.")
    current: bool = Field(description="Whether the picture shows it now.")
    steps: list[dict[str, Any]] = Field(description="The edits that made it, from `base_id`'s file.")
    base_id: UUID | None = Field(description="The version whose file the edits start from.")
    width: int = Field(description="Pixels across.")
    height: int = Field(description="Pixels down.")
    format: str = Field(description="The file's format.")
    file_size: int = Field(description="Bytes of the file.")
    url: str = Field(description="The file.")
    created_at: datetime = Field(description="When it was made.")


class VersionList(BaseModel):
    """A picture's versions."""

    items: list[VersionOut] = Field(description="Newest first; empty while it was never edited.")


class MaskOut(BaseModel):
    """A mask that was used on a picture."""

    id: UUID = Field(description="The mask's id; send it as `mask` to use it again.")
    width: int = Field(description="Pixels across.")
    height: int = Field(description="Pixels down.")
    url: str = Field(description="The mask as a PNG.")
    used_at: datetime = Field(description="When it was last used.")


class MaskList(BaseModel):
    """A picture's masks."""

    items: list[MaskOut] = Field(description="Last used first; the newest fifty.")
