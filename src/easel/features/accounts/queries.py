"""How accounts are found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from easel.base.addresses import address_key
from easel.base.clock import now
from easel.core.work import Work

from .models import (
    AuthenticatorApp,
    Challenge,
    Identity,
    MailPurpose,
    MailToken,
    Passkey,
    RecoveryCode,
    RefreshToken,
    Session,
    User,
)


async def user_by_email(work: Work, email: str) -> User | None:
    """The account with this address, or with one that people would take for it."""
    user: User | None = await work.session.scalar(select(User).where(User.email_key == address_key(email)))
    return user


async def user_by_id(work: Work, user_id: UUID) -> User | None:
    return await work.session.get(User, user_id)


async def locked_user_by_email(work: Work, email: str) -> User | None:
    """As `user_by_email`; nobody else logs in to the account or changes it until the transaction ends."""
    return await _locked(work, User.email_key == address_key(email))


async def locked_user_by_id(work: Work, user_id: UUID) -> User | None:
    """As `user_by_id`; nobody else logs in to the account or changes it until the transaction ends."""
    return await _locked(work, User.id == user_id)


async def _locked(work: Work, which: ColumnElement[bool]) -> User | None:
    user: User | None = await work.session.scalar(
        select(User).where(which).with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    return user


async def shows_avatar(work: Work, digest: str) -> bool:
    """Whether anyone's avatar is the file with this hash."""
    return bool(await work.session.scalar(select(exists().where(User.avatar_hash == digest))))


async def any_account(work: Work) -> bool:
    """Whether anyone who can log in exists."""
    by_password = exists().where(User.password_hash.is_not(None), User.closed_at.is_(None))
    elsewhere = exists().where(Identity.user_id == User.id, User.closed_at.is_(None))
    return bool(await work.session.scalar(select(or_(by_password, elsewhere))))


async def identity(work: Work, issuer: str, subject: str) -> tuple[Identity, User] | None:
    """Someone at an issuer, and the user who they are here."""
    found = await work.session.execute(
        select(Identity, User)
        .join(User, User.id == Identity.user_id)
        .where(Identity.issuer == issuer, Identity.subject == subject)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def identities_of(work: Work, user_id: UUID) -> list[Identity]:
    """Who a user is elsewhere, the oldest first."""
    return list(
        await work.session.scalars(
            select(Identity).where(Identity.user_id == user_id).order_by(Identity.created_at, Identity.id)
        )
    )


async def first_admin(work: Work) -> User | None:
    """The administrator with the oldest account."""
    user: User | None = await work.session.scalar(
        select(User).where(User.role == "admin", User.is_active).order_by(User.created_at).limit(1)
    )
    return user


async def live_session(work: Work, user_id: UUID, session_id: UUID | None) -> Session | None:
    """A user's session, unless it has ended; locked until the transaction ends."""
    session: Session | None = await work.session.scalar(
        select(Session)
        .where(Session.id == session_id, Session.user_id == user_id, Session.expires_at > now())
        .with_for_update()
    )
    return session


async def live_sessions(work: Work, user_id: UUID) -> list[Session]:
    """A user's sessions that have not ended, the one in use last first."""
    return list(
        await work.session.scalars(
            select(Session)
            .where(Session.user_id == user_id, Session.expires_at > now())
            .order_by(Session.last_seen_at.desc(), Session.id.desc())
        )
    )


async def refresh_token(work: Work, token: bytes) -> tuple[RefreshToken, Session] | None:
    """A refresh token by its hash, and its session, both locked until the transaction ends.

    The session goes first, as it does for those who end it, so that neither waits for the other for ever.
    """
    session: Session | None = await work.session.scalar(
        select(Session)
        .join(RefreshToken, RefreshToken.session_id == Session.id)
        .where(RefreshToken.token == token)
        .with_for_update(of=Session)
    )
    found: RefreshToken | None = await work.session.scalar(
        select(RefreshToken).where(RefreshToken.token == token).with_for_update()
    )
    return (found, session) if found and session else None


async def authenticator_app(work: Work, user_id: UUID) -> AuthenticatorApp | None:
    """A user's authenticator app, whether enabled or not; locked until the transaction ends."""
    app: AuthenticatorApp | None = await work.session.scalar(
        select(AuthenticatorApp)
        .where(AuthenticatorApp.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return app


async def unused_recovery_codes(work: Work, user_id: UUID) -> int:
    """How many recovery codes a user has left."""
    return (
        await work.session.scalar(
            select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


async def passkeys_of(work: Work, user_id: UUID) -> list[Passkey]:
    """A user's passkeys, the oldest first."""
    return list(
        await work.session.scalars(
            select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at, Passkey.id)
        )
    )


async def passkey(work: Work, user_id: UUID, passkey_id: UUID) -> Passkey | None:
    """One of a user's passkeys."""
    found: Passkey | None = await work.session.scalar(
        select(Passkey).where(Passkey.user_id == user_id, Passkey.id == passkey_id)
    )
    return found


async def owned_passkey(work: Work, credential_id: bytes) -> tuple[User, Passkey] | None:
    """A passkey by its credential's id, and its owner; both locked until the transaction ends."""
    user: User | None = await work.session.scalar(
        select(User)
        .join(Passkey, Passkey.user_id == User.id)
        .where(Passkey.credential_id == credential_id)
        .with_for_update(of=User, key_share=True)
        .execution_options(populate_existing=True)
    )
    found: Passkey | None = await work.session.scalar(
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (user, found) if user and found else None


async def waiting_sign_in(work: Work, token: bytes) -> tuple[User, Challenge] | None:
    """A sign-in that waits for its second factor, by its token's hash; both locked until the transaction ends.

    The user goes first, as for everyone who ends what belongs to one.
    """
    which = (Challenge.token == token, Challenge.purpose == "sign_in", Challenge.expires_at > now())
    user: User | None = await work.session.scalar(
        select(User)
        .join(Challenge, Challenge.user_id == User.id)
        .where(*which, User.is_active)
        .with_for_update(of=User, key_share=True)
        .execution_options(populate_existing=True)
    )
    challenge: Challenge | None = await work.session.scalar(select(Challenge).where(*which).with_for_update())
    return (user, challenge) if user and challenge else None


async def mail_token(work: Work, user_id: UUID, token: bytes) -> MailToken | None:
    """A user's token from a mail by its hash, if it is good still; locked until the transaction ends."""
    found: MailToken | None = await work.session.scalar(
        select(MailToken)
        .where(
            MailToken.user_id == user_id,
            MailToken.token == token,
            MailToken.used_at.is_(None),
            MailToken.expires_at > now(),
        )
        .with_for_update()
    )
    return found


async def mail_tokens_since(work: Work, user_id: UUID, purpose: MailPurpose, since: datetime) -> int:
    """How many tokens of a purpose were made for a user since then."""
    return (
        await work.session.scalar(
            select(func.count()).where(
                MailToken.user_id == user_id, MailToken.purpose == purpose, MailToken.created_at > since
            )
        )
    ) or 0
