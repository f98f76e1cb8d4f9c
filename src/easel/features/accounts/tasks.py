"""The background work of accounts."""

from __future__ import annotations

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import DISCARD_AVATAR
from .service import avatar


async def _discard_avatar(studio: Studio, *, digest: str) -> None:
    await avatar.discard(studio, digest)


TASKS = (Task(DISCARD_AVATAR, _discard_avatar),)
PERIODIC = (Periodic("accounts.discard_forgotten_avatars", 6 * 3600, avatar.discard_forgotten),)
