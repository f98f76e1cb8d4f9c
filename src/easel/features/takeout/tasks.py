"""Take-out's background work: imports, and the end of accounts."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import IMPORT
from .service import bring_in


async def _import(studio: Studio, *, job_id: str) -> None:
    await bring_in.run(studio, UUID(job_id))


TASKS = (Task(IMPORT, _import),)
PERIODIC = (Periodic("takeout.tidy", 60, bring_in.tidy),)
