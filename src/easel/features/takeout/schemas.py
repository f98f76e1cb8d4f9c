"""The records of a take-out, version 1; `docs/howto/take-out.md` describes the format."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import Moment, PlainText, storable

FORMAT: Final = "easel-take-out"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
PROFILE: Final = "records/profile.json"
WORKSPACES: Final = "records/workspaces.json"
IMAGES: Final = "records/images.json"
GENERATIONS: Final = "records/generations.json"

_DEEPEST: Final = 20


def _json(value: Any, depth: int = 0) -> Any:
    """`value`, if PostgreSQL can keep it as JSON: valid text in every place, and not nested without end."""
    if depth > _DEEPEST:
        raise ValueError("is nested too deeply")
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            storable(key)
            _json(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _json(item, depth + 1)
    elif isinstance(value, float) and value - value != 0:
        raise ValueError("holds a number without an end")
    return value


Words = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(storable)]
Short = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(storable)]
Facts = Annotated[dict[str, Any], AfterValidator(_json)]
Credits = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BigInt = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True, populate_by_name=True)


class ImageRecord(_Record):
    """A picture: `file` is where its original lies in the ZIP; null when the studio had lost it."""

    id: UUID
    workspace_id: UUID
    project_id: UUID | None
    generation_id: UUID | None
    parent_image_id: UUID | None
    file: Annotated[str, StringConstraints(max_length=500)] | None
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
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None


class GenerationRecord(_Record):
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
    scheduled_at: Moment | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment
    updated_at: Moment


class WorkspaceRecord(_Record):
    """A workspace that the user belongs to, and their level there."""

    id: UUID
    name: str
    kind: str
    level: int
    created_at: datetime


class ProfileRecord(_Record):
    """The account. It is for the reader: an import leaves the account that it goes into as it is."""

    id: UUID
    email: str
    name: str
    role: str
    subscription_tier: str
    email_verified: bool
    preferences: dict[str, Any]
    created_at: datetime
    last_login: datetime | None


class ManifestFile(BaseModel):
    """One file of the ZIP besides the manifest."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(BaseModel):
    """What is in the ZIP. It is the last file there: only then all hashes are known."""

    format: Literal["easel-take-out"] = FORMAT
    version: Literal[1] = VERSION
    easel: PlainText
    created_at: Moment
    counts: dict[str, int]
    missing: list[UUID] = Field(description="Pictures whose originals the studio had lost.")
    files: list[ManifestFile]


class ImportStarted(BaseModel):
    """An import that a worker takes up."""

    job_id: UUID = Field(description="Follow it at `GET /api/jobs/{job_id}`.")
    images: int = Field(description="How many pictures the take-out holds, by its own count.")
    links: dict[str, str] = Field(description="`self`: the job.")
