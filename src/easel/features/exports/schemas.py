"""Exports as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from easel.features.library.schemas import Selection, SortedBy, Towards


class ExportIn(Selection):
    """Which pictures to export, and in which order; ids keep the order they are named in."""

    sort: SortedBy = Field("created", description="What to order the matches of a filter by.")
    order: Towards = Field("desc", description="Which end comes first.")


class ExportOut(BaseModel):
    """An export, and how it stands."""

    id: UUID = Field(description="Its id.")
    title: str = Field(description="What it is called.")
    status: Literal["preparing", "ready", "failed", "outdated"] = Field(
        description="`preparing` while what is known of its pictures is written, `ready`, `failed`, or `outdated` "
        "when pictures of it were deleted for good since."
    )
    images: int = Field(description="How many pictures are in it.")
    size: int | None = Field(description="How many bytes the ZIP has; null while that is not known.")
    job_id: UUID | None = Field(description="The background job that prepares it, where one does.")
    download_url: str = Field(description="The ZIP. It can be had at once, also while it is being prepared.")
    error: str | None = Field(description="Why it failed, in words.")
    created_at: datetime = Field(description="When it was asked for.")
    expires_at: datetime = Field(description="Until when it can be downloaded.")
