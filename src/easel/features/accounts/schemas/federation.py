"""Bodies of the routes of signing in with others."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from easel.core.http.paging import Page

from . import Body


class ProviderOut(BaseModel):
    """A provider that people may sign in with."""

    id: str = Field(description="Its id, as in `/api/auth/oauth/{provider}/login`.")
    name: str = Field(description="What to call it.")


class SignInMethods(BaseModel):
    """How people sign in to this studio."""

    passwords: bool = Field(description="Whether e-mail and password will do.")
    providers: list[ProviderOut] = Field(description="Who else may say who someone is.")


class LinkIn(Body):
    """Which provider to link."""

    provider: Literal["google", "github", "oidc"] = Field(description="The provider's id.")


class Journey(BaseModel):
    """Where to go next."""

    url: str = Field(description="The provider's address to open in this browser.")


class IdentityOut(BaseModel):
    """An account at a provider that one can sign in with."""

    id: UUID = Field(description="The link's id.")
    provider: str = Field(description="The provider's id; `external` for one whose tokens are taken.")
    name: str = Field(description="What the provider is called.")
    email: str | None = Field(description="The address that the provider told last, if it told one.")
    created_at: datetime = Field(description="When it was linked.")
    last_used_at: datetime = Field(description="When it was used last, to some minutes.")
    removable: bool = Field(description="Whether there is another way into the account.")


class IdentityPage(Page[IdentityOut]):
    """All of them, the oldest link first."""
