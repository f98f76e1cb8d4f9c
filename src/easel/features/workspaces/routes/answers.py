"""What several routes of teams share: the path's ids, and how a team is shown."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path

from .. import queries
from ..schemas import PersonOut, TeamOut, name_of

TeamId = Annotated[UUID, Path(description="The team's id.")]


def shown(team: queries.Team) -> TeamOut:
    """A team as the API shows it to one of its members."""
    return TeamOut(
        id=team.workspace.id,
        name=team.workspace.name,
        level=name_of(team.level),
        owner=PersonOut.model_validate(team.owner),
        members=team.members,
        created_at=team.workspace.created_at,
    )
