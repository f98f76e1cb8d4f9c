"""HTTP of collections: `/api/collections`."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.base.errors import InvalidInput
from easel.base.types import PlainText
from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor, decode_cursor, decode_key, encode_cursor, encode_key
from easel.features.library import queries as library
from easel.features.library import service as library_service
from easel.features.library.errors import CursorOfAnotherList, ImageNotFound
from easel.features.library.schemas import ImageFilter, ImagePage
from easel.features.library.service import listing
from easel.features.projects.schemas import AddedOut, MissingOut

from . import queries
from .errors import CollectionIsSmart, CollectionNotFound
from .schemas import (
    CollectionChangeIn,
    CollectionIn,
    CollectionOut,
    CollectionPage,
    PlacedIn,
    RemovedIn,
    ReorderIn,
)
from .service import about, places

router = APIRouter(prefix="/collections", tags=["collections"])

CollectionId = Annotated[UUID, Path(description="The collection's id.")]


class CollectionQuery(BaseModel):
    """Which collections to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")
    q: PlainText | None = Field(None, max_length=200, description="Part of the name.")
    image_id: UUID | None = Field(None, description="Only those made by hand that this picture is in.")
    sort: Literal["updated", "name"] = Field(
        "updated", description="Those that changed last first, or by name."
    )


class ContentQuery(BaseModel):
    """Which page of pictures to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=2500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get("", operation_id="list_collections", responses=problems.responses(BadCursor))
async def list_collections(work: Reading, query: Annotated[CollectionQuery, Query()]) -> CollectionPage:
    """The collections of the workspace."""
    wanted = queries.Filter(q=query.q, image_id=query.image_id, sort=query.sort)
    kind = f"collections.{query.sort}"
    after: queries.Position | None = None
    if query.cursor is not None:
        after = _by_name(kind, query.cursor) if query.sort == "name" else decode_cursor(kind, query.cursor)
    rows = await queries.page(work, wanted, limit=query.limit + 1, after=after)
    shown, more = rows[: query.limit], len(rows) > query.limit
    cursor = None
    if more:
        last = shown[-1]
        by_name = query.sort == "name"
        cursor = (
            encode_key(kind, last.name, str(last.id))
            if by_name
            else encode_cursor(kind, last.updated_at, last.id)
        )
    return CollectionPage(
        items=await about.show(work, shown),
        next_cursor=cursor,
        total=await queries.count(work, wanted) if query.count else None,
    )


@router.post(
    "", status_code=201, operation_id="create_collection", responses=problems.responses(InvalidInput)
)
async def create_collection(body: CollectionIn, work: Managing) -> CollectionOut:
    """Begin a collection; with a filter it is a smart one."""
    return (await about.show(work, [await about.create(work, body)]))[0]


@router.get("/{id:uuid}", operation_id="get_collection", responses=problems.responses(CollectionNotFound))
async def get_collection(id: CollectionId, work: Reading) -> CollectionOut:
    """One collection."""
    return (await about.show(work, [await queries.get(work, id)]))[0]


@router.put(
    "/{id:uuid}",
    operation_id="update_collection",
    responses=problems.responses(CollectionNotFound, CollectionIsSmart, InvalidInput),
)
async def update_collection(id: CollectionId, body: CollectionChangeIn, work: Managing) -> CollectionOut:
    """Change what is said of a collection; fields that are absent stay as they are."""
    return (await about.show(work, [await about.change(work, id, body)]))[0]


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="delete_collection",
    responses=problems.responses(CollectionNotFound),
)
async def delete_collection(id: CollectionId, work: Managing) -> None:
    """Delete a collection; its pictures stay in the library."""
    await about.remove(work, id)


@router.get(
    "/{id:uuid}/images",
    operation_id="list_collection_images",
    responses=problems.responses(CollectionNotFound, BadCursor, CursorOfAnotherList),
)
async def list_collection_images(
    id: CollectionId, work: Reading, query: Annotated[ContentQuery, Query()]
) -> ImagePage:
    """A collection's pictures in their order; a smart one's are what its filter matches now, the newest first."""
    collection = await queries.get(work, id)
    if collection.filter is not None:
        return await listing.list_images(
            work,
            ImageFilter.model_validate(collection.filter),
            library.Order(),
            limit=query.limit,
            cursor=query.cursor,
            count=query.count,
        )
    kind = f"collection_images.{id}"
    after = _by_place(kind, query.cursor) if query.cursor else None
    rows = await queries.page_of_images(work, id, limit=query.limit + 1, after=after)
    shown, more = rows[: query.limit], len(rows) > query.limit
    return ImagePage(
        items=[library_service.show(image) for image, _, _ in shown],
        next_cursor=encode_key(kind, str(shown[-1][1]), str(shown[-1][2])) if more else None,
        total=(await queries.contents(work, [id]))[id].count if query.count else None,
    )


@router.post(
    "/{id:uuid}/images",
    operation_id="add_collection_images",
    responses=problems.responses(CollectionNotFound, CollectionIsSmart, InvalidInput),
)
async def add_collection_images(id: CollectionId, body: PlacedIn, work: Managing) -> AddedOut:
    """Put pictures into a collection, at its end or behind another; those that are in it stay where they are."""
    return _added(await places.add(work, id, body))


@router.post(
    "/{id:uuid}/images/remove",
    operation_id="remove_collection_images",
    responses=problems.responses(CollectionNotFound, CollectionIsSmart),
)
async def remove_collection_images(id: CollectionId, body: RemovedIn, work: Managing) -> AddedOut:
    """Take pictures out of a collection; they stay in the library."""
    return _added(await places.take_out(work, id, body.ids))


@router.delete(
    "/{id:uuid}/images/{image_id:uuid}",
    status_code=204,
    operation_id="remove_collection_image",
    responses=problems.responses(CollectionNotFound, CollectionIsSmart, ImageNotFound),
)
async def remove_collection_image(
    id: CollectionId, image_id: Annotated[UUID, Path(description="The image's id.")], work: Managing
) -> None:
    """Take a picture out of a collection; it stays in the library."""
    await places.take_one_out(work, id, image_id)


@router.put(
    "/{id:uuid}/reorder",
    operation_id="reorder_collection",
    responses=problems.responses(CollectionNotFound, CollectionIsSmart, InvalidInput),
)
async def reorder_collection(id: CollectionId, body: ReorderIn, work: Managing) -> CollectionOut:
    """Put a collection's pictures in another order, or move some of them behind another."""
    return (await about.show(work, [await places.reorder(work, id, body)]))[0]


def _added(outcome: tuple[int, list[UUID]]) -> AddedOut:
    changed, missing = outcome
    failed = [MissingOut(id=id, code=ImageNotFound.code, message=ImageNotFound.title()) for id in missing]
    return AddedOut(changed=changed, failed=failed)


def _by_name(kind: str, cursor: str) -> tuple[str, UUID]:
    try:
        name, id = decode_key(kind, cursor)
        return name, UUID(id)
    except ValueError as error:
        raise BadCursor from error


def _by_place(kind: str, cursor: str) -> tuple[int, UUID]:
    try:
        position, id = decode_key(kind, cursor)
        if abs(number := int(position)) >= 1 << 63:
            raise BadCursor
        return number, UUID(id)
    except ValueError as error:
        raise BadCursor from error
