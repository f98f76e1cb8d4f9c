"""Generation's background work."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from .events import RUN
from .service import attempt


async def _run(studio: Studio, *, generation_id: str) -> None:
    await attempt.run(studio, UUID(generation_id))


TASKS = (Task(RUN, _run),)
PERIODIC = (Periodic("generation.recover", 15, attempt.recover),)
