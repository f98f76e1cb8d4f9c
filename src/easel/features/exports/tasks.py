"""What workers do for exports."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import PREPARE
from .service import preparing, sweeping


async def _prepare(studio: Studio, *, job_id: str) -> None:
    await preparing.run(studio, UUID(job_id))


TASKS = (Task(PREPARE, _prepare),)
PERIODIC = (
    Periodic("exports.tidy", 60, sweeping.tidy),
    Periodic("exports.remove_orphans", 3600, sweeping.remove_orphans),
)
