"""HTTP of duplicates: `/api/images/duplicates`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor
from easel.features.library.errors import ImageNotFound

from ..policy import FARTHEST
from ..queries import duplicates as queries
from ..schemas import DismissalIn, DuplicatePage
from ..service import duplicates

router = APIRouter(prefix="/images/duplicates", tags=["images"])


@router.get("", operation_id="list_duplicates", responses=problems.responses(BadCursor))
async def list_duplicates(
    work: Reading,
    distance: Annotated[
        int,
        Query(
            ge=0,
            le=FARTHEST,
            description="In how many of 64 bits the perceptual hashes of two pictures may differ.",
        ),
    ] = 5,
    exact: Annotated[
        bool, Query(description="Only pictures of the very same bytes; `distance` does not count then.")
    ] = False,
    limit: Annotated[int, Query(ge=1, le=50, description="How many groups at most.")] = 20,
    cursor: Annotated[
        str | None, Query(max_length=500, description="The `next_cursor` of the page before.")
    ] = None,
) -> DuplicatePage:
    """Pictures outside the trash that are there twice or look alike, in groups."""
    if exact:
        return await duplicates.exact(work, limit=limit, cursor=cursor)
    return await duplicates.near(work, distance, limit=limit, cursor=cursor)


@router.post(
    "/dismissals",
    status_code=204,
    operation_id="dismiss_duplicates",
    responses=problems.responses(ImageNotFound),
)
async def dismiss_duplicates(body: DismissalIn, work: Managing) -> None:
    """Say that pictures are no duplicates: their group is not shown again unless another picture joins it."""
    await duplicates.dismiss(work, body.ids)


@router.delete(
    "/dismissals", status_code=204, operation_id="restore_duplicates", responses=problems.responses()
)
async def restore_duplicates(work: Managing) -> None:
    """Have all dismissed groups back."""
    await queries.forget_dismissals(work)
