"""What accounts tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    """Someone has an account now; `subject_id` is the user."""

    type: ClassVar[str] = "user.registered"
