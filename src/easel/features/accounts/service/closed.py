"""Accounts that their owners have deleted, until nothing is left of them: who gets in, and who does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from easel.core import audit
from easel.core.work import Studio, Work

from ..errors import AccountClosed
from ..models import User


def purged_at(studio: Studio, closed_at: datetime) -> datetime:
    """When nothing is left of an account that was closed at a moment."""
    return closed_at + timedelta(days=studio.settings.security.delete_grace_days)


async def admit(work: Work, user: User) -> None:
    """Let someone pass who has proven who they are, unless their account is closed.

    Who has no password to restore it with restores it by that proof. Raises `AccountClosed`.
    """
    if user.closed_at is None:
        return
    if user.password_hash is not None:
        moment = purged_at(work.studio, user.closed_at)
        raise AccountClosed(
            f"You deleted this account. Until {moment:%Y-%m-%d %H:%M} UTC it can be restored with its e-mail and "
            "password (POST /api/users/me/restore); then nothing is left of it.",
            extra={"purged_at": moment.isoformat()},
        )
    await reopen(work, user)


async def reopen(work: Work, user: User) -> None:
    """Take a closed account back into use."""
    user.closed_at, user.is_active = None, True
    await work.session.flush()
    await audit.record(work, "account.restored", user_id=user.id)
