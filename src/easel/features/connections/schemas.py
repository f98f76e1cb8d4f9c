"""Bodies of the routes of provider keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from easel.base.types import storable
from easel.core.http.paging import Page

SHORTEST_KEY = 8
LONGEST_KEY = 4_000


def _sendable(value: SecretStr) -> SecretStr:
    """A key goes into an HTTP header: printable ASCII without spaces, whatever came around it when pasted."""
    key = value.get_secret_value().strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError("must be printable ASCII characters without spaces")
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise ValueError(f"must have {SHORTEST_KEY} to {LONGEST_KEY:,} characters")
    return SecretStr(key)


class ProviderKeyIn(BaseModel):
    """A key to keep, or null to forget the one that is kept."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    provider: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(storable)] = (
        Field(description="The provider's id, as `GET /api/settings/provider-keys` lists it.")
    )
    key: Annotated[SecretStr, AfterValidator(_sendable)] | None = Field(
        description="The key, sealed at once and never shown again; null removes it."
    )


class ProviderKeyOut(BaseModel):
    """A provider that takes a key, and what may be told of the one that you gave."""

    provider: str = Field(description="The provider's id.")
    title: str = Field(description="What the provider is called.")
    environment_variable: str = Field(description="Where the studio's operator sets a key for everyone.")
    from_environment: bool = Field(description="Whether the studio has a key for everyone.")
    last_four: str | None = Field(description="The last characters of your own key; null without one.")
    set_at: datetime | None = Field(description="When you set your own key; null without one.")


class ProviderKeyPage(Page[ProviderKeyOut]):
    """All providers that take a key."""


class ImageProviderOut(BaseModel):
    """A service or server outside of Easel that makes pictures, and how it stands for you."""

    provider: str = Field(description="The provider's id.")
    title: str = Field(description="What the provider is called.")
    description: str = Field(description="What it is.")
    ready: bool = Field(description="Whether you may use it: it has the key or the address that it needs.")
    checkable: bool = Field(description="Whether it can be tested without making a picture.")
    setting: str | None = Field(
        description="Where the studio's operator sets the address of a server of their own; null for services."
    )
    key: ProviderKeyOut | None = Field(description="About its key; null where it takes none of your own.")


class ImageProviderPage(Page[ImageProviderOut]):
    """All providers outside of Easel."""


class ImageProviderCheckOut(BaseModel):
    """What came of asking a provider whether it would work."""

    provider: str = Field(description="The provider's id.")
    ok: bool = Field(description="Whether it answered and would make pictures for you.")
    code: str | None = Field(description="Why not, as in the error of a generation; null when it would.")
    message: str = Field(description="What it said, in a sentence.")
