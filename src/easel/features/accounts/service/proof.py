"""Proof that it is still the account's owner who acts, asked before what protects the account is changed."""

from __future__ import annotations

from datetime import timedelta

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.base.errors import InvalidInput
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio

from .. import policy, queries
from ..errors import ProofNeeded
from ..models import Session

FRESH = timedelta(minutes=10)
"""So long after a log-in nobody is asked for the password again."""


async def confirm(studio: Studio, actor: Actor, password: str | None) -> None:
    """Pass if the log-in is fresh, or by the account's password.

    Raises `ProofNeeded` if it is neither, `InvalidInput` for a password that is wrong, `NotSignedIn`. As in
    `log_in`, no transaction is open while the password is checked.
    """
    async with studio.work(actor) as work:
        user = await queries.user_by_id(work, actor.user)
        session = await queries.live_session(work, actor.user, actor.session_id)
    if user is None or session is None:
        raise NotSignedIn
    if password:
        if not await policy.password_matches(user.password_hash, password):
            raise InvalidInput.of("password", "is not your password", "wrong_password")
    elif not is_fresh(session):
        raise ProofNeeded


def is_fresh(session: Session) -> bool:
    """Whether this session's log-in was a moment ago."""
    return now() - session.created_at < FRESH


def renew(session: Session) -> str:
    """A new cookie for a session whose account is protected otherwise than before; the old one ends."""
    cookie = new_token()
    session.token = token_hash(cookie)
    return cookie
