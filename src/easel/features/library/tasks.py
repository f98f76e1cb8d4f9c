"""The library's background work."""

from __future__ import annotations

from uuid import UUID

from easel.core.jobs import Periodic, Task
from easel.core.work import Studio

from . import service
from .events import RENDER


async def _render(studio: Studio, *, image_id: str) -> None:
    await service.make_renditions(studio, UUID(image_id))


TASKS = (Task(RENDER, _render),)
PERIODIC = (Periodic("library.render_overdue", 60, service.render_overdue),)
