"""What credits tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class CreditsChanged(Event):
    """A workspace's credits moved; `subject_id` is the workspace, the data its balances as they are now."""

    type: ClassVar[str] = "credits.changed"


@dataclass(frozen=True, slots=True)
class CreditsEnding(Event):
    """Credits of a workspace end soon; the data says how many and when."""

    type: ClassVar[str] = "credits.ending"


@dataclass(frozen=True, slots=True)
class SpendingAlerted(Event):
    """A workspace has spent a share of its monthly limit; the data says which and how much."""

    type: ClassVar[str] = "spending.alerted"
