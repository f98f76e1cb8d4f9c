"""Pictures that have to do with one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement

from easel.core.work import Work

from .. import queries
from ..models import Image
from ..queries.near import apart, same_prompt, shares_look
from ..schemas import ImageOut, Related
from .showing import show

_MOST: Final = 12
_FARTHEST: Final = 10
"""Hashes that differ in more bits are of pictures that do not look alike."""


async def of(work: Work, image: Image) -> Related:
    """What has to do with a picture, without the trash."""
    parent = [Image.id == image.parent_image_id] if image.parent_image_id else None
    siblings = [Image.generation_id == image.generation_id] if image.generation_id else None
    found = await _found(work, image, parent)
    return Related(
        parent=found[0] if found else None,
        children=await _found(work, image, [Image.parent_image_id == image.id]),
        siblings=await _found(work, image, siblings),
        same_prompt=await _found(work, image, same_prompt(image.prompt)) if image.prompt else [],
        similar=await _similar(work, image),
    )


async def _similar(work: Work, image: Image) -> list[ImageOut]:
    """Near hashes first, as found by a quarter that they share; then pictures of the same leading colour."""
    found: list[ImageOut] = []
    if image.perceptual_hash is not None:
        distance = apart(image.perceptual_hash)
        near = [shares_look(image.perceptual_hash, []), distance <= _FARTHEST]
        found = await _found(work, image, near, first=distance)
    if image.colors and len(found) < _MOST:
        seen = {other.id for other in found}
        more = await _found(work, image, [shares_look(None, image.colors)])
        found += [other for other in more if other.id not in seen][: _MOST - len(found)]
    return found


async def _found(
    work: Work,
    image: Image,
    where: Sequence[ColumnElement[bool]] | None,
    first: ColumnElement[int] | None = None,
) -> list[ImageOut]:
    if where is None:
        return []
    found = queries.visible_to(work.actor).where(
        *where, Image.id != image.id, Image.workspace_id == image.workspace_id, Image.deleted_at.is_(None)
    )
    order = [] if first is None else [first]
    rows = await work.session.scalars(
        found.order_by(*order, Image.created_at.desc(), Image.id.desc()).limit(_MOST)
    )
    return [show(row) for row in rows]
