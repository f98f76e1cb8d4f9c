"""What happens to pictures: they come in as bytes, are rendered, go to the trash and come back."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.media.hashes import content_hash
from easel.media.probe import ImageFacts, probe
from easel.media.renditions import WIDTHS, render
from easel.storage.base import StorageUnavailable

from . import queries
from .events import RENDER, ImageCreated, ImageDeleted, ImageRendered, ImageRestored
from .models import Image
from .schemas import ImageOut

log = structlog.get_logger(__name__)

_OVERDUE = timedelta(minutes=2)
_ORIGINALS = 0x45A5E1
"""Seed of the locks on originals, so that they are no other kind's locks."""


@dataclass(frozen=True, slots=True)
class Original:
    """A picture's bytes, safely in the store: its key there, and what the bytes are."""

    key: str
    content_hash: str
    file_size: int
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a picture."""

    operation: str
    prompt: str
    negative_prompt: str
    model_id: str
    model_version: str
    parameters: Mapping[str, Any]
    generation_id: UUID | None
    generation_time: float | None
    cost_credits: Decimal
    project_id: UUID | None = None
    parent_image_id: UUID | None = None


async def keep(studio: Studio, data: bytes) -> Original:
    """Store a picture's bytes as they are, under their content hash; no row yet.

    Raises `NotAnImage` or `ImageTooLarge` for bytes that are no acceptable picture.
    """
    facts, digest = await asyncio.to_thread(lambda: (probe(data), content_hash(data)))
    key = await studio.storage.put_content(data, suffix=facts.format)
    return Original(key, digest, len(data), facts)


async def add_image(
    work: Work, original: Original, origin: Origin, *, seed: int | None, facts: Mapping[str, Any]
) -> Image:
    """Put a stored picture into the acting workspace's library; its thumbnails are made in the background."""
    image = Image(
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        project_id=origin.project_id,
        generation_id=origin.generation_id,
        parent_image_id=origin.parent_image_id,
        file_path=original.key,
        content_hash=original.content_hash,
        format=original.facts.format,
        width=original.facts.width,
        height=original.facts.height,
        file_size=original.file_size,
        operation=origin.operation,
        prompt=origin.prompt,
        negative_prompt=origin.negative_prompt,
        model_id=origin.model_id,
        model_version=origin.model_version,
        parameters=dict(origin.parameters),
        seed=seed,
        generation_time=origin.generation_time,
        cost_credits=origin.cost_credits,
        alt_text=origin.prompt[:500],
        facts=dict(facts),
    )
    await hold_original(work, original)
    work.session.add(image)
    await work.session.flush()
    await work.defer(RENDER, image_id=str(image.id))
    await work.emit(
        ImageCreated(
            subject_id=image.id,
            workspace_id=image.workspace_id,
            user_id=image.user_id,
            data={"generation_id": str(image.generation_id) if image.generation_id else None},
        )
    )
    return image


async def hold_original(work: Work, original: Original) -> None:
    """Keep stored bytes from being discarded until the transaction ends, in which a row for them is added.

    Raises `StorageUnavailable` when they were discarded since `keep`: keep them again.
    """
    locked = func.pg_advisory_xact_lock_shared(func.hashtextextended(original.content_hash, _ORIGINALS))
    await work.session.execute(select(locked))
    if not await work.studio.storage.exists(original.key):
        raise StorageUnavailable("The picture's file was removed at this very moment. Try again.")


async def discard_original(studio: Studio, key: str, digest: str) -> None:
    """Remove an original and its renditions, unless there is a picture of these bytes. Safe to repeat."""
    async with studio.work(Actor.system()) as work:
        locked = func.pg_advisory_xact_lock(func.hashtextextended(digest, _ORIGINALS))
        await work.session.execute(select(locked))
        if not await queries.shows(work, digest):
            folder = rendition_key(digest, 0, "").rpartition("/")[0]
            made = [file.key async for file in studio.storage.list(folder)]
            await studio.storage.delete(key, *made)


def show(image: Image) -> ImageOut:
    """A picture's record as the API shows it."""
    base = f"/api/images/{image.id}"
    return ImageOut(
        id=image.id,
        generation_id=image.generation_id,
        parent_image_id=image.parent_image_id,
        project_id=image.project_id,
        operation=image.operation,
        prompt=image.prompt,
        negative_prompt=image.negative_prompt,
        model=image.model_id,
        model_version=image.model_version,
        parameters=image.parameters,
        seed=image.seed,
        width=image.width,
        height=image.height,
        format=image.format,
        file_size=image.file_size,
        content_hash=image.content_hash,
        url=f"{base}/file",
        download_url=f"/api/images/download/{image.id}",
        thumbnails={str(width): f"{base}/thumbnail/{width}" for width in WIDTHS},
        rendered=image.rendered_at is not None,
        thumbhash=base64.b64encode(image.thumbhash).decode() if image.thumbhash else None,
        colors=image.colors,
        title=image.title,
        alt_text=image.alt_text,
        notes=image.notes,
        tags=image.tags,
        rating=image.rating,
        is_favorite=image.is_favorite,
        is_public=image.is_public,
        likes=0,
        cost_credits=float(image.cost_credits),
        generation_time=image.generation_time,
        created_at=image.created_at,
        updated_at=image.updated_at,
        deleted_at=image.deleted_at,
    )


async def trash(work: Work, image_id: UUID) -> None:
    """Move a picture to the trash; quiet when it is there. Raises `ImageNotFound`."""
    image = await queries.get_image(work, image_id)
    if image.deleted_at is None:
        image.deleted_at = now()
        await work.emit(
            ImageDeleted(subject_id=image.id, workspace_id=image.workspace_id, user_id=work.actor.user)
        )


async def restore(work: Work, image_id: UUID) -> Image:
    """Take a picture out of the trash; quiet when it is not there. Raises `ImageNotFound`."""
    image = await queries.get_image(work, image_id)
    if image.deleted_at is not None:
        image.deleted_at = None
        await work.session.flush()
        await work.emit(
            ImageRestored(subject_id=image.id, workspace_id=image.workspace_id, user_id=work.actor.user)
        )
    return image


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
    made = await asyncio.to_thread(render, data)
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
