"""What people change about their own account."""

from __future__ import annotations

from easel.base.crypto import new_token, token_hash
from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio, Work

from .. import policy, queries
from ..models import User
from . import mail_links, sessions


async def rename(work: Work, name: str | None) -> User:
    """Give the acting user another name; None leaves it. Raises `NotSignedIn`."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    if name is not None:
        user.name = name
    return user


async def change_password(studio: Studio, actor: Actor, *, current: str, new: str) -> str:
    """Give the acting user another password and end all other sessions; answers the acting one's new cookie.

    Raises `InvalidInput` for a current password that is wrong and for a weak new one. As in `log_in`, no
    transaction is open while passwords are checked and hashed.
    """
    policy.require_own_door(studio.settings)
    async with studio.work(actor) as work:
        known = await queries.user_by_id(work, actor.user)
    if known is None:
        raise NotSignedIn
    stored = known.password_hash
    if stored is None:
        raise InvalidInput.of("current_password", "is not there: this account has none", "no_password")
    policy.check_password(new, known.email, field="new_password")
    matches = await policy.password_matches(stored, current)
    hashed = await policy.hash_password(new) if matches else None
    cookie = new_token()
    async with studio.work(actor) as work:
        user, session = await sessions.acting(work)
        if hashed is None or user.password_hash != stored:
            raise InvalidInput.of("current_password", "is not your password", "wrong_password")
        await set_password(work, user, hashed)
        session.token = token_hash(cookie)
        await audit.record(work, "password.changed", user_id=user.id)
        await sessions.end_all_but(work, session, by="password_change")
    return cookie


async def set_password(work: Work, user: User, hashed: str) -> None:
    """Give an account another password. Links to choose one, and to another address, are good no more.

    Whoever knew the old password may have asked for them.
    """
    user.password_hash, user.pending_email = hashed, None
    await mail_links.void(work, user, "reset", "change")
