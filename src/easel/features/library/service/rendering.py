"""Thumbnails, hashes and colours, made in the background."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.media.renditions import render

from .. import queries
from ..events import RENDER, ImageRendered
from ..models import UPLOAD, Image

log = structlog.get_logger(__name__)

_OVERDUE = timedelta(minutes=2)


def rendition_key(digest: str, width: int, format: str) -> str:
    """Where a rendition of the original with this content hash lies."""
    return f"renditions/{digest[:2]}/{digest[2:4]}/{digest}/{width}.{format}"


async def make_renditions(studio: Studio, image_id: UUID) -> None:
    """Make an image's thumbnails, hashes and colours, and note them on its row. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        image = await work.session.get(Image, image_id)
    if image is None or image.rendered_at is not None:
        return
    data = await studio.storage.get(image.file_path)
    # What a provider made is drawn here; what a stranger sent, where it can do no harm.
    stranger = image.operation == UPLOAD
    made = await (studio.isolated.render(data) if stranger else asyncio.to_thread(render, data))
    for file in made.files:
        await studio.storage.put(
            rendition_key(image.content_hash, file.width, file.format),
            file.data,
            content_type=f"image/{file.format}",
        )
    async with studio.work(Actor.system()) as work:
        changed = await work.session.execute(
            update(Image)
            .where(Image.id == image_id, Image.rendered_at.is_(None))
            .values(
                rendered_at=now(),
                thumbhash=made.thumbhash,
                perceptual_hash=_signed(made.perceptual_hash),
                colors=list(made.colors),
                updated_at=Image.updated_at,  # nobody changed anything
            )
            .returning(Image.id)
        )
        if changed.first():
            await work.emit(
                ImageRendered(subject_id=image.id, workspace_id=image.workspace_id, user_id=image.user_id)
            )


async def render_overdue(studio: Studio) -> None:
    """Defer again what should have been rendered long ago: its job was lost with a crash or failed."""
    async with studio.work(Actor.system()) as work:
        for image_id in await queries.not_rendered(work, now() - _OVERDUE, limit=50):
            log.warning("library.render_overdue", image_id=str(image_id))
            await work.defer(RENDER, image_id=str(image_id))


def _signed(value: int) -> int:
    """A 64-bit hash as PostgreSQL's signed bigint."""
    return value - (1 << 64) if value >= 1 << 63 else value
