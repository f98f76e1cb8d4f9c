"""What pictures and generations say of each other: parents, shown versions, families, and what was started from."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert

from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.generation.models import Generation
from easel.features.library.models import Image, ImageVersion, Lineage, Mask

from ... import queries
from ...schemas import GENERATIONS, IMAGES, LINEAGE, GenerationRecord
from .course import Course

# Take-outs of version 1 tell parents only.
_COMPLETE: Final = text("""
    WITH RECURSIVE family AS (
        SELECT parent.id AS image_id, coalesce(lineage.parent_id, parent.parent_image_id) AS parent_id,
               coalesce(lineage.root_id, parent.id) AS root_id
        FROM images AS parent LEFT JOIN lineage ON lineage.image_id = parent.id
        WHERE parent.workspace_id = :workspace
        AND (parent.parent_image_id IS NULL OR lineage.image_id IS NOT NULL)
        AND EXISTS (
            SELECT FROM images AS child WHERE child.parent_image_id = parent.id
            AND NOT EXISTS (SELECT FROM lineage WHERE lineage.image_id = child.id)
        )
        UNION
        SELECT child.id, child.parent_image_id, family.root_id
        FROM images AS child JOIN family ON child.parent_image_id = family.image_id
    )
    INSERT INTO lineage (image_id, parent_id, root_id, workspace_id, operation, created_at)
    SELECT family.image_id, family.parent_id, family.root_id, images.workspace_id, images.operation,
           images.created_at
    FROM family JOIN images ON images.id = family.image_id
    ON CONFLICT DO NOTHING
""")


async def shown(course: Course) -> None:
    """Tie pictures to those they were made from, and to the versions that they show."""
    async for batch in course.batches(IMAGES):
        tied = [one for one in batch if one.parent_image_id or one.version_id]
        if not tied:
            continue
        async with course.studio.work(course.actor) as work:
            await course.go_on(work)
            fresh = await course.fresh(work, "image", Image.id, [one.id for one in tied])
            parents = await queries.rows_of(work, "image", Image.id, [one.parent_image_id for one in tied])
            versions = await queries.rows_of(
                work, "version", ImageVersion.id, [one.version_id for one in tied]
            )
            for one in tied:
                if one.id not in fresh:
                    continue
                values = {
                    "parent_image_id": parents.get(one.parent_image_id) if one.parent_image_id else None,
                    "version_id": versions.get(one.version_id) if one.version_id else None,
                    "updated_at": one.updated_at,
                }
                await work.session.execute(update(Image).where(Image.id == fresh[one.id]).values(values))


async def lineage(course: Course) -> None:
    """Bring families in. Those of them that are no pictures any more get new ids too."""
    async for batch in course.batches(LINEAGE):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            named = {id for one in batch for id in (one.id, one.parent_id, one.root_id) if id is not None}
            rows = await queries.rows_of(work, "image", Image.id, named)
            gone = named - rows.keys()
            ids = await queries.ancestors(work, gone)
            unknown = {id: new_id() for id in gone - ids.keys()}
            await queries.remember(work, "ancestor", unknown)
            ids |= unknown | rows
            family: list[dict[str, Any]] = [
                {
                    "image_id": ids[one.id],
                    "parent_id": ids[one.parent_id] if one.parent_id else None,
                    "root_id": ids[one.root_id],
                    "workspace_id": course.actor.workspace,
                    "operation": one.operation,
                    "created_at": one.created_at,
                }
                for one in batch
            ]
            await work.session.execute(insert(Lineage).on_conflict_do_nothing(), family)
    async with course.studio.work(course.actor) as work:
        await course.go_on(work)
        await work.session.execute(_COMPLETE, {"workspace": course.actor.workspace})


async def sources(course: Course) -> None:
    """Tell generations what they started from, now that it is there."""
    async for batch in course.batches(GENERATIONS):
        tied = [one for one in batch if one.parent_image_id or one.inputs.model_fields_set]
        if not tied:
            continue
        async with course.studio.work(course.actor) as work:
            await course.go_on(work)
            fresh = await course.fresh(work, "generation", Generation.id, [one.id for one in tied])
            for one in tied:
                if one.id in fresh:
                    values = await _sources(work, one)
                    await work.session.execute(
                        update(Generation).where(Generation.id == fresh[one.id]).values(values)
                    )


async def _sources(work: Work, record: GenerationRecord) -> dict[str, Any]:
    said = record.inputs
    named = [record.parent_image_id, said.style_image_id]
    images = await queries.ancestors(work, [id for id in named if id is not None])
    images |= await queries.rows_of(work, "image", Image.id, named)
    files = await queries.files_of(work, [one for one in (said.image_hash, said.style_image_hash) if one])
    hashes = {"image_hash", "style_image_hash"}
    inputs = said.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=hashes)
    if said.image_hash:
        inputs["image_key"] = files.get(said.image_hash, _lost(said.image_hash))
    if said.style_image_hash:
        inputs["style_image_key"] = files.get(said.style_image_hash, _lost(said.style_image_hash))
    if said.style_image_id:
        inputs["style_image_id"] = str(images.get(said.style_image_id, said.style_image_id))
    if said.mask_id:
        masks = await queries.rows_of(work, "mask", Mask.id, [said.mask_id])
        inputs["mask_id"] = str(masks.get(said.mask_id, said.mask_id))
    if said.base_id:
        versions = await queries.rows_of(work, "version", ImageVersion.id, [said.base_id])
        inputs["base_id"] = str(versions.get(said.base_id, said.base_id))
    parent: UUID | None = images.get(record.parent_image_id) if record.parent_image_id else None
    return {"inputs": inputs, "parent_image_id": parent, "updated_at": record.updated_at}


def _lost(digest: str) -> str:
    """Where nothing lies: whoever tries the generation again is told that its picture is not there."""
    return f"missing/{digest}"
