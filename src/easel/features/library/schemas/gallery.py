"""Answers of the gallery besides pictures."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field, RootModel


class Facets(RootModel[dict[str, dict[str, int]]]):
    """How many pictures there are of each value: `{field: {value: count}}`."""


class Month(BaseModel):
    """A month in which pictures were made."""

    month: str = Field(description="The month, UTC, such as `2026-11`.")
    count: int = Field(description="How many pictures are of it.")
    cursor: str = Field(description="The `cursor` with which the list begins at this month.")


class Months(BaseModel):
    """The months of a list, in its order: where a scroll bar can jump to."""

    items: list[Month] = Field(description="The months that have pictures, in the list's order.")


class StorageOut(BaseModel):
    """The room that pictures take in the store, those in the trash too; each counts with its whole file."""

    bytes: int = Field(description="What the workspace's pictures take.")
    images: int = Field(description="How many they are.")
    quota: int | None = Field(description="How many bytes the workspace may have; null without a limit.")
    bytes_of_user: int = Field(description="What your own pictures of them take.")
    bytes_of_projects: dict[str, int] = Field(
        description="What each project's pictures take, by its id; `none` for those in no project."
    )


class EmptyingOut(BaseModel):
    """The trash is being emptied."""

    job_id: UUID = Field(description="The background job; its `result` says how many pictures went.")
