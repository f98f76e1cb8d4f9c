"""Bodies of the routes of collections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import Label, PlainText
from easel.core.http.paging import Page
from easel.features.library.schemas import ImageFilter

Ids = Annotated[list[UUID], Field(min_length=1, max_length=1000)]
_ABOUT_FILTER = "What makes it a smart collection: it shows whatever matches, the newest first."


class CollectionFields(BaseModel):
    """What people say of a collection; of what is absent nothing changes, and null clears."""

    model_config = ConfigDict(extra="forbid")

    description: Annotated[PlainText, StringConstraints(max_length=2000)] | None = Field(
        None, description="What it is for."
    )
    cover_image_id: UUID | None = Field(
        None, description="The picture that stands for it; null for the first."
    )
    is_public: bool = Field(
        False, strict=True, description="Whether everyone may see it, or its workspace alone."
    )


class CollectionIn(CollectionFields):
    """A new collection."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Foxes"}]})

    name: Label = Field(description="What it is called: one line.")
    filter: ImageFilter | None = Field(None, description=_ABOUT_FILTER)


class CollectionChangeIn(CollectionFields):
    """What to change; what is absent stays as it is, and null clears. A smart collection stays one."""

    name: Label = Field(default_factory=str, description="What it is called; absent, it stays.")
    filter: ImageFilter = Field(default_factory=ImageFilter, description=_ABOUT_FILTER + " Absent, it stays.")


class PlacedIn(BaseModel):
    """Which pictures to put in, and where."""

    model_config = ConfigDict(extra="forbid")

    ids: Ids = Field(description="The pictures' ids, in the order in which they are to stand.")
    after: UUID | None = Field(
        None, description="The picture to follow; null for the beginning; absent: the end."
    )


class RemovedIn(BaseModel):
    """Which pictures to take out."""

    model_config = ConfigDict(extra="forbid")

    ids: Ids = Field(description="The pictures' ids.")


class ReorderIn(BaseModel):
    """A new order. Pictures that are not in the collection any more are left out of account."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ids": []}]})

    ids: Annotated[list[UUID], Field(max_length=10_000)] = Field(
        description="Pictures of the collection in their new order."
    )
    after: UUID | None = Field(
        None,
        description="The picture that they are to follow, as one block; null for the beginning. Absent, the "
        "pictures share the places that they have now.",
    )


class CollectionOut(BaseModel):
    """A collection."""

    id: UUID = Field(description="The collection's id.")
    user_id: UUID | None = Field(description="Who began it; null once their account is gone.")
    name: str = Field(description="What it is called.")
    description: str = Field(description="What it is for.")
    cover_image_id: UUID | None = Field(description="The picture that was chosen to stand for it.")
    cover_url: str | None = Field(description="A thumbnail of the chosen cover, else of the first picture.")
    previews: list[str] = Field(description="Thumbnails of its first pictures, at most four.")
    is_public: bool = Field(description="Whether everyone may see it.")
    filter: ImageFilter | None = Field(
        description="What a smart collection shows; null for one made by hand."
    )
    image_count: int = Field(description="How many pictures it shows.")
    created_at: datetime = Field(description="When it was begun.")
    updated_at: datetime = Field(description="When it, or what was put into it, last changed.")


class CollectionPage(Page[CollectionOut]):
    """One page of collections."""
