"""The end of pictures in the trash: at once when someone empties it, by itself after `EASEL_TRASH_DAYS`.

Rows go first, by stretches, and their files are noted as doomed in the same transaction. A doomed file is removed
only where no picture of the same bytes is left.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.background import queries as background_queries
from easel.features.background import service as background

from ..events import EMPTY_TRASH, EMPTYING, ImagesChanged
from ..models import DoomedFile, Image, ImageVersion
from .originals import discard_original

log = structlog.get_logger(__name__)

_STRETCH: Final = 2_000
_PAGE: Final = 500


async def doom(work: Work, which: ColumnElement[bool]) -> None:
    """Note the files of pictures that go in this transaction, those of their earlier versions too."""
    shown = select(Image.file_path, func.min(Image.content_hash)).where(which).group_by(Image.file_path)
    kept = (
        select(ImageVersion.file_path, func.min(ImageVersion.content_hash))
        .where(ImageVersion.image_id.in_(select(Image.id).where(which)))
        .group_by(ImageVersion.file_path)
    )
    for files in (shown, kept):
        await work.session.execute(
            insert(DoomedFile).from_select(["key", "content_hash"], files).on_conflict_do_nothing()
        )


async def remove_doomed(studio: Studio) -> None:
    """Remove doomed files, but for those that a picture still has. Safe to repeat."""
    while True:
        async with studio.work(Actor.system()) as work:
            doomed = (await work.session.scalars(select(DoomedFile).limit(_PAGE))).all()
        if not doomed:
            return
        for file in doomed:
            if not await discard_original(studio, file.key, file.content_hash):
                return  # a backup is made; they are still noted
        async with studio.work(Actor.system()) as work:
            gone = DoomedFile.key.in_([file.key for file in doomed])
            await work.session.execute(delete(DoomedFile).where(gone))


async def empty(work: Work) -> UUID:
    """Have a worker empty the acting workspace's trash; the job's id, that of one under way if there is one."""
    running = await background_queries.unfinished(work, EMPTYING, work.actor.user)
    if running is not None and running.workspace_id == work.actor.workspace:
        return running.id
    job_id = new_id()
    await background.begin(work, EMPTY_TRASH, kind=EMPTYING, job_id=job_id)
    return job_id


async def run(studio: Studio, job_id: UUID) -> None:
    """Remove what was in a workspace's trash when its emptying was asked for. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        job = await background.take(work, job_id)
    if job is None:
        return
    done = job.done
    mine = Image.workspace_id == job.workspace_id
    while removed := await _remove(studio, job.created_at, mine):
        done += removed
        async with studio.work(Actor.system()) as work:
            await background.forward(work, job_id, stage="removing", done=done, total=done)
    async with studio.work(Actor.system()) as work:
        if done:
            await work.emit(
                ImagesChanged(
                    subject_id=job_id,
                    workspace_id=job.workspace_id,
                    user_id=job.user_id,
                    data={"action": "purge", "changed": done},
                )
            )
        await background.complete(work, job_id, {"changed": done, "failed": []})
    await remove_doomed(studio)


async def purge(studio: Studio) -> None:
    """Remove what has been in the trash for long enough, and files that a crash left behind."""
    limit = now() - timedelta(days=studio.settings.library.trash_days)
    removed = 0
    while found := await _remove(studio, limit):
        removed += found
    if removed:
        log.info("library.trash_purged", images=removed)
    await remove_doomed(studio)


async def tidy(studio: Studio) -> None:
    """Carry emptyings on that nothing carries any more."""
    async with studio.work(Actor.system()) as work:
        await background.carry_on(work, EMPTY_TRASH, EMPTYING)


async def _remove(studio: Studio, trashed_before: datetime, *where: ColumnElement[bool]) -> int:
    async with studio.work(Actor.system()) as work:
        found = (
            select(Image.id)
            .where(Image.deleted_at.is_not(None), Image.deleted_at <= trashed_before, *where)
            .order_by(Image.deleted_at)
            .limit(_STRETCH)
            .with_for_update(skip_locked=True)
        )
        ids = list(await work.session.scalars(found))
        if ids:
            await doom(work, Image.id.in_(ids))
            await work.session.execute(
                delete(Image).where(Image.id.in_(ids)).execution_options(synchronize_session=False)
            )
        return len(ids)
