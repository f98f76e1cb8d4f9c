"""Invitations to a team."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from easel.core.http import deps, problems
from easel.core.http.deps import Open, Personal

from .. import queries
from ..errors import AlreadyMember, InvitationNotFound, TeamFull, TeamNotFound
from ..schemas import (
    InvitationIn,
    InvitationMade,
    InvitationOut,
    InvitationPage,
    InvitationPreview,
    TeamOut,
    TokenIn,
    level_of,
    name_of,
)
from ..service import invitations, teams
from .answers import TeamId, shown

router = APIRouter(prefix="/teams", tags=["teams"])

InvitationId = Annotated[UUID, Path(description="The invitation's id.")]


@router.post(
    "/invitations/preview",
    operation_id="preview_invitation",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(InvitationNotFound),
)
async def preview_invitation(body: TokenIn, work: Open) -> InvitationPreview:
    """What an invitation is for, and who sent it; for whoever holds its token."""
    invitation, workspace, sender = await invitations.look(work, body.token)
    return InvitationPreview.of(
        team=workspace.name,
        level=invitation.level,
        invited_by=sender.name if sender else None,
        email=invitation.email,
        expires_at=invitation.expires_at,
    )


@router.post(
    "/invitations/accept",
    operation_id="accept_invitation",
    responses=problems.responses(InvitationNotFound),
)
async def accept_invitation(body: TokenIn, work: Personal) -> TeamOut:
    """Join the team that an invitation is for; each is good once."""
    return shown(await invitations.accept(work, body.token))


@router.get(
    "/{id:uuid}/invitations", operation_id="list_invitations", responses=problems.responses(TeamNotFound)
)
async def list_invitations(id: TeamId, work: Personal) -> InvitationPage:
    """The invitations to a team that wait to be accepted, the newest first, for its admins; all on one page."""
    await teams.led(work, id)
    items = [
        InvitationOut(
            id=invitation.id,
            email=invitation.email,
            level=name_of(invitation.level),
            invited_by=sender.name if sender else None,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
        )
        for invitation, sender in await queries.invitations_to(work, id)
    ]
    return InvitationPage(items=items, next_cursor=None, total=len(items))


@router.post(
    "/{id:uuid}/invitations",
    status_code=201,
    operation_id="invite_member",
    responses=problems.responses(TeamNotFound, AlreadyMember, TeamFull),
)
async def invite_member(id: TeamId, body: InvitationIn, work: Personal) -> InvitationMade:
    """Invite someone by mail; for admins. An earlier invitation of the same address ends."""
    invitation, sender, link = await invitations.invite(
        work, id, email=body.email, level=level_of(body.level)
    )
    return InvitationMade(
        id=invitation.id,
        email=invitation.email,
        level=name_of(invitation.level),
        invited_by=sender.name if sender else None,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        link=link,
    )


@router.delete(
    "/{id:uuid}/invitations/{invitation_id:uuid}",
    status_code=204,
    operation_id="revoke_invitation",
    responses=problems.responses(TeamNotFound, InvitationNotFound),
)
async def revoke_invitation(id: TeamId, invitation_id: InvitationId, work: Personal) -> None:
    """End an invitation before it is accepted; for admins."""
    await invitations.revoke(work, id, invitation_id)
