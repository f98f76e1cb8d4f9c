"""What accounts tell others, and the jobs they leave to workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event
from easel.core.jobs import Job

DISCARD_AVATAR = Job("accounts.discard_avatar", queue="media")
"""Remove an avatar's file unless someone shows it; argument `digest`."""
FORGOT = Job("accounts.forgot_password", queue="mail")
"""Send a reset link, if there is such an account; arguments of `recovery.send_link`."""
RESEND = Job("accounts.resend_verification", queue="mail")
"""Send a link for confirming once more, if there is such an account; arguments of `verification.resend`."""


@dataclass(frozen=True, slots=True)
class UserClosed(Event):
    """Someone has deleted their account and can restore it for a while; `subject_id` is the user."""

    type: ClassVar[str] = "user.closed"


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    """Someone has an account now; `subject_id` is the user."""

    type: ClassVar[str] = "user.registered"
