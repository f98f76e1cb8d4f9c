"""HTTP of the gallery: which pictures there are, in any order, and of what kinds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from easel.base.types import PlainText
from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor

from .. import queries
from ..errors import CursorOfAnotherList, FilterNameTaken, SavedFilterNotFound, TooManySavedFilters
from ..queries import Order
from ..schemas import (
    Facets,
    ImageFilter,
    ImagePage,
    Months,
    SavedFilterIn,
    SavedFilterOut,
    SavedFilters,
    SortedBy,
    TagCount,
    TagCounts,
    Towards,
)
from ..service import listing, saved_filters

router = APIRouter(prefix="/images", tags=["images"])


class ListedQuery(ImageFilter):
    """Which pictures a list is of, and in which order; an unknown name is refused."""

    sort: SortedBy = Field(
        "created", description="What to order by; `size` is pixels, `name` the title or else the prompt."
    )
    order: Towards = Field("desc", description="Which end comes first.")

    def in_order(self) -> Order:
        return Order(self.sort, self.order)


class ImageQuery(ListedQuery):
    """One page of such a list."""

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=2500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


class MonthsQuery(ImageFilter):
    """Of which pictures to count the months; an unknown name is refused."""

    order: Towards = Field("desc", description="The order of the list that the cursors are for.")


@router.get("", operation_id="list_images", responses=problems.responses(BadCursor, CursorOfAnotherList))
async def list_images(work: Reading, query: Annotated[ImageQuery, Query()]) -> ImagePage:
    """The pictures of the acting workspace that a filter matches, the newest first."""
    return await listing.list_images(
        work, query.wanted(), query.in_order(), limit=query.limit, cursor=query.cursor, count=query.count
    )


@router.get("/facets", operation_id="image_facets", responses=problems.responses())
async def facets(work: Reading, query: Annotated[ImageFilter, Query()]) -> Facets:
    """How many of the pictures that a filter matches there are of each model, tag, rating and so on."""
    return Facets(await queries.facets(work, query))


@router.get("/months", operation_id="image_months", responses=problems.responses())
async def months(work: Reading, query: Annotated[MonthsQuery, Query()]) -> Months:
    """In which months the pictures were made that a filter matches, with cursors that lead there."""
    return await listing.months(work, query.wanted(), Order("created", query.order))


@router.get("/tags", operation_id="image_tags", responses=problems.responses())
async def tags(
    work: Reading,
    q: Annotated[PlainText, Query(max_length=64, description="How the tags begin, in any case.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="How many tags at most.")] = 20,
) -> TagCounts:
    """The tags in use, the most frequent first: what to offer while someone types one."""
    found = await queries.tags_like(work, q, limit=limit)
    return TagCounts(items=[TagCount(tag=tag, count=number) for tag, number in found])


@router.get("/saved-filters", operation_id="list_saved_filters", responses=problems.responses())
async def list_saved_filters(work: Reading) -> SavedFilters:
    """The filters that the workspace keeps, by name."""
    return SavedFilters(items=[saved_filters.show(row) for row in await saved_filters.kept(work)])


@router.post(
    "/saved-filters",
    status_code=201,
    operation_id="save_filter",
    responses=problems.responses(FilterNameTaken, TooManySavedFilters),
)
async def save_filter(body: SavedFilterIn, work: Managing) -> SavedFilterOut:
    """Keep a filter under a name."""
    return saved_filters.show(await saved_filters.keep(work, body))


@router.delete(
    "/saved-filters/{id:uuid}",
    status_code=204,
    operation_id="forget_filter",
    responses=problems.responses(SavedFilterNotFound),
)
async def forget_filter(
    id: Annotated[UUID, Path(description="The saved filter's id.")], work: Managing
) -> None:
    """Delete a saved filter."""
    await saved_filters.forget(work, id)
