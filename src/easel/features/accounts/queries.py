"""How accounts are found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, func, select

from easel.base.clock import now
from easel.core.work import Work

from .models import RefreshToken, Session, User


async def user_by_email(work: Work, email: str) -> User | None:
    user: User | None = await work.session.scalar(
        select(User).where(func.lower(User.email) == func.lower(email))
    )
    return user


async def user_by_id(work: Work, user_id: UUID) -> User | None:
    return await work.session.get(User, user_id)


async def any_account(work: Work) -> bool:
    """Whether anyone who can log in exists."""
    return bool(await work.session.scalar(select(exists().where(User.password_hash.is_not(None)))))


async def first_admin(work: Work) -> User | None:
    """The administrator with the oldest account."""
    user: User | None = await work.session.scalar(
        select(User).where(User.role == "admin", User.is_active).order_by(User.created_at).limit(1)
    )
    return user


async def live_session(work: Work, token: bytes) -> Session | None:
    """The session of a hashed token, unless it has ended."""
    session: Session | None = await work.session.scalar(
        select(Session).where(Session.token == token, Session.expires_at > now())
    )
    return session


async def refresh_token(work: Work, token: bytes) -> RefreshToken | None:
    """A refresh token by its hash, locked until the transaction ends."""
    found: RefreshToken | None = await work.session.scalar(
        select(RefreshToken).where(RefreshToken.token == token).with_for_update()
    )
    return found
