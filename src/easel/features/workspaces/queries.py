"""How workspaces and members are found."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, null, select

from easel.base.clock import now
from easel.core.work import Work
from easel.features.accounts.models import Session, User

from .models import Membership, Workspace


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


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session, whose it is, and where it acts; no workspace when they are no member of the one named."""

    session: Session
    user: User
    workspace_id: UUID | None
    level: int | None
    memberships: frozenset[UUID]
    """All workspaces of the user, if they were asked for."""


async def signed_in(
    work: Work,
    *,
    token: bytes | None = None,
    session_id: UUID | None = None,
    workspace: UUID | None = None,
    everywhere: bool = False,
) -> SignedIn | None:
    """The live session of a cookie's hash or of a session id, in `workspace` or the personal one."""
    all_of_them = (
        select(func.array_agg(Membership.workspace_id))
        .where(Membership.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )
    found = (
        select(
            Session, User, Membership.workspace_id, Membership.level, all_of_them if everywhere else null()
        )
        .join(User, User.id == Session.user_id)
        .where(Session.expires_at > now(), User.is_active)
    )
    if workspace is None:
        found = found.outerjoin(
            Workspace, (Workspace.owner_id == User.id) & (Workspace.kind == "personal")
        ).outerjoin(Membership, (Membership.workspace_id == Workspace.id) & (Membership.user_id == User.id))
    else:
        found = found.outerjoin(
            Membership, (Membership.workspace_id == workspace) & (Membership.user_id == User.id)
        )
    found = (
        found.where(Session.token == token) if token is not None else found.where(Session.id == session_id)
    )
    row = (await work.session.execute(found)).one_or_none()
    if row is None:
        return None
    session, user, workspace_id, level, memberships = row
    return SignedIn(session, user, workspace_id, level, frozenset(memberships or ()))
