"""HTTP of background work: `/api/jobs`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from easel.base.types import PlainText
from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Reading
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor

from . import queries, service
from .errors import JobNotFound
from .schemas import JobOut, JobPage

router = APIRouter(prefix="/jobs", tags=["jobs"])

_CURSOR = "jobs"


@router.get("", operation_id="list_jobs", responses=problems.responses(NotSignedIn, BadCursor))
async def list_jobs(
    work: Reading,
    kind: Annotated[
        PlainText | None, Query(max_length=50, description="Only jobs that do this, such as `import`.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many items at most.")] = 20,
    cursor: Annotated[
        str | None, Query(max_length=500, description="The `next_cursor` of the page before.")
    ] = None,
) -> JobPage:
    """Your background jobs, the newest first."""
    after = decode_cursor(_CURSOR, cursor) if cursor else None
    rows = list(await queries.page(work, kind=kind, limit=limit + 1, after=after))
    more = len(rows) > limit
    rows = rows[:limit]
    return JobPage(
        items=[service.show(row) for row in rows],
        next_cursor=encode_cursor(_CURSOR, rows[-1].created_at, rows[-1].id) if more else None,
        total=None,
    )


@router.get("/{id:uuid}", operation_id="get_job", responses=problems.responses(NotSignedIn, JobNotFound))
async def get_job(id: Annotated[UUID, Path(description="The job's id.")], work: Reading) -> JobOut:
    """One of your background jobs: how far it has come, and what came of it."""
    return service.show(await queries.get(work, id))
