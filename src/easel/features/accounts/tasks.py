"""The accounts' background work."""

from __future__ import annotations

import structlog

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import DISCARD_AVATAR, FORGOT, RESEND
from .service import avatar, mail_links, recovery, verification


async def _forgot(studio: Studio, **asked: str) -> None:
    _keep_out_of_the_log(asked)
    await recovery.send_link(studio, **asked)


async def _resend(studio: Studio, **asked: str) -> None:
    _keep_out_of_the_log(asked)
    await verification.resend(studio, **asked)


def _keep_out_of_the_log(asked: dict[str, str]) -> None:
    """Whose address was given is nobody's business who reads the log."""
    structlog.contextvars.unbind_contextvars(*asked)


async def _discard_avatar(studio: Studio, *, digest: str) -> None:
    await avatar.discard(studio, digest)


TASKS = (Task(FORGOT, _forgot), Task(RESEND, _resend), Task(DISCARD_AVATAR, _discard_avatar))
PERIODIC = (
    Periodic("accounts.forget_mail_tokens", 3600, mail_links.forget),
    Periodic("accounts.discard_forgotten_avatars", 6 * 3600, avatar.discard_forgotten),
)
