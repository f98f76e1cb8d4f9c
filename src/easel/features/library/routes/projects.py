"""HTTP of the pictures of projects: `/api/projects/{id}/images`, and what they add up to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.features.projects import queries as projects
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.features.projects.schemas import AddedOut, AddIn, AnalyticsOut, GroupOut, MissingOut

from .. import queries, service
from ..errors import ImageNotFound
from ..queries.projects import Group
from ..schemas import ImagePage

router = APIRouter(prefix="/projects/{id:uuid}", tags=["projects"])

ProjectId = Annotated[UUID, Path(description="The project's id.")]


class ProjectImageQuery(BaseModel):
    """Which page to list; an unknown name is refused. `GET /images?project_id=` has filters and orders."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get(
    "/images", operation_id="list_project_images", responses=problems.responses(ProjectNotFound, BadCursor)
)
async def list_project_images(
    id: ProjectId, work: Reading, query: Annotated[ProjectImageQuery, Query()]
) -> ImagePage:
    """A project's pictures, newest first."""
    project = await projects.get(work, id)
    kind = f"project_images.{id}"
    after = decode_cursor(kind, query.cursor) if query.cursor else None
    rows = await queries.page_of_project(work, id, limit=query.limit + 1, after=after)
    shown, more = rows[: query.limit], len(rows) > query.limit
    return ImagePage(
        items=[service.show(row) for row in shown],
        next_cursor=encode_cursor(kind, shown[-1].created_at, shown[-1].id) if more else None,
        total=project.image_count if query.count else None,
    )


@router.post(
    "/images/add",
    operation_id="add_project_images",
    responses=problems.responses(ProjectNotFound, ProjectArchived, ProjectIsTemplate),
)
async def add_project_images(id: ProjectId, body: AddIn, work: Managing) -> AddedOut:
    """Move pictures into a project, out of the one that each is in."""
    changed, missing = await service.add_to_project(work, id, body.ids)
    return AddedOut(
        changed=changed,
        failed=[
            MissingOut(id=missed, code=ImageNotFound.code, message=ImageNotFound.title())
            for missed in missing
        ],
    )


@router.delete(
    "/images/{image_id:uuid}",
    status_code=204,
    operation_id="remove_project_image",
    responses=problems.responses(ProjectNotFound, ImageNotFound),
)
async def remove_project_image(
    id: ProjectId, image_id: Annotated[UUID, Path(description="The image's id.")], work: Managing
) -> None:
    """Take a picture out of a project; it stays in the library."""
    await service.remove_from_project(work, id, image_id)


@router.get("/analytics", operation_id="project_analytics", responses=problems.responses(ProjectNotFound))
async def project_analytics(id: ProjectId, work: Reading) -> AnalyticsOut:
    """What a project's pictures add up to: by model, by operation, over time (UTC)."""
    await projects.get(work, id)
    found = await queries.analytics(work, id)
    return AnalyticsOut(
        **asdict(found.sums),
        by_model=_shown(found.by_model),
        by_operation=_shown(found.by_operation),
        step=found.step,
        over_time=_shown(found.over_time),
    )


def _shown(groups: list[Group]) -> list[GroupOut]:
    return [GroupOut(of=group.of, images=group.images, credits=float(group.credits)) for group in groups]
