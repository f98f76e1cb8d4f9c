"""Pictures come in as bytes: kept in the store, put into the library, discarded when nobody needs them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from easel.core import keeping
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.media.hashes import content_hash
from easel.media.probe import ImageFacts, probe
from easel.storage.base import StorageUnavailable

from .. import queries
from ..events import RENDER, ImageCreated
from ..models import DoomedFile, Image
from . import lineage
from .rendering import rendition_key

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


async def keep(studio: Studio, data: bytes | BinaryIO, facts: ImageFacts | None = None) -> Original:
    """Store a picture's bytes as they are, under their content hash; no row yet. Of an open file no more than pieces
    are in memory.

    Strangers' bytes come with the `facts` that `studio.isolated` found. Raises `NotAnImage` or `ImageTooLarge` for
    bytes that are no acceptable picture.
    """
    if facts is None:
        facts = await asyncio.to_thread(probe, data)
    digest = await asyncio.to_thread(content_hash, data)
    if isinstance(data, bytes):
        key = await studio.storage.put_content(data, suffix=facts.format)
        return Original(key, digest, len(data), facts)
    size = await asyncio.to_thread(data.seek, 0, io.SEEK_END)
    key = await studio.storage.put_content_file(data, digest=digest, size=size, suffix=facts.format)
    return Original(key, digest, size, facts)


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
    await hold_originals(work, [original])
    work.session.add(image)
    await work.session.flush()
    if origin.parent_image_id is not None:
        await lineage.join(work, image, origin.parent_image_id)
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


async def hold_originals(work: Work, originals: Sequence[Original]) -> None:
    """Keep stored bytes from being discarded until the transaction ends, in which a row for them is added.

    Raises `StorageUnavailable` when they were discarded since `keep`: keep them again.
    """
    digests = cast(sorted({original.content_hash for original in originals}), ARRAY(Text))
    digest = func.unnest(digests).column_valued()
    locked = func.pg_advisory_xact_lock_shared(func.hashtextextended(digest, _ORIGINALS))
    await work.session.execute(select(locked))
    there = await asyncio.gather(*(work.studio.storage.exists(original.key) for original in originals))
    if not all(there):
        raise StorageUnavailable("The picture's file was removed at this very moment. Try again.")


async def discard_original(studio: Studio, key: str, digest: str) -> bool:
    """Remove an original and its renditions, unless there is a picture of these bytes. Safe to repeat.

    While a backup is made they are only noted, for later, and the answer is False.
    """
    async with studio.work(Actor.system()) as work:
        if not await keeping.may_remove(work.session):
            noted = insert(DoomedFile).values(key=key, content_hash=digest).on_conflict_do_nothing()
            await work.session.execute(noted)
            return False
        locked = func.pg_advisory_xact_lock(func.hashtextextended(digest, _ORIGINALS))
        await work.session.execute(select(locked))
        if not await queries.shows(work, digest):
            folder = rendition_key(digest, 0, "").rpartition("/")[0]
            made = [file.key async for file in studio.storage.list(folder)]
            await studio.storage.delete(key, *made)
    return True
