"""Which pictures are meant: the one filter of lists, facets, bulk actions, saved filters and exports."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from easel.base.types import Moment, PlainText

from .tags import Tag

Aspect = Literal["square", "landscape", "portrait"]
SortedBy = Literal["created", "name", "rating", "model", "likes", "size"]
Towards = Literal["asc", "desc"]

_Pixels = Annotated[int, Field(ge=1, le=1_000_000)]
_Stars = Annotated[int, Field(ge=1, le=5)]


class ImageFilter(BaseModel):
    """Which pictures are meant; what is left out is not asked for. An unknown name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: PlainText | None = Field(
        None,
        max_length=500,
        description='Words in title, prompt, tags or notes; `"a phrase"`, `begin*` and `-without` work.',
    )
    model: PlainText | None = Field(None, max_length=200, description="Only pictures of this model.")
    provider: PlainText | None = Field(None, max_length=100, description="Only pictures of this provider.")
    project_id: UUID | Literal["none"] | None = Field(
        None, description="Only pictures of this project; `none` for those in no project."
    )
    collection_id: UUID | Literal["none"] | None = Field(
        None,
        description="Only pictures in this collection, made by hand; `none` for those in no such collection.",
    )
    tags: list[Tag] = Field(
        default_factory=list, max_length=20, description="Tags to look for; see `tags_mode`."
    )
    tags_mode: Literal["all", "any", "none"] = Field(
        "all", description="Whether all the tags, any of them, or none may be on a picture."
    )
    favorite: bool | None = Field(None, description="Only favourites, or only others.")
    rated: bool | None = Field(None, description="Only pictures with a rating, or only those without.")
    rating_min: _Stars | None = Field(None, description="Rated so or better.")
    rating_max: _Stars | None = Field(None, description="Rated so or worse.")
    aspect: Aspect | None = Field(None, description="Only this shape.")
    width_min: _Pixels | None = Field(None, description="So many pixels across or more.")
    width_max: _Pixels | None = Field(None, description="So many pixels across or fewer.")
    height_min: _Pixels | None = Field(None, description="So many pixels down or more.")
    height_max: _Pixels | None = Field(None, description="So many pixels down or fewer.")
    operation: PlainText | None = Field(
        None, max_length=50, description="Only pictures made by this operation."
    )
    created_from: Moment | None = Field(None, description="Made at this time or later.")
    created_to: Moment | None = Field(None, description="Made at this time or earlier.")
    updated_to: Moment | None = Field(None, description="Last changed at this time or earlier.")
    is_public: bool | None = Field(None, description="Only what everyone may see, or only what not.")
    trashed: bool = Field(False, description="The trash instead of the library.")

    def wanted(self) -> ImageFilter:
        """The filter alone, without what a query adds to it."""
        return ImageFilter.model_construct(**{name: getattr(self, name) for name in ImageFilter.model_fields})
