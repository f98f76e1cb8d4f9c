"""Uploads in parts: what came lies in the store, and how far it is in the row, so any process can go on with it.

A part counts once the row says so: the row moves from the offset that the part began at to the one it ends at, or the
part is thrown away. So two connections that send the same upload, one of them given up by its sender, cannot mix.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, update

from easel.base.clock import now
from easel.base.errors import EaselError, FileTooLarge, InvalidInput, Unavailable
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.storage.base import StorageUnavailable

from .. import queries
from ..errors import OffsetConflict, TooManyUploads
from ..models import Upload
from ..schemas import FailedFile, ResumableUpload, Wishes
from . import taking

log = structlog.get_logger(__name__)

_FOLDER: Final = "uploads"
_PART: Final = 8_000_000
_IN_MEMORY: Final = 1 << 20
_MOST_UNFINISHED: Final = 500
_LEFT: Final = timedelta(minutes=1)
_UNKNOWN: Final = timedelta(hours=1)


async def create(work: Work, *, name: str, length: int, wishes: Wishes) -> Upload:
    """Begin an upload of `length` bytes. Raises `FileTooLarge`, `InvalidInput`, `TooManyUploads`, and as
    `taking.check`."""
    limit = work.studio.settings.uploads.max_picture_bytes
    if length > limit:
        raise FileTooLarge.than(limit)
    if length < 1:
        raise InvalidInput.of("Upload-Length", "must be at least 1", "greater_than_equal")
    await taking.check(work, wishes, length)
    if await queries.unfinished(work) >= _MOST_UNFINISHED:
        raise TooManyUploads
    upload = Upload(
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        file_name=taking.plain_name(name),
        length=length,
        wishes=wishes.model_dump(mode="json"),
    )
    work.session.add(upload)
    await work.session.flush()
    return upload


def expires_at(studio: Studio, upload: Upload) -> datetime:
    """Until when one can go on with an upload."""
    return upload.updated_at + timedelta(hours=studio.settings.uploads.unfinished_hours)


def show(studio: Studio, row: Upload) -> ResumableUpload:
    """An upload as the API shows it."""
    error = None
    if row.error_code is not None:
        error = FailedFile(name=row.file_name, code=row.error_code, message=row.error_message or "")
    status: Any = row.status
    return ResumableUpload(
        id=row.id,
        file_name=row.file_name,
        length=row.length,
        offset=row.received,
        status=status,
        image_id=row.image_id,
        already_there=row.already_there,
        error=error,
        expires_at=expires_at(studio, row),
    )


async def append(
    studio: Studio, actor: Actor, upload_id: UUID, offset: int, chunks: AsyncIterator[bytes]
) -> Upload:
    """Take bytes from `offset` on; when all have come, the picture comes in.

    What came of `chunks` before they broke off is kept. Raises `UploadNotFound`, `OffsetConflict`, `FileTooLarge`,
    and what `taking.take` refuses files with.
    """
    async with studio.work(actor) as work:
        upload = await queries.upload(work, upload_id)
    if upload.received != offset or upload.status != "receiving":
        raise OffsetConflict
    part = bytearray()
    try:
        async for chunk in chunks:
            if offset + len(part) + len(chunk) > upload.length:
                raise FileTooLarge.than(upload.length)
            part += chunk
            if len(part) >= _PART:
                offset = await _keep(studio, upload, offset, part)
    finally:
        if part:
            offset = await _keep(studio, upload, offset, part)
    if offset == upload.length:
        return await finish(studio, actor, upload_id)
    async with studio.work(actor) as work:
        return await queries.upload(work, upload_id)


async def _keep(studio: Studio, upload: Upload, offset: int, part: bytearray) -> int:
    """Put a part into the store and note it; empties `part` and answers the offset after it."""
    end = offset + len(part)
    key = f"{_FOLDER}/{upload.id}/{offset:012}-{token_hex(4)}"
    await studio.storage.put(key, bytes(part))
    part.clear()
    async with studio.work(Actor.system()) as work:
        moved = await work.session.scalar(
            update(Upload)
            .where(Upload.id == upload.id, Upload.received == offset, Upload.status == "receiving")
            .values(received=end, parts=func.array_append(Upload.parts, key))
            .returning(Upload.id)
        )
    if moved is None:
        await studio.storage.delete(key)
        raise OffsetConflict
    return end


async def finish(studio: Studio, actor: Actor, upload_id: UUID) -> Upload:
    """Make a picture of an upload that came whole. Safe to repeat, and to be done by two at once.

    Raises what `taking.take` refuses files with; the upload has then failed, unless something was out of order.
    """
    async with studio.work(actor) as work:
        upload = await queries.upload(work, upload_id)
    if upload.status != "receiving":
        return upload
    wishes = Wishes.model_validate(upload.wishes)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        file = cast("BinaryIO", spooled)
        for key in upload.parts:
            async for piece in studio.storage.stream(key):
                await asyncio.to_thread(file.write, piece)
        try:
            candidate = await taking.look_at(studio, file, name=upload.file_name)
            async with taking.kept(studio, file, candidate) as original, studio.work(actor) as work:
                row = await queries.upload(work, upload_id, locked=True)
                if row.status == "receiving":
                    taken = await taking.add(work, candidate, original, wishes)
                    row.status, row.image_id = "done", taken.image.id
                    row.already_there = taken.already_there
                    await work.session.flush()
                upload = row
        except (Unavailable, DatabaseUnavailable, StorageUnavailable):
            raise  # it can be tried again
        except EaselError as error:
            async with studio.work(actor) as work:
                row = await queries.upload(work, upload_id, locked=True)
                row.status, row.error_code, row.error_message = "failed", error.code, error.detail
            await studio.storage.delete(*upload.parts)
            raise
    await studio.storage.delete(*upload.parts)
    return upload


async def end(studio: Studio, actor: Actor, upload_id: UUID) -> None:
    """Forget an upload and what came of it; a picture that it became stays. Raises `UploadNotFound`."""
    async with studio.work(actor) as work:
        row = await queries.upload(work, upload_id, locked=True)
        parts = row.parts
        await work.session.delete(row)
    await studio.storage.delete(*parts)


async def tidy(studio: Studio) -> None:
    """Finish what came whole when a process died, and forget what nobody went on with."""
    async with studio.work(Actor.system()) as work:
        left = await queries.whole(work, before=now() - _LEFT, limit=20)
    for upload in left:
        actor = Actor(
            kind="system", user_id=upload.user_id, workspace_id=upload.workspace_id, scopes=ALL_SCOPES
        )
        with suppress(EaselError):  # the row says it
            await finish(studio, actor, upload.id)
    limit = now() - timedelta(hours=studio.settings.uploads.unfinished_hours)
    async with studio.work(Actor.system()) as work:
        forgotten: Sequence[list[str]] = (
            await work.session.scalars(
                delete(Upload).where(Upload.updated_at < limit).returning(Upload.parts)
            )
        ).all()
    await studio.storage.delete(*[key for parts in forgotten for key in parts])
    await _remove_strays(studio)


async def _remove_strays(studio: Studio) -> None:
    """Remove parts that no row speaks of: of accounts that are gone, of processes that died."""
    old = now() - _UNKNOWN
    found = [file.key async for file in studio.storage.list(_FOLDER) if file.last_modified < old]
    if not found:
        return
    ids = {UUID(key.split("/")[1]) for key in found}
    async with studio.work(Actor.system()) as work:
        rows = await work.session.scalars(
            select(Upload.parts).where(Upload.id.in_(ids), Upload.status == "receiving")
        )
        spoken_of = {key for parts in rows for key in parts}
    strays = [key for key in found if key not in spoken_of]
    if strays:
        log.info("intake.strays_removed", number=len(strays))
        await studio.storage.delete(*strays)
