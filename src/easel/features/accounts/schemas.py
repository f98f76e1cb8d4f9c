"""Bodies of the account routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from easel.base.types import storable
from easel.core.actor import Scope


def _sane_email(value: str) -> str:
    if len(value) > 254:
        raise ValueError("must have at most 254 characters")
    return value


Email = Annotated[EmailStr, AfterValidator(_sane_email)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=1000), AfterValidator(storable)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(storable)
]


class Body(BaseModel):
    """Base of request bodies: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class RegisterIn(Body):
    """A new account."""

    email: Email = Field(description="The address to log in with.")
    password: Password = Field(description="8 to 1,000 characters; the commonest passwords are refused.")
    name: Name = Field(description="What others see.")


class LoginIn(Body):
    """Credentials."""

    email: Annotated[str, StringConstraints(max_length=254), AfterValidator(storable)] = Field(
        description="The account's address."
    )
    password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] = Field(
        description="The account's password."
    )


class RefreshIn(Body):
    """A refresh token, where it is not sent as bearer."""

    refresh_token: Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)] | None = Field(
        None, description="The refresh token; absent when it is the bearer."
    )


class UserOut(BaseModel):
    """A person with an account."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The user's id.")
    email: str = Field(description="The address to log in with.")
    name: str = Field(description="What others see.")
    avatar_url: str | None = Field(description="Where the avatar is, if there is one.")
    role: Literal["member", "admin"] = Field(description="`admin` may administer the studio.")
    email_verified: bool = Field(description="Whether the address was proved.")
    subscription_tier: Literal["free", "premium", "pro"] = Field(description="The plan.")
    image_count: int = Field(description="How many images the user has, without those in the trash.")
    created_at: datetime = Field(description="When the account was made.")


class SignedIn(BaseModel):
    """An account and the tokens for programs; browsers use the session cookie that is set with it."""

    user: UserOut = Field(description="Who signed in.")
    access_token: str = Field(description="Send it as `Authorization: Bearer …`.")
    refresh_token: str = Field(
        description="Good for one new pair of tokens at `POST /api/auth/refresh-token`."
    )
    token_type: Literal["bearer"] = Field(description="Always `bearer`.")
    expires_in: int = Field(description="Seconds until the access token ends.")


class TokenFacts(BaseModel):
    """What a credential is good for."""

    valid: Literal[True] = Field(description="Always true: a bad credential answers 401.")
    user_id: UUID = Field(description="Whose it is.")
    workspace_id: UUID = Field(description="The workspace that it acts in.")
    role: Literal["member", "admin"] = Field(description="The user's role.")
    scopes: list[Scope] = Field(description="What it may be used for.")
