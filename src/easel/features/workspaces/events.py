"""What workspaces tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class TeamChanged(Event):
    """A team's name, owner or members are others now; `subject_id` is the workspace."""

    type: ClassVar[str] = "team.changed"


@dataclass(frozen=True, slots=True)
class MembershipEnded(Event):
    """Someone is no member any more, or the team is gone; `data` has their `user_id`."""

    type: ClassVar[str] = "team.member_left"


@dataclass(frozen=True, slots=True)
class TeamDeleted(Event):
    """A team is about to go, with all that it owns; told while its rows are still there."""

    type: ClassVar[str] = "team.deleted"
