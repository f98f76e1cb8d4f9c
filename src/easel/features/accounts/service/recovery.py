"""A forgotten password: a link by mail, and a new password for who brings it back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from easel.core import audit, mail
from easel.core.actor import Actor, Client
from easel.core.work import Studio, Work

from .. import policy, queries
from ..events import FORGOT
from ..models import AuthenticatorApp, Identity, Passkey, RecoveryCode, User
from . import mail_links, profile, sessions


async def ask(work: Work, email: str, handle_url: str | None) -> None:
    """Have a link for a new password mailed to the account with this address, if there is one.

    A worker looks for the account: the request does the same work whether or not there is one, so neither the
    answer nor its time tells. Raises `InvalidInput` for a `handle_url` elsewhere.
    """
    policy.require_own_door(work.studio.settings)
    page = policy.check_handle_url(work.studio.settings, handle_url) if handle_url else ""
    client = work.actor.client
    await work.defer(
        FORGOT, email=email, handle_url=page, ip=client.ip or "", user_agent=(client.user_agent or "")[:500]
    )


async def send_link(studio: Studio, *, email: str, handle_url: str, ip: str, user_agent: str) -> None:
    """The job behind `ask`."""
    async with studio.work(Actor.anonymous(Client(ip or None, user_agent or None))) as work:
        user = await queries.locked_user_by_email(work, email)
        if user is None or not user.is_active:
            return
        link = await mail_links.make(work, user, "reset", user.email, handle_url=handle_url or None)
        if link is None:
            return
        minutes = mail_links.LIFETIMES["reset"].total_seconds() / 60
        await audit.record(work, "password_reset.asked", user_id=user.id)
        await mail.send(work, to=user.email, template="reset-password", link=link, minutes=round(minutes))


async def reset(studio: Studio, client: Client, *, user_id: UUID, token: str, new_password: str) -> None:
    """Give an account the password that its owner chose after opening the mailed link, and end all its sessions.

    Raises `BadMailToken`, `InvalidInput` for a weak password, which leaves the link good. No transaction is open
    while the password is hashed.
    """
    policy.require_own_door(studio.settings)
    someone = Actor.anonymous(client)
    async with studio.work(someone) as work:
        user, _ = await mail_links.read(work, user_id, token, "reset")
    policy.check_password(new_password, user.email, field="new_password")
    hashed = await policy.hash_password(new_password)
    async with studio.work(someone) as work:
        user, _ = await mail_links.read(work, user_id, token, "reset")
        await profile.set_password(work, user, hashed)
        if not user.email_verified:
            await _take_over(work, user)
        user.email_verified = True  # the link came there
        await sessions.end_all(work, user.id, by="password_reset")
        await audit.record(work, "password.reset", user_id=user.id)
        await mail.send(work, to=user.email, template="password-reset")


async def _take_over(work: Work, user: User) -> None:
    """Take other ways in, and a second lock, from an account whose address nobody had proven.

    Someone may have made it with another's address, and have kept a way in for the day when its owner comes.
    """
    for kind in (Identity, Passkey, AuthenticatorApp, RecoveryCode):
        await work.session.execute(delete(kind).where(kind.user_id == user.id))
