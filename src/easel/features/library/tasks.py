"""The library's background work."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from . import service
from .events import BULK, EMPTY_TRASH, RENDER
from .service import bulk, trash_can


async def _render(studio: Studio, *, image_id: str) -> None:
    await service.make_renditions(studio, UUID(image_id))


async def _bulk(studio: Studio, *, job_id: str) -> None:
    await bulk.run(studio, UUID(job_id))


async def _empty(studio: Studio, *, job_id: str) -> None:
    await trash_can.run(studio, UUID(job_id))


TASKS = (Task(RENDER, _render), Task(BULK, _bulk), Task(EMPTY_TRASH, _empty))
PERIODIC = (
    Periodic("library.render_overdue", 60, service.render_overdue),
    Periodic("library.tidy_bulk", 60, bulk.tidy),
    Periodic("library.tidy_trash", 60, trash_can.tidy),
    Periodic("library.purge_trash", 600, trash_can.purge),
)
