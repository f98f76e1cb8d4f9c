"""The audit log: who did what that matters to security, when, and from where.

A row is written in the transaction of what it tells of, so neither is there without the other. Rows outlive the
account and the workspace that they name, and then name them no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    delete,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from easel.base.clock import now
from easel.base.db import Base, Identified
from easel.core.actor import Client
from easel.core.work import Work

Detail = str | int | bool | None


class AuditRow(Base, Identified):
    """One thing that happened. `user_id` is whose account it was about, `actor_id` who did it."""

    __tablename__ = "audit_log"

    action: Mapped[str]
    actor_kind: Mapped[Literal["user", "system", "anonymous"]] = mapped_column(Text)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    workspace_id: Mapped[UUID | None] = mapped_column(ForeignKey("workspaces.id", ondelete="SET NULL"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    ip_address: Mapped[str | None]
    user_agent: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("actor_kind IN ('user', 'system', 'anonymous')", name="actor_kind"),
        Index("ix_audit_log_user_id_created_at_id", "user_id", "created_at", "id"),
        Index("ix_audit_log_workspace_id_created_at_id", "workspace_id", "created_at", "id"),
        Index("ix_audit_log_created_at_id", "created_at", "id"),
    )


async def record(
    work: Work,
    action: str,
    *,
    user_id: UUID | None = None,
    workspace_id: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
    client: Client | None = None,
    times: int = 1,
) -> None:
    """Note that the work's actor did `action`, a name like ``password.changed``, to the account `user_id`.

    `details` are small facts and never secrets. `client` is where it came from, if not the actor's own place. What was
    done to several things alike is noted once for each: so many `times`.
    """
    place = client or work.actor.client
    work.session.add_all(
        AuditRow(
            action=action,
            actor_kind=work.actor.kind,
            actor_id=work.actor.user_id,
            user_id=user_id,
            workspace_id=workspace_id,
            details=dict(details or {}),
            ip_address=place.ip,
            user_agent=place.user_agent,
        )
        for _ in range(times)
    )
    # Now, not at the end: the rows that it names may be deleted later in this transaction.
    await work.session.flush()


async def page(
    work: Work, *where: ColumnElement[bool], limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[AuditRow]:
    """At most `limit` rows that match, after the keyset position, newest first."""
    found = select(AuditRow).where(*where).order_by(AuditRow.created_at.desc(), AuditRow.id.desc())
    if after is not None:
        found = found.where(tuple_(AuditRow.created_at, AuditRow.id) < after)
    return (await work.session.scalars(found.limit(limit))).all()


async def forget_person(work: Work, user_id: UUID) -> None:
    """Take a person out of the log: what happened stays, who it was and where they were goes.

    For the deletion of an account; call it before.
    """
    await work.session.execute(
        update(AuditRow)
        .where((AuditRow.user_id == user_id) | (AuditRow.actor_id == user_id))
        .values(ip_address=None, user_agent=None, details={})
    )
    for column in (AuditRow.user_id, AuditRow.actor_id):
        await work.session.execute(update(AuditRow).where(column == user_id).values({column: None}))


async def delete_before(work: Work, moment: datetime) -> None:
    """Forget what happened before `moment`."""
    await work.session.execute(delete(AuditRow).where(AuditRow.created_at < moment))
