"""Settings of the library: how long the trash keeps pictures, and how much room there is."""

from __future__ import annotations

from pydantic import Field

from easel.base.section import Section


class LibrarySettings(Section):
    """The library."""

    trash_days: float = Field(
        30,
        alias="EASEL_TRASH_DAYS",
        ge=0,
        le=3650,
        description="For so long pictures stay in the trash; then they and their files go for good.",
    )
    quota_bytes: int | None = Field(
        None,
        alias="EASEL_QUOTA_BYTES",
        ge=0,
        description="How many bytes the originals of a workspace's pictures may take; no limit if absent.",
    )
