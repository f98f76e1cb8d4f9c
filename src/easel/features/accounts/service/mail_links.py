"""Links that mails carry: made, counted, redeemed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from sqlalchemy import delete, update

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.core.actor import Actor
from easel.core.work import Studio, Work

from .. import queries
from ..errors import BadMailToken
from ..models import MailPurpose, MailToken, User

LIFETIMES: dict[MailPurpose, timedelta] = {
    "verify": timedelta(hours=48),
    "change": timedelta(hours=24),
    "reset": timedelta(hours=1),
}
MOST_PER_HOUR = 5
"""So many mails of a kind an account gets in an hour, whoever asks for them: nobody's mailbox is to be flooded."""

_PAGES: dict[MailPurpose, str] = {
    "verify": "/app/verify-email",
    "change": "/app/verify-email",
    "reset": "/app/reset-password",
}


async def make(
    work: Work, user: User, purpose: MailPurpose, email: str, *, handle_url: str | None = None
) -> str | None:
    """A link for `purpose` that will be mailed to `email`; None if the account got too many of late.

    It opens `handle_url`, checked before by `policy.check_handle_url`, or the studio's own page.
    """
    if await queries.mail_tokens_since(work, user.id, purpose, now() - timedelta(hours=1)) >= MOST_PER_HOUR:
        return None
    token = new_token()
    work.session.add(
        MailToken(
            user_id=user.id,
            purpose=purpose,
            token=token_hash(token),
            email=email,
            expires_at=now() + LIFETIMES[purpose],
        )
    )
    await work.session.flush()
    page = urlsplit(handle_url or work.studio.settings.web.origin + _PAGES[purpose])
    brought = urlencode({"user_id": user.id, "token": token})
    return urlunsplit(page._replace(query=f"{page.query}&{brought}" if page.query else brought))


async def read(work: Work, user_id: UUID, token: str, *purposes: MailPurpose) -> tuple[User, MailToken]:
    """The account and the token of a link, both locked until the transaction ends. Raises `BadMailToken`."""
    user = await queries.locked_user_by_id(work, user_id)
    found = await queries.mail_token(work, user_id, token_hash(token))
    if user is None or found is None or not user.is_active or found.purpose not in purposes:
        raise BadMailToken
    if found.email != (user.pending_email if found.purpose == "change" else user.email):
        raise BadMailToken  # the account has, or asks for, another address by now
    return user, found


async def void(work: Work, user: User, *purposes: MailPurpose) -> None:
    """Make a user's links of these kinds useless: one of them was used, or they went to the wrong place."""
    await work.session.execute(
        update(MailToken)
        .where(MailToken.user_id == user.id, MailToken.purpose.in_(purposes), MailToken.used_at.is_(None))
        .values(used_at=now())
    )


async def forget(studio: Studio) -> None:
    """Delete tokens that expired a day ago or earlier."""
    async with studio.work(Actor.system()) as work:
        await work.session.execute(delete(MailToken).where(MailToken.expires_at < now() - timedelta(days=1)))
