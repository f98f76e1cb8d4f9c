"""The end of exports: they expire, and what they kept goes with them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.background import service as background

from ..events import KIND, PREPARE
from ..models import Export
from .papers import FOLDER, folder

_PAGE: Final = 100


async def tidy(studio: Studio) -> None:
    """Carry jobs on that nothing carries any more, and remove exports that have expired."""
    async with studio.work(Actor.system()) as work:
        await background.carry_on(work, PREPARE, KIND)
        old = select(Export.id).where(Export.expires_at <= now()).limit(_PAGE)
        ids = (await work.session.scalars(old)).all()
        await work.session.execute(delete(Export).where(Export.id.in_(ids)))
    for id in ids:
        await _remove_papers(studio, id)


async def remove_orphans(studio: Studio) -> None:
    """Remove the papers of exports that went in other ways, such as with an account."""
    found = {UUID(file.key.split("/")[1]) async for file in studio.storage.list(FOLDER)}
    async with studio.work(Actor.system()) as work:
        there = set(await work.session.scalars(select(Export.id).where(Export.id.in_(found))))
    for id in found - there:
        await _remove_papers(studio, id)


async def _remove_papers(studio: Studio, export_id: UUID) -> None:
    await studio.storage.delete(*[file.key async for file in studio.storage.list(folder(export_id))])
