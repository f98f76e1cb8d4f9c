"""Generation's background work."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Start, Task
from easel.core.work import Studio

from .events import RUN, WITHDRAW
from .service import attempt


async def _run(studio: Studio, *, start: Start, generation_id: str, passing_errors: int = 0) -> None:
    await attempt.run(studio, UUID(generation_id), start, passing_errors=passing_errors)


async def _withdraw(studio: Studio, *, generation_id: str, request_id: str) -> None:
    await attempt.withdraw(studio, UUID(generation_id), request_id)


TASKS = (Task(RUN, _run, told=True), Task(WITHDRAW, _withdraw))
PERIODIC = (Periodic("generation.recover", 15, attempt.recover),)
