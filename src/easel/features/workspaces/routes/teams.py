"""Teams themselves."""

from __future__ import annotations

from fastapi import APIRouter

from easel.base.errors import InvalidInput
from easel.core.http import problems
from easel.core.http.deps import Personal

from .. import queries
from ..errors import MemberNotFound, TeamNotFound, TooManyTeams
from ..schemas import HandOverIn, TeamChangeIn, TeamDeleteIn, TeamIn, TeamOut, TeamPage
from ..service import teams
from .answers import TeamId, shown

router = APIRouter(prefix="/teams", tags=["teams"])


@router.get("", operation_id="list_teams")
async def list_teams(work: Personal) -> TeamPage:
    """The teams that you are a member of, by name; all on one page."""
    items = [shown(team) for team in await queries.teams_of(work, work.actor.user)]
    return TeamPage(items=items, next_cursor=None, total=len(items))


@router.post("", status_code=201, operation_id="create_team", responses=problems.responses(TooManyTeams))
async def create_team(body: TeamIn, work: Personal) -> TeamOut:
    """Make a team. You are its owner, and its first admin."""
    return shown(await teams.create(work, body.name))


@router.get("/{id:uuid}", operation_id="get_team", responses=problems.responses(TeamNotFound))
async def get_team(id: TeamId, work: Personal) -> TeamOut:
    """One of your teams."""
    return shown(await teams.find(work, id))


@router.put("/{id:uuid}", operation_id="update_team", responses=problems.responses(TeamNotFound))
async def update_team(id: TeamId, body: TeamChangeIn, work: Personal) -> TeamOut:
    """Change a team; for its admins. What the body leaves out stays as it is."""
    name = body.name if "name" in body.model_fields_set else None
    return shown(await teams.rename(work, id, name))


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="delete_team",
    responses=problems.responses(TeamNotFound, InvalidInput),
)
async def delete_team(id: TeamId, body: TeamDeleteIn, work: Personal) -> None:
    """Delete a team for good, with all its pictures, for its owner. Nothing of it goes to a trash."""
    await teams.delete(work, id, body.name)


@router.post(
    "/{id:uuid}/transfer",
    operation_id="transfer_team",
    responses=problems.responses(TeamNotFound, MemberNotFound),
)
async def transfer_team(id: TeamId, body: HandOverIn, work: Personal) -> TeamOut:
    """Make another member the owner, for the owner, who stays as an admin."""
    return shown(await teams.hand_over(work, id, body.user_id))
