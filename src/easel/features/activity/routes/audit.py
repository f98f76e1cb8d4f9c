"""The audit log: one's own at `/api/auth/audit`, a team's below it, everyone's at `/api/admin/audit`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from easel.core.http import problems
from easel.core.http.deps import Administering, Personal
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.features.workspaces.errors import TeamNotFound
from easel.features.workspaces.service import teams

from .. import queries
from ..schemas import AuditedPerson, AuditEntry, AuditListQuery, AuditPage, AuditQuery

router = APIRouter()
_KIND = "audit"


@router.get(
    "/auth/audit", tags=["auth"], operation_id="list_my_audit", responses=problems.responses(BadCursor)
)
async def list_my_audit(work: Personal, query: Annotated[AuditListQuery, Query()]) -> AuditPage:
    """What happened to your account that matters to its security, newest first."""
    return await _page(work, query, queries.AuditFilter(user_id=work.actor.user))


@router.get(
    "/admin/audit", tags=["admin"], operation_id="list_audit", responses=problems.responses(BadCursor)
)
async def list_audit(work: Administering, query: Annotated[AuditQuery, Query()]) -> AuditPage:
    """What happened in the studio that matters to security, newest first."""
    wanted = queries.AuditFilter(
        user=query.user,
        action=query.action,
        created_from=query.created_from,
        created_to=query.created_to,
    )
    return await _page(work, query, wanted)


@router.get(
    "/teams/{id:uuid}/audit",
    tags=["teams"],
    operation_id="list_team_audit",
    responses=problems.responses(TeamNotFound, BadCursor),
)
async def list_team_audit(
    id: Annotated[UUID, Path(description="The team's id.")],
    work: Personal,
    query: Annotated[AuditListQuery, Query()],
) -> AuditPage:
    """What happened to a team and its members, newest first, for its admins."""
    await teams.led(work, id)
    page = await _page(work, query, queries.AuditFilter(workspace_id=id))
    # Where its members sit is no business of a team's.
    items = [entry.model_copy(update={"ip_address": None, "user_agent": None}) for entry in page.items]
    return page.model_copy(update={"items": items})


async def _page(work: Personal, query: AuditListQuery, wanted: queries.AuditFilter) -> AuditPage:
    after = decode_cursor(_KIND, query.cursor) if query.cursor else None
    rows = list(await queries.audited(work, wanted, limit=query.limit + 1, after=after))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    people = await queries.people_of(work, rows)
    if wanted.user_id is not None:
        # An administrator's name is no business of those whose accounts they look after.
        people = {id: person for id, person in people.items() if id == wanted.user_id}
    return AuditPage(
        items=[
            AuditEntry(
                id=row.id,
                action=row.action,
                actor_kind=row.actor_kind,
                actor=AuditedPerson.of(people, row.actor_id),
                user=AuditedPerson.of(people, row.user_id),
                workspace_id=row.workspace_id,
                details=row.details,
                ip_address=row.ip_address,
                user_agent=row.user_agent,
                created_at=row.created_at,
            )
            for row in rows
        ],
        next_cursor=encode_cursor(_KIND, rows[-1].created_at, rows[-1].id) if more else None,
        total=None,
    )
