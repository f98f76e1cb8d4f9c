"""The records of a checked take-out becoming rows, a batch at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update

from easel.base.clock import now
from easel.base.ids import new_id
from easel.core import antivirus
from easel.core.actor import Actor
from easel.core.jobs import Job
from easel.core.work import Studio, Work
from easel.features.background import service as background
from easel.features.generation.models import Generation
from easel.features.library import service as library
from easel.features.library.events import RENDER
from easel.features.library.models import Image

from .. import queries
from ..errors import BadTakeOut
from ..schemas import GENERATIONS, IMAGES, GenerationRecord, ImageRecord
from .archive import Archive

_ROWS: Final = 200
_PICTURES: Final = 20
_RENDER: Final = Job(RENDER.name, RENDER.queue, priority=-10)
"""Thumbnails of what comes in wait for those of what is made now."""

R = TypeVar("R", bound=BaseModel)


@dataclass
class Totals:
    """What an import did."""

    images: int = 0
    generations: int = 0
    already_there: int = 0
    missing: int = 0


class Batches:
    """One import: `generations`, `images` and `parents`, in this order."""

    def __init__(self, studio: Studio, actor: Actor, job_id: UUID, archive: Archive) -> None:
        self.totals = Totals()
        self._studio = studio
        self._actor = actor
        self._job_id = job_id
        self._archive = archive
        self._done = 0
        counts = archive.manifest.counts
        self._total = max(1, counts.get("images", 0) + counts.get("generations", 0))

    async def generations(self) -> None:
        """Bring the generations in. What was unfinished when it was exported comes in as cancelled."""
        async for batch in _batches(self._archive.records(GENERATIONS, GenerationRecord), _ROWS):
            async with self._studio.work(self._actor) as work:
                await self._go_on(work, len(batch))
                known = await queries.rows_of(work, "generation", Generation, [one.id for one in batch])
                fresh = {one.id: new_id() for one in batch if one.id not in known}
                rows = [self._generation(one, fresh[one.id]) for one in batch if one.id in fresh]
                if rows:
                    await work.session.execute(insert(Generation), rows)
                await queries.remember(work, "generation", fresh)
            self.totals.generations += len(fresh)

    async def images(self) -> None:
        """Bring the pictures in, their bytes first; pictures whose originals were lost are left out."""
        async for batch in _batches(self._archive.records(IMAGES, ImageRecord), _PICTURES):
            ids = [record.id for record in batch]
            async with self._studio.work(self._actor) as work:
                known = await queries.rows_of(work, "image", Image, ids)
            originals: dict[UUID, library.Original] = {}
            for record in batch:
                if record.file is not None and record.id not in known:
                    data = await asyncio.to_thread(self._archive.read, record.file)
                    await antivirus.scan(self._studio.settings.uploads, BytesIO(data))
                    originals[record.id] = await library.keep(self._studio, data)
            async with self._studio.work(self._actor) as work:
                await self._go_on(work, len(batch))
                # Another worker that carried this import meanwhile has let the job's row go by now.
                known = await queries.rows_of(work, "image", Image, ids)
                fresh = {id: new_id() for id in originals if id not in known}
                made_by = await queries.rows_of(
                    work, "generation", Generation, [one.generation_id for one in batch if one.generation_id]
                )
                rows = [
                    self._image(one, fresh[one.id], originals[one.id], made_by)
                    for one in batch
                    if one.id in fresh
                ]
                for id in fresh:
                    await library.hold_original(work, originals[id])
                if rows:
                    await work.session.execute(insert(Image), rows)
                await queries.remember(work, "image", fresh)
                for id in fresh.values():
                    await work.defer(_RENDER, image_id=str(id))
            self.totals.images += len(fresh)
            self.totals.already_there += len(known)
            self.totals.missing += sum(1 for one in batch if one.file is None and one.id not in known)

    async def parents(self) -> None:
        """Tie pictures to those they were made from, now that all are there."""
        async for batch in _batches(self._archive.records(IMAGES, ImageRecord), _ROWS):
            children = {one.id: one.parent_image_id for one in batch if one.parent_image_id}
            if not children:
                continue
            async with self._studio.work(self._actor) as work:
                await self._go_on(work, 0)
                rows = await queries.rows_of(work, "image", Image, [*children, *children.values()])
                for child, parent in children.items():
                    if child in rows and parent in rows:
                        await work.session.execute(
                            update(Image)
                            .where(Image.id == rows[child], Image.parent_image_id.is_(None))
                            .values(parent_image_id=rows[parent], updated_at=Image.updated_at)
                        )

    async def _go_on(self, work: Work, amount: int) -> None:
        """Hold the job's row to the end of the transaction, so that one worker at a time brings rows in."""
        if await background.take(work, self._job_id) is None:
            raise BadTakeOut("ended", "The import was ended.")
        self._done += amount
        await background.forward(
            work, self._job_id, stage="importing", done=min(self._done, self._total), total=self._total
        )

    def _owner(self) -> dict[str, Any]:
        return {"workspace_id": self._actor.workspace, "user_id": self._actor.user}

    def _generation(self, record: GenerationRecord, id: UUID) -> dict[str, Any]:
        values = record.model_dump() | self._owner() | {"id": id, "project_id": None}
        values["pool"] = record.model_id.partition("/")[0]  # it has ended, so it waits in none
        if record.status in ("pending", "processing"):
            values |= {"status": "cancelled", "completed_at": record.completed_at or now()}
        return values

    def _image(
        self,
        record: ImageRecord,
        id: UUID,
        original: library.Original,
        made_by: Mapping[UUID, UUID],
    ) -> dict[str, Any]:
        values = record.model_dump(exclude={"file"}) | self._owner()
        generation = made_by.get(record.generation_id) if record.generation_id else None
        return values | {
            "id": id,
            "project_id": None,
            "parent_image_id": None,
            "generation_id": generation,
            "file_path": original.key,
            "content_hash": original.content_hash,
            "format": original.facts.format,
            "width": original.facts.width,
            "height": original.facts.height,
            "file_size": original.file_size,
        }


async def _batches(records: Iterator[R], size: int) -> AsyncIterator[list[R]]:
    while batch := await asyncio.to_thread(lambda: list(islice(records, size))):
        yield batch
