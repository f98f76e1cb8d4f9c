"""Bodies of the account routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from easel.base.addresses import normal_address, of_one_alphabet
from easel.base.types import storable
from easel.core.actor import Scope
from easel.core.http.paging import Page


def _as_registered(value: str) -> str:
    """An address in the form that registering gave it; what is no address stays, and finds no account."""
    try:
        return normal_address(value)
    except ValueError:
        return value


AnyAddress = Annotated[
    str, StringConstraints(max_length=254), AfterValidator(storable), AfterValidator(_as_registered)
]
"""An address to find an account by; one that cannot be finds none."""

Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(normal_address),
    AfterValidator(of_one_alphabet),
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

    email: AnyAddress = Field(description="The account's address.")
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
    email: Email | None = Field(
        None,
        description="Another address to log in with; the account gets it once it is confirmed by the mail that "
        "is sent there. The present address takes an unconfirmed one back.",
    )
    current_password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] | None = (
        Field(None, description="The account's password, for another address.")
    )


HandleUrl = Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)]
_HANDLE_URL = (
    "The page that the mail's link opens, which gets `user_id` and `token` in its query: on the studio's own "
    "origin or on one of `EASEL_HANDLE_ORIGINS`. The studio's own page if absent."
)
MailTokenText = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]


class VerifyEmailIn(Body):
    """What the link of a mail brings."""

    user_id: UUID = Field(description="Whose address it is; from the mail's link.")
    token: MailTokenText = Field(description="The token; from the mail's link.")


class ResendIn(Body):
    """Who waits for a mail."""

    email: AnyAddress | None = Field(
        None, description="The account's address; absent, it is your own account."
    )
    handle_url: HandleUrl | None = Field(None, alias="handleUrl", description=_HANDLE_URL)


class ForgotPasswordIn(Body):
    """Who forgot the password."""

    email: AnyAddress = Field(description="The account's address.")
    handle_url: HandleUrl | None = Field(None, alias="handleUrl", description=_HANDLE_URL)


class ResetPasswordIn(VerifyEmailIn):
    """A new password, by the link of a mail."""

    new_password: Password = Field(description="8 to 1,000 characters; the commonest passwords are refused.")


class MailPromised(BaseModel):
    """The same answer whether or not there is such an account."""

    message: str = Field(description="What happens now, in words.")


class SignInOptions(BaseModel):
    """What the log-in page needs to know before anyone is signed in."""

    registration: bool = Field(description="Whether anyone may sign up.")
    mail: bool = Field(description="Whether the studio can send mail.")
    verified_email_required: bool = Field(description="Whether generating needs a confirmed address.")


class ChangePasswordIn(Body):
    """A new password, and the one that it takes the place of."""

    current_password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] = Field(
        description="The password that the account has now."
    )
    new_password: Password = Field(description="8 to 1,000 characters; the commonest passwords are refused.")


class CloseAccountIn(Body):
    """The confirmation of deleting one's account."""

    password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] | None = Field(
        None, description="The account's password; absent where the account has none."
    )


class AccountClosedOut(BaseModel):
    """A deleted account, for as long as it can be restored."""

    purged_at: datetime = Field(
        description="Until then it can be restored; afterwards nothing is left of it."
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
    pending_email: str | None = Field(description="The address that the account gets once it is confirmed.")
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


class SecondFactorNeededOut(BaseModel):
    """The password was right; the second factor is still to come. Nobody is signed in yet."""

    second_factor: list[Literal["totp", "passkey"]] = Field(
        description="What will do: `totp` at `POST /api/auth/2fa/login`, `passkey` at `/api/auth/2fa/passkey`."
    )
    challenge: str = Field(description="Send it with the second factor, once, within five minutes.")


Token = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=50), AfterValidator(storable)]


class ProofIn(Body):
    """The password, once more; not needed within ten minutes of a log-in."""

    password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable)] | None = Field(
        None, description="The account's password; absent soon after a log-in."
    )


class CodeIn(Body):
    """A code of the authenticator app."""

    code: Code = Field(description="The six digits that the app shows.")


class SecondFactorIn(Body):
    """The second step of a log-in."""

    challenge: Token = Field(description="What the first step answered.")
    code: Code = Field(description="The six digits that the app shows, or a recovery code.")


class DisableSecondFactorIn(ProofIn):
    """Password and code, to turn two-step verification off."""

    code: Code = Field(description="The six digits that the app shows, or a recovery code.")


class SecondFactorOut(BaseModel):
    """How an account is protected."""

    enabled_at: datetime | None = Field(
        description="Since when two-step verification is on; null: it is off."
    )
    recovery_codes: int = Field(description="How many recovery codes are left.")
    has_password: bool = Field(description="Whether the account has a password to confirm with.")
    fresh: bool = Field(description="Whether the log-in is so fresh that no password is asked for.")


class EnrolmentOut(BaseModel):
    """A secret for an authenticator app; `POST /api/auth/2fa/enable` makes it count."""

    secret: str = Field(description="The secret in base 32, to type in.")
    otpauth_uri: str = Field(description="The same as a link that apps open.")
    qr_svg: str = Field(description="The link as a QR code: an SVG document.")


class RecoveryCodesOut(BaseModel):
    """Recovery codes. They are shown this once."""

    recovery_codes: list[str] = Field(description="Each is good once in place of the app's code.")


_Base64 = Annotated[str, StringConstraints(max_length=20_000, pattern="^[A-Za-z0-9_-]*$")]


class _FromBrowser(BaseModel):
    # Browsers may add to what WebAuthn says today.
    model_config = ConfigDict(extra="ignore", validate_by_name=False)


class AttestationIn(_FromBrowser):
    """What a new passkey says of itself."""

    client_data_json: _Base64 = Field(alias="clientDataJSON", description="As WebAuthn has it.")
    attestation_object: _Base64 = Field(alias="attestationObject", description="As WebAuthn has it.")
    transports: list[Annotated[str, StringConstraints(max_length=32), AfterValidator(storable)]] = Field(
        default_factory=list, max_length=10, description="How the passkey is reached, such as `internal`."
    )


class AssertionIn(_FromBrowser):
    """What a passkey signed."""

    client_data_json: _Base64 = Field(alias="clientDataJSON", description="As WebAuthn has it.")
    authenticator_data: _Base64 = Field(alias="authenticatorData", description="As WebAuthn has it.")
    signature: _Base64 = Field(description="As WebAuthn has it.")
    user_handle: _Base64 | None = Field(None, alias="userHandle", description="As WebAuthn has it.")


class _CredentialIn(_FromBrowser):
    id: _Base64 = Field(min_length=1, description="The credential's id.")
    raw_id: _Base64 = Field(alias="rawId", description="The same.")
    type: Literal["public-key"] = Field(description="Always `public-key`.")

    def plain(self) -> dict[str, Any]:
        """The credential in WebAuthn's own JSON."""
        return self.model_dump(by_alias=True, exclude_none=True)


class NewCredentialIn(_CredentialIn):
    """A new credential: `RegistrationResponseJSON` of WebAuthn."""

    response: AttestationIn = Field(description="What the passkey says of itself.")


class CredentialIn(_CredentialIn):
    """A credential that signed: `AuthenticationResponseJSON` of WebAuthn."""

    response: AssertionIn = Field(description="What the passkey signed.")


class PasskeyIn(Body):
    """A passkey that a browser made."""

    name: Name = Field(description="What to call it.")
    credential: NewCredentialIn = Field(description="What `navigator.credentials.create` answered.")


class PasskeyNameIn(Body):
    """Another name for a passkey."""

    name: Name = Field(description="What to call it.")


class PasskeySignInIn(Body):
    """A sign-in by a passkey alone."""

    credential: CredentialIn = Field(description="What `navigator.credentials.get` answered.")


class ChallengeIn(Body):
    """A log-in whose second step is to be taken by a passkey."""

    challenge: Token = Field(description="What the first step answered.")


class PasskeyFactorIn(ChallengeIn):
    """The second step of a log-in, by a passkey."""

    credential: CredentialIn = Field(description="What `navigator.credentials.get` answered.")


class PasskeyOptions(BaseModel):
    """What to ask of the browser."""

    options: dict[str, Any] = Field(
        description="For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`."
    )


class PasskeyOut(BaseModel):
    """A passkey."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The passkey's id.")
    name: str = Field(description="What its owner calls it.")
    backed_up: bool = Field(description="Whether it is kept in a vault beyond the one device.")
    created_at: datetime = Field(description="When it was added.")
    last_used_at: datetime | None = Field(description="When someone signed in with it last.")


class PasskeyPage(Page[PasskeyOut]):
    """All passkeys, the oldest first."""

    total: int = Field(description="How many there are in all.")
