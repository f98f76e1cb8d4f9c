"""Generation's background work."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Start, Task
from easel.core.work import Studio

from .events import FILL, RUN, WITHDRAW
from .service import attempt, seats


async def _run(studio: Studio, *, start: Start, generation_id: str) -> None:
    await attempt.run(studio, UUID(generation_id), start)


async def _fill(studio: Studio, *, pool: str) -> None:
    await seats.fill_patiently(studio, pool)


async def _withdraw(studio: Studio, *, generation_id: str, provider_request_id: str) -> None:
    await attempt.withdraw(studio, UUID(generation_id), provider_request_id)


TASKS = (Task(RUN, _run, told=True), Task(FILL, _fill), Task(WITHDRAW, _withdraw))
PERIODIC = (
    Periodic("generation.recover", 15, attempt.recover),
    Periodic("generation.seats", 5, seats.fill_all),
)
