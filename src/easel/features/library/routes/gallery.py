"""HTTP of the gallery: which pictures there are."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.base.types import Moment, PlainText
from easel.core.http import problems
from easel.core.http.deps import Reading
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor

from .. import queries, service
from ..schemas import ImagePage

router = APIRouter(prefix="/images", tags=["images"])


class ListedQuery(BaseModel):
    """Which pictures a list is of, and in which order; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    trashed: bool = Field(False, description="The trash instead of the library.")
    model: PlainText | None = Field(None, max_length=200, description="Only pictures of this model.")
    operation: PlainText | None = Field(
        None, max_length=50, description="Only pictures made by this operation."
    )
    aspect: Literal["square", "landscape", "portrait"] | None = Field(None, description="Only this shape.")
    created_from: Moment | None = Field(None, description="Made at this time or later.")
    created_to: Moment | None = Field(None, description="Made at this time or earlier.")
    sort: Literal["created"] = Field("created", description="What to order by.")
    order: Literal["asc", "desc"] = Field("desc", description="Newest first or oldest first.")

    def wanted(self) -> queries.Filter:
        return queries.Filter(
            trashed=self.trashed,
            model=self.model,
            operation=self.operation,
            aspect=self.aspect,
            created_from=self.created_from,
            created_to=self.created_to,
            order=self.order,
        )


class ImageQuery(ListedQuery):
    """One page of such a list."""

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get("", operation_id="list_images", responses=problems.responses(BadCursor))
async def list_images(work: Reading, query: Annotated[ImageQuery, Query()]) -> ImagePage:
    """The pictures of the acting workspace, newest first."""
    wanted = query.wanted()
    kind = f"images.{query.order}"
    after = decode_cursor(kind, query.cursor) if query.cursor else None
    rows = list(await queries.page(work, wanted, limit=query.limit + 1, after=after))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return ImagePage(
        items=[service.show(row) for row in rows],
        next_cursor=encode_cursor(kind, rows[-1].created_at, rows[-1].id) if more else None,
        total=await queries.count(work, wanted) if query.count else None,
    )
