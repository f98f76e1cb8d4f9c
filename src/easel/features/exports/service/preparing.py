"""What an export holds besides its originals, and whether those are there at all.

The originals are fixed when an export begins. This adds thumbnails, a contact sheet and the records; the latter two
are kept in the store, for what is said of pictures changes and the export does not. Two workers may do it at once:
the first to end decides what the export holds.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any, Final
from uuid import UUID

import structlog

from easel.base.errors import EaselError
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.work import DatabaseUnavailable, Studio
from easel.features.background import service as background
from easel.features.library import service as library
from easel.features.library.service import metadata
from easel.storage.base import FileMissing

from .. import queries
from ..errors import ExportNotFound, ExportOutdated
from ..models import Export, ExportFile
from . import zip_format
from .papers import Papers

log = structlog.get_logger(__name__)

_THUMBNAIL: Final = (512, "webp")


async def run(studio: Studio, job_id: UUID) -> None:
    """Prepare a large export. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        job = await background.take(work, job_id)
    if job is None:
        return
    actor = Actor(kind="system", user_id=job.user_id, workspace_id=job.workspace_id, scopes=ALL_SCOPES)
    try:
        export = await prepare(studio, actor, job_id)
        async with studio.work(actor) as work:
            await background.complete(work, job_id, {"images": export.images, "size": export.size})
    except DatabaseUnavailable:
        raise  # `tidy` puts the job back into the queue, and it goes on
    except EaselError as error:
        await _failed(studio, job_id, error.code, error.detail)
    except Exception:
        log.exception("exports.broke")
        await _failed(studio, job_id, "internal_error", "Something went wrong inside Easel. Try again.")


async def prepare(studio: Studio, actor: Actor, export_id: UUID) -> Export:
    """Make an export ready; answers it. Raises `ExportNotFound`, and `ExportOutdated` if a picture of it is gone."""
    async with studio.work(actor) as work:
        export = await queries.state(work, export_id)
    if export is None:
        raise ExportNotFound
    lost: list[int] = []
    done = 0
    with ExitStack() as files:
        papers = Papers(files, export)
        async for page in queries.originals(studio, actor, export_id):
            sizes = await asyncio.gather(*(_sizes(studio, file) for file in page))
            ids = [file.image_id for file in page if file.image_id is not None]
            records = {record["id"]: record for record in await metadata.records(studio, actor, ids)}
            thumbnails: list[dict[str, Any]] = []
            for file, (original, thumbnail) in zip(page, sizes, strict=True):
                record = records.get(str(file.image_id))
                if record is None:
                    raise ExportOutdated
                if original != file.size:
                    lost.append(file.number)
                    papers.write(record, None, None)
                elif thumbnail is None:
                    papers.write(record, file.path, file.path)
                else:
                    thumbnails.append(_thumbnail(export, file, thumbnail))
                    papers.write(record, file.path, thumbnails[-1]["path"])
            done += len(page)
            async with studio.work(actor) as work:
                await queries.add(work, thumbnails)
                await background.forward(work, export_id, stage="preparing", done=done, total=export.images)
        kept = await papers.keep(studio)
    if lost:
        log.warning("exports.originals_missing", export_id=str(export_id), number=len(lost))
    return await _settle(studio, actor, export_id, kept, lost)


async def _settle(
    studio: Studio, actor: Actor, export_id: UUID, kept: list[dict[str, Any]], lost: list[int]
) -> Export:
    async with studio.work(actor) as work:
        export = await queries.state(work, export_id, locked=True)
        if export is None:
            raise ExportNotFound
        if export.status != "preparing":
            return export
        await queries.add(work, kept)
        await queries.leave_out(work, export_id, lost)
        await queries.lay_out(work, export_id)
        count, directory_at, directory_size = await queries.totals(work, export_id)
        export.directory_at = directory_at
        export.size = directory_at + directory_size + len(zip_format.end(count, directory_at, directory_size))
        export.revision += 1 if lost else 0
        export.status = "ready"
    return export


async def _sizes(studio: Studio, file: ExportFile) -> tuple[int | None, int | None]:
    """How many bytes an original and its thumbnail have in the store; None for what is not there."""
    assert file.key is not None
    assert file.content_hash is not None
    keys = (file.key, library.rendition_key(file.content_hash, *_THUMBNAIL))
    sizes: list[int | None] = []
    for key in keys:
        try:
            sizes.append((await studio.storage.head(key)).size)
        except FileMissing:
            sizes.append(None)
    return sizes[0], sizes[1]


def _thumbnail(export: Export, file: ExportFile, size: int) -> dict[str, Any]:
    assert file.content_hash is not None
    width, format = _THUMBNAIL
    stem = file.path.partition("/")[2].rpartition(".")[0]
    return {
        "export_id": export.id,
        "number": export.images + file.number,
        "path": f"thumbnails/{stem}.{format}",
        "key": library.rendition_key(file.content_hash, width, format),
        "size": size,
        "image_id": file.image_id,
    }


async def _failed(studio: Studio, export_id: UUID, code: str, message: str) -> None:
    async with studio.work(Actor.system()) as work:
        export = await queries.state(work, export_id, locked=True)
        if export is not None and export.status == "preparing":
            export.status, export.error_message = "failed", message
        await background.fail(work, export_id, code, message)
