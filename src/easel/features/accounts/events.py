"""What accounts tell others, and the jobs they leave to workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event
from easel.core.jobs import Job

DISCARD_AVATAR = Job("accounts.discard_avatar", queue="media")
"""Remove an avatar's file unless someone shows it; argument `digest`."""


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    """Someone has an account now; `subject_id` is the user."""

    type: ClassVar[str] = "user.registered"
