"""Deleting one's account, and taking that back within the grace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select

from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import Actor, Client, NotSignedIn
from easel.core.work import Studio, Work

from .. import policy, queries
from ..errors import FreshSignInNeeded, LastAdministrator, WrongCredentials
from ..events import UserClosed
from ..models import Session, User
from . import closed, sessions, tries

_ADMINISTRATORS_LOCK: Final = 0x45A5E3
_FRESH: Final = timedelta(minutes=10)


async def close(studio: Studio, actor: Actor, password: str | None) -> datetime:
    """Close the acting user's account: all sessions end now; answers when nothing will be left of it.

    Raises `InvalidInput` for a wrong password, `FreshSignInNeeded` where there is none and the log-in is some
    time ago, `LastAdministrator`. As in `log_in`, no transaction is open while the password is checked.
    """
    async with studio.work(actor) as work:
        known = await queries.user_by_id(work, actor.user)
    if known is None:
        raise NotSignedIn
    stored = known.password_hash
    matches = password is not None and await policy.password_matches(stored, password)
    async with studio.work(actor) as work:
        await work.session.execute(select(func.pg_advisory_xact_lock(_ADMINISTRATORS_LOCK)))
        user, session = await sessions.acting(work)
        if stored is None and user.password_hash is None:
            if now() - session.created_at > _FRESH:
                raise FreshSignInNeeded
        elif not matches or user.password_hash != stored:
            raise InvalidInput.of("password", "is not your password", "wrong_password")
        if user.role == "admin" and await _nobody_else_administers(work, user):
            raise LastAdministrator
        moment = now()
        user.closed_at, user.is_active = moment, False
        await work.session.execute(delete(Session).where(Session.user_id == user.id))
        await audit.record(work, "account.closed", user_id=user.id)
        await work.emit(UserClosed(subject_id=user.id, user_id=user.id))
    return closed.purged_at(studio, moment)


async def restore(studio: Studio, *, email: str, password: str, client: Client) -> None:
    """Take a closed account back into use; quiet when it is in use. Raises `WrongCredentials`,
    `TooManyTries`, `TooBusy`.

    It signs nobody in: the log-in that follows asks for a second factor where one is set up.
    """
    someone = Actor.anonymous(client)
    with policy.in_line():
        async with studio.work(someone) as work:
            known = await queries.user_by_email(work, email)
            await tries.begin(work, email, known, client)
        stored = known.password_hash if known else None
        matches = await policy.password_matches(stored, password)
    if not matches:
        async with studio.work(someone) as work:
            await audit.record(work, "log_in.failed", user_id=known.id if known else None)
        raise WrongCredentials
    async with studio.work(someone) as work:
        user = await queries.locked_user_by_email(work, email)
        if user is None or user.password_hash != stored or not (user.is_active or user.closed_at):
            raise WrongCredentials
        await tries.succeed(work, email, client)
        if user.closed_at is not None:
            await closed.reopen(work, user)


async def _nobody_else_administers(work: Work, user: User) -> bool:
    """Whether others use the studio and none of them administers it."""
    others = select(User.id).where(User.id != user.id, User.is_active)
    if await work.session.scalar(others.where(User.role == "admin").limit(1)):
        return False
    return await work.session.scalar(others.where(User.last_login.is_not(None)).limit(1)) is not None
