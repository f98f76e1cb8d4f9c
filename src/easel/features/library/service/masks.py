"""Masks: where a picture was to change. Kept, so that the same place can be changed again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.base.ids import new_id
from easel.core.work import Studio, Work
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.media.fitting import mask_of
from easel.media.hashes import content_hash
from easel.media.redraw import Recipe

from .. import queries
from ..errors import MaskNotFound
from ..models import Image, Mask

_KEPT = 50
"""So many of a picture's masks are listed, the newest."""


async def read(studio: Studio, data: bytes, image: Image) -> bytes:
    """A mask as it is kept, from a stranger's file. Raises `InvalidInput` for the field `mask`."""
    try:
        safe = await studio.isolated.redraw(io.BytesIO(data), Recipe("png"))
        mask, width, height = await asyncio.to_thread(mask_of, safe.data)
    except (NotAnImage, ImageTooLarge) as error:
        raise InvalidInput.of("mask", f"is not a picture: {error.detail}", "not_an_image") from error
    if (width, height) != (image.width, image.height):
        message = f"has {width} × {height} pixels, the picture {image.width} × {image.height}; they must be the same"
        raise InvalidInput.of("mask", message, "wrong_size")
    if not mask:
        raise InvalidInput.of("mask", "is empty: paint white what is to change", "empty_mask")
    return mask


async def keep(work: Work, image: Image, data: bytes, times: tuple[datetime, datetime] | None = None) -> UUID:
    """Keep a mask that was read; answers its id. The same mask of the same picture is kept once.

    `times` are when it was painted and last used, where that is not now.
    """
    created_at, moment = times or (now(), now())
    kept: UUID | None = await work.session.scalar(
        insert(Mask)
        .values(
            id=new_id(),
            workspace_id=image.workspace_id,
            user_id=work.actor.user_id,
            image_id=image.id,
            width=image.width,
            height=image.height,
            content_hash=content_hash(data),
            data=data,
            created_at=created_at,
            updated_at=moment,
        )
        .on_conflict_do_update(index_elements=["image_id", "content_hash"], set_={"updated_at": moment})
        .returning(Mask.id)
    )
    assert kept is not None
    return kept


async def of(work: Work, image_id: UUID) -> Sequence[Mask]:
    """A picture's masks, last used first. Raises `ImageNotFound`."""
    image = await queries.get_image(work, image_id)
    found = await work.session.scalars(
        select(Mask).where(Mask.image_id == image.id).order_by(Mask.updated_at.desc()).limit(_KEPT)
    )
    return found.all()


async def one(work: Work, mask_id: UUID) -> Mask:
    """A mask with its data. Raises `MaskNotFound`, also for another workspace's."""
    mask: Mask | None = await work.session.scalar(
        select(Mask)
        .where(Mask.id == mask_id, Mask.workspace_id.in_(work.actor.readable))
        .options(undefer(Mask.data))
    )
    if mask is None:
        raise MaskNotFound
    return mask
