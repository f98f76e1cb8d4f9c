"""What is done to one picture: to the trash and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from easel.base.clock import now
from easel.core.work import Work
from easel.features.projects import queries as projects

from .. import queries
from ..errors import ImageNotFound
from ..events import ImageDeleted, ImageRestored, ImageUpdated
from ..models import Image


async def change(work: Work, image_id: UUID, said: Mapping[str, Any]) -> Image:
    """Change what is said of a picture, in the trash or not. Raises `ImageNotFound`, and as `require_open`."""
    image = await queries.get_image(work, image_id)
    if image.workspace_id != work.actor.workspace:
        raise ImageNotFound
    fields = sorted(name for name, value in said.items() if getattr(image, name) != value)
    if "project_id" in fields and said["project_id"] is not None:
        await projects.require_open(work, said["project_id"])
    for name in fields:
        setattr(image, name, said[name])
    if fields:
        await work.session.flush()
        await work.emit(
            ImageUpdated(
                subject_id=image.id,
                workspace_id=image.workspace_id,
                user_id=work.actor.user,
                data={"fields": fields},
            )
        )
    return image


async def toggle(work: Work, image_id: UUID, field: str) -> Image:
    """Turn a yes of a picture into a no, or a no into a yes. Raises `ImageNotFound`."""
    image = await queries.get_image(work, image_id, locked=True)
    return await change(work, image_id, {field: not getattr(image, field)})


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
