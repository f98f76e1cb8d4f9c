"""How collections and their pictures are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, exists, func, literal, select, true, tuple_

from easel.core.actor import Actor
from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library.models import CollectionImage, Image

from .errors import CollectionNotFound
from .models import Collection

Sort = Literal["updated", "name"]
Position = tuple[datetime | str, UUID]
"""Where a row stands in a list: the value that is sorted by, and the id."""
PREVIEWS = 4


@dataclass(frozen=True, slots=True)
class Filter:
    """Which collections a list shows, and in which order; None leaves a field out of account."""

    q: str | None = None
    image_id: UUID | None = None
    sort: Sort = "updated"


@dataclass(frozen=True, slots=True)
class Content:
    """How many pictures a collection shows, and the first of them."""

    count: int
    first: tuple[UUID, ...]


def visible_to(actor: Actor) -> Select[Collection]:
    """The collections that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Collection).where(Collection.workspace_id.in_(actor.readable))


async def get(work: Work, collection_id: UUID, *, locked: bool = False) -> Collection:
    """One collection. Raises `CollectionNotFound`, also for another workspace's.

    With `locked` nobody else changes it, or what is in it, until the transaction's end.
    """
    found = visible_to(work.actor).where(Collection.id == collection_id)
    if locked:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    collection: Collection | None = await work.session.scalar(found)
    if collection is None:
        raise CollectionNotFound
    return collection


async def page(work: Work, wanted: Filter, *, limit: int, after: Position | None) -> Sequence[Collection]:
    """At most `limit` collections after the keyset position: by name, or those that changed last first."""
    found = _filtered(visible_to(work.actor), wanted)
    if wanted.sort == "name":
        key = func.lower(Collection.name)
        if after:
            mark = tuple_(func.lower(literal(after[0])), literal(after[1]))
            found = found.where(tuple_(key, Collection.id) > mark)
        found = found.order_by(key, Collection.id)
    else:
        if after:
            found = found.where(tuple_(Collection.updated_at, Collection.id) < after)
        found = found.order_by(Collection.updated_at.desc(), Collection.id.desc())
    return (await work.session.scalars(found.limit(limit))).all()


async def count(work: Work, wanted: Filter) -> int:
    """How many collections a filter matches."""
    found = _filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


async def contents(work: Work, collection_ids: Sequence[UUID]) -> dict[UUID, Content]:
    """What collections made by hand show: two queries for all of them."""
    if not collection_ids:
        return {}
    counted = await work.session.execute(
        _members(work.actor)
        .with_only_columns(CollectionImage.collection_id, func.count())
        .where(CollectionImage.collection_id.in_(collection_ids))
        .group_by(CollectionImage.collection_id)
    )
    numbers: dict[UUID, int] = {row[0]: row[1] for row in counted}
    first = (
        _members(work.actor)
        .with_only_columns(Image.id, CollectionImage.position, CollectionImage.id.label("member"))
        .where(CollectionImage.collection_id == Collection.id)
        .order_by(CollectionImage.position, CollectionImage.id)
        .limit(PREVIEWS)
        .correlate(Collection)
        .lateral()
    )
    shown = (
        select(Collection.id, first.c.id)
        .join(first, true())
        .where(Collection.id.in_(collection_ids))
        .order_by(Collection.id, first.c.position, first.c.member)
    )
    firsts: dict[UUID, list[UUID]] = {}
    for collection_id, image_id in await work.session.execute(shown):
        firsts.setdefault(collection_id, []).append(image_id)
    return {id: Content(numbers.get(id, 0), tuple(firsts.get(id, ()))) for id in collection_ids}


async def page_of_images(
    work: Work, collection_id: UUID, *, limit: int, after: tuple[int, UUID] | None
) -> Sequence[tuple[Image, int, UUID]]:
    """At most `limit` pictures in the order made by hand, each with where it stands: its position and key."""
    found = (
        _members(work.actor)
        .with_only_columns(Image, CollectionImage.position, CollectionImage.id)
        .where(CollectionImage.collection_id == collection_id)
    )
    if after:
        found = found.where(tuple_(CollectionImage.position, CollectionImage.id) > after)
    found = found.order_by(CollectionImage.position, CollectionImage.id).limit(limit)
    return [(row[0], row[1], row[2]) for row in await work.session.execute(found)]


async def places(work: Work, collection_id: UUID, image_ids: Sequence[UUID] | None = None) -> list[Any]:
    """`image_id` and `position` of what is in a collection, in order; of some pictures, or of all."""
    found = (
        select(CollectionImage.image_id, CollectionImage.position)
        .where(CollectionImage.collection_id == collection_id)
        .order_by(CollectionImage.position, CollectionImage.id)
    )
    if image_ids is not None:
        found = found.where(CollectionImage.image_id.in_(image_ids))
    return list(await work.session.execute(found))


def _members(actor: Actor) -> Select[Any]:
    """What is in collections, with its pictures, without the trash."""
    return (
        library.visible_to(actor)
        .join(CollectionImage, CollectionImage.image_id == Image.id)
        .where(Image.deleted_at.is_(None))
    )


def _filtered(found: Select[Collection], wanted: Filter) -> Select[Collection]:
    if wanted.q is not None:
        found = found.where(Collection.name.icontains(wanted.q, autoescape=True))
    if wanted.image_id is not None:
        held = exists().where(
            CollectionImage.collection_id == Collection.id, CollectionImage.image_id == wanted.image_id
        )
        found = found.where(held)
    return found
