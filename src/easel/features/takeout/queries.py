"""What a take-out holds, in pages, and what was imported before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.generation.models import Generation
from easel.features.library.models import Image
from easel.features.workspaces.models import Membership, Workspace

from .models import ImportedRecord

PAGE = 200

Kind = type[Image] | type[Generation]
Found = TypeVar("Found", Image, Generation)


async def workspaces(work: Work) -> Sequence[Row[Workspace, int]]:
    """The workspaces of the acting user with their level there, the oldest first."""
    found = (
        select(Workspace, Membership.level)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.user_id == work.actor.user)
        .order_by(Workspace.created_at, Workspace.id)
    )
    return (await work.session.execute(found)).all()


async def images(
    studio: Studio, actor: Actor, workspace_ids: Iterable[UUID]
) -> AsyncIterator[Sequence[Image]]:
    """The acting user's pictures of these workspaces, the trash last; each page is a transaction of its own."""
    for workspace_id in workspace_ids:
        for trashed in (Image.deleted_at.is_(None), Image.deleted_at.is_not(None)):
            found = select(Image).where(
                Image.workspace_id == workspace_id, Image.user_id == actor.user, trashed
            )
            async for page in _pages(studio, actor, found, Image.created_at, Image.id):
                yield page


async def generations(
    studio: Studio, actor: Actor, workspace_ids: Iterable[UUID]
) -> AsyncIterator[Sequence[Generation]]:
    """The acting user's generations of these workspaces; each page is a transaction of its own."""
    for workspace_id in workspace_ids:
        found = select(Generation).where(
            Generation.workspace_id == workspace_id, Generation.user_id == actor.user
        )
        async for page in _pages(studio, actor, found, Generation.created_at, Generation.id):
            yield page


async def _pages(
    studio: Studio,
    actor: Actor,
    found: Select[Found],
    created: InstrumentedAttribute[datetime],
    id: InstrumentedAttribute[UUID],
) -> AsyncIterator[Sequence[Found]]:
    position, after = tuple_(created, id), None
    while True:
        page = found.where(position > after) if after else found
        async with studio.work(actor) as work:
            rows = (await work.session.scalars(page.order_by(created, id).limit(PAGE))).all()
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def rows_of(work: Work, kind: str, model: Kind, originals: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which rows of the acting workspace these records are already, by original id.

    A record's own row counts too, when it never left this workspace. Rows that are gone for good do not.
    """
    if not originals:
        return {}
    mine = model.workspace_id == work.actor.workspace
    own = await work.session.scalars(select(model.id).where(model.id.in_(originals), mine))
    found = {id: id for id in own}
    imported = await work.session.execute(
        select(ImportedRecord.original_id, ImportedRecord.row_id)
        .join(model, model.id == ImportedRecord.row_id)
        .where(
            ImportedRecord.workspace_id == work.actor.workspace,
            ImportedRecord.kind == kind,
            ImportedRecord.original_id.in_(originals),
            mine,
        )
    )
    for original, row in imported:
        found.setdefault(original, row)
    return found


async def remember(work: Work, kind: str, rows: dict[UUID, UUID]) -> None:
    """Note which rows records became."""
    if not rows:
        return
    added = insert(ImportedRecord).values(
        [
            {"workspace_id": work.actor.workspace, "kind": kind, "original_id": original, "row_id": row}
            for original, row in rows.items()
        ]
    )
    await work.session.execute(
        added.on_conflict_do_update(
            index_elements=["workspace_id", "kind", "original_id"], set_={"row_id": added.excluded.row_id}
        )
    )
