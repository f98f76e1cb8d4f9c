"""HTTP of changes to many pictures at once, and back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from easel.core.http import problems
from easel.core.http.deps import Managing
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound

from ..errors import UndoNotFound
from ..schemas import BulkOut, FavoritesIn, MoveIn, Selection, TagIn
from ..service import bulk

router = APIRouter(prefix="/images", tags=["images"])


@router.post(
    "/bulk-move",
    operation_id="bulk_move",
    responses=problems.responses(ProjectNotFound, ProjectArchived, ProjectIsTemplate),
)
async def bulk_move(body: MoveIn, work: Managing) -> BulkOut:
    """Put pictures into a project, or out of theirs."""
    return await bulk.change(work, "move", body, project_id=body.project_id)


@router.post("/bulk-tag", operation_id="bulk_tag", responses=problems.responses())
async def bulk_tag(body: TagIn, work: Managing) -> BulkOut:
    """Put tags on pictures, and take tags off."""
    return await bulk.change(work, "tag", body, add=body.add, remove=body.remove)


@router.post("/bulk-favorite", operation_id="bulk_favorite", responses=problems.responses())
async def bulk_favorite(body: FavoritesIn, work: Managing) -> BulkOut:
    """Make pictures favourites, or no longer."""
    return await bulk.change(work, "favorite", body, favorite=body.favorite)


@router.post("/bulk-delete", operation_id="bulk_delete", responses=problems.responses())
async def bulk_delete(body: Selection, work: Managing) -> BulkOut:
    """Move pictures to the trash."""
    return await bulk.change(work, "delete", body)


@router.post("/bulk-restore", operation_id="bulk_restore", responses=problems.responses())
async def bulk_restore(body: Selection, work: Managing) -> BulkOut:
    """Take pictures out of the trash; a filter looks there."""
    return await bulk.change(work, "restore", body)


@router.post("/undo/{id:uuid}", operation_id="undo_bulk", responses=problems.responses(UndoNotFound))
async def undo(
    id: Annotated[UUID, Path(description="The `undo_id` of the change.")], work: Managing
) -> BulkOut:
    """Take a change back within seven days; pictures that were changed again since stay as they are."""
    return await bulk.undo(work, id)
