"""Pictures of the acting workspace that are there more than once. Every condition here is as an index has it.

The indexes are `ix_images_by_band_0` to `_3` and `ix_images_by_bytes` of `library.models.Image`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Uuid,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library.models import Image

from ..models import DuplicateDismissal

_TOP: Final = 3
_PLANS: Final = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true), "
    "set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
)
"""Each look-up finds few rows in an index that has all it needs, which the planner cannot know of bits."""
_BAND: Final = "(({hash} >> {shift}) & 65535)"
_HASHES: Final = """
    SELECT perceptual_hash, count(*) FROM images
    WHERE workspace_id = :workspace AND deleted_at IS NULL AND perceptual_hash IS NOT NULL AND {after}
    GROUP BY {band}, perceptual_hash ORDER BY {band}, perceptual_hash LIMIT :limit
"""
_NEAR: Final = """
    SELECT DISTINCT seed.hash, near.hash FROM unnest(:hashes) AS seed (hash)
    CROSS JOIN LATERAL ({bands}) AS near
"""
_NEAR_IN_BAND: Final = """
    SELECT perceptual_hash AS hash FROM images
    WHERE workspace_id = :workspace AND deleted_at IS NULL AND perceptual_hash IS NOT NULL
    AND {band} = ANY (ARRAY(SELECT {seeds} # flip FROM unnest(:flips_{number}) AS of (flip)))
    AND bit_count(CAST(perceptual_hash # seed.hash AS bit(64))) BETWEEN 1 AND :distance
"""


def _band(number: int, hash: str = "perceptual_hash") -> str:
    return _BAND.format(hash=hash, shift=number * 16)


@dataclass(frozen=True, slots=True)
class Members:
    """The first of a group's pictures, and how many it has in all."""

    images: Sequence[Image]
    total: int


async def hashes(work: Work, *, after: int | None, limit: int) -> list[tuple[int, int]]:
    """The next perceptual hashes in the order of their bits, and how many pictures have each."""
    await work.session.execute(_PLANS)
    top = _band(_TOP)
    values: dict[str, Any] = {"workspace": work.actor.workspace, "limit": limit}
    if after is None:
        statement = text(_HASHES.format(band=top, after="true"))
    else:
        behind = f"({top}, perceptual_hash) > ({_band(_TOP, ':after')}, :after)"
        statement = text(_HASHES.format(band=top, after=behind)).bindparams(
            bindparam("after", type_=BigInteger)
        )
        values["after"] = after
    rows = await work.session.execute(statement.bindparams(bindparam("workspace", type_=Uuid)), values)
    return [(row[0], row[1]) for row in rows]


async def near(
    work: Work, wanted: Sequence[int], distance: int, flips: Sequence[Sequence[int]]
) -> list[tuple[int, int]]:
    """Pairs of a wanted hash and another one of the workspace's that differs in at most `distance` bits.

    `flips` is what is to be flipped of each band, as `policy.flips` has it.
    """
    of_hashes: Any = ARRAY(BigInteger)
    used = {f"flips_{band}": list(masks) for band, masks in enumerate(flips) if masks}
    parts = [
        _NEAR_IN_BAND.format(band=_band(band), seeds=_band(band, "seed.hash"), number=band)
        for band, masks in enumerate(flips)
        if masks
    ]
    statement = text(_NEAR.format(bands=" UNION ALL ".join(parts))).bindparams(
        bindparam("workspace", type_=Uuid),
        *(bindparam(name, type_=of_hashes) for name in ("hashes", *used)),
    )
    values = {"hashes": list(wanted), "workspace": work.actor.workspace, "distance": distance, **used}
    rows = await work.session.execute(statement, values)
    return [(row[0], row[1]) for row in rows]


async def bytes_twice(work: Work, *, after: str | None, limit: int) -> list[str]:
    """The next content hashes, in their order, that several pictures have."""
    await work.session.execute(_PLANS)
    found = (
        library.visible_to(work.actor)
        .where(Image.workspace_id == work.actor.workspace, Image.deleted_at.is_(None))
        .with_only_columns(Image.content_hash)
        .group_by(Image.content_hash)
        .having(func.count() > 1)
        .order_by(Image.content_hash)
    )
    if after is not None:
        found = found.where(Image.content_hash > after)
    return list(await work.session.scalars(found.limit(limit)))


async def of_looks(work: Work, looks: Iterable[int], *, limit: int) -> Members:
    """The pictures of these perceptual hashes, the oldest first."""
    wanted = list(looks)
    band: ColumnElement[int] = literal_column(_band(_TOP), BigInteger)
    bands = sorted({hash >> 48 & 65535 for hash in wanted})
    return await _members(work, Image.perceptual_hash, wanted, band.in_(bands), limit=limit)


async def of_bytes(work: Work, content_hash: str, *, limit: int) -> Members:
    """The pictures of these bytes, the oldest first."""
    return await _members(work, Image.content_hash, [content_hash], limit=limit)


async def is_dismissed(work: Work, image_ids: Sequence[UUID]) -> bool:
    """Whether somebody said of all these pictures that they are no duplicates of each other."""
    said = exists().where(
        DuplicateDismissal.workspace_id == work.actor.workspace,
        DuplicateDismissal.image_ids.contains(list(image_ids)),
    )
    return bool(await work.session.scalar(select(said)))


async def count_dismissals(work: Work) -> int:
    """How many groups of the acting workspace were dismissed."""
    found = select(func.count()).where(DuplicateDismissal.workspace_id == work.actor.workspace)
    return await work.session.scalar(found) or 0


async def forget_dismissals(work: Work) -> None:
    """Have all dismissed groups of the acting workspace back."""
    mine = DuplicateDismissal.workspace_id == work.actor.workspace
    await work.session.execute(delete(DuplicateDismissal).where(mine))


async def _members(
    work: Work,
    column: InstrumentedAttribute[Any],
    values: Sequence[Any],
    *where: ColumnElement[bool],
    limit: int,
) -> Members:
    found = (
        library.visible_to(work.actor)
        .where(
            Image.workspace_id == work.actor.workspace,
            Image.deleted_at.is_(None),
            column.is_not(None),
            column.in_(values),
            *where,
        )
        .add_columns(func.count().over())
        .order_by(Image.created_at, Image.id)
        .limit(limit)
    )
    rows = (await work.session.execute(found)).all()
    return Members([row[0] for row in rows], rows[0][1] if rows else 0)
