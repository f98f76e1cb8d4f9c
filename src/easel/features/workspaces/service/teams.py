"""Teams: made, renamed, handed over, deleted, and who may do which."""

from __future__ import annotations

from uuid import UUID

from easel.base.errors import InvalidInput
from easel.core import audit
from easel.core.actor import Level, NotAllowed
from easel.core.work import Work

from .. import queries
from ..errors import MemberNotFound, TeamNotFound, TooManyTeams
from ..events import MembershipEnded, TeamChanged, TeamDeleted
from ..models import Membership, Workspace

MOST_TEAMS = 100
"""So many teams may one person own."""


async def find(work: Work, team_id: UUID) -> queries.Team:
    """A team of the acting user. Raises `TeamNotFound`, also for one that they are no member of."""
    found = await queries.teams_of(work, work.actor.user, team_id=team_id)
    if not found:
        raise TeamNotFound
    return found[0]


async def led(work: Work, team_id: UUID) -> Workspace:
    """A team that the acting user is an admin of, locked: its people are changed by one at a time.

    Raises `TeamNotFound` when they are no member, `NotAllowed` when they are no admin.
    """
    workspace = await queries.locked_workspace(work, team_id)
    membership = await queries.membership(work, team_id, work.actor.user)
    if workspace is None or membership is None or workspace.kind != "team":
        raise TeamNotFound
    if membership.level < Level.ADMIN:
        raise NotAllowed("This is for the team's admins.")
    return workspace


async def create(work: Work, name: str) -> queries.Team:
    """Make a team; the acting user owns it. Raises `TooManyTeams`."""
    if await queries.owned_teams(work, work.actor.user) >= MOST_TEAMS:
        raise TooManyTeams
    workspace = Workspace(name=name, kind="team", owner_id=work.actor.user)
    work.session.add(workspace)
    await work.session.flush()
    work.session.add(Membership(workspace_id=workspace.id, user_id=work.actor.user, level=Level.ADMIN))
    await work.session.flush()
    await audit.record(work, "team.created", workspace_id=workspace.id, details={"name": name})
    return await find(work, workspace.id)


async def rename(work: Work, team_id: UUID, name: str | None) -> queries.Team:
    """Give a team another name; None leaves it. For its admins."""
    workspace = await led(work, team_id)
    if name is not None and name != workspace.name:
        workspace.name = name
        await work.session.flush()
        await audit.record(work, "team.renamed", workspace_id=team_id, details={"name": name})
        await work.emit(TeamChanged(subject_id=team_id, workspace_id=team_id))
    return await find(work, team_id)


async def hand_over(work: Work, team_id: UUID, user_id: UUID) -> queries.Team:
    """Make another member the owner, and an admin. Raises `NotAllowed` for all but the owner, `MemberNotFound`."""
    workspace = await _owned(work, team_id)
    heir = await queries.membership(work, team_id, user_id)
    if heir is None:
        raise MemberNotFound
    workspace.owner_id = user_id
    heir.level = Level.ADMIN
    await work.session.flush()
    await audit.record(work, "team.handed_over", workspace_id=team_id, user_id=user_id)
    await work.emit(TeamChanged(subject_id=team_id, workspace_id=team_id))
    return await find(work, team_id)


async def delete(work: Work, team_id: UUID, name: str) -> None:
    """Delete a team with its pictures and all else that it owns, for its owner, who says its name."""
    workspace = await _owned(work, team_id)
    if name.strip() != workspace.name:
        raise InvalidInput.of("name", "is not the team's name", "wrong_name")
    for member, _ in await queries.members_of(work, team_id):
        ended = MembershipEnded(
            subject_id=team_id, workspace_id=team_id, data={"user_id": str(member.user_id)}
        )
        await work.emit(ended)
    await audit.record(work, "team.deleted", workspace_id=team_id, details={"name": workspace.name})
    await work.emit(TeamDeleted(subject_id=team_id, user_id=work.actor.user))
    await work.session.delete(workspace)


async def _owned(work: Work, team_id: UUID) -> Workspace:
    workspace = await led(work, team_id)
    if workspace.owner_id != work.actor.user:
        raise NotAllowed("This is for the team's owner.")
    return workspace
