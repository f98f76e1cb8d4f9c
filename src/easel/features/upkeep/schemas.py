"""Bodies of the routes of upkeep."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from easel.core.http.paging import Page
from easel.features.library.schemas import ImageFilter, ImageOut

MOST_SHOWN = 100
"""So many pictures of a group are shown."""


def _several(ids: list[UUID]) -> list[UUID]:
    unique = list(dict.fromkeys(ids))
    if len(unique) < 2:
        raise ValueError("name two different pictures or more")
    return unique


class DuplicateGroup(BaseModel):
    """Pictures that are the same, or look alike."""

    key: str = Field(description="What tells it from the other groups of the list.")
    images: list[ImageOut] = Field(description="Its pictures, the oldest first; at most 100.")
    total: int = Field(description="How many pictures were found for it.")
    whole: bool = Field(
        description="Whether all that belongs together is here; of very many, the rest comes once these are fewer."
    )


class DuplicatePage(Page[DuplicateGroup]):
    """Some groups. A page may have fewer than were asked for, even none, and another one after it."""

    progress: float = Field(description="About how much of the library was looked through until now, 0 to 1.")
    dismissed: int = Field(description="How many groups were said to be no duplicates.")


class DismissalIn(BaseModel):
    """Pictures that are no duplicates of each other."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[UUID], AfterValidator(_several)] = Field(
        min_length=2, max_length=MOST_SHOWN, description="The pictures' ids: all of the group."
    )


class CleanupIn(BaseModel):
    """What a workspace clears up by itself, once a day while it is turned on."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(strict=True, description="Whether it is turned on.")
    older_than_days: int = Field(
        strict=True,
        ge=1,
        le=3650,
        description="Only pictures that were made, and last changed, more than so many days ago.",
    )
    filter: ImageFilter = Field(
        description="Which of those: a filter of the gallery, that says one thing at least."
    )


class CleanupRunOut(BaseModel):
    """One time that the rule was followed."""

    id: UUID = Field(description="Its id.")
    created_at: datetime = Field(description="When it was.")
    images: int = Field(description="How many pictures went to the trash.")
    bytes: int = Field(description="What their originals take.")
    undo_id: UUID | None = Field(
        description="What takes it back: `POST /images/undo/{undo_id}`; null once that is not possible any more."
    )


class CleanupOut(BaseModel):
    """The rule of a workspace, and what became of it."""

    enabled: bool = Field(description="Whether it is turned on.")
    older_than_days: int = Field(description="How old pictures must be.")
    filter: ImageFilter = Field(description="Which of those it means.")
    next_run_at: datetime | None = Field(description="When it is followed next; null while it is off.")
    runs: list[CleanupRunOut] = Field(description="The last times, the newest first; at most ten.")


class DryRunOut(BaseModel):
    """What a rule would move to the trash now."""

    images: int = Field(description="How many pictures.")
    bytes: int = Field(description="What their originals take.")
    first: list[ImageOut] = Field(description="The oldest of them, at most twelve.")
