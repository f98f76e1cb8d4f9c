"""Records of pictures, of what they are made by and what they come from."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from easel.base.types import Moment
from easel.providers.base import Operation
from easel.providers.edits import MOST_STEPS, EditStep

from .fields import BigInt, Credits, Facts, FileName, Pixels, Record, Seconds, Sha256, Short, Words


class ImageRecord(Record):
    """A picture: `file` is where its original lies in the ZIP; null when the studio had lost it."""

    id: UUID
    workspace_id: UUID
    project_id: UUID | None
    generation_id: UUID | None
    parent_image_id: UUID | None
    file: FileName | None
    content_hash: Sha256
    format: Short
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    file_size: Annotated[int, Field(ge=0)]
    operation: Short
    prompt: Words
    negative_prompt: Words
    model_id: Short
    model_version: Short
    parameters: Facts
    seed: BigInt | None
    generation_time: Seconds | None
    cost_credits: Credits
    title: Words | None
    alt_text: Words
    notes: Words | None
    tags: Annotated[list[Short], Field(max_length=1_000)]
    rating: Annotated[int, Field(ge=1, le=5)] | None
    is_favorite: bool
    is_public: bool
    facts: Facts = Field(alias="metadata", validation_alias="metadata")
    version_id: UUID | None = None
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None


class MarginsRecord(Record):
    """How far a picture was to grow at each side, in pixels."""

    left: Pixels = 0
    top: Pixels = 0
    right: Pixels = 0
    bottom: Pixels = 0


class InputsRecord(Record):
    """What a generation started from. Pictures are named by the SHA-256 of their bytes."""

    asked: Operation | None = Field(None, alias="as", validation_alias="as")
    image_hash: Sha256 | None = None
    style_image_id: UUID | None = None
    style_image_hash: Sha256 | None = None
    mask_id: UUID | None = None
    scale: Annotated[int, Field(gt=0, le=64)] | None = None
    margins: MarginsRecord | None = None
    edits: list[EditStep] = Field(default_factory=list, max_length=MOST_STEPS)
    base_id: UUID | None = None


class GenerationRecord(Record):
    """A request for pictures, and how it ended."""

    id: UUID
    workspace_id: UUID
    project_id: UUID | None
    operation: Short
    prompt: Words
    negative_prompt: Words
    model_id: Short
    model_version: Short
    parameters: Facts
    num_images: Annotated[int, Field(gt=0, le=1_000)]
    status: Literal["pending", "processing", "completed", "failed", "cancelled"]
    retry_count: Annotated[int, Field(ge=0, le=1_000_000)]
    error_code: Short | None
    error_message: Words | None
    cost_credits: Credits
    batch_id: UUID | None = None
    parent_image_id: UUID | None = None
    inputs: InputsRecord = InputsRecord()
    failover: bool = False
    asked_model_id: Short | None = None
    model_reason: Words | None = None
    scheduled_at: Moment | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment
    updated_at: Moment


class VersionRecord(Record):
    """One state of an edited picture; `file` is null when the studio had lost it."""

    id: UUID
    image_id: UUID
    number: Annotated[int, Field(gt=0, lt=2**31)]
    base_id: UUID | None
    steps: Annotated[list[EditStep], Field(max_length=MOST_STEPS)]
    generation_id: UUID | None
    file: FileName | None
    content_hash: Sha256
    format: Short
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    file_size: Annotated[int, Field(ge=0)]
    created_at: Moment
    updated_at: Moment


class MaskRecord(Record):
    """Where a picture was to change: white in the one-band PNG at `file`."""

    id: UUID
    image_id: UUID
    file: FileName
    content_hash: Sha256
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    created_at: Moment
    updated_at: Moment


class LineageRecord(Record):
    """Which picture came from which, those included that are gone."""

    id: UUID
    parent_id: UUID | None
    root_id: UUID
    operation: Short
    created_at: Moment
