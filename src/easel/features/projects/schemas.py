"""Bodies of the routes of projects."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import Label, PlainText
from easel.core.http.paging import Page

Category = Annotated[Label, StringConstraints(max_length=50)]
Tag = Annotated[Label, StringConstraints(max_length=50)]


def _each_once(tags: list[str]) -> list[str]:
    return list({tag.casefold(): tag for tag in reversed(tags)}.values())[::-1]


Tags = Annotated[list[Tag], Field(max_length=30), AfterValidator(_each_once)]
Settings = Annotated[dict[str, Any], Field(max_length=50)]
_ABOUT_SETTINGS = (
    "What new drafts in it begin with: what a request for pictures says, except its prompt, such as `model`, "
    "`aspect_ratio` and `parameters`. It goes over what the preset says."
)


class ProjectFields(BaseModel):
    """What people say of a project; of what is absent nothing changes, and null clears."""

    model_config = ConfigDict(extra="forbid")

    description: Annotated[PlainText, StringConstraints(max_length=2000)] | None = Field(
        None, description="What it is for, in a few sentences."
    )
    notes: Annotated[PlainText, StringConstraints(max_length=20_000)] | None = Field(
        None, description="Whatever its people want to keep in mind."
    )
    category: Category | None = Field(None, description="What kind of project it is.")
    tags: Tags | None = Field(None, description="Its tags, each once whatever the case.")
    cover_image_id: UUID | None = Field(
        None, description="The picture that stands for it; null for the newest."
    )
    settings: Settings | None = Field(None, description=_ABOUT_SETTINGS)
    preset_id: UUID | None = Field(None, description="The preset that new drafts in it begin with.")


class ProjectIn(ProjectFields):
    """A new project."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Spring catalogue", "tags": ["print"]}]}
    )

    name: Label = Field(description="What it is called: one line.")
    template_id: UUID | None = Field(
        None, description="The template to start from; what is said here goes over it."
    )


class ProjectChangeIn(ProjectFields):
    """What to change of a project; what is absent stays as it is, and null clears."""

    name: Label = Field(default_factory=str, description="What it is called; absent, it stays.")


class ArchiveIn(BaseModel):
    """Into the archive, or out of it."""

    model_config = ConfigDict(extra="forbid")

    archived: bool = Field(True, strict=True, description="Whether it is to be archived.")


class CopyIn(BaseModel):
    """How to duplicate a project."""

    model_config = ConfigDict(extra="forbid")

    name: Label | None = Field(None, description="The copy's name; absent, it says whose copy it is.")
    images: bool = Field(False, strict=True, description="Whether the copy gets copies of the pictures.")


class TemplateIn(BaseModel):
    """Which project to keep as a template."""

    model_config = ConfigDict(extra="forbid")

    project_id: UUID = Field(description="The project to take everything but the pictures from.")
    name: Label | None = Field(None, description="The template's name; absent, the project's.")


class ProjectOut(BaseModel):
    """A project, or a template of one."""

    id: UUID = Field(description="The project's id.")
    user_id: UUID | None = Field(description="Who began it; null once their account is gone.")
    name: str = Field(description="What it is called.")
    description: str = Field(description="What it is for.")
    notes: str = Field(description="What its people keep in mind.")
    category: str | None = Field(description="What kind of project it is.")
    tags: list[str] = Field(description="Its tags.")
    cover_image_id: UUID | None = Field(description="The picture that was chosen to stand for it.")
    cover_url: str | None = Field(
        description="A thumbnail of the chosen cover, else of the newest picture; null without pictures."
    )
    settings: dict[str, Any] = Field(description=_ABOUT_SETTINGS)
    preset_id: UUID | None = Field(description="The preset that new drafts in it begin with.")
    is_archived: bool = Field(description="Whether it is archived; then no picture can be put into it.")
    is_template: bool = Field(description="Whether it is a template, which holds no pictures.")
    image_count: int = Field(description="How many pictures are in it, without those in the trash.")
    created_at: datetime = Field(description="When it was begun.")
    updated_at: datetime = Field(description="When it, or what is in it, last changed.")


class ProjectPage(Page[ProjectOut]):
    """One page of projects."""


class AddIn(BaseModel):
    """Which pictures to put somewhere."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(min_length=1, max_length=1000, description="The pictures' ids.")


class MissingOut(BaseModel):
    """A picture that nothing was done with."""

    id: UUID = Field(description="The id that was sent.")
    code: str = Field(description="Why, for programs.")
    message: str = Field(description="Why, in words.")


class AddedOut(BaseModel):
    """What became of the pictures."""

    changed: int = Field(description="How many came; those that were there before are not counted.")
    failed: list[MissingOut] = Field(description="Those that nothing was done with.")


class GroupOut(BaseModel):
    """Pictures that have something in common."""

    of: str = Field(description="The model, the operation, or the first day of the time.")
    images: int = Field(description="How many there are.")
    credits: float = Field(description="What they cost, in credits.")


class AnalyticsOut(BaseModel):
    """What a project's pictures outside the trash add up to."""

    images: int = Field(description="How many there are.")
    favorites: int = Field(description="How many of them are favourites.")
    bytes: int = Field(description="How many bytes their originals have.")
    credits: float = Field(description="What they cost, in credits.")
    first_at: datetime | None = Field(description="When the oldest was made.")
    last_at: datetime | None = Field(description="When the newest was made.")
    by_model: list[GroupOut] = Field(description="Model by model, the most used first.")
    by_operation: list[GroupOut] = Field(description="Operation by operation, the most used first.")
    step: Literal["day", "month"] = Field(description="What `over_time` counts by.")
    over_time: list[GroupOut] = Field(
        description="Over time, in UTC, the newest 100 days or months that have pictures, oldest first."
    )
