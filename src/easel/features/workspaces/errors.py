"""What can go wrong with teams."""

from __future__ import annotations

from easel.base.errors import EaselError


class TeamNotFound(EaselError):
    """There is no such team, or you are not a member of it."""

    status = 404
    code = "team_not_found"


class MemberNotFound(EaselError):
    """The team has no such member."""

    status = 404
    code = "member_not_found"


class InvitationNotFound(EaselError):
    """The invitation is not there: it was used or revoked, or its time is over. Ask for a new one."""

    status = 404
    code = "invitation_not_found"


class AlreadyMember(EaselError):
    """Whoever has this address is a member already."""

    status = 409
    code = "already_member"


class OwnerStays(EaselError):
    """The owner stays in the team as its admin; hand the team over to another member first."""

    status = 409
    code = "owner_stays"


class TeamFull(EaselError):
    """The team has as many members and invitations as one may have."""

    status = 409
    code = "team_full"


class TooManyTeams(EaselError):
    """You own as many teams as one may own."""

    status = 409
    code = "too_many_teams"
