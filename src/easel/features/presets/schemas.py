"""Bodies of the routes of presets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from easel.core.http.paging import Page
from easel.features.accounts.schemas import Name
from easel.features.generation.schemas import GenerationSettings


class PresetIn(BaseModel):
    """Settings and their name. They are checked as if they were submitted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Portraits", "settings": {"aspect_ratio": "2:3"}}]},
    )

    name: Name = Field(description="What it is called; unique in the workspace, whatever the case.")
    settings: GenerationSettings = Field(
        description="What a request says, except the prompt; without a model it is the studio's default of now."
    )
    is_default: bool = Field(
        False, strict=True, description="Whether your new drafts begin with it, instead of another."
    )


class PresetOut(BaseModel):
    """A preset; its settings and a prompt are a request."""

    id: UUID = Field(description="The preset's id.")
    name: str = Field(description="What it is called.")
    settings: GenerationSettings = Field(description="What a request says, except the prompt.")
    is_default: bool = Field(description="Whether your own new drafts begin with it.")
    created_at: datetime = Field(description="When it was saved first.")
    updated_at: datetime = Field(description="When it was saved last.")


class PresetPage(Page[PresetOut]):
    """One page of presets, the newest first."""
