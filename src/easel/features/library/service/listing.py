"""Lists of pictures as the API pages them: cursors that belong to one filter in one order."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from easel.core.http.paging import BadCursor, decode_key, encode_key
from easel.core.work import Work

from .. import queries
from ..errors import CursorOfAnotherList
from ..queries import Order, Position
from ..schemas import ImageFilter, ImagePage, Month, Months
from .showing import show

_KIND = "images"
_ZERO = UUID(int=0)


async def list_images(
    work: Work, wanted: ImageFilter, order: Order, *, limit: int, cursor: str | None, count: bool
) -> ImagePage:
    """A page of pictures. Raises `BadCursor`, also for the cursor of another filter or order."""
    after = _position(wanted, order, cursor) if cursor else None
    found = list(await queries.page(work, wanted, order, limit=limit + 1, after=after))
    more = len(found) > limit
    found = found[:limit]
    return ImagePage(
        items=[show(placed.image) for placed in found],
        next_cursor=cursor_of(wanted, order, found[-1].position) if more else None,
        total=await queries.count(work, wanted) if count else None,
    )


async def months(work: Work, wanted: ImageFilter, order: Order) -> Months:
    """The months of a list that is ordered by time."""
    counted = list(await queries.months(work, wanted))
    if order.order == "asc":
        counted.reverse()
    return Months(
        items=[
            Month(
                month=f"{month:%Y-%m}", count=number, cursor=cursor_of(wanted, order, _before(month, order))
            )
            for month, number in counted
        ]
    )


def _before(month: datetime, order: Order) -> Position:
    """The position just before a month: no picture has the id zero."""
    if order.order == "asc":
        return month, _ZERO
    year, number = divmod(month.year * 12 + month.month, 12)
    return datetime(year, number + 1, 1, tzinfo=UTC), _ZERO


def cursor_of(wanted: ImageFilter, order: Order, position: Position) -> str:
    """The cursor with which a list begins behind a position."""
    words = [value.isoformat() if isinstance(value, datetime) else str(value) for value in position]
    return encode_key(_KIND, _mark(wanted, order), *words)


def _position(wanted: ImageFilter, order: Order, cursor: str) -> Position:
    mark, *words = decode_key(_KIND, cursor) or [""]
    if mark != _mark(wanted, order):
        raise CursorOfAnotherList
    readers = _READERS[order.sort]
    if len(words) != len(readers):
        raise BadCursor
    try:
        return tuple(read(word) for read, word in zip(readers, words, strict=True))
    except (ValueError, OverflowError) as error:
        raise BadCursor from error


def _mark(wanted: ImageFilter, order: Order) -> str:
    """What tells filters in an order from each other."""
    said = f"{order.sort} {order.order} {wanted.model_dump_json(exclude_defaults=True)}"
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


def _moment(word: str) -> datetime:
    moment = datetime.fromisoformat(word)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def _number(word: str) -> int:
    if not word.isdecimal() or len(word) > 18:
        raise ValueError("no number")
    return int(word)


def _text(word: str) -> str:
    if "\0" in word:
        raise ValueError("no text that can be stored")
    word.encode()
    return word


_AGE: tuple[Any, ...] = (_moment, UUID)
_READERS: dict[str, tuple[Any, ...]] = {
    "created": _AGE,
    "name": (_text, UUID),
    "rating": (_number, *_AGE),
    "model": (_text, _text, *_AGE),
    "likes": (_number, *_AGE),
    "size": (_number, UUID),
}
