"""Generations, pictures, their versions and masks, bytes before rows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text

from easel.base import trail as trails
from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.base.ids import new_id
from easel.core import antivirus
from easel.core.jobs import Job, deferred
from easel.features.comparisons.models import Comparison, ComparisonSide
from easel.features.generation.models import Generation
from easel.features.library import service as library
from easel.features.library.events import RENDER
from easel.features.library.models import Image, ImageVersion, Mask
from easel.features.projects.models import Project

from ... import queries
from ...errors import BadTakeOut
from ...schemas import (
    COMPARISONS,
    GENERATIONS,
    IMAGES,
    MASKS,
    VERSIONS,
    ComparisonRecord,
    GenerationRecord,
    ImageRecord,
    VersionRecord,
)
from .course import Course, add

_FILES: Final = 20
_AT_ONCE: Final = 5
_IN_MEMORY: Final = 8_000_000
_RENDER: Final = Job(RENDER.name, RENDER.queue, priority=-10)
"""Thumbnails of what comes in wait for those of what is made now."""
_RENDER_ALL: Final = text(
    f"SELECT {deferred(_RENDER, trail='CAST(:trail AS jsonb)', image_id='id')} "  # noqa: S608 - constants
    "FROM unnest(CAST(:ids AS uuid[])) AS id"
)


async def generations(course: Course) -> None:
    """Bring the generations in. What was unfinished when it was exported comes in as cancelled."""
    async for batch in course.batches(GENERATIONS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "generation", Generation.id, [one.id for one in batch])
            projects = await queries.rows_of(work, "project", Project.id, [one.project_id for one in batch])
            rows = {one.id: _generation(course, one, projects) for one in batch if one.id not in known}
            added = await add(work, "generation", Generation, rows)
        course.totals.generations += added


async def comparisons(course: Course) -> None:
    """Bring the comparisons in, with their votes."""
    async for batch in course.batches(COMPARISONS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "comparison", Comparison.id, [one.id for one in batch])
            rows = {one.id: _comparison(course, one) for one in batch if one.id not in known}
            course.totals.comparisons += await add(work, "comparison", Comparison, rows)
            made = await queries.rows_of(work, "comparison", Comparison.id, rows)
            compared = [(made[one.id], side) for one in batch if one.id in rows for side in one.sides]
            generations = await queries.rows_of(
                work, "generation", Generation.id, [side.generation_id for _, side in compared]
            )
            sides = [
                side.model_dump()
                | {
                    "comparison_id": id,
                    "generation_id": generations.get(side.generation_id) if side.generation_id else None,
                }
                for id, side in compared
            ]
            if sides:
                await work.session.execute(insert(ComparisonSide), sides)


async def images(course: Course) -> None:
    """Bring the pictures in, their bytes first; pictures whose originals were lost are left out."""
    async for batch in course.batches(IMAGES, _FILES):
        ids = [record.id for record in batch]
        async with course.studio.work(course.actor) as work:
            known = await queries.rows_of(work, "image", Image.id, ids)
        originals = await _all_kept(
            course, {one.id: one.file for one in batch if one.file is not None and one.id not in known}
        )
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            # Another worker that carried this import meanwhile has let the job's row go by now.
            known = await queries.rows_of(work, "image", Image.id, ids)
            fresh = {id: new_id() for id in originals if id not in known}
            made_by = await queries.rows_of(
                work, "generation", Generation.id, [one.generation_id for one in batch]
            )
            projects = await queries.rows_of(work, "project", Project.id, [one.project_id for one in batch])
            rows = [
                _image(course, one, fresh[one.id], originals[one.id])
                | {
                    "generation_id": made_by.get(one.generation_id) if one.generation_id else None,
                    "project_id": projects.get(one.project_id) if one.project_id else None,
                }
                for one in batch
                if one.id in fresh
            ]
            await library.hold_originals(work, [originals[id] for id in fresh])
            if rows:
                await work.session.execute(insert(Image), rows)
            await queries.remember(work, "image", fresh)
            told = {"ids": list(fresh.values()), "trail": json.dumps(trails.here())}
            await work.session.execute(_RENDER_ALL, told)
        course.totals.images += len(fresh)
        course.totals.already_there += len(known)
        course.totals.missing += sum(1 for one in batch if one.file is None and one.id not in known)


async def versions(course: Course) -> None:
    """Bring the versions of pictures in that came in by this import; lost ones are left out."""
    async for batch in course.batches(VERSIONS, _FILES):
        async with course.studio.work(course.actor) as work:
            mine = await course.fresh(work, "image", Image.id, [one.image_id for one in batch])
        originals = await _all_kept(
            course, {one.id: one.file for one in batch if one.file is not None and one.image_id in mine}
        )
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "version", ImageVersion.id, [one.id for one in batch])
            bases = await queries.rows_of(work, "version", ImageVersion.id, [one.base_id for one in batch])
            made_by = await queries.rows_of(
                work, "generation", Generation.id, [one.generation_id for one in batch]
            )
            fresh = {id: new_id() for id in originals if id not in known}
            rows = [
                _version(course, one, fresh[one.id], originals[one.id])
                | {
                    "image_id": mine[one.image_id],
                    "base_id": {**bases, **fresh}.get(one.base_id) if one.base_id else None,
                    "generation_id": made_by.get(one.generation_id) if one.generation_id else None,
                }
                for one in batch
                if one.id in fresh
            ]
            await library.hold_originals(work, [originals[id] for id in fresh])
            if rows:
                await work.session.execute(insert(ImageVersion), rows)
            await queries.remember(work, "version", fresh)
        course.totals.versions += len(fresh)


async def masks(course: Course) -> None:
    """Bring the masks of pictures in that came in by this import, drawn anew. Raises `BadTakeOut`."""
    async for batch in course.batches(MASKS, _FILES):
        async with course.studio.work(course.actor) as work:
            mine = await course.fresh(work, "image", Image.id, [one.image_id for one in batch])
            rows = {
                image.id: image
                for image in await work.session.scalars(select(Image).where(Image.id.in_(mine.values())))
            }
        read: dict[UUID, bytes] = {}
        for one in batch:
            if one.image_id in mine:
                data = await asyncio.to_thread(course.archive.read, one.file)
                try:
                    read[one.id] = await library.masks.read(course.studio, data, rows[mine[one.image_id]])
                except InvalidInput as error:
                    raise BadTakeOut("bad_mask", f"{one.file}: {error.detail}.") from error
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "mask", Mask.id, [one.id for one in batch])
            kept: dict[UUID, UUID] = {}
            for one in batch:
                if one.id in read and one.id not in known:
                    image = rows[mine[one.image_id]]
                    times = (one.created_at, one.updated_at)
                    kept[one.id] = await library.masks.keep(work, image, read[one.id], times)
            await queries.remember(work, "mask", kept)
        course.totals.masks += len(kept)


async def _all_kept(course: Course, files: Mapping[UUID, str]) -> dict[UUID, library.Original]:
    """Files put into the store by whose they are: the next while one is written, and never much in memory."""
    kept: dict[UUID, library.Original] = {}
    for group in _together(course, files):
        # All of them to their end, whatever becomes of one: they read the same ZIP.
        originals = await asyncio.gather(*(_kept(course, files[id]) for id in group), return_exceptions=True)
        for id, original in zip(group, originals, strict=True):
            if isinstance(original, BaseException):
                raise original
            kept[id] = original
    return kept


def _together(course: Course, files: Mapping[UUID, str]) -> Iterator[list[UUID]]:
    """Which of them are in memory at once: a few, of so many bytes that it does not matter, or a large one alone."""
    group: list[UUID] = []
    size = 0
    for id, path in files.items():
        more = course.archive.files[path].size
        if group and (len(group) >= _AT_ONCE or size + more > _IN_MEMORY):
            yield group
            group, size = [], 0
        group.append(id)
        size += more
    if group:
        yield group


async def _kept(course: Course, path: str) -> library.Original:
    data = await asyncio.to_thread(course.archive.read, path)
    await antivirus.scan(course.studio.settings.uploads, BytesIO(data))
    return await library.keep(course.studio, data, await course.studio.isolated.probe(data))


def _generation(course: Course, record: GenerationRecord, projects: Mapping[UUID, UUID]) -> dict[str, Any]:
    values = record.model_dump(exclude={"id", "inputs", "parent_image_id"}) | course.owner
    values["project_id"] = projects.get(record.project_id) if record.project_id else None
    values["batch_id"] = course.same(record.batch_id)
    values["pool"] = record.model_id.partition("/")[0]  # it has ended, so it waits in none
    if record.status in ("pending", "processing"):
        values |= {"status": "cancelled", "completed_at": record.completed_at or now()}
    return values


def _comparison(course: Course, record: ComparisonRecord) -> dict[str, Any]:
    values = record.model_dump(exclude={"id", "sides"}) | course.owner
    voter = course.actor.user if record.vote else None
    return {**values, "round_id": course.same(record.round_id), "voted_by": voter}


def _image(course: Course, record: ImageRecord, id: UUID, original: library.Original) -> dict[str, Any]:
    values = record.model_dump(exclude={"file", "version_id"}) | course.owner | _file(original)
    return {**values, "id": id, "parent_image_id": None}


def _version(course: Course, record: VersionRecord, id: UUID, original: library.Original) -> dict[str, Any]:
    values = record.model_dump(exclude={"file", "steps"}) | _file(original)
    steps = [step.model_dump(mode="json") for step in record.steps]
    return {**values, "id": id, "user_id": course.actor.user, "steps": steps}


def _file(original: library.Original) -> dict[str, Any]:
    return {
        "file_path": original.key,
        "content_hash": original.content_hash,
        "format": original.facts.format,
        "width": original.facts.width,
        "height": original.facts.height,
        "file_size": original.file_size,
    }
