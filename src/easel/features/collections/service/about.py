"""Collections themselves: begun, changed, deleted, shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from easel.base.errors import InvalidInput
from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library.errors import ImageNotFound
from easel.features.library.schemas import ImageFilter

from .. import queries
from ..errors import CollectionIsSmart, CollectionNotFound
from ..events import CollectionChanged, CollectionCreated, CollectionDeleted
from ..models import Collection
from ..schemas import CollectionChangeIn, CollectionFields, CollectionIn, CollectionOut


async def create(work: Work, body: CollectionIn) -> Collection:
    """Begin a collection. Raises `InvalidInput` for a cover or a filter that cannot be."""
    collection = Collection(
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        name=body.name,
        filter=await _stored(work, body.filter) if body.filter else None,
        **{"description": "", "is_public": False, **await _said(work, body)},
    )
    work.session.add(collection)
    await work.session.flush()
    await work.emit(
        CollectionCreated(
            subject_id=collection.id, workspace_id=collection.workspace_id, user_id=work.actor.user
        )
    )
    return collection


async def change(work: Work, collection_id: UUID, body: CollectionChangeIn) -> Collection:
    """Change what is said of a collection.

    Raises `CollectionNotFound`, `InvalidInput`, and `CollectionIsSmart` where one made by hand is to get a filter.
    """
    collection = await queries.get(work, collection_id, locked=True)
    values = await _said(work, body)
    if "name" in body.model_fields_set:
        values["name"] = body.name
    if "filter" in body.model_fields_set:
        if collection.filter is None:
            raise CollectionIsSmart("A collection made by hand takes no filter: begin a smart one.")
        values["filter"] = await _stored(work, body.filter)
    changed = {name: value for name, value in values.items() if getattr(collection, name) != value}
    for name, value in changed.items():
        setattr(collection, name, value)
    if changed:
        await work.session.flush()
        await tell(work, collection, *changed)
    return collection


async def remove(work: Work, collection_id: UUID) -> None:
    """Delete a collection; its pictures stay. Raises `CollectionNotFound`."""
    collection = await queries.get(work, collection_id, locked=True)
    await work.session.delete(collection)
    await work.session.flush()
    await work.emit(
        CollectionDeleted(
            subject_id=collection.id, workspace_id=collection.workspace_id, user_id=work.actor.user
        )
    )


async def show(work: Work, collections: Sequence[Collection]) -> list[CollectionOut]:
    """Collections as the API shows them; smart ones are looked up one by one."""
    found = await queries.contents(work, [one.id for one in collections if one.filter is None])
    for one in collections:
        if one.filter is not None:
            found[one.id] = await _matching(work, ImageFilter.model_validate(one.filter))
    return [_record(one, found[one.id]) for one in collections]


async def tell(work: Work, collection: Collection, *fields: str) -> None:
    """Emit that a collection was changed."""
    await work.emit(
        CollectionChanged(
            subject_id=collection.id,
            workspace_id=collection.workspace_id,
            user_id=work.actor.user,
            data={"fields": sorted(fields)},
        )
    )


async def _matching(work: Work, wanted: ImageFilter) -> queries.Content:
    number = await library.count(work, wanted)
    first = await library.page(work, wanted, library.Order(), limit=queries.PREVIEWS, after=None)
    return queries.Content(number, tuple(placed.image.id for placed in first))


def _record(collection: Collection, content: queries.Content) -> CollectionOut:
    cover = collection.cover_image_id or next(iter(content.first), None)
    return CollectionOut(
        id=collection.id,
        user_id=collection.user_id,
        name=collection.name,
        description=collection.description,
        cover_image_id=collection.cover_image_id,
        cover_url=f"/api/images/{cover}/thumbnail/512" if cover else None,
        previews=[f"/api/images/{id}/thumbnail/256" for id in content.first],
        is_public=collection.is_public,
        filter=None if collection.filter is None else ImageFilter.model_validate(collection.filter),
        image_count=content.count,
        created_at=collection.created_at,
        updated_at=collection.updated_at,
    )


async def _said(work: Work, body: CollectionFields) -> dict[str, Any]:
    """What a body says of the columns, but for the name and the filter."""
    named = body.model_fields_set & {"description", "cover_image_id", "is_public"}
    if "cover_image_id" in named and body.cover_image_id is not None:
        try:
            await library.get_image(work, body.cover_image_id)
        except ImageNotFound as error:
            raise InvalidInput.of("cover_image_id", "is no picture of this workspace", error.code) from error
    values = {name: getattr(body, name) for name in named}
    return {**values, "description": body.description or ""} if "description" in named else values


async def _stored(work: Work, wanted: ImageFilter) -> dict[str, Any]:
    if wanted.trashed:
        raise InvalidInput.of("filter.trashed", "a collection does not show the trash", "not_supported")
    if isinstance(wanted.collection_id, UUID):
        # One made by hand, so that smart ones never lead to each other.
        try:
            within = await queries.get(work, wanted.collection_id)
        except CollectionNotFound as error:
            raise InvalidInput.of(
                "filter.collection_id", "is no collection of this workspace", error.code
            ) from error
        if within.filter is not None:
            raise InvalidInput.of(
                "filter.collection_id", "is a smart collection: take its filter instead", "not_supported"
            )
    return wanted.model_dump(mode="json", exclude_defaults=True)
