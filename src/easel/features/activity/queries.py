"""How the audit log is searched, and someone's pictures are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from easel.core import audit
from easel.core.audit import AuditRow
from easel.core.work import Work
from easel.features.accounts.models import User
from easel.features.library.models import Image


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries a list shows; None leaves a field out of account.

    `user` is an account's e-mail or id, also that of who acted; `action` a name, or its beginning up to a dot.
    """

    user_id: UUID | None = None
    workspace_id: UUID | None = None
    user: str | None = None
    action: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Someone's pictures, counted."""

    images: int
    trashed: int
    storage_bytes: int


async def audited(
    work: Work, wanted: AuditFilter, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[AuditRow]:
    """At most `limit` entries after the keyset position, newest first."""
    where: list[ColumnElement[bool]] = []
    if wanted.user_id is not None:
        where.append(AuditRow.user_id == wanted.user_id)
    if wanted.workspace_id is not None:
        where.append(AuditRow.workspace_id == wanted.workspace_id)
    if wanted.user is not None:
        people = await _ids_of(work, wanted.user)
        where.append(or_(AuditRow.user_id.in_(people), AuditRow.actor_id.in_(people)))
    if wanted.action is not None:
        where.append(
            or_(
                AuditRow.action == wanted.action,
                AuditRow.action.startswith(f"{wanted.action}.", autoescape=True),
            )
        )
    if wanted.created_from is not None:
        where.append(AuditRow.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        where.append(AuditRow.created_at <= wanted.created_to)
    return await audit.page(work, *where, limit=limit, after=after)


async def people_of(work: Work, rows: Sequence[AuditRow]) -> dict[UUID, User]:
    """The accounts that entries name and that are still there."""
    ids = {id for row in rows for id in (row.actor_id, row.user_id) if id is not None}
    if not ids:
        return {}
    return {user.id: user for user in await work.session.scalars(select(User).where(User.id.in_(ids)))}


async def shelf(work: Work, workspace_id: UUID, user_id: UUID) -> Shelf:
    """Someone's pictures in a workspace. Those of the same bytes lie in the store once, and count there once."""
    originals = (
        select(
            func.count().filter(Image.deleted_at.is_(None)).label("kept"),
            func.count().filter(Image.deleted_at.is_not(None)).label("trashed"),
            func.max(Image.file_size).label("size"),
        )
        .where(Image.user_id == user_id, Image.workspace_id == workspace_id)
        .group_by(Image.content_hash)
        .subquery()
    )
    found = await work.session.execute(
        select(*(func.coalesce(func.sum(originals.c[name]), 0) for name in ("kept", "trashed", "size")))
    )
    return Shelf(*(int(number) for number in found.one()))


async def _ids_of(work: Work, user: str) -> list[UUID]:
    try:
        return [UUID(user)]
    except ValueError:
        found = select(User.id).where(func.lower(User.email) == func.lower(user))
        return list(await work.session.scalars(found))
