"""Pictures in collections made by hand: put in, taken out, put in order.

Every change holds the collection's row, so that changes made at once happen one after the other. Positions are
numbers with gaps: to move one picture is to write one row, until a gap is used up and all get new numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library.errors import ImageNotFound
from easel.features.library.models import CollectionImage, Image

from .. import queries
from ..errors import CollectionIsSmart
from ..models import Collection
from ..schemas import PlacedIn, ReorderIn
from .about import tell

GAP: Final = 1 << 20
"""Twenty moves into one gap before numbers are made anew."""

_RENUMBER = text("""
    UPDATE collection_images SET position = placed.number * :gap FROM (
        SELECT id, row_number() OVER (ORDER BY position, id) AS number
        FROM collection_images WHERE collection_id = :collection
    ) placed WHERE collection_images.id = placed.id
""")


async def add(work: Work, collection_id: UUID, body: PlacedIn) -> tuple[int, list[UUID]]:
    """Put pictures into a collection: how many came, and the ids that there is no picture for.

    Those that are in it stay where they are. Raises `CollectionNotFound`, `CollectionIsSmart`, `InvalidInput`.
    """
    collection = await _held(work, collection_id)
    ids = list(dict.fromkeys(body.ids))
    found = library.visible_to(work.actor).where(
        Image.workspace_id == collection.workspace_id, Image.id.in_(ids), Image.deleted_at.is_(None)
    )
    there = set(await work.session.scalars(found.with_only_columns(Image.id)))
    known = {place.image_id for place in await queries.places(work, collection_id, ids)}
    new = [id for id in ids if id in there and id not in known]
    if new:
        at_end = "after" not in body.model_fields_set
        positions = await _free(work, collection_id, new, body.after, at_end=at_end)
        await work.session.execute(
            insert(CollectionImage),
            [
                {"id": new_id(), "collection_id": collection_id, "image_id": id, "position": position}
                for id, position in zip(new, positions, strict=True)
            ],
        )
        await _touch(work, collection)
    return len(new), [id for id in ids if id not in there]


async def take_out(work: Work, collection_id: UUID, image_ids: Sequence[UUID]) -> tuple[int, list[UUID]]:
    """Take pictures out: how many went, and the ids that were not in it.

    Raises `CollectionNotFound`, `CollectionIsSmart`.
    """
    collection = await _held(work, collection_id)
    gone = set(
        await work.session.scalars(
            delete(CollectionImage)
            .where(CollectionImage.collection_id == collection_id, CollectionImage.image_id.in_(image_ids))
            .returning(CollectionImage.image_id)
        )
    )
    if gone:
        await _touch(work, collection)
    return len(gone), [id for id in image_ids if id not in gone]


async def take_one_out(work: Work, collection_id: UUID, image_id: UUID) -> None:
    """Take one picture out. Raises as `take_out` does, and `ImageNotFound` when it is not in it."""
    went, _ = await take_out(work, collection_id, [image_id])
    if not went:
        raise ImageNotFound("The collection has no such image.")


async def reorder(work: Work, collection_id: UUID, body: ReorderIn) -> Collection:
    """Put pictures of a collection in a new order: as one block behind another, or among themselves.

    Raises `CollectionNotFound`, `CollectionIsSmart`, and `InvalidInput` when what they are to follow is not there.
    """
    collection = await _held(work, collection_id)
    wanted = list(dict.fromkeys(body.ids))
    places = await queries.places(work, collection_id, wanted)
    known = {place.image_id for place in places}
    ids = [id for id in wanted if id in known]
    if not ids:
        return collection
    if "after" in body.model_fields_set:
        positions = await _free(work, collection_id, ids, body.after)
    else:
        positions = [place.position for place in places]
        if len(set(positions)) < len(positions):
            await _renumber(work, collection_id)
            positions = [place.position for place in await queries.places(work, collection_id, ids)]
    await _place(work, collection_id, ids, positions)
    await _touch(work, collection)
    return collection


async def _held(work: Work, collection_id: UUID) -> Collection:
    collection = await queries.get(work, collection_id, locked=True)
    if collection.filter is not None:
        raise CollectionIsSmart
    return collection


async def _free(
    work: Work, collection_id: UUID, ids: Sequence[UUID], after: UUID | None, *, at_end: bool = False
) -> list[int]:
    """Rising positions for `ids` behind `after`, as if they were not in the collection."""
    for _ in range(2):
        low, high = await _gap(work, collection_id, ids, after, at_end=at_end)
        if high - low > len(ids):
            return [low + (high - low) * (n + 1) // (len(ids) + 1) for n in range(len(ids))]
        await _renumber(work, collection_id)
    raise AssertionError("after new numbers there is room")


async def _gap(
    work: Work, collection_id: UUID, ids: Sequence[UUID], after: UUID | None, *, at_end: bool
) -> tuple[int, int]:
    others: list[Any] = [CollectionImage.collection_id == collection_id, CollectionImage.image_id.not_in(ids)]
    room = GAP * (len(ids) + 1)
    if at_end:
        last = await work.session.scalar(select(func.max(CollectionImage.position)).where(*others)) or 0
        return last, last + room
    if after is None:
        first = await work.session.scalar(select(func.min(CollectionImage.position)).where(*others)) or 0
        return first - room, first
    before = await queries.places(work, collection_id, [after])
    if not before or after in ids:
        raise InvalidInput.of("after", "is no other picture of the collection", "image_not_found")
    low: int = before[0].position
    behind = select(func.min(CollectionImage.position)).where(*others, CollectionImage.image_id != after)
    high = await work.session.scalar(behind.where(CollectionImage.position >= low))
    return low, low + room if high is None else high


async def _renumber(work: Work, collection_id: UUID) -> None:
    # Room for as many as may be sent at once, wherever they go.
    await work.session.execute(_RENUMBER, {"gap": GAP, "collection": collection_id})


async def _place(work: Work, collection_id: UUID, ids: Sequence[UUID], positions: Sequence[int]) -> None:
    table: Any = CollectionImage.__table__
    statement = (
        update(table)
        .where(table.c.collection_id == collection_id, table.c.image_id == bindparam("moved"))
        .values(position=bindparam("place"))
    )
    rows = [{"moved": id, "place": position} for id, position in zip(ids, positions, strict=True)]
    await work.session.execute(statement, rows)


async def _touch(work: Work, collection: Collection) -> None:
    collection.updated_at = now()
    await work.session.flush()
    await tell(work, collection, "images")
