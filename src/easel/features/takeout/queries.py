"""What a take-out holds, in pages, and what was imported before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, undefer

from easel.base.db import Base
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.core.work import Studio, Work
from easel.features.collections.models import Collection
from easel.features.comparisons.models import Comparison
from easel.features.credits.models import UsageLog
from easel.features.generation.models import Generation
from easel.features.library.models import (
    CollectionImage,
    Image,
    ImageVersion,
    Lineage,
    Mask,
    SavedFilter,
)
from easel.features.presets.models import DefaultPreset, Preset
from easel.features.projects.models import Project
from easel.features.workspaces.models import Membership, Workspace

from .models import ImportedRecord

PAGE = 200
_MASKS = 20
_LONGEST_NAME = 100

Kind: TypeAlias = InstrumentedAttribute[UUID]
"""The column of the ids of a kind of rows; they have a `workspace_id`, or an `image_id` whose picture has."""
Found = TypeVar("Found", bound=Base)
Own = TypeVar("Own", Generation, Comparison, Preset, Project, Collection, SavedFilter, UsageLog)


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
            async for page in pages(studio, actor, found, Image.created_at, Image.id):
                yield page


async def own(
    studio: Studio, actor: Actor, workspace_ids: Iterable[UUID], model: type[Own]
) -> AsyncIterator[Sequence[Own]]:
    """What of a kind the acting user began in these workspaces; each page is a transaction of its own."""
    for workspace_id in workspace_ids:
        found = select(model).where(model.workspace_id == workspace_id, model.user_id == actor.user)
        async for page in pages(studio, actor, found, model.created_at, model.id):
            yield page


async def default_presets(work: Work) -> set[UUID]:
    """The presets that the acting user's drafts begin with, in any workspace."""
    chosen = select(DefaultPreset.preset_id).where(DefaultPreset.user_id == work.actor.user)
    return set(await work.session.scalars(chosen))


async def places(
    studio: Studio, actor: Actor, workspace_ids: Sequence[UUID]
) -> AsyncIterator[Sequence[CollectionImage]]:
    """Where the acting user's pictures are in the collections that they began."""
    found = (
        select(CollectionImage)
        .join(Collection, Collection.id == CollectionImage.collection_id)
        .join(Image, Image.id == CollectionImage.image_id)
        .where(
            Collection.workspace_id.in_(workspace_ids),
            Collection.user_id == actor.user,
            Image.user_id == actor.user,
        )
    )
    keys = (CollectionImage.collection_id, CollectionImage.position, CollectionImage.id)
    async for page in pages(studio, actor, found, *keys):
        yield page


async def masks(studio: Studio, actor: Actor, workspace_ids: Sequence[UUID]) -> AsyncIterator[Sequence[Mask]]:
    """The masks of the acting user's pictures."""
    found = (
        select(Mask)
        .join(Image, Image.id == Mask.image_id)
        .where(Mask.workspace_id.in_(workspace_ids), Image.user_id == actor.user)
        .options(undefer(Mask.data))
    )
    async for page in pages(studio, actor, found, Mask.created_at, Mask.id, most=_MASKS):
        yield page


async def lineage(
    studio: Studio, actor: Actor, workspace_ids: Sequence[UUID]
) -> AsyncIterator[Sequence[Lineage]]:
    """Where the acting user's pictures come from; of what is gone for good, what was in the personal workspace."""
    there = select(Image.id).where(Image.id == Lineage.image_id)
    personal = select(Workspace.id).where(Workspace.owner_id == actor.user, Workspace.kind == "personal")
    found = select(Lineage).where(
        Lineage.workspace_id.in_(workspace_ids),
        exists(there.where(Image.user_id == actor.user))
        | (Lineage.workspace_id.in_(personal) & ~exists(there)),
    )
    async for page in pages(studio, actor, found, Lineage.created_at, Lineage.image_id):
        yield page


async def audited(studio: Studio, actor: Actor) -> AsyncIterator[Sequence[AuditRow]]:
    """What the audit log tells of the acting user's account, the oldest first."""
    found = select(AuditRow).where(AuditRow.user_id == actor.user)
    async for page in pages(studio, actor, found, AuditRow.created_at, AuditRow.id):
        yield page


async def versions(work: Work, image_ids: Sequence[UUID]) -> dict[UUID, list[ImageVersion]]:
    """The versions of edited pictures, the first of each in front."""
    found = await work.session.scalars(
        select(ImageVersion)
        .where(ImageVersion.image_id.in_(image_ids))
        .order_by(ImageVersion.image_id, ImageVersion.number)
    )
    kept: dict[UUID, list[ImageVersion]] = {}
    for version in found:
        kept.setdefault(version.image_id, []).append(version)
    return kept


async def pages(
    studio: Studio, actor: Actor, found: Select[Found], *keys: InstrumentedAttribute[Any], most: int = PAGE
) -> AsyncIterator[Sequence[Found]]:
    """The rows that are found, in the order of `keys`; each page is a transaction of its own."""
    position, after = tuple_(*keys), None
    while True:
        page = found.where(position > after) if after else found
        async with studio.work(actor) as work:
            rows = (await work.session.scalars(page.order_by(*keys).limit(most))).all()
        if rows:
            yield rows
        if len(rows) < most:
            return
        after = tuple(getattr(rows[-1], key.key) for key in keys)


async def ancestors(work: Work, originals: Iterable[UUID]) -> dict[UUID, UUID]:
    """Which ids those have here that were pictures once, by original id."""
    wanted = set(originals)
    mine = Lineage.workspace_id == work.actor.workspace
    own = await work.session.scalars(select(Lineage.image_id).where(Lineage.image_id.in_(wanted), mine))
    imported = await work.session.execute(
        select(ImportedRecord.original_id, ImportedRecord.row_id).where(
            ImportedRecord.workspace_id == work.actor.workspace,
            ImportedRecord.kind == "ancestor",
            ImportedRecord.original_id.in_(wanted),
        )
    )
    return dict(imported.all()) | {id: id for id in own}


async def files_of(work: Work, hashes: Sequence[str]) -> dict[str, str]:
    """Where files of these hashes lie that the acting workspace has a picture or a version of."""
    if not hashes:
        return {}
    mine = Image.workspace_id == work.actor.workspace
    shown = select(Image.content_hash, Image.file_path).where(mine, Image.content_hash.in_(hashes))
    kept = (
        select(ImageVersion.content_hash, ImageVersion.file_path)
        .join(Image, Image.id == ImageVersion.image_id)
        .where(mine, ImageVersion.content_hash.in_(hashes))
    )
    return dict((await work.session.execute(union_all(shown, kept))).all())


async def rows_of(
    work: Work, kind: str, id: Kind, originals: Iterable[UUID | None], *, since: datetime | None = None
) -> dict[UUID, UUID]:
    """Which rows of the acting workspace these records are already, by original id.

    A record's own row counts too, when it never left this workspace. Rows that are gone for good do not. With
    `since`, only rows that came in then or later.
    """
    wanted = {original for original in originals if original is not None}
    if not wanted:
        return {}
    table: Any = id.class_
    if hasattr(table, "workspace_id"):
        mine = table.workspace_id == work.actor.workspace
    else:
        owner = select(Image.workspace_id).where(Image.id == table.image_id).scalar_subquery()
        mine = owner == work.actor.workspace
    imported = (
        select(ImportedRecord.original_id, ImportedRecord.row_id)
        .join(table, id == ImportedRecord.row_id)
        .where(
            ImportedRecord.workspace_id == work.actor.workspace,
            ImportedRecord.kind == kind,
            ImportedRecord.original_id.in_(wanted),
            mine,
        )
    )
    if since is not None:
        imported = imported.where(ImportedRecord.created_at >= since)
    found = dict((await work.session.execute(imported)).all())
    if since is None:
        own_ids = await work.session.scalars(select(id).where(id.in_(wanted), mine))
        found |= {own_id: own_id for own_id in own_ids}
    return found


async def came_in(work: Work, kind: str, original: UUID) -> bool:
    """Whether a record was imported into the acting workspace before, whatever became of it since."""
    key = (work.actor.workspace, kind, original)
    return await work.session.get(ImportedRecord, key) is not None


async def free_name(work: Work, model: type[Preset] | type[SavedFilter], name: str) -> str:
    """`name`, or where the acting workspace has another of it, that with a number behind."""
    taken = set(
        await work.session.scalars(
            select(func.lower(model.name)).where(model.workspace_id == work.actor.workspace)
        )
    )
    number, free = 2, name
    while free.lower() in taken:
        end = f" ({number})"
        number, free = number + 1, name[: _LONGEST_NAME - len(end)] + end
    return free


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
    now_this = {name: added.excluded[name] for name in ("row_id", "created_at")}
    await work.session.execute(
        added.on_conflict_do_update(index_elements=["workspace_id", "kind", "original_id"], set_=now_this)
    )
