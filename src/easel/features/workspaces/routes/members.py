"""The members of a team."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from easel.core.http import problems
from easel.core.http.deps import Personal

from .. import queries
from ..errors import MemberNotFound, OwnerStays, TeamNotFound
from ..schemas import LevelIn, MemberOut, MemberPage, PersonOut, level_of, name_of
from ..service import members, teams
from .answers import TeamId

router = APIRouter(prefix="/teams", tags=["teams"])

UserId = Annotated[UUID, Path(description="The member's user id.")]


@router.get("/{id:uuid}/members", operation_id="list_members", responses=problems.responses(TeamNotFound))
async def list_members(id: TeamId, work: Personal) -> MemberPage:
    """Who is in a team, who came first first; all on one page."""
    team = await teams.find(work, id)
    items = [
        MemberOut(
            user=PersonOut.model_validate(user),
            level=name_of(member.level),
            owner=user.id == team.workspace.owner_id,
            joined_at=member.created_at,
        )
        for member, user in await queries.members_of(work, id)
    ]
    return MemberPage(items=items, next_cursor=None, total=len(items))


@router.put(
    "/{id:uuid}/members/{user_id:uuid}",
    status_code=204,
    operation_id="set_member_level",
    responses=problems.responses(TeamNotFound, MemberNotFound, OwnerStays),
)
async def set_member_level(id: TeamId, user_id: UserId, body: LevelIn, work: Personal) -> None:
    """Give a member another level; for admins. The owner is an admin always."""
    await members.set_level(work, id, user_id, level_of(body.level))


@router.delete(
    "/{id:uuid}/members/{user_id:uuid}",
    status_code=204,
    operation_id="remove_member",
    responses=problems.responses(TeamNotFound, MemberNotFound, OwnerStays),
)
async def remove_member(id: TeamId, user_id: UserId, work: Personal) -> None:
    """Take a member out of a team; for admins. What they made in it stays the team's; their API keys to it end."""
    await members.remove(work, id, user_id)


@router.post(
    "/{id:uuid}/leave",
    status_code=204,
    operation_id="leave_team",
    responses=problems.responses(TeamNotFound, OwnerStays),
)
async def leave_team(id: TeamId, work: Personal) -> None:
    """Leave a team. What you made in it stays the team's; your API keys to it end."""
    await members.leave(work, id)
