"""Bodies of the account routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from easel.base.types import storable
from easel.core.actor import Scope
from easel.core.http.paging import Page

# Studios inside a house have mail there. Changing the list is the library's documented way to allow a name.
if "local" in SPECIAL_USE_DOMAIN_NAMES:
    SPECIAL_USE_DOMAIN_NAMES.remove("local")


def _address(value: str) -> str:
    """An e-mail address in its normal form: Unicode composed, the domain in small letters.

    Names of private networks and of tests will do too, such as ``ada@studio.local``.
    """
    try:
        found = validate_email(storable(value), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address: {error}") from None
    if "." not in found.domain:
        raise ValueError("is not an e-mail address: its domain has no dot")
    if len(found.normalized) > 254:
        raise ValueError("must have at most 254 characters")
    return found.normalized


def _as_registered(value: str) -> str:
    """An address in the form that registering gave it; what is no address stays, and finds no account."""
    try:
        return _address(value)
    except ValueError:
        return value


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
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

    email: Annotated[
        str, StringConstraints(max_length=254), AfterValidator(storable), AfterValidator(_as_registered)
    ] = Field(description="The account's address.")
    password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] = Field(
        description="The account's password."
    )


class RefreshIn(Body):
    """A refresh token, where it is not sent as bearer."""

    refresh_token: Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)] | None = Field(
        None, description="The refresh token; absent when it is the bearer."
    )


class ProfileIn(Body):
    """What to change of one's account; what is absent stays as it is."""

    name: Name = Field(default_factory=str, description="What others see; absent, it stays.")


class ChangePasswordIn(Body):
    """A new password, and the one that it takes the place of."""

    current_password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] = Field(
        description="The password that the account has now."
    )
    new_password: Password = Field(description="8 to 1,000 characters; the commonest passwords are refused.")


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


class SessionOut(BaseModel):
    """A browser or a program that is signed in."""

    id: UUID = Field(description="The session's id.")
    ip_address: str | None = Field(description="Where it signed in from, if that is known.")
    user_agent: str | None = Field(description="What it called itself then, as browsers do.")
    created_at: datetime = Field(description="When it signed in.")
    last_seen_at: datetime = Field(description="When it was in use last, to the minute.")
    expires_at: datetime = Field(description="When it ends if it is not used again.")
    current: bool = Field(description="Whether it is the one that asks.")


class SessionPage(Page[SessionOut]):
    """All sessions, the one in use last first."""

    total: int = Field(description="How many there are in all.")


class TokenFacts(BaseModel):
    """What a credential is good for."""

    valid: Literal[True] = Field(description="Always true: a bad credential answers 401.")
    user_id: UUID = Field(description="Whose it is.")
    workspace_id: UUID = Field(description="The workspace that it acts in.")
    role: Literal["member", "admin"] = Field(description="The user's role.")
    scopes: list[Scope] = Field(description="What it may be used for.")
