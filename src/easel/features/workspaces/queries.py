"""How workspaces and members are found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, null, select

from easel.base.clock import now
from easel.core.actor import Role
from easel.core.work import Work
from easel.features.accounts.models import Session, User

from .models import Invitation, Membership, Workspace


async def personal_of(work: Work, user_id: UUID) -> UUID:
    """The id of a user's personal workspace."""
    found = await work.session.scalars(
        select(Workspace.id).where(Workspace.owner_id == user_id, Workspace.kind == "personal")
    )
    return found.one()


async def ids_of_member(work: Work, user_id: UUID) -> list[UUID]:
    """The ids of all workspaces that a user belongs to."""
    return list(
        await work.session.scalars(select(Membership.workspace_id).where(Membership.user_id == user_id))
    )


async def levels_of(work: Work, user_id: UUID) -> dict[UUID, int]:
    """The workspaces that a user belongs to, with their level in each."""
    found = await work.session.execute(
        select(Membership.workspace_id, Membership.level).where(Membership.user_id == user_id)
    )
    return {row.workspace_id: row.level for row in found}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session, whose it is, and where it acts; no workspace when they are no member of the one named."""

    session: Session
    user_id: UUID
    role: Role
    workspace_id: UUID | None
    level: int | None
    memberships: frozenset[UUID]
    """All workspaces of the user, if they were asked for."""


@cache
def _signed_in(by_token: bool, named: bool, everywhere: bool) -> Select[Any]:
    """Made once: every request asks it, and making it costs as much as asking."""
    all_of_them = (
        select(func.array_agg(Membership.workspace_id))
        .where(Membership.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    found = (
        select(
            Session,
            User.id,
            User.role,
            Membership.workspace_id,
            Membership.level,
            all_of_them if everywhere else null(),
        )
        .join(User, User.id == Session.user_id)
        .where(Session.expires_at > bindparam("moment"), User.is_active)
        .where(Session.token == bindparam("token") if by_token else Session.id == bindparam("session_id"))
    )
    mine = Membership.user_id == User.id
    if named:
        return found.outerjoin(Membership, (Membership.workspace_id == bindparam("workspace")) & mine)
    return found.outerjoin(
        Workspace, (Workspace.owner_id == User.id) & (Workspace.kind == "personal")
    ).outerjoin(Membership, (Membership.workspace_id == Workspace.id) & mine)


async def signed_in(
    work: Work,
    *,
    token: bytes | None = None,
    session_id: UUID | None = None,
    workspace: UUID | None = None,
    everywhere: bool = False,
) -> SignedIn | None:
    """The live session of a cookie's hash or of a session id, in `workspace` or the personal one."""
    statement = _signed_in(token is not None, workspace is not None, everywhere)
    values = {"token": token, "session_id": session_id, "workspace": workspace, "moment": now()}
    row = (await work.session.execute(statement, values)).one_or_none()
    if row is None:
        return None
    session, user_id, role, workspace_id, level, memberships = row
    return SignedIn(session, user_id, role, workspace_id, level, frozenset(memberships or ()))


@dataclass(frozen=True, slots=True)
class Team:
    """A team as one of its members sees it: their level, its owner, how many members it has."""

    workspace: Workspace
    level: int
    owner: User
    members: int


async def teams_of(work: Work, user_id: UUID, *, team_id: UUID | None = None) -> list[Team]:
    """The teams that a user is a member of, by name; with `team_id` that one, if they are."""
    people = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.workspace_id == Workspace.id)
        .correlate(Workspace)
        .scalar_subquery()
    )
    mine: list[ColumnElement[bool]] = [Membership.user_id == user_id, Workspace.kind == "team"]
    if team_id is not None:
        mine.append(Workspace.id == team_id)
    rows = await work.session.execute(
        select(Workspace, Membership.level, User, people)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .join(User, User.id == Workspace.owner_id)
        .where(*mine)
        .order_by(func.lower(Workspace.name), Workspace.id)
    )
    return [Team(*row) for row in rows]


async def owned_teams(work: Work, user_id: UUID) -> int:
    """How many teams a user owns."""
    owned = select(func.count()).where(Workspace.owner_id == user_id, Workspace.kind == "team")
    return await work.session.scalar(owned) or 0


async def locked_workspace(work: Work, workspace_id: UUID) -> Workspace | None:
    """A workspace; nobody else changes it or its members until the transaction ends."""
    found: Workspace | None = await work.session.scalar(
        select(Workspace).where(Workspace.id == workspace_id).with_for_update(key_share=True)
    )
    return found


async def membership(work: Work, workspace_id: UUID, user_id: UUID) -> Membership | None:
    """A user's membership in a workspace, as it stands now."""
    found: Membership | None = await work.session.scalar(
        select(Membership)
        .where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
        .execution_options(populate_existing=True)
    )
    return found


async def members_of(work: Work, workspace_id: UUID) -> list[tuple[Membership, User]]:
    """The members of a workspace, who came first first."""
    rows = await work.session.execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.workspace_id == workspace_id)
        .order_by(Membership.created_at, Membership.user_id)
    )
    return [(membership, user) for membership, user in rows]


async def is_member(work: Work, workspace_id: UUID, email: str) -> bool:
    """Whether someone with this address is a member."""
    found = await work.session.scalar(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.workspace_id == workspace_id, func.lower(User.email) == func.lower(email))
    )
    return found is not None


async def invitations_to(work: Work, workspace_id: UUID) -> list[tuple[Invitation, User | None]]:
    """The invitations to a team that can be accepted still, the newest first, with who sent them."""
    rows = await work.session.execute(
        select(Invitation, User)
        .outerjoin(User, User.id == Invitation.invited_by)
        .where(Invitation.workspace_id == workspace_id, Invitation.expires_at > now())
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return [(invitation, user) for invitation, user in rows]


async def invitation_by_token(work: Work, token: bytes) -> tuple[Invitation, Workspace, User | None] | None:
    """The invitation with this token's hash, if it can be accepted still."""
    row = (
        await work.session.execute(
            select(Invitation, Workspace, User)
            .join(Workspace, Workspace.id == Invitation.workspace_id)
            .outerjoin(User, User.id == Invitation.invited_by)
            .where(Invitation.token == token, Invitation.expires_at > now())
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def people_count(work: Work, workspace_id: UUID) -> int:
    """How many members a team has, those who are invited included."""
    members = select(func.count()).where(Membership.workspace_id == workspace_id).scalar_subquery()
    invited = (
        select(func.count())
        .where(Invitation.workspace_id == workspace_id, Invitation.expires_at > now())
        .scalar_subquery()
    )
    return await work.session.scalar(select(members + invited)) or 0
