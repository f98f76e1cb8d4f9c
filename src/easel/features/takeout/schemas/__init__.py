"""The records of a take-out, version 2; `docs/howto/take-out.md` describes the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from easel.base.types import Moment, PlainText

from .arranging import (
    CollectionRecord,
    ComparisonRecord,
    PlaceRecord,
    PresetRecord,
    ProjectRecord,
    SavedFilterRecord,
    SideRecord,
)
from .fields import Sha256
from .pictures import (
    GenerationRecord,
    ImageRecord,
    InputsRecord,
    LineageRecord,
    MaskRecord,
    VersionRecord,
)
from .told import (
    ApiKeyRecord,
    AuditRecord,
    LedgerRecord,
    ProfileRecord,
    UsageRecord,
    WorkspaceRecord,
)

__all__ = (
    "ApiKeyRecord",
    "AuditRecord",
    "CollectionRecord",
    "ComparisonRecord",
    "GenerationRecord",
    "ImageRecord",
    "InputsRecord",
    "LedgerRecord",
    "LineageRecord",
    "MaskRecord",
    "PlaceRecord",
    "PresetRecord",
    "ProfileRecord",
    "ProjectRecord",
    "SavedFilterRecord",
    "SideRecord",
    "UsageRecord",
    "VersionRecord",
    "WorkspaceRecord",
)

FORMAT: Final = "easel-take-out"
VERSION: Final = 2
MANIFEST: Final = "manifest.json"
PROFILE: Final = "records/profile.json"
AVATAR: Final = "avatar.webp"

R = TypeVar("R", bound=BaseModel)


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
COMPARISONS: Final = Listing("comparisons", ComparisonRecord)
SAVED_FILTERS: Final = Listing("saved_filters", SavedFilterRecord)
WORKSPACES: Final = Listing("workspaces", WorkspaceRecord, since=1)
LEDGER: Final = Listing("ledger", LedgerRecord)
API_KEYS: Final = Listing("api_keys", ApiKeyRecord)
USAGE: Final = Listing("usage", UsageRecord)
AUDIT: Final = Listing("audit", AuditRecord)

BROUGHT_IN: Final = (
    *(IMAGES, GENERATIONS, VERSIONS, MASKS, LINEAGE, COMPARISONS),
    *(PRESETS, PROJECTS, COLLECTIONS, PLACES, SAVED_FILTERS),
)
"""The lists that an import reads; the others are for people."""

LISTINGS: Final = (*BROUGHT_IN, WORKSPACES, LEDGER, USAGE, API_KEYS, AUDIT)
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
