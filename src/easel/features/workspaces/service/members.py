"""The members of teams: their levels, and how they go."""

from __future__ import annotations

from uuid import UUID

from easel.core import audit
from easel.core.actor import Level
from easel.core.work import Work

from .. import queries
from ..errors import MemberNotFound, OwnerStays, TeamNotFound
from ..events import MembershipEnded, TeamChanged
from ..models import Membership
from . import teams


async def set_level(work: Work, team_id: UUID, user_id: UUID, level: Level) -> None:
    """Give a member another level; for admins.

    Raises `MemberNotFound`, and `OwnerStays` for the owner, who is an admin always: so a team has one.
    """
    workspace = await teams.led(work, team_id)
    member = await queries.membership(work, team_id, user_id)
    if member is None:
        raise MemberNotFound
    if user_id == workspace.owner_id and level < Level.ADMIN:
        raise OwnerStays
    if member.level != level:
        member.level = level
        await work.session.flush()
        await audit.record(
            work,
            "member.level_changed",
            workspace_id=team_id,
            user_id=user_id,
            details={"level": level.name.lower()},
        )
        await work.emit(TeamChanged(subject_id=team_id, workspace_id=team_id))


async def remove(work: Work, team_id: UUID, user_id: UUID) -> None:
    """Take a member out of a team; for admins. Raises `MemberNotFound`, `OwnerStays`."""
    workspace = await teams.led(work, team_id)
    member = await queries.membership(work, team_id, user_id)
    if member is None:
        raise MemberNotFound
    if user_id == workspace.owner_id:
        raise OwnerStays
    await _end(work, member, "member.removed")


async def leave(work: Work, team_id: UUID) -> None:
    """End the acting user's membership; what they made stays the team's. Raises `TeamNotFound`, `OwnerStays`."""
    workspace = await queries.locked_workspace(work, team_id)
    member = await queries.membership(work, team_id, work.actor.user)
    if workspace is None or member is None or workspace.kind != "team":
        raise TeamNotFound
    if workspace.owner_id == work.actor.user:
        raise OwnerStays
    await _end(work, member, "member.left")


async def _end(work: Work, member: Membership, action: str) -> None:
    await work.session.delete(member)
    await work.session.flush()
    await audit.record(work, action, workspace_id=member.workspace_id, user_id=member.user_id)
    await work.emit(
        MembershipEnded(
            subject_id=member.workspace_id,
            workspace_id=member.workspace_id,
            data={"user_id": str(member.user_id)},
        )
    )
