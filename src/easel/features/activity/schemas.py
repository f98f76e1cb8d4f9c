"""Bodies and queries of the routes of the audit log and of one's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from easel.base.types import Moment, PlainText
from easel.core.http.paging import Page


class AuditListQuery(BaseModel):
    """Which page of one's own entries; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")


class AuditQuery(AuditListQuery):
    """Which entries to list; an unknown name is refused."""

    user: PlainText | None = Field(
        None,
        min_length=1,
        max_length=254,
        description="Only what was done to or by this account: its e-mail or its id.",
    )
    action: PlainText | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Only this action, such as `session.started`, or all that begin so: `session`.",
    )
    created_from: Moment | None = Field(None, description="Happened at this time or later.")
    created_to: Moment | None = Field(None, description="Happened at this time or earlier.")


class AuditedPerson(BaseModel):
    """Someone with an account, as the audit log names them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The account's id.")
    email: str = Field(description="The account's address today.")
    name: str = Field(description="The account's name today.")

    @classmethod
    def of(cls, people: Mapping[UUID, Any], id: UUID | None) -> AuditedPerson | None:
        """The person with an id; None when the account is gone."""
        return cls.model_validate(people[id]) if id is not None and id in people else None


class AuditEntry(BaseModel):
    """Something that happened and matters to security."""

    id: UUID = Field(description="The entry's id.")
    action: str = Field(description="What happened, such as `password.changed`.")
    actor_kind: Literal["user", "system", "anonymous"] = Field(
        description="Who did it: someone signed in, the studio itself, someone who was not signed in."
    )
    actor: AuditedPerson | None = Field(
        description="The account that did it, if it is there and not another's whom you may not know."
    )
    user: AuditedPerson | None = Field(
        description="The account that it was about; null when there was none, or it is gone."
    )
    workspace_id: UUID | None = Field(description="The workspace that it was about, if it was about one.")
    details: dict[str, Any] = Field(description="More facts, depending on the action.")
    ip_address: str | None = Field(description="Where it came from, if that is known.")
    user_agent: str | None = Field(description="What the browser or program called itself.")
    created_at: datetime = Field(description="When it happened.")


class AuditPage(Page[AuditEntry]):
    """Entries of the audit log, newest first."""


class ActiveDay(BaseModel):
    """A day of someone's."""

    day: date = Field(description="The day (UTC).")
    generations: int = Field(description="Generations that ended on it, failed ones included.")
    images: int = Field(description="Pictures made on it.")


class PersonalStats(BaseModel):
    """What someone made in a workspace, and what it took."""

    images: int = Field(description="Your pictures, without those in the trash.")
    trashed: int = Field(description="Your pictures in the trash.")
    storage_bytes: int = Field(
        description="What the originals of both take; pictures that are the same byte for byte count once."
    )
    generations: int = Field(description="Your generations that ended, failed ones included.")
    credits_used: float = Field(description="What they cost in credits.")
    billing: bool = Field(description="Whether credits are charged in this studio.")
    favourite_model: str | None = Field(description="The model that you used most; null before the first.")
    favourite_model_name: str | None = Field(description="Its name.")
    days: list[ActiveDay] = Field(description="The last days one by one, those without use included.")
