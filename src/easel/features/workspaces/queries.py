"""How workspaces and members are found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Row, select

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


async def signed_in(
    work: Work, *, token: bytes | None = None, session_id: UUID | None = None
) -> Row[Session, User, UUID, int] | None:
    """The live session of a cookie's hash or of a session id, with its user, personal workspace and level."""
    found = (
        select(Session, User, Workspace.id, Membership.level)
        .join(User, User.id == Session.user_id)
        .join(Workspace, (Workspace.owner_id == User.id) & (Workspace.kind == "personal"))
        .join(Membership, (Membership.workspace_id == Workspace.id) & (Membership.user_id == User.id))
        .where(Session.expires_at > now(), User.is_active)
    )
    found = (
        found.where(Session.token == token) if token is not None else found.where(Session.id == session_id)
    )
    return (await work.session.execute(found)).one_or_none()
