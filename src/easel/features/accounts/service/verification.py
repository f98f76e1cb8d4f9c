"""Proving an address, the account's own or the one that it is to get."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from easel.base.errors import InvalidInput
from easel.core import audit, mail
from easel.core.actor import Actor, NotSignedIn
from easel.core.work import Studio, Work

from .. import policy, queries
from ..errors import EmailNotVerified, EmailTaken
from ..events import RESEND
from ..models import User
from . import mail_links


async def demand(work: Work) -> None:
    """Raises `EmailNotVerified` when the acting user has to prove the address first."""
    if work.actor.kind != "user" or not work.studio.settings.mail.verified_email_is_required:
        return
    user = await queries.user_by_id(work, work.actor.user)
    if user is not None and not user.email_verified:
        raise EmailNotVerified(
            f"Confirm {user.email} first: open the link in the mail that was sent there, "
            "or have it sent again in the studio or by POST /api/auth/resend-verification."
        )


async def send(work: Work, user: User, *, handle_url: str | None = None) -> None:
    """Mail a link that proves the account's address, unless it got too many of late."""
    link = await mail_links.make(work, user, "verify", user.email, handle_url=handle_url)
    if link:
        hours = mail_links.LIFETIMES["verify"].total_seconds() / 3600
        await mail.send(work, to=user.email, template="verify-email", link=link, hours=round(hours))


async def ask_again(work: Work, email: str | None, handle_url: str | None) -> None:
    """Have the link sent once more to the account with this address, or to the acting one.

    A worker looks for the account, so that the answer tells nobody whether there is one. Raises `NotSignedIn`
    without an address of someone who is not signed in, `InvalidInput` for a `handle_url` elsewhere.
    """
    if email is None:
        user = await queries.user_by_id(work, work.actor.user)
        if user is None:
            raise NotSignedIn
        email = user.email
    page = policy.check_handle_url(work.studio.settings, handle_url) if handle_url else ""
    await work.defer(RESEND, email=email, handle_url=page)


async def resend(studio: Studio, *, email: str, handle_url: str) -> None:
    """The job behind `ask_again`."""
    async with studio.work(Actor.system()) as work:
        user = await queries.locked_user_by_email(work, email)
        if user is None or not user.is_active:
            return
        if user.pending_email:
            await send_change(work, user, user.pending_email, handle_url=handle_url or None)
        if not user.email_verified:
            await send(work, user, handle_url=handle_url or None)


async def confirm(work: Work, user_id: UUID, token: str) -> User:
    """Take the link of a mail for proof of the address that it was sent to.

    Raises `BadMailToken`, and `EmailTaken` when another account got the address meanwhile.
    """
    user, found = await mail_links.read(work, user_id, token, "verify", "change")
    await mail_links.void(work, user, found.purpose)
    if found.purpose == "verify":
        user.email_verified = True
        await audit.record(work, "email.verified", user_id=user.id)
        return user
    before, user.email = user.email, found.email
    user.pending_email, user.email_verified = None, True
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
    # Links that went to the old address let nobody in any more.
    await mail_links.void(work, user, "verify", "reset")
    await audit.record(work, "email.changed", user_id=user.id, details={"from": before, "to": user.email})
    await mail.send(work, to=before, template="email-changed", new_email=user.email)
    return user


async def change_email(studio: Studio, actor: Actor, *, email: str, current_password: str | None) -> User:
    """Let the acting user's account have another address, once that is proven; its own takes the wish back.

    Raises `InvalidInput` for a wrong password, `EmailTaken`, `NotSignedIn`. No transaction is open while the
    password is checked.
    """
    async with studio.work(actor) as work:
        known = await queries.user_by_id(work, actor.user)
    if known is None:
        raise NotSignedIn
    if known.password_hash is None:
        raise InvalidInput.of(
            "current_password", "is not there: choose one by “Forgot password” first", "no_password"
        )
    if not await policy.password_matches(known.password_hash, current_password or ""):
        raise InvalidInput.of("current_password", "is not your password", "wrong_password")
    async with studio.work(actor) as work:
        user = await queries.locked_user_by_id(work, actor.user)
        if user is None or user.password_hash != known.password_hash:
            raise NotSignedIn
        await mail_links.void(work, user, "change")
        if email == user.email:
            user.pending_email = None
            return user
        other = await queries.user_by_email(work, email)
        if other is not None and other.id != user.id:
            raise EmailTaken
        user.pending_email = email
        await audit.record(work, "email_change.asked", user_id=user.id, details={"to": email})
        await send_change(work, user, email)
        await mail.send(work, to=user.email, template="email-change-asked", new_email=email)
        return user


async def send_change(work: Work, user: User, email: str, *, handle_url: str | None = None) -> None:
    """Mail a link that gives the account the address `email`, unless it got too many of late."""
    link = await mail_links.make(work, user, "change", email, handle_url=handle_url)
    if link:
        hours = mail_links.LIFETIMES["change"].total_seconds() / 3600
        await mail.send(work, to=email, template="change-email", link=link, hours=round(hours))
