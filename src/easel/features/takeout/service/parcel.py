"""An uploaded take-out on its way to the worker, which may be another machine: parts in the object store."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from easel.core.work import Studio

_FOLDER: Final = "imports"
_PART: Final = 8_000_000
_PREFIX: Final = "take-out-"
_ABANDONED_AFTER: Final = 86_400.0  # seconds


@contextmanager
def scratch(studio: Studio) -> Iterator[Path]:
    """A folder for large files that is gone afterwards: on the data folder's disk, else where the system says."""
    place = _place(studio)
    if place is not None:
        place.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(prefix=_PREFIX, dir=place) as folder:
        yield Path(folder)


def sweep(studio: Studio) -> None:
    """Remove the folders of processes that were killed: those that nobody wrote to for a day."""
    place = _place(studio)
    if place is None or not place.is_dir():
        return
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another process may remove it at this moment
            newest = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
            if time.time() - newest > _ABANDONED_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _place(studio: Studio) -> Path | None:
    data = studio.settings.data
    return data / "tmp" if data.is_dir() else None


async def send(studio: Studio, job_id: UUID, path: Path) -> None:
    """Put the file at `path` into the store, for the job. Raises `StorageUnavailable`, leaving nothing."""
    try:
        with path.open("rb") as file:
            number = 0
            while part := await asyncio.to_thread(file.read, _PART):
                await studio.storage.put(_key(job_id, number), part)
                number += 1
    except BaseException:
        await discard(studio, job_id)
        raise


async def fetch(studio: Studio, job_id: UUID, path: Path) -> None:
    """Write what was sent for a job to `path`."""
    keys = sorted([file.key async for file in studio.storage.list(f"{_FOLDER}/{job_id}")])
    with path.open("wb") as file:
        for key in keys:
            await asyncio.to_thread(file.write, await studio.storage.get(key))


async def discard(studio: Studio, job_id: UUID) -> None:
    """Remove what was sent for a job; quiet when there is nothing."""
    await studio.storage.delete(*[file.key async for file in studio.storage.list(f"{_FOLDER}/{job_id}")])


async def waiting(studio: Studio, *, older_than: datetime) -> Iterable[UUID]:
    """The jobs that something lies in the store for since before a moment."""
    found = set()
    async for file in studio.storage.list(_FOLDER):
        if file.last_modified < older_than:
            found.add(UUID(file.key.split("/")[1]))
    return found


def _key(job_id: UUID, number: int) -> str:
    return f"{_FOLDER}/{job_id}/{number:08}"
