"""HTTP of the trash, and of the room that pictures take."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor

from ..errors import CursorOfAnotherList
from ..schemas import EmptyingOut, ImagePage, StorageOut
from ..service import listing, storage, trash_can
from .gallery import ImageQuery

router = APIRouter(prefix="/images", tags=["images"])


@router.get("/trash", operation_id="list_trash", responses=problems.responses(BadCursor, CursorOfAnotherList))
async def list_trash(work: Reading, query: Annotated[ImageQuery, Query()]) -> ImagePage:
    """The pictures in the trash that a filter matches, as `GET /images?trashed=true`."""
    wanted = query.wanted().model_copy(update={"trashed": True})
    return await listing.list_images(
        work, wanted, query.in_order(), limit=query.limit, cursor=query.cursor, count=query.count
    )


@router.delete("/trash", status_code=202, operation_id="empty_trash", responses=problems.responses())
async def empty_trash(work: Managing) -> EmptyingOut:
    """Remove all that is in the trash for good, in the background."""
    return EmptyingOut(job_id=await trash_can.empty(work))


@router.get("/storage", operation_id="storage_use", responses=problems.responses())
async def storage_use(work: Reading) -> StorageOut:
    """How much room the workspace's pictures take: in all, of yourself, of each project."""
    return await storage.used(work)
