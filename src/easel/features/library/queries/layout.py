"""The shapes of all pictures of a list, which is what a gallery needs to give each one its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from easel.core.work import Work

from ..models import Image
from .filters import Filter, filtered
from .pictures import visible_to

BLOCK = 100
"""So many pictures lie between two entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The last picture of a block, behind which the next one begins."""

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Shapes:
    """`ratios` says of each picture in order how wide it is for a height of 1000, as JSON without brackets."""

    total: int
    ratios: str
    entries: Sequence[Entry]


async def shapes(work: Work, wanted: Filter) -> Shapes:
    """All pictures that a filter matches. The database joins the numbers, as rows would cost ten times that."""
    newest = wanted.order == "desc"
    order = (Image.created_at.desc(), Image.id.desc()) if newest else (Image.created_at.asc(), Image.id.asc())
    ordered = (
        filtered(visible_to(work.actor), wanted)
        .with_only_columns(
            Image.created_at,
            Image.id,
            cast(func.round(Image.width * 1000.0 / Image.height), Integer).label("ratio"),
            func.row_number().over(order_by=order).label("place"),
        )
        .subquery()
    )
    ends_block = ordered.c.place % BLOCK == 0
    comma: ColumnElement[str] = literal_column("','")
    row = (
        await work.session.execute(
            select(
                func.count(),
                func.string_agg(cast(ordered.c.ratio, String), aggregate_order_by(comma, ordered.c.place)),
                func.array_agg(aggregate_order_by(ordered.c.created_at, ordered.c.place)).filter(ends_block),
                func.array_agg(aggregate_order_by(ordered.c.id, ordered.c.place)).filter(ends_block),
            )
        )
    ).one()
    total, ratios, moments, ids = row
    ends = [Entry(moment, id) for moment, id in zip(moments or (), ids or (), strict=True)]
    if ends and total % BLOCK == 0:
        ends.pop()
    return Shapes(total, ratios or "", ends)
