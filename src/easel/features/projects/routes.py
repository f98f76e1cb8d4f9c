"""HTTP of projects: `/api/projects`. The routes that show their pictures are the library's."""

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

from . import queries, service
from .errors import ProjectNotFound
from .models import Project
from .schemas import ArchiveIn, CopyIn, ProjectChangeIn, ProjectIn, ProjectOut, ProjectPage, TemplateIn

router = APIRouter(prefix="/projects", tags=["projects"])

ProjectId = Annotated[UUID, Path(description="The project's id.")]


class ListQuery(BaseModel):
    """Which page to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")
    q: PlainText | None = Field(None, max_length=200, description="Part of the name, description or tags.")


class ProjectQuery(ListQuery):
    """Which projects to list."""

    archived: bool = Field(False, description="The archive, instead of what is open.")
    category: PlainText | None = Field(None, max_length=50, description="Only this category.")
    tag: PlainText | None = Field(None, max_length=50, description="Only those with this tag.")
    sort: queries.Sort = Field("updated", description="What to order by.")
    order: Literal["asc", "desc"] | None = Field(
        None, description="Absent: names from A, times from the newest."
    )


@router.get("", operation_id="list_projects", responses=problems.responses(BadCursor))
async def list_projects(work: Reading, query: Annotated[ProjectQuery, Query()]) -> ProjectPage:
    """The projects of the workspace, those that changed last first."""
    order = query.order or ("asc" if query.sort == "name" else "desc")
    wanted = queries.Filter(
        archived=query.archived,
        q=query.q,
        category=query.category,
        tag=query.tag,
        sort=query.sort,
        order=order,
    )
    return await _page(work, wanted, query)


@router.get("/templates", operation_id="list_project_templates", responses=problems.responses(BadCursor))
async def list_templates(work: Reading, query: Annotated[ListQuery, Query()]) -> ProjectPage:
    """The workspace's templates, by name."""
    return await _page(work, queries.Filter(template=True, q=query.q, sort="name", order="asc"), query)


@router.post(
    "/templates",
    status_code=201,
    operation_id="create_project_template",
    responses=problems.responses(ProjectNotFound),
)
async def create_template(body: TemplateIn, work: Managing) -> ProjectOut:
    """Keep what is said of a project, without its pictures, for others to start from."""
    return service.show(await service.keep_as_template(work, body))


@router.post(
    "",
    status_code=201,
    operation_id="create_project",
    responses=problems.responses(ProjectNotFound, InvalidInput),
)
async def create_project(body: ProjectIn, work: Managing) -> ProjectOut:
    """Begin a project, from a template if one is named."""
    return service.show(await service.create(work, body))


@router.get("/{id:uuid}", operation_id="get_project", responses=problems.responses(ProjectNotFound))
async def get_project(id: ProjectId, work: Reading) -> ProjectOut:
    """One project, or template."""
    return service.show(await queries.get(work, id))


@router.put(
    "/{id:uuid}",
    operation_id="update_project",
    responses=problems.responses(ProjectNotFound, InvalidInput),
)
async def update_project(id: ProjectId, body: ProjectChangeIn, work: Managing) -> ProjectOut:
    """Change what is said of a project; fields that are absent stay as they are."""
    return service.show(await service.change(work, id, body))


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="delete_project",
    responses=problems.responses(ProjectNotFound),
)
async def delete_project(id: ProjectId, work: Managing) -> None:
    """Delete a project; its pictures stay in the library."""
    await service.remove(work, id)


@router.put(
    "/{id:uuid}/archive", operation_id="archive_project", responses=problems.responses(ProjectNotFound)
)
async def archive_project(id: ProjectId, work: Managing, body: ArchiveIn | None = None) -> ProjectOut:
    """Put a project into the archive, where it takes no more pictures, or take it out."""
    return service.show(await service.archive(work, id, archived=(body or ArchiveIn()).archived))


@router.post(
    "/{id:uuid}/duplicate",
    status_code=201,
    operation_id="duplicate_project",
    responses=problems.responses(ProjectNotFound),
)
async def duplicate_project(id: ProjectId, work: Managing, body: CopyIn | None = None) -> ProjectOut:
    """A copy of a project, with or without copies of its pictures."""
    return service.show(await service.duplicate(work, id, body or CopyIn()))


async def _page(work: Reading, wanted: queries.Filter, query: ListQuery) -> ProjectPage:
    kind = f"projects.{wanted.sort}.{wanted.order}"
    rows = await queries.page(work, wanted, limit=query.limit + 1, after=_after(kind, wanted, query.cursor))
    shown, more = rows[: query.limit], len(rows) > query.limit
    return ProjectPage(
        items=[service.show(row) for row in shown],
        next_cursor=_cursor(kind, wanted, shown[-1]) if more else None,
        total=await queries.count(work, wanted) if query.count else None,
    )


def _cursor(kind: str, wanted: queries.Filter, last: Project) -> str:
    if wanted.sort == "name":
        return encode_key(kind, last.name, str(last.id))
    return encode_cursor(kind, last.updated_at if wanted.sort == "updated" else last.created_at, last.id)


def _after(kind: str, wanted: queries.Filter, cursor: str | None) -> queries.Position | None:
    if cursor is None:
        return None
    if wanted.sort != "name":
        return decode_cursor(kind, cursor)
    try:
        name, id = decode_key(kind, cursor)
        return name, UUID(id)
    except ValueError as error:
        raise BadCursor from error
