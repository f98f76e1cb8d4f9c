"""Tables of people, their sessions, and what they prove themselves with besides the password."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from easel.base.addresses import address_key
from easel.base.clock import now
from easel.base.db import Base, Dated, Identified, Sealed


class User(Base, Identified, Dated):
    """A person with an account. `email_key` is unique, so no two have addresses that people take for one."""

    __tablename__ = "users"

    email: Mapped[str]
    email_key: Mapped[str]
    """Made of the address by `address_key`, whenever that is set."""
    pending_email: Mapped[str | None]
    """The address that the account is to get once it is confirmed."""
    password_hash: Mapped[str | None]
    name: Mapped[str]
    avatar_hash: Mapped[str | None]
    """Names the avatar's file, by its bytes; `avatar_url` tells where to fetch it."""
    avatar_url: Mapped[str | None]
    role: Mapped[Literal["member", "admin"]] = mapped_column(Text, default="member")
    last_login: Mapped[datetime | None]
    email_verified: Mapped[bool] = mapped_column(default=False)
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    subscription_tier: Mapped[Literal["free", "premium", "pro"]] = mapped_column(Text, default="free")
    is_active: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None]
    """When the user deleted the account; it can be restored for a while, then nothing of it is left."""
    image_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Pictures outside the trash; kept by triggers on the table of images."""

    __table_args__ = (
        CheckConstraint("role IN ('member', 'admin')", name="role"),
        CheckConstraint("subscription_tier IN ('free', 'premium', 'pro')", name="subscription_tier"),
        Index("uq_users_email_key", "email_key", unique=True),
        Index("ix_users_avatar_hash", "avatar_hash", postgresql_where=text("avatar_hash IS NOT NULL")),
        Index("ix_users_closed_at", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
    )

    @validates("email")
    def _with_key(self, _: str, email: str) -> str:
        self.email_key = address_key(email)
        return email


class Session(Base, Identified):
    """A signed-in browser or program; its refresh tokens are its family and end with it."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    ip_address: Mapped[str | None]
    user_agent: Mapped[str | None]


class SignInPlace(Base):
    """Where a user has signed in: a network and a kind of program. Another place is worth a mail."""

    __tablename__ = "sign_in_places"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)
    last_seen_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))


class SignInTries(Base):
    """Tries to sign in that did not succeed yet, of one address or of one address from one network.

    The key is a keyed hash, so the table names nobody and has rows for addresses without an account too.
    """

    __tablename__ = "sign_in_tries"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    number: Mapped[int]
    not_before: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class RefreshToken(Base, Identified):
    """A refresh token, used at most once; a second use ends its session."""

    __tablename__ = "refresh_tokens"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    used_at: Mapped[datetime | None]


class Identity(Base, Identified):
    """Someone at an issuer who is one of our users.

    Only the issuer's subject names them: addresses change hands. `provider` says by which door they came first.
    """

    __tablename__ = "identities"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    last_used_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class AuthenticatorApp(Base):
    """The secret that a person's authenticator app shares with the studio (TOTP, RFC 6238).

    It counts once `enabled_at` is set. `last_step` is the time step of the code accepted last: no code is good
    twice. `failures` are the wrong codes since the last right one; they delay the next attempt.
    """

    __tablename__ = "authenticator_apps"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(Sealed("authenticator app"))
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    enabled_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    retry_at: Mapped[datetime | None]


class RecoveryCode(Base, Identified):
    """The hash of a code that stands in once for the authenticator app."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("uq_recovery_codes_user_id_code", "user_id", "code", unique=True),)


class Passkey(Base, Identified):
    """A WebAuthn credential: the public half of a key that never leaves its owner's device or vault."""

    __tablename__ = "passkeys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    backed_up: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    last_used_at: Mapped[datetime | None]


class Challenge(Base, Identified):
    """Something asked of a browser that it may answer once and soon; only hashes of what it was given are kept.

    `sign_in` waits for the second factor of `user_id`; while a passkey is asked for, `nonce` is the hash of
    what it must sign. For the other two purposes the token is itself what is signed.
    """

    __tablename__ = "challenges"

    purpose: Mapped[Literal["sign_in", "passkey_sign_in", "passkey_registration"]] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("purpose IN ('sign_in', 'passkey_sign_in', 'passkey_registration')", name="purpose"),
        CheckConstraint("(user_id IS NULL) = (purpose = 'passkey_sign_in')", name="user_id"),
    )


MailPurpose = Literal["verify", "change", "reset"]


class MailToken(Base, Identified):
    """What a link in a mail carries, as a hash: good once, until it expires, for one purpose and one address.

    `verify` proves the account's address, `change` gives it another one, `reset` lets in who forgot the password.
    """

    __tablename__ = "mail_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[MailPurpose] = mapped_column(Text)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("purpose IN ('verify', 'change', 'reset')", name="purpose"),)
