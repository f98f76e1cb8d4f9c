"""HTTP of the gallery: which pictures there are, in any order, and of what kinds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from easel.core.http import problems
from easel.core.http.deps import Reading
from easel.core.http.paging import BadCursor

from .. import queries
from ..errors import CursorOfAnotherList
from ..queries import Order
from ..schemas import Facets, ImageFilter, ImagePage, Months, SortedBy, Towards
from ..service import listing

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
