"""How pictures are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select

from easel.core.actor import Actor
from easel.core.work import Work

from ..errors import ImageNotFound
from ..models import Image, ImageVersion


def visible_to(actor: Actor) -> Select[Image]:
    """The pictures that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Image).where(Image.workspace_id.in_(actor.readable))


async def get_image(work: Work, image_id: UUID, *, locked: bool = False) -> Image:
    """One picture, in the trash or not. Raises `ImageNotFound`, also for another workspace's.

    With `locked` nobody else changes it until the transaction's end.
    """
    found = visible_to(work.actor).where(Image.id == image_id)
    if locked:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    image: Image | None = await work.session.scalar(found)
    if image is None:
        raise ImageNotFound
    return image


async def of_generations(work: Work, generation_ids: Sequence[UUID]) -> dict[UUID, list[Image]]:
    """The pictures that generations made, each list in the order they were made; without the trash."""
    by_generation: dict[UUID, list[Image]] = {}
    if generation_ids:
        rows = await work.session.scalars(
            visible_to(work.actor)
            .where(Image.generation_id.in_(generation_ids), Image.deleted_at.is_(None))
            .order_by(Image.generation_id, Image.id)
        )
        for row in rows:
            assert row.generation_id is not None
            by_generation.setdefault(row.generation_id, []).append(row)
    return by_generation


async def not_rendered(work: Work, older_than: datetime, limit: int) -> Sequence[UUID]:
    """Ids of pictures whose thumbnails are overdue."""
    rows = await work.session.scalars(
        select(Image.id)
        .where(Image.rendered_at.is_(None), Image.created_at < older_than)
        .order_by(Image.created_at)
        .limit(limit)
    )
    return rows.all()


async def shows(work: Work, digest: str) -> bool:
    """Whether there is a picture, or an earlier version of one, of the bytes with this hash, anyone's."""
    shown = exists().where(Image.content_hash == digest)
    kept = exists().where(ImageVersion.content_hash == digest)
    return bool(await work.session.scalar(select(shown | kept)))
