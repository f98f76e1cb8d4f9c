"""What is said of pictures, one or many, and what comes of saying it of many."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from easel.base.types import PlainText

from .filters import ImageFilter, SortedBy, Towards
from .tags import Tag, visible

MOST_TAGS = 50
"""So many tags may a picture have."""
MOST_IDS = 10_000


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _lines(text: str) -> str:
    return "\n".join(visible(line.replace("\t", " ")).rstrip() for line in text.splitlines()).strip("\n")


Line = Annotated[PlainText, AfterValidator(_line)]
"""One line of text, of which nothing is invisible."""
Lines = Annotated[PlainText, AfterValidator(_lines)]
"""Text of several lines, of which nothing is invisible."""


def unique(tags: list[str]) -> list[str]:
    """The tags in their order, each once."""
    return list(dict.fromkeys(tags))


Tags = Annotated[list[Tag], AfterValidator(unique)]


class Body(BaseModel):
    """Base of request bodies: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class ImageChanges(Body):
    """What to change of a picture's record; what is absent stays as it is, null clears."""

    title: Line | None = Field(None, max_length=200, description="Its title.")
    alt_text: Lines | None = Field(
        None, max_length=2000, description="What it shows, for those who cannot see it."
    )
    notes: Lines | None = Field(None, max_length=10_000, description="The owner's notes.")
    tags: Tags | None = Field(None, max_length=MOST_TAGS, description="All its tags.")
    rating: int | None = Field(None, strict=True, ge=1, le=5, description="1 to 5.")
    is_favorite: bool | None = Field(None, strict=True, description="Whether it is a favourite.")
    is_public: bool | None = Field(None, strict=True, description="Whether everyone may see it.")
    project_id: UUID | None = Field(None, description="The project to put it into; null takes it out.")

    def said(self) -> dict[str, Any]:
        """The values that were said, null as the column has nothing."""
        empty: dict[str, Any] = {"alt_text": "", "tags": [], "is_favorite": False, "is_public": False}
        values = {name: getattr(self, name) for name in self.model_fields_set}
        for name, value in values.items():
            if value is None or value == "":
                values[name] = empty.get(name)
        return values


class FavoriteIn(Body):
    """Whether a picture is a favourite; without a body that changes to the opposite."""

    favorite: bool = Field(strict=True, description="Whether it is a favourite.")


class VisibilityIn(Body):
    """Whether everyone may see a picture; without a body that changes to the opposite."""

    public: bool = Field(strict=True, description="Whether everyone may see it.")


class RatingIn(Body):
    """How good a picture is."""

    rating: int | None = Field(strict=True, ge=1, le=5, description="1 to 5; null takes the rating away.")


class Selection(Body):
    """Which pictures: these, or all that a filter matches."""

    ids: list[UUID] | None = Field(None, min_length=1, max_length=MOST_IDS, description="These pictures.")
    filter: ImageFilter | None = Field(None, description="All pictures that the filter matches.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Selection:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("say either ids or filter")
        return self


class MoveIn(Selection):
    """Pictures, and the project to put them into."""

    project_id: UUID | None = Field(description="The project; null takes them out of theirs.")


class TagIn(Selection):
    """Pictures, and tags to put on them and to take off."""

    add: Tags = Field(default_factory=list, max_length=MOST_TAGS, description="Tags to put on.")
    remove: Tags = Field(default_factory=list, max_length=MOST_TAGS, description="Tags to take off.")

    @model_validator(mode="after")
    def _something(self) -> TagIn:
        if not self.add and not self.remove:
            raise ValueError("say tags to add or to remove")
        if set(self.add) & set(self.remove):
            raise ValueError("the same tag is to be added and removed")
        return self


class FavoritesIn(Selection):
    """Pictures, and whether they are favourites."""

    favorite: bool = Field(strict=True, description="Whether they are favourites.")


class NotChanged(BaseModel):
    """A picture that was not changed."""

    id: UUID = Field(description="The image's id.")
    code: str = Field(description="The name of the reason, for programs.")
    message: str = Field(description="The reason, in words.")


class BulkOut(BaseModel):
    """What became of a change to many pictures."""

    changed: int = Field(description="How many pictures it changed; those that were so already do not count.")
    failed: list[NotChanged] = Field(description="Those that it could not change.")
    job_id: UUID | None = Field(
        None,
        description="The background job that makes the change, where there are many; its `result` is like this.",
    )
    undo_id: UUID | None = Field(
        None,
        description="What takes the change back: `POST /images/undo/{undo_id}`; null if nothing changed.",
    )


class SavedFilterIn(Body):
    """A filter to keep under a name."""

    name: Line = Field(min_length=1, max_length=100, description="Its name, unique in the workspace.")
    filter: ImageFilter = Field(description="The filter.")
    sort: SortedBy = Field("created", description="What to order by.")
    order: Towards = Field("desc", description="Which end comes first.")


class SavedFilterOut(BaseModel):
    """A filter that the workspace keeps."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    filter: dict[str, Any] = Field(description="The filter, as `GET /images` and bulk actions take it.")
    sort: SortedBy = Field(description="What to order by.")
    order: Towards = Field(description="Which end comes first.")


class SavedFilters(BaseModel):
    """The filters that the workspace keeps, by name."""

    items: list[SavedFilterOut] = Field(description="The filters.")
    next_cursor: Literal[None] = Field(None, description="Always null: all are here.")


class TagCount(BaseModel):
    """A tag in use."""

    tag: str = Field(description="The tag.")
    count: int = Field(description="On how many pictures outside the trash it is.")


class TagCounts(BaseModel):
    """Tags in use, the most frequent first."""

    items: list[TagCount] = Field(description="The tags.")
