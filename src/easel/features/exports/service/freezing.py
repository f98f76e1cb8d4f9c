"""How an export begins: what is in it is noted, and from then on it is that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select

from easel.base.clock import now
from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.background import service as background
from easel.features.collections import queries as collections
from easel.features.library import queries as library
from easel.features.library.errors import ImageNotFound
from easel.features.library.schemas import ImageFilter
from easel.features.projects import queries as projects

from .. import queries
from ..errors import NothingToExport
from ..events import KIND, PREPARE
from ..models import Export
from ..schemas import ExportIn, ExportOut
from . import preparing

_AT_ONCE: Final = 200
"""So many pictures are prepared while the request waits; more are left to a worker."""
_KEPT: Final = timedelta(days=1)
_MOST_KEPT: Final = 50
"""So many exports of a person are there at a time; a new one takes the place of the oldest."""


async def of_selection(studio: Studio, actor: Actor, body: ExportIn) -> Export:
    """An export of pictures of the acting workspace.

    Raises `ImageNotFound` if any of the ids is none of its pictures, and `NothingToExport`.
    """
    if body.filter is not None:
        chosen = queries.matching(actor, body.filter, library.Order(body.sort, body.order))
        return await _begin(studio, actor, "Pictures", chosen)
    ids = list(dict.fromkeys(body.ids or ()))
    return await _begin(studio, actor, "Pictures", queries.named(actor, ids), expected=len(ids))


async def of_project(studio: Studio, actor: Actor, project_id: UUID) -> Export:
    """An export of a project's pictures, the newest first. Raises `ProjectNotFound`, `NothingToExport`."""
    async with studio.work(actor) as work:
        project = await projects.get(work, project_id)
    chosen = queries.matching(actor, ImageFilter(project_id=project_id), library.Order())
    return await _begin(studio, actor, project.name, chosen)


async def of_collection(studio: Studio, actor: Actor, collection_id: UUID) -> Export:
    """An export of a collection's pictures in their order. Raises `CollectionNotFound`, `NothingToExport`."""
    async with studio.work(actor) as work:
        collection = await collections.get(work, collection_id)
    if collection.filter is None:
        chosen = queries.collected(actor, collection_id)
    else:
        chosen = queries.matching(actor, ImageFilter.model_validate(collection.filter), library.Order())
    return await _begin(studio, actor, collection.name, chosen)


def show(export: Export) -> ExportOut:
    """An export as the API shows it."""
    return ExportOut(
        id=export.id,
        title=export.title,
        status=export.status,
        images=export.images,
        size=export.size,
        job_id=export.id if export.has_job else None,
        download_url=f"/api/exports/{export.id}/file",
        error=export.error_message,
        created_at=export.created_at,
        expires_at=export.expires_at,
    )


async def _begin(
    studio: Studio, actor: Actor, title: str, chosen: Select[Any], *, expected: int | None = None
) -> Export:
    async with studio.work(actor) as work:
        export = await _frozen(work, title, chosen, expected)
        if export.images > _AT_ONCE:
            export.has_job = True
            await background.begin(work, PREPARE, kind=KIND, job_id=export.id)
            return export
    return await preparing.prepare(studio, actor, export.id)


async def _frozen(work: Work, title: str, chosen: Select[Any], expected: int | None) -> Export:
    moment = now()
    export = Export(
        id=new_id(),
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        title=title,
        images=0,
        created_at=moment.replace(microsecond=0),
        expires_at=moment + _KEPT,
    )
    work.session.add(export)
    await work.session.flush()
    export.images = await queries.freeze(work, export.id, chosen)
    if expected is not None and export.images < expected:
        few = expected - export.images
        raise ImageNotFound(f"{few} of the {expected} pictures are not there." if expected > 1 else None)
    if export.images == 0:
        raise NothingToExport
    await queries.forget_old(work, work.actor.user, _MOST_KEPT)
    return export
