"""What pictures are kept in and made with: presets, projects, collections with their order, and saved filters."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.collections.models import Collection
from easel.features.library.models import CollectionImage, Image, SavedFilter
from easel.features.presets.models import DefaultPreset, Preset
from easel.features.projects.models import Project

from ... import queries
from ...schemas import COLLECTIONS, PLACES, PRESETS, PROJECTS, SAVED_FILTERS, CollectionRecord, Listing
from .course import Course, add

_COVERED: Final[tuple[tuple[Listing[Any], str, type[Collection] | type[Project]], ...]] = (
    (COLLECTIONS, "collection", Collection),
    (PROJECTS, "project", Project),
)


async def presets(course: Course) -> None:
    """Bring the presets in, under free names; one becomes the default where none was chosen."""
    async for batch in course.batches(PRESETS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "preset", Preset.id, [one.id for one in batch])
            for one in batch:
                if one.id in known:
                    continue
                values = one.model_dump(exclude={"id", "workspace_id", "name", "is_default"}) | course.owner
                name = await queries.free_name(work, Preset, one.name)
                course.totals.presets += await add(work, "preset", Preset, {one.id: {**values, "name": name}})
                if one.is_default:
                    await _prefer(work, course, one.id)


async def _prefer(work: Work, course: Course, original: UUID) -> None:
    found = await queries.rows_of(work, "preset", Preset.id, [original])
    chosen = insert(DefaultPreset).values(**course.owner, preset_id=found[original])
    await work.session.execute(chosen.on_conflict_do_nothing())


async def projects(course: Course) -> None:
    """Bring the projects in; covers come with `finish`, when there are pictures."""
    async for batch in course.batches(PROJECTS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "project", Project.id, [one.id for one in batch])
            presets = await queries.rows_of(work, "preset", Preset.id, [one.preset_id for one in batch])
            rows = {
                one.id: one.model_dump(exclude={"id", "workspace_id"})
                | course.owner
                | {"cover_image_id": None, "preset_id": presets.get(one.preset_id) if one.preset_id else None}
                for one in batch
                if one.id not in known
            }
            course.totals.projects += await add(work, "project", Project, rows)


async def collections(course: Course) -> None:
    """Bring the collections in; covers and filters come with `finish`."""
    async for batch in course.batches(COLLECTIONS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "collection", Collection.id, [one.id for one in batch])
            rows = {
                one.id: one.model_dump(exclude={"id", "workspace_id"})
                | course.owner
                | {"cover_image_id": None}
                for one in batch
                if one.id not in known
            }
            course.totals.collections += await add(work, "collection", Collection, rows)


async def saved_filters(course: Course) -> None:
    """Bring the saved filters in, under free names."""
    async for batch in course.batches(SAVED_FILTERS):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            known = await queries.rows_of(work, "saved_filter", SavedFilter.id, [one.id for one in batch])
            for one in batch:
                if one.id not in known:
                    values = one.model_dump(exclude={"id", "workspace_id"}) | course.owner
                    values["name"] = await queries.free_name(work, SavedFilter, one.name)
                    values["filter"] = await _filter(work, one.filter)
                    course.totals.saved_filters += await add(
                        work, "saved_filter", SavedFilter, {one.id: values}
                    )


async def places(course: Course) -> None:
    """Put pictures into the collections that came in by this import; others are as their people left them."""
    async for batch in course.batches(PLACES):
        async with course.studio.work(course.actor) as work:
            await course.go_on(work, len(batch))
            into = await course.fresh(work, "collection", Collection.id, [one.collection_id for one in batch])
            images = await queries.rows_of(work, "image", Image.id, [one.image_id for one in batch])
            rows = [
                {
                    "id": new_id(),
                    "collection_id": into[one.collection_id],
                    "image_id": images[one.image_id],
                    "position": one.position,
                    "added_at": one.added_at,
                }
                for one in batch
                if one.collection_id in into and one.image_id in images
            ]
            if rows:
                await work.session.execute(insert(CollectionImage).on_conflict_do_nothing(), rows)


async def finish(course: Course) -> None:
    """Covers, filters that name what came in, and the times of the last change, which pictures coming in moved."""
    for listing, kind, model in _COVERED:
        async for batch in course.batches(listing):
            async with course.studio.work(course.actor) as work:
                await course.go_on(work)
                fresh = await course.fresh(work, kind, model.id, [one.id for one in batch])
                covers = await queries.rows_of(work, "image", Image.id, [one.cover_image_id for one in batch])
                for one in batch:
                    if one.id not in fresh:
                        continue
                    values: dict[str, Any] = {"updated_at": one.updated_at}
                    if one.cover_image_id in covers:
                        values["cover_image_id"] = covers[one.cover_image_id]
                    if isinstance(one, CollectionRecord) and one.filter is not None:
                        values["filter"] = await _filter(work, one.filter)
                    await work.session.execute(update(model).where(model.id == fresh[one.id]).values(values))


async def _filter(work: Work, stored: dict[str, Any]) -> dict[str, Any]:
    """A filter that names the project and the collection as they are called here."""
    found = dict(stored)
    for name, kind, id in (
        ("project_id", "project", Project.id),
        ("collection_id", "collection", Collection.id),
    ):
        if isinstance(original := stored.get(name), str) and original != "none":
            rows = await queries.rows_of(work, kind, id, [UUID(original)])
            found[name] = str(rows.get(UUID(original), original))
    return found
