"""Invitations: sent by mail, accepted once, by whoever holds the token."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.core import audit, mail
from easel.core.actor import Level
from easel.core.work import Work
from easel.features.accounts import queries as accounts
from easel.features.accounts.models import User

from .. import queries
from ..errors import AlreadyMember, InvitationNotFound, TeamFull
from ..events import TeamChanged
from ..models import Invitation, Membership, Workspace
from . import teams

VALID = timedelta(days=7)
MOST_PEOPLE = 500
"""So many members, with those who are invited, may a team have."""

_WORDS = {Level.VIEW: "look at", Level.EDIT: "make and change", Level.ADMIN: "make, change and look after"}


async def invite(
    work: Work, team_id: UUID, *, email: str, level: Level
) -> tuple[Invitation, User | None, str]:
    """Invite an address, for admins; answers the invitation, who sent it, and its link.

    An earlier invitation of the same address ends. Raises `AlreadyMember`, `TeamFull`.
    """
    workspace = await teams.led(work, team_id)
    if await queries.is_member(work, team_id, email):
        raise AlreadyMember
    await work.session.execute(
        delete(Invitation).where(
            Invitation.workspace_id == team_id, func.lower(Invitation.email) == func.lower(email)
        )
    )
    if await queries.people_count(work, team_id) >= MOST_PEOPLE:
        raise TeamFull
    token = new_token()
    invitation = Invitation(
        workspace_id=team_id,
        email=email,
        level=level,
        token=token_hash(token),
        invited_by=work.actor.user,
        expires_at=now() + VALID,
    )
    work.session.add(invitation)
    await work.session.flush()
    sender = await accounts.user_by_id(work, work.actor.user)
    link = f"{work.studio.settings.web.origin}/app/join?token={token}"
    await mail.send(
        work,
        to=email,
        template="invitation",
        inviter=sender.name if sender else "Somebody",
        team=workspace.name,
        may=_WORDS[level],
        link=link,
        days=VALID.days,
    )
    details = {"email": email, "level": level.name.lower()}
    await audit.record(work, "invitation.sent", workspace_id=team_id, details=details)
    return invitation, sender, link


async def revoke(work: Work, team_id: UUID, invitation_id: UUID) -> None:
    """End an invitation before it is accepted; for admins. Raises `InvitationNotFound`."""
    await teams.led(work, team_id)
    found = await work.session.get(Invitation, invitation_id)
    if found is None or found.workspace_id != team_id:
        raise InvitationNotFound
    await work.session.delete(found)
    await audit.record(work, "invitation.revoked", workspace_id=team_id, details={"email": found.email})


async def look(work: Work, token: str) -> tuple[Invitation, Workspace, User | None]:
    """What an invitation is for, and who sent it. Raises `InvitationNotFound`."""
    found = await queries.invitation_by_token(work, token_hash(token))
    if found is None:
        raise InvitationNotFound
    return found


async def accept(work: Work, token: str) -> queries.Team:
    """Join the team that an invitation is for; it is used up. A member stays one, at the higher level.

    Holding the token is what counts, not having the address: people have several. Raises `InvitationNotFound`.
    """
    _, workspace, _ = await look(work, token)
    await queries.locked_workspace(work, workspace.id)
    invitation, _, _ = await look(work, token)  # once more: another may have used it before the lock was had
    member = await queries.membership(work, workspace.id, work.actor.user)
    if member is None:
        work.session.add(
            Membership(workspace_id=workspace.id, user_id=work.actor.user, level=invitation.level)
        )
        await audit.record(
            work,
            "member.joined",
            workspace_id=workspace.id,
            user_id=work.actor.user,
            details={"email": invitation.email, "level": Level(invitation.level).name.lower()},
        )
    else:
        member.level = max(member.level, invitation.level)
    await work.session.delete(invitation)
    await work.session.flush()
    await work.emit(TeamChanged(subject_id=workspace.id, workspace_id=workspace.id))
    return await teams.find(work, workspace.id)
