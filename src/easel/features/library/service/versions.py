"""Versions of a picture: an edit adds one, the picture keeps its place, and every earlier one can come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.ids import new_id
from easel.core.work import Work

from .. import queries
from ..errors import VersionInUse, VersionNotFound
from ..events import RENDER, ImageUpdated
from ..models import DoomedFile, Image, ImageVersion
from .originals import Original, hold_originals

_FILE = ("file_path", "content_hash", "format", "width", "height", "file_size")


async def of(work: Work, image_id: UUID) -> Sequence[ImageVersion]:
    """A picture's versions, newest first; none while it was never edited. Raises `ImageNotFound`."""
    image = await queries.get_image(work, image_id)
    found = await work.session.scalars(
        select(ImageVersion).where(ImageVersion.image_id == image.id).order_by(ImageVersion.number.desc())
    )
    return found.all()


async def one(work: Work, image_id: UUID, version_id: UUID) -> ImageVersion:
    """Raises `ImageNotFound`, `VersionNotFound`."""
    image = await queries.get_image(work, image_id)
    version: ImageVersion | None = await work.session.scalar(
        select(ImageVersion).where(ImageVersion.image_id == image.id, ImageVersion.id == version_id)
    )
    if version is None:
        raise VersionNotFound
    return version


async def add(
    work: Work,
    image_id: UUID,
    original: Original,
    *,
    base_id: UUID | None,
    steps: Sequence[dict[str, Any]],
    generation_id: UUID | None,
) -> Image:
    """Let an edited file be the picture from now on; what it was stays as a version. Raises `ImageNotFound`."""
    await queries.get_image(work, image_id)
    image: Image = (
        await work.session.scalars(select(Image).where(Image.id == image_id).with_for_update())
    ).one()
    last = await work.session.scalar(
        select(func.max(ImageVersion.number)).where(ImageVersion.image_id == image.id)
    )
    if last is None:
        first = _version(image, number=1, generation_id=image.generation_id)
        for name in _FILE:
            setattr(first, name, getattr(image, name))
        work.session.add(first)
        await work.session.flush()
        last, base_id = 1, first.id
    await hold_originals(work, [original])
    version = _version(image, number=last + 1, generation_id=generation_id)
    version.base_id, version.steps, version.user_id = base_id, list(steps), work.actor.user_id
    version.file_path, version.content_hash = original.key, original.content_hash
    version.format, version.file_size = original.facts.format, original.file_size
    version.width, version.height = original.facts.width, original.facts.height
    work.session.add(version)
    await work.session.flush()
    await _show(work, image, version)
    return image


async def restore(work: Work, image_id: UUID, version_id: UUID) -> Image:
    """Show an earlier version again; quiet when it is shown. Raises `ImageNotFound`, `VersionNotFound`."""
    version = await one(work, image_id, version_id)
    image = await queries.get_image(work, image_id)
    if image.version_id != version.id:
        await _show(work, image, version)
    return image


async def remove(work: Work, image_id: UUID, version_id: UUID) -> None:
    """Forget a version; its file goes when nothing else needs it.

    Raises `VersionInUse` for the one that is shown and for one whose file later edits start from,
    `ImageNotFound`, `VersionNotFound`.
    """
    version = await one(work, image_id, version_id)
    image = await queries.get_image(work, image_id)
    if image.version_id == version.id:
        raise VersionInUse("This version is shown now. Restore another one first.")
    later = await work.session.scalar(
        select(ImageVersion.number).where(ImageVersion.base_id == version.id).limit(1)
    )
    if later is not None:
        raise VersionInUse(f"Version {later} is made from this one; delete that first.")
    await work.session.delete(version)
    await work.session.flush()
    await work.session.execute(
        insert(DoomedFile)
        .values(key=version.file_path, content_hash=version.content_hash)
        .on_conflict_do_nothing()
    )


def _version(image: Image, *, number: int, generation_id: UUID | None) -> ImageVersion:
    return ImageVersion(
        id=new_id(),
        image_id=image.id,
        user_id=image.user_id,
        number=number,
        base_id=None,
        steps=[],
        generation_id=generation_id,
    )


async def _show(work: Work, image: Image, version: ImageVersion) -> None:
    for name in _FILE:
        setattr(image, name, getattr(version, name))
    image.version_id = version.id
    image.rendered_at = image.thumbhash = image.perceptual_hash = None
    await work.session.flush()
    await work.session.refresh(image)
    await work.defer(RENDER, image_id=str(image.id))
    await work.emit(
        ImageUpdated(
            subject_id=image.id,
            workspace_id=image.workspace_id,
            user_id=work.actor.user_id,
            data={"fields": ["file"]},
        )
    )
