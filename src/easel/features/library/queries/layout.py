"""The shapes of all pictures of a list, which is what a gallery needs to give each one its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, String, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from easel.core.work import Work

from ..models import Image
from ..schemas import ImageFilter
from .filters import Order, conditions, keys
from .gallery import Position, in_order, plan_for_these_values
from .pictures import visible_to

BLOCK = 100
"""So many pictures lie between two entries."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """`ratios` says of each picture in order how wide it is for a height of 1000, as JSON without brackets.

    `entries` are the positions behind which the blocks after the first begin.
    """

    total: int
    ratios: str
    entries: Sequence[Position]


async def shapes(work: Work, wanted: ImageFilter, order: Order) -> Shapes:
    """All pictures that a filter matches. The database joins the numbers, as rows would cost ten times that."""
    await plan_for_these_values(work)
    by = [key.label(f"key_{n}") for n, key in enumerate(keys(order.sort))]
    ordered = (
        visible_to(work.actor)
        .where(*conditions(wanted))
        .with_only_columns(
            *by,
            cast(func.round(Image.width * 1000.0 / Image.height), Integer).label("ratio"),
            func.row_number().over(order_by=in_order(keys(order.sort), order)).label("place"),
        )
        .subquery()
    )
    ends_block = ordered.c.place % BLOCK == 0
    comma: ColumnElement[str] = literal_column("','")
    found = select(
        func.count(),
        func.string_agg(cast(ordered.c.ratio, String), aggregate_order_by(comma, ordered.c.place)),
        *(
            func.array_agg(aggregate_order_by(ordered.c[key.name], ordered.c.place)).filter(ends_block)
            for key in by
        ),
    )
    total, ratios, *columns = (await work.session.execute(found)).one()
    ends = list(zip(*(column or () for column in columns), strict=True))
    if ends and total % BLOCK == 0:
        ends.pop()
    return Shapes(total, ratios or "", ends)
