"""Pages of pictures in any order, how many there are, and of what kinds.

The planner takes the rows that a filter matches to be spread evenly over a list. A word that only old pictures
have would let it read a million rows in order to find twenty, so `page` does not leave that choice to it: where
no index is in the list's order and narrow, it reads bounded stretches of the list as long as these promise to fill
the page, and otherwise finds all matches first and sorts those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from easel.core.work import Work

from ..models import CollectionImage, Image
from ..schemas import ImageFilter
from .filters import Narrowed, Order, conditions, keys, narrowed, provider, shape
from .pictures import visible_to

_STRETCH: Final = 2_000
"""How many pictures of a list are looked through at once."""
_STRETCHES: Final = 5
"""How many times at most, where what was found promises to fill the page; else all matches are collected."""
_MOST_TAGS: Final = 200
_MOST_COLLECTIONS: Final = 200
_SHAPES: Final = {-1: "portrait", 0: "square", 1: "landscape"}

# Plans are made for the values at hand: what is rare in one library is everything in another.
_PLANS = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)"
)

Position = tuple[Any, ...]
"""Where a picture stands in a list: the values of its keys."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture, and where it stands in the list."""

    image: Image
    position: Position


async def plan_for_these_values(work: Work) -> None:
    """Have the transaction's statements planned for the values at hand, each time anew."""
    await work.session.execute(_PLANS)


async def page(
    work: Work, wanted: ImageFilter, order: Order, *, limit: int, after: Position | None
) -> Sequence[Placed]:
    """At most `limit` pictures after the keyset position."""
    await plan_for_these_values(work)
    parts = narrowed(wanted, order.sort)
    if wanted.trashed:  # small beside the library, and in one index
        return await _placed(work, _listed(work, wanted, order, after, *parts.ordered, *parts.others), limit)
    if not parts.others:
        return await _placed(work, _listed(work, wanted, order, after, *parts.ordered), limit)
    found = await _walked(work, wanted, order, parts, limit=limit, after=after)
    if len(found) < limit:
        found = await _placed(work, _all_matches(work, wanted, order, after, limit), limit)
    return found


async def _walked(
    work: Work, wanted: ImageFilter, order: Order, parts: Narrowed, *, limit: int, after: Position | None
) -> list[Placed]:
    """What matches within the next stretches of the list; all but the first only where the last one is promising."""
    found: list[Placed] = []
    for left in reversed(range(_STRETCHES)):
        ordered = _listed(work, wanted, order, after, *parts.ordered)
        hits = await _placed(work, _stretch(ordered, parts.others, order), limit - len(found))
        found += hits
        if len(found) == limit or len(hits) * left < limit - len(found):
            break
        after = hits[-1].position
    return found


async def count(work: Work, wanted: ImageFilter) -> int:
    """How many pictures a filter matches."""
    await plan_for_these_values(work)
    found = visible_to(work.actor).where(*conditions(wanted)).with_only_columns(func.count())
    return await work.session.scalar(found) or 0


async def facets(work: Work, wanted: ImageFilter) -> dict[str, dict[str, int]]:
    """How many of the pictures that a filter matches there are of each value, the most frequent first.

    The pictures are read once, in the order in which they came: so they lie in the table, and every other index has
    them all over it. What they have in common is counted first, and each of their fields from that.
    """
    await plan_for_these_values(work)
    fields: dict[str, ColumnElement[Any]] = {
        "model": Image.model_id.expression,
        "provider": provider(),
        "project_id": Image.project_id.expression,
        "operation": Image.operation.expression,
        "rating": Image.rating.expression,
        "favorite": Image.is_favorite.expression,
        "is_public": Image.is_public.expression,
        "aspect": shape(),
    }
    found = (
        visible_to(work.actor)
        .where(*conditions(wanted))
        .with_only_columns(Image.id, Image.tags, *(value.label(name) for name, value in fields.items()))
        .order_by(Image.created_at.desc(), Image.id.desc())
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    values = [found.c[name] for name in fields]
    kinds = select(*values, func.count().label("number")).group_by(*values).cte("kinds")
    number = cast(func.sum(kinds.c.number), BigInteger).label("number")
    counted = [
        select(literal(name).label("field"), cast(kinds.c[name], String).label("value"), number).group_by(
            kinds.c[name]
        )
        for name in fields
    ]
    tag = select(func.unnest(found.c.tags).label("tag")).subquery().c.tag
    counted.append(_most("tags", tag, select(tag), _MOST_TAGS))
    held: ColumnElement[Any] = CollectionImage.collection_id.expression
    beside = (
        select(held).select_from(found).outerjoin(CollectionImage, CollectionImage.image_id == found.c.id)
    )
    counted.append(_most("collection_id", held, beside, _MOST_COLLECTIONS))
    told: dict[str, Counter[str]] = {name: Counter() for name in (*fields, "tags", "collection_id")}
    for field, value, count in await work.session.execute(union_all(*counted)):
        told[field][_named(field, value)] = count
    return {
        name: dict(sorted(values.items(), key=lambda one: (-one[1], one[0]))) for name, values in told.items()
    }


def _most(field: str, value: ColumnElement[Any], among: Select[Any], most: int) -> Select[Any]:
    """The most frequent values of a field with their numbers, as rows beside those of other fields."""
    number = func.count()
    few = (
        among.with_only_columns(cast(value, String).label("value"), number.label("number"))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(most)
        .subquery()
    )
    return select(literal(field).label("field"), few.c.value, few.c.number)


async def weight(work: Work, wanted: ImageFilter) -> tuple[int, int]:
    """How many pictures a filter matches, and the bytes of their originals."""
    await plan_for_these_values(work)
    found = visible_to(work.actor).where(*conditions(wanted))
    row = (
        await work.session.execute(
            found.with_only_columns(func.count(), func.coalesce(func.sum(Image.file_size), 0))
        )
    ).one()
    return int(row[0]), int(row[1])


async def months(work: Work, wanted: ImageFilter) -> Sequence[tuple[datetime, int]]:
    """The months, UTC, that have pictures, the newest first, and how many."""
    await plan_for_these_values(work)
    month = func.date_trunc(literal_column("'month'"), Image.created_at)
    found = visible_to(work.actor).where(*conditions(wanted)).with_only_columns(month, func.count())
    rows = await work.session.execute(found.group_by(month).order_by(month.desc()))
    return [(row[0], row[1]) for row in rows]


async def tags_like(work: Work, q: str, *, limit: int) -> Sequence[tuple[str, int]]:
    """The tags in use that begin with `q`, in any case, the most frequent first, and on how many pictures each is."""
    await plan_for_these_values(work)
    found = visible_to(work.actor).where(Image.deleted_at.is_(None), Image.tags != [])
    tag = found.with_only_columns(func.unnest(Image.tags).label("tag")).subquery().c.tag
    tagged = select(tag, func.count()).group_by(tag).order_by(func.count().desc(), tag).limit(limit)
    if q:
        tagged = tagged.where(func.lower(tag).startswith(q.lower(), autoescape=True))
    return [(row[0], row[1]) for row in await work.session.execute(tagged)]


def _named(field: str, value: str | None) -> str:
    if field == "aspect" and value is not None:
        return _SHAPES[int(value)]
    return "none" if value is None else value


def _listed(
    work: Work, wanted: ImageFilter, order: Order, after: Position | None, *narrow: ColumnElement[bool]
) -> Select[Any]:
    """The list, narrowed by some conditions, from a position on."""
    trash = Image.deleted_at.is_not(None) if wanted.trashed else Image.deleted_at.is_(None)
    found = visible_to(work.actor).where(trash, *narrow)
    by = keys(order.sort)
    if after is not None:
        here, there = tuple_(*by), tuple_(*_bound(by, after))
        found = found.where(here < there if order.order == "desc" else here > there)
    return found.add_columns(*_labelled(by)).order_by(*in_order(by, order))


def _stretch(ordered: Select[Any], others: Sequence[ColumnElement[bool]], order: Order) -> Select[Any]:
    """What matches within the next stretch of the list."""
    inner = ordered.add_columns(and_(*others).label("hit")).limit(literal_column(str(_STRETCH))).subquery()
    by = tuple(inner.c[f"key_{n}"] for n in range(len(keys(order.sort))))
    return select(aliased(Image, inner), *by).where(inner.c.hit).order_by(*in_order(by, order))


def _all_matches(
    work: Work, wanted: ImageFilter, order: Order, after: Position | None, limit: int
) -> Select[Any]:
    """What matches, found by its rarest condition, and put in order then."""
    found = _listed(work, wanted, order, after, *conditions(wanted)).order_by(None)
    by = keys(order.sort)
    ids = found.with_only_columns(Image.id.label("image_id"), *_labelled(by))
    matches = ids.cte("matches").prefix_with("MATERIALIZED")
    # Cut to the page before the pictures are fetched: only so does the planner know that they are few.
    at = tuple(matches.c[f"key_{n}"] for n in range(len(by)))
    few = select(matches).order_by(*in_order(at, order)).limit(literal_column(str(limit))).subquery()
    at = tuple(few.c[f"key_{n}"] for n in range(len(by)))
    return select(Image, *at).join(few, few.c.image_id == Image.id).order_by(*in_order(at, order))


async def _placed(work: Work, found: Select[Any], limit: int) -> list[Placed]:
    rows = await work.session.execute(found.limit(literal_column(str(limit))))
    return [Placed(row[0], tuple(row[1:])) for row in rows]


def in_order(by: Sequence[ColumnElement[Any]], order: Order) -> list[ColumnElement[Any]]:
    """The keys, in the direction of an order."""
    return [key.desc() if order.order == "desc" else key.asc() for key in by]


def _labelled(by: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [key.label(f"key_{n}") for n, key in enumerate(by)]


def _bound(by: Sequence[ColumnElement[Any]], after: Position) -> list[ColumnElement[Any]]:
    return [literal(value, key.type) for key, value in zip(by, after, strict=True)]
