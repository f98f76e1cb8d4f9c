"""What is done to one picture: to the trash and back."""

from __future__ import annotations

from uuid import UUID

from easel.base.clock import now
from easel.core.work import Work

from .. import queries
from ..events import ImageDeleted, ImageRestored
from ..models import Image


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
