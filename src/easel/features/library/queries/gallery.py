"""Pages of pictures, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, tuple_

from easel.core.work import Work

from ..models import Image
from .filters import Filter, filtered
from .pictures import visible_to


async def page(
    work: Work, wanted: Filter, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Image]:
    """At most `limit` pictures after the keyset position, newest first (or oldest, by `order`)."""
    found = filtered(visible_to(work.actor), wanted)
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
    found = filtered(visible_to(work.actor), wanted).with_only_columns(func.count())
    return await work.session.scalar(found) or 0
