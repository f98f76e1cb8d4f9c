"""Bodies of the team routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from easel.base.types import storable
from easel.core.actor import Level
from easel.core.http.paging import Page
from easel.features.accounts.schemas import Body, Email, Name

LevelName = Literal["view", "edit", "admin"]
_LEVELS: dict[LevelName, Level] = {"view": Level.VIEW, "edit": Level.EDIT, "admin": Level.ADMIN}
_NAMES: dict[int, LevelName] = {level: name for name, level in _LEVELS.items()}


def level_of(name: LevelName) -> Level:
    return _LEVELS[name]


def name_of(level: int) -> LevelName:
    return _NAMES[level]


class TeamIn(Body):
    """A new team."""

    name: Name = Field(description="What the team is called.")


class TeamChangeIn(Body):
    """What to change of a team; what is absent stays as it is."""

    name: Name = Field(default_factory=str, description="What the team is called; absent, it stays.")


class TeamDeleteIn(Body):
    """The word for deleting a team."""

    name: Annotated[str, StringConstraints(max_length=100), AfterValidator(storable)] = Field(
        description="The team's name, to say that you mean it."
    )


class LevelIn(Body):
    """A level for a member."""

    level: LevelName = Field(
        description="`view` looks, `edit` makes and changes, `admin` also looks after people."
    )


class InvitationIn(Body):
    """Whom to invite."""

    email: Email = Field(description="Where the invitation is mailed to.")
    level: LevelName = Field(description="The level that whoever accepts it will have.")


class TokenIn(Body):
    """An invitation's token."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)] = Field(
        description="What stands after `token=` in the address that was mailed."
    )


class HandOverIn(Body):
    """The team's new owner."""

    user_id: UUID = Field(description="A member of the team.")


class PersonOut(BaseModel):
    """A person, as team mates see them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The user's id.")
    name: str = Field(description="What others see.")
    email: str = Field(description="The address to log in with.")
    avatar_url: str | None = Field(description="Where the avatar is, if there is one.")


class TeamOut(BaseModel):
    """A workspace with several members."""

    id: UUID = Field(description="The workspace's id, for `X-Workspace`.")
    name: str = Field(description="What the team is called.")
    level: LevelName = Field(description="Your level in it.")
    owner: PersonOut = Field(description="Who may hand it over and delete it.")
    members: int = Field(description="How many members it has.")
    created_at: datetime = Field(description="When it was made.")


class TeamPage(Page[TeamOut]):
    """Your teams, by name; all on one page."""

    total: int = Field(description="How many there are in all.")


class MemberOut(BaseModel):
    """A member of a team."""

    user: PersonOut = Field(description="Who it is.")
    level: LevelName = Field(description="What they may do.")
    owner: bool = Field(description="Whether they own the team.")
    joined_at: datetime = Field(description="Since when they are a member.")


class MemberPage(Page[MemberOut]):
    """The members of a team, who came first first; all on one page."""

    total: int = Field(description="How many there are in all.")


class InvitationOut(BaseModel):
    """An invitation that waits to be accepted."""

    id: UUID = Field(description="The invitation's id.")
    email: str = Field(description="Where it was mailed to.")
    level: LevelName = Field(description="The level that whoever accepts it will have.")
    invited_by: str | None = Field(description="The name of who sent it, if their account is still there.")
    created_at: datetime = Field(description="When it was sent.")
    expires_at: datetime = Field(description="Until when it can be accepted.")


class InvitationMade(InvitationOut):
    """A fresh invitation, with its link, which is shown this once."""

    link: str = Field(description="What was mailed: whoever opens it may join, once.")


class InvitationPage(Page[InvitationOut]):
    """The invitations that can be accepted still, the newest first; all on one page."""

    total: int = Field(description="How many there are in all.")


class InvitationPreview(BaseModel):
    """What someone who was invited is shown before they accept."""

    team: str = Field(description="What the team is called.")
    level: LevelName = Field(description="The level that you would have.")
    invited_by: str | None = Field(description="The name of who sent it, if their account is still there.")
    email: str = Field(description="Where it was mailed to.")
    expires_at: datetime = Field(description="Until when it can be accepted.")

    @classmethod
    def of(cls, *, team: str, level: int, invited_by: str | None, email: str, expires_at: datetime) -> Self:
        return cls(team=team, level=name_of(level), invited_by=invited_by, email=email, expires_at=expires_at)
