"""Answers of the gallery besides pictures."""

from __future__ import annotations

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
