"""Records of what pictures are kept in, made with and judged by."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from easel.base.types import Moment
from easel.features.library.schemas import SortedBy, Towards

from .fields import BigInt, Filter, Json, Name, Record, Settings, Short, Words


class PresetRecord(Record):
    """Settings under a name; `is_default` says whether drafts begin with them."""

    id: UUID
    workspace_id: UUID
    name: Name
    model_id: Short
    parameters: Settings
    is_default: bool
    created_at: Moment
    updated_at: Moment


class ProjectRecord(Record):
    """A project, or a template of one."""

    id: UUID
    workspace_id: UUID
    name: Name
    description: Words
    notes: Words
    category: Short | None
    tags: Annotated[list[Short], Field(max_length=1_000)]
    cover_image_id: UUID | None
    settings: Settings
    preset_id: UUID | None
    is_archived: bool
    is_public: bool
    is_template: bool
    created_at: Moment
    updated_at: Moment


class CollectionRecord(Record):
    """A collection: made by hand, or, with a `filter`, whatever that matches."""

    id: UUID
    workspace_id: UUID
    name: Name
    description: Words
    cover_image_id: UUID | None
    is_public: bool
    filter: Filter | None
    created_at: Moment
    updated_at: Moment


class PlaceRecord(Record):
    """That a picture is in a collection; `position` puts it in order."""

    id: UUID
    collection_id: UUID
    image_id: UUID
    position: BigInt
    added_at: Moment


class SavedFilterRecord(Record):
    """A filter of the gallery under a name."""

    id: UUID
    workspace_id: UUID
    name: Name
    filter: Filter
    sort: SortedBy
    order: Towards
    created_at: Moment
    updated_at: Moment


class SideRecord(Record):
    """One picture of a comparison."""

    place: Literal["left", "right"]
    variant: Annotated[int, Field(ge=0, le=1)]
    generation_id: UUID | None
    prompt: Words
    model_id: Short
    value: Json


class ComparisonRecord(Record):
    """Two pictures that differ in one thing, and the vote on them."""

    id: UUID
    workspace_id: UUID
    round_id: UUID
    number: Annotated[int, Field(gt=0, lt=2**15)]
    varies: Literal["prompt", "model", "setting"]
    setting: Short | None
    blind: bool
    vote: Literal["left", "right", "tie", "both_bad"] | None
    voted_at: Moment | None
    sides: Annotated[list[SideRecord], Field(min_length=2, max_length=2)]
    created_at: Moment
    updated_at: Moment

    @model_validator(mode="after")
    def _fits_together(self) -> ComparisonRecord:
        places, variants = ({getattr(side, name) for side in self.sides} for name in ("place", "variant"))
        if len(places) < 2 or len(variants) < 2:
            raise ValueError("has one side twice")
        if (self.varies == "setting") != (self.setting is not None):
            raise ValueError("names a setting where none varies, or none where one does")
        if (self.vote is None) != (self.voted_at is None):
            raise ValueError("has a vote without its time")
        return self
