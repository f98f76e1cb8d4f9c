"""The records of a take-out, version 2; `docs/howto/take-out.md` describes the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import Moment, PlainText, storable
from easel.features.generation.schemas import GenerationSettings
from easel.features.library.schemas import ImageFilter, SortedBy, Towards
from easel.providers.base import Operation
from easel.providers.edits import MOST_STEPS, EditStep

FORMAT: Final = "easel-take-out"
VERSION: Final = 2
MANIFEST: Final = "manifest.json"
PROFILE: Final = "records/profile.json"

_DEEPEST: Final = 20

R = TypeVar("R", bound=BaseModel)


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


def _settings(value: dict[str, Any]) -> dict[str, Any]:
    GenerationSettings.model_validate(value)
    return value


def _filter(value: dict[str, Any]) -> dict[str, Any]:
    ImageFilter.model_validate(value)
    return value


Words = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(storable)]
Short = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(storable)]
Facts = Annotated[dict[str, Any], AfterValidator(_json)]
Credits = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BigInt = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Pixels = Annotated[int, Field(ge=0, le=65_535)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
FileName = Annotated[str, StringConstraints(max_length=500)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True, populate_by_name=True)


class ImageRecord(_Record):
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


class MarginsRecord(_Record):
    """How far a picture was to grow at each side, in pixels."""

    left: Pixels = 0
    top: Pixels = 0
    right: Pixels = 0
    bottom: Pixels = 0


class InputsRecord(_Record):
    """What a generation started from. Pictures are named by the SHA-256 of their bytes."""

    asked: Operation | None = Field(None, alias="as", validation_alias="as")
    image_hash: Sha256 | None = None
    style_image_id: UUID | None = None
    style_image_hash: Sha256 | None = None
    mask_id: UUID | None = None
    scale: Annotated[int, Field(gt=0, le=64)] | None = None
    margins: MarginsRecord | None = None
    edits: Annotated[list[EditStep], Field(max_length=MOST_STEPS)] = []
    base_id: UUID | None = None


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


class VersionRecord(_Record):
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


class MaskRecord(_Record):
    """Where a picture was to change: white in the one-band PNG at `file`."""

    id: UUID
    image_id: UUID
    file: FileName
    content_hash: Sha256
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    created_at: Moment
    updated_at: Moment


class LineageRecord(_Record):
    """Which picture came from which, those included that are gone."""

    id: UUID
    parent_id: UUID | None
    root_id: UUID
    operation: Short
    created_at: Moment


class PresetRecord(_Record):
    """Settings under a name; `is_default` says whether drafts begin with them."""

    id: UUID
    workspace_id: UUID
    name: Name
    model_id: Short
    parameters: Annotated[Facts, AfterValidator(_settings)]
    is_default: bool
    created_at: Moment
    updated_at: Moment


class ProjectRecord(_Record):
    """A project, or a template of one."""

    id: UUID
    workspace_id: UUID
    name: Name
    description: Words
    notes: Words
    category: Short | None
    tags: Annotated[list[Short], Field(max_length=1_000)]
    cover_image_id: UUID | None
    settings: Annotated[Facts, AfterValidator(_settings)]
    preset_id: UUID | None
    is_archived: bool
    is_public: bool
    is_template: bool
    created_at: Moment
    updated_at: Moment


class CollectionRecord(_Record):
    """A collection: made by hand, or, with a `filter`, whatever that matches."""

    id: UUID
    workspace_id: UUID
    name: Name
    description: Words
    cover_image_id: UUID | None
    is_public: bool
    filter: Annotated[Facts, AfterValidator(_filter)] | None
    created_at: Moment
    updated_at: Moment


class PlaceRecord(_Record):
    """That a picture is in a collection; `position` puts it in order."""

    id: UUID
    collection_id: UUID
    image_id: UUID
    position: BigInt
    added_at: Moment


class SavedFilterRecord(_Record):
    """A filter of the gallery under a name."""

    id: UUID
    workspace_id: UUID
    name: Name
    filter: Annotated[Facts, AfterValidator(_filter)]
    sort: SortedBy
    order: Towards
    created_at: Moment
    updated_at: Moment


class LedgerRecord(_Record):
    """A movement of a workspace's credits; for reading: credits cannot be carried from one studio to another."""

    id: UUID
    workspace_id: UUID
    cause: str
    available: Decimal
    reserved: Decimal
    available_after: Decimal | None
    generation_id: UUID | None
    reason: str | None
    created_at: datetime


class ApiKeyRecord(_Record):
    """An API key; for reading: of the key itself only a hash is kept, and that is not told."""

    id: UUID
    workspace_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


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


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """A file of records, one a line; take-outs have it since a `version`. `counted` as the manifest calls them."""

    counted: str
    kind: type[R]
    since: int = 2

    @property
    def path(self) -> str:
        """Where it lies in the ZIP."""
        return f"records/{self.counted}.json"


IMAGES: Final = Listing("images", ImageRecord, since=1)
GENERATIONS: Final = Listing("generations", GenerationRecord, since=1)
VERSIONS: Final = Listing("versions", VersionRecord)
MASKS: Final = Listing("masks", MaskRecord)
LINEAGE: Final = Listing("lineage", LineageRecord)
PRESETS: Final = Listing("presets", PresetRecord)
PROJECTS: Final = Listing("projects", ProjectRecord)
COLLECTIONS: Final = Listing("collections", CollectionRecord)
PLACES: Final = Listing("places", PlaceRecord)
SAVED_FILTERS: Final = Listing("saved_filters", SavedFilterRecord)
WORKSPACES: Final = Listing("workspaces", WorkspaceRecord, since=1)
LEDGER: Final = Listing("ledger", LedgerRecord)
API_KEYS: Final = Listing("api_keys", ApiKeyRecord)

BROUGHT_IN: Final = (
    *(IMAGES, GENERATIONS, VERSIONS, MASKS, LINEAGE, PRESETS, PROJECTS, COLLECTIONS, PLACES, SAVED_FILTERS),
)
"""The lists that an import reads; the others are for people."""

LISTINGS: Final = (*BROUGHT_IN, WORKSPACES, LEDGER, API_KEYS)
"""All lists."""


class ManifestFile(BaseModel):
    """One file of the ZIP besides the manifest."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Manifest(BaseModel):
    """What is in the ZIP. It is the last file there: only then all hashes are known."""

    format: Literal["easel-take-out"] = FORMAT
    version: Literal[1, 2] = VERSION
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
