"""Take-out's background work: imports, and the end of accounts."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import IMPORT, STOP_WORK
from .service import bring_in, purge


async def _import(studio: Studio, *, job_id: str) -> None:
    await bring_in.run(studio, UUID(job_id))


async def _stop_work(studio: Studio, *, user_id: str) -> None:
    await purge.stop_work(studio, UUID(user_id))


TASKS = (Task(IMPORT, _import), Task(STOP_WORK, _stop_work))
PERIODIC = (
    Periodic("takeout.tidy", 60, bring_in.tidy),
    Periodic("takeout.purge_closed", 60, purge.purge_closed),
)
