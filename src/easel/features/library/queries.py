"""How pictures are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, exists, func, select, tuple_

from easel.core.actor import Actor
from easel.core.work import Work

from .errors import ImageNotFound
from .models import Image


@dataclass(frozen=True, slots=True)
class Filter:
    """Which pictures a list shows; None leaves a field out of account."""

    trashed: bool = False
    model: str | None = None
    operation: str | None = None
    aspect: Literal["square", "landscape", "portrait"] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    order: Literal["asc", "desc"] = "desc"


def visible_to(actor: Actor) -> Select[Image]:
    """The pictures that an actor may see: those of the acting workspace, or of all that it may read in now."""
    return select(Image).where(Image.workspace_id.in_(actor.readable))


async def get_image(work: Work, image_id: UUID) -> Image:
    """One picture, in the trash or not. Raises `ImageNotFound`, also for another workspace's."""
    image: Image | None = await work.session.scalar(visible_to(work.actor).where(Image.id == image_id))
    if image is None:
        raise ImageNotFound
    return image


async def page(
    work: Work, wanted: Filter, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Image]:
    """At most `limit` pictures after the keyset position, newest first (or oldest, by `order`)."""
    found = _filtered(visible_to(work.actor), wanted)
    position = tuple_(Image.created_at, Image.id)
    if wanted.order == "desc":
        found = found.order_by(Image.created_at.desc(), Image.id.desc())
        found = found.where(position < after) if after else found
    else:
        found = found.order_by(Image.created_at, Image.id)
        found = found.where(position > after) if after else found
    return (await work.session.scalars(found.limit(limit))).all()


async def count(work: Work, wanted: Filter) -> int:
    """How many pictures a filter matches."""
    found = _filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


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
    """Whether there is a picture of the bytes with this hash, anyone's, in the trash or not."""
    return bool(await work.session.scalar(select(exists().where(Image.content_hash == digest))))


def _filtered(found: Select[Image], wanted: Filter) -> Select[Image]:
    found = found.where(Image.deleted_at.is_not(None) if wanted.trashed else Image.deleted_at.is_(None))
    if wanted.model is not None:
        found = found.where(Image.model_id == wanted.model)
    if wanted.operation is not None:
        found = found.where(Image.operation == wanted.operation)
    if wanted.aspect == "square":
        found = found.where(Image.width == Image.height)
    elif wanted.aspect == "landscape":
        found = found.where(Image.width > Image.height)
    elif wanted.aspect == "portrait":
        found = found.where(Image.width < Image.height)
    if wanted.created_from is not None:
        found = found.where(Image.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found = found.where(Image.created_at <= wanted.created_to)
    return found
