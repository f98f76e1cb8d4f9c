"""Bodies of the API key routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from easel.base.types import Moment
from easel.core.actor import Scope
from easel.core.http.paging import Page
from easel.features.accounts.schemas import Body, Name


class ApiKeyIn(Body):
    """A new key."""

    name: Name = Field(description="What it is for.")
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=10)] = Field(
        description="What it may be used for: `read`, `generate`, `manage` (which covers changing and deleting)."
    )
    expires_at: Moment | None = Field(None, description="When it ends; absent, it ends when it is revoked.")
    workspace_id: UUID | None = Field(None, description="The workspace it acts in; absent, the acting one.")


class ApiKeyWorkspace(BaseModel):
    """The workspace that a key acts in."""

    id: UUID = Field(description="The workspace's id.")
    name: str = Field(description="What it is called.")
    personal: bool = Field(description="Whether it is your personal one.")


class ApiKeyOut(BaseModel):
    """A key, as far as it can be shown."""

    id: UUID = Field(description="The key's id.")
    name: str = Field(description="What it is for.")
    prefix: str = Field(description="How the key begins.")
    scopes: list[Scope] = Field(description="What it may be used for.")
    workspace: ApiKeyWorkspace = Field(description="Where it acts.")
    created_at: datetime = Field(description="When it was made.")
    expires_at: datetime | None = Field(description="When it ends, if it does by itself.")
    last_used_at: datetime | None = Field(description="When it was used last, to the minute; null for never.")


class ApiKeyMade(ApiKeyOut):
    """A fresh key, which is shown this once."""

    key: str = Field(
        description="Send it as `Authorization: Bearer …` or `X-API-Key: …`. It is not shown again."
    )


class ApiKeyPage(Page[ApiKeyOut]):
    """Your keys, the newest first; all on one page."""

    total: int = Field(description="How many there are in all.")
