"""Importing a take-out: looked at when it comes, compared with all its hashes by a worker, then brought in.

Nothing is kept before every file and every record has been read and found good. Then records come in by
batches, each batch one transaction that also notes which row each record became: a worker that dies is followed
by one that goes on where it stopped, and a take-out that is imported twice adds nothing the second time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from pydantic import BaseModel

from easel.base.clock import now
from easel.base.errors import EaselError
from easel.base.ids import new_id
from easel.core.actor import ALL_SCOPES, Actor, NotSignedIn
from easel.core.work import DatabaseUnavailable, Studio
from easel.features.accounts import queries as accounts
from easel.features.background import queries as background_queries
from easel.features.background import service as background
from easel.features.background.models import BackgroundJob
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.isolated import ImageTooDemanding
from easel.storage.base import StorageFull, StorageUnavailable

from ..errors import BadTakeOut, ImportRunning
from ..events import IMPORT, KIND
from ..schemas import BROUGHT_IN, ImageRecord, ImportStarted, MaskRecord, VersionRecord
from . import parcel
from .archive import PICTURES, Archive, opened
from .rows import Course, Totals, bring_in

log = structlog.get_logger(__name__)

_TELL_SECONDS: Final = 0.5
_LEFT_OVER: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(days=1)


def most_unpacked(studio: Studio) -> int:
    """Into how many bytes a take-out may unpack."""
    return 2 * studio.settings.web.max_import_bytes


async def receive(studio: Studio, actor: Actor, path: Path) -> ImportStarted:
    """Take the uploaded file at `path` on: a first look at it, then a job for a worker.

    Raises `BadTakeOut` for what a look at the ZIP's directory and manifest shows, `ImportRunning`.
    """
    await _none_running(studio, actor)
    images = await asyncio.to_thread(_first_look, path, most_unpacked(studio))
    job_id = new_id()
    await parcel.send(studio, job_id, path)
    try:
        async with studio.work(actor) as work:
            # One request of a user at a time comes past here.
            if await accounts.locked_user_by_id(work, actor.user) is None:
                raise NotSignedIn
            if await background_queries.unfinished(work, KIND, actor.user):
                raise ImportRunning
            await background.begin(work, IMPORT, kind=KIND, job_id=job_id)
    except BaseException:
        await parcel.discard(studio, job_id)
        raise
    return ImportStarted(job_id=job_id, images=images, links={"self": f"/api/jobs/{job_id}"})


async def _none_running(studio: Studio, actor: Actor) -> None:
    async with studio.work(actor) as work:
        if await background_queries.unfinished(work, KIND, actor.user):
            raise ImportRunning


def _first_look(path: Path, most: int) -> int:
    with opened(path, most=most) as archive:
        return archive.manifest.counts.get("images", 0)


async def run(studio: Studio, job_id: UUID) -> None:
    """Carry an import to its end. Safe to repeat, and to be taken over by another worker."""
    async with studio.work(Actor.system()) as work:
        job = await background.take(work, job_id)
    if job is None:
        return
    actor = Actor(kind="system", user_id=job.user_id, workspace_id=job.workspace_id, scopes=ALL_SCOPES)
    try:
        with parcel.scratch(studio) as folder:
            path = folder / "take-out.zip"
            await parcel.fetch(studio, job_id, path)
            totals = await _bring_in(studio, actor, job, path)
    except StorageFull as error:
        await _failed(studio, job_id, error.code, error.detail)
    except (DatabaseUnavailable, StorageUnavailable):
        raise  # `tidy` puts the job back into the queue, and it goes on
    except BadTakeOut as error:
        await _failed(studio, job_id, error.reason, error.detail)
    except EaselError as error:
        await _failed(studio, job_id, error.code, error.detail)
    except Exception:
        log.exception("takeout.import_broke")
        fault = "Something went wrong inside Easel; what came in until then is kept. Import the file again."
        await _failed(studio, job_id, "internal_error", fault)
    else:
        async with studio.work(Actor.system()) as work:
            await background.complete(work, job_id, asdict(totals))
        log.info("takeout.imported", **asdict(totals))
    await parcel.discard(studio, job_id)


async def _failed(studio: Studio, job_id: UUID, code: str, message: str) -> None:
    log.warning("takeout.import_refused", code=code, reason=message)
    async with studio.work(Actor.system()) as work:
        await background.fail(work, job_id, code, message)


async def _bring_in(studio: Studio, actor: Actor, job: BackgroundJob, path: Path) -> Totals:
    with opened(path, most=most_unpacked(studio)) as archive:
        await _checked(studio, job.id, archive)
        assert job.started_at is not None
        return await bring_in(Course(studio, actor, job.id, job.started_at, archive))


@dataclass
class _Watch:
    """How far a thread has come, and whether it is to stop."""

    read: int = 0
    stopped: bool = False

    def moved(self, amount: int) -> None:
        self.read += amount
        if self.stopped:
            raise InterruptedError


async def _checked(studio: Studio, job_id: UUID, archive: Archive) -> None:
    """Read and compare everything in a thread, and tell how far it is."""
    watch, loop = _Watch(), asyncio.get_running_loop()

    def look(path: str, data: bytes) -> None:
        asyncio.run_coroutine_threadsafe(_look_at_picture(studio, path, data), loop).result()

    checking = asyncio.create_task(asyncio.to_thread(_check, archive, look, watch.moved))
    try:
        while True:
            async with studio.work(Actor.system()) as work:
                if not await background.forward(
                    work, job_id, stage="checking", done=watch.read, total=archive.size
                ):
                    raise BadTakeOut("ended", "The import was ended.")
            done, _ = await asyncio.wait([checking], timeout=_TELL_SECONDS)
            if done:
                checking.result()
                return
    finally:
        # The ZIP must not be closed under the thread.
        watch.stopped = True
        while not checking.done():
            with suppress(InterruptedError, asyncio.CancelledError):
                await asyncio.shield(checking)


def _check(archive: Archive, look: Callable[[str, bytes], None], moved: Callable[[int], None]) -> None:
    archive.verify(look, moved)
    latest = now() + _AHEAD
    for listing in BROUGHT_IN:
        seen: set[UUID] = set()
        for number, record in enumerate(archive.records(listing), 2):
            place = f"{listing.path}, line {number}"
            if record.id in seen:
                raise BadTakeOut("duplicate_record", f"{place}: the record {record.id} is there twice.")
            seen.add(record.id)
            _check_record(archive, place, record, latest)
        if archive.manifest.counts.get(listing.counted, 0) != len(seen):
            raise BadTakeOut("bad_manifest", f"The manifest counts other {listing.counted} than there are.")


def _check_record(archive: Archive, place: str, record: BaseModel, latest: datetime) -> None:
    for name in ("created_at", "updated_at", "added_at"):
        moment = getattr(record, name, None)
        if moment is not None and moment > latest:
            raise BadTakeOut("bad_record", f"{place}: is dated in the future.")
    if isinstance(record, ImageRecord | VersionRecord | MaskRecord) and record.file is not None:
        listed = archive.files.get(record.file)
        if listed is None or not record.file.startswith(PICTURES):
            raise BadTakeOut("missing_file", f"{place}: there is no file {record.file!r}.")
        if listed.sha256 != record.content_hash:
            raise BadTakeOut("hash_mismatch", f"{place}: {record.file} is another picture.")


async def _look_at_picture(studio: Studio, path: str, data: bytes) -> None:
    try:
        await studio.isolated.probe(data)
    except (NotAnImage, ImageTooLarge, ImageTooDemanding) as error:
        raise BadTakeOut("not_an_image", f"{path}: {error.detail}") from error


async def tidy(studio: Studio) -> None:
    """Carry on imports that lost their worker, and remove uploads that nothing needs any more."""
    async with studio.work(Actor.system()) as work:
        await background.carry_on(work, IMPORT, KIND)
    await asyncio.to_thread(parcel.sweep, studio)
    moment = now() - _LEFT_OVER
    for job_id in await parcel.waiting(studio, older_than=moment):
        async with studio.work(Actor.system()) as work:
            needed = await background_queries.is_unfinished(work, job_id)
        if not needed:
            await parcel.discard(studio, job_id)
