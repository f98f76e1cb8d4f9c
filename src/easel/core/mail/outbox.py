"""The outbox: every mail as a row, until it is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, delete, func, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base, Identified
from easel.core.work import Work

MailState = Literal["pending", "sent", "kept", "failed"]

KEEP = timedelta(days=30)


class OutboxMail(Base, Identified):
    """A mail. `pending` waits for the mail server, `kept` came when there was none, `failed` was given up.

    `text` and `html` are empty once it is sent: what they say, a way into an account perhaps, is for its
    receiver alone.
    """

    __tablename__ = "outbox"

    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    template: Mapped[str]
    state: Mapped[MailState] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=sql("now()"))
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'sent', 'kept', 'failed')", name="state"),
        Index("ix_outbox_created_at_id", "created_at", "id"),
    )


async def mail_by_id(work: Work, mail_id: UUID, *, lock: bool = False) -> OutboxMail | None:
    """A mail; with `lock` nobody else changes it until the transaction ends."""
    return await work.session.get(OutboxMail, mail_id, with_for_update=lock, populate_existing=lock)


async def standing(session: AsyncSession) -> dict[str, int]:
    """How many mails are in each state."""
    found = await session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state))
    return dict.fromkeys(get_args(MailState), 0) | {row[0]: row[1] for row in found}


async def newest(work: Work, *, limit: int, before: tuple[datetime, UUID] | None = None) -> list[OutboxMail]:
    """Mails, the newest first, `before` the last one seen."""
    query = select(OutboxMail).order_by(OutboxMail.created_at.desc(), OutboxMail.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(OutboxMail.created_at, OutboxMail.id) < before)
    return list(await work.session.scalars(query))


async def forget_old(work: Work) -> None:
    """Delete mails older than `KEEP`, whatever became of them."""
    await work.session.execute(delete(OutboxMail).where(OutboxMail.created_at < now() - KEEP))
