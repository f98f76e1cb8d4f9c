"""What a filter and an order are in SQL.

Every expression here is written as the indexes of `models.Image` have it; the two belong together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    cast,
    exists,
    func,
    literal_column,
    not_,
    select,
)

from ..models import CollectionImage, Image
from ..schemas import ImageFilter, SortedBy, Towards
from .words import matches

_SHAPES = {"portrait": -1, "square": 0, "landscape": 1}


@dataclass(frozen=True, slots=True)
class Order:
    """In what order pictures are listed."""

    sort: SortedBy = "created"
    order: Towards = "desc"


def shape() -> ColumnElement[int]:
    """-1 upright, 0 square, 1 wide."""
    wide, upright = Image.width > Image.height, Image.width < Image.height
    return cast(wide, Integer) - cast(upright, Integer)


def provider() -> ColumnElement[str]:
    """Whose model made the picture: what stands before the slash."""
    return func.split_part(Image.model_id, literal_column("'/'"), literal_column("1"))


def stars() -> ColumnElement[int]:
    """The rating, 0 without one."""
    return func.coalesce(Image.rating, literal_column("0"))


def keys(sort: SortedBy) -> tuple[ColumnElement[Any], ...]:
    """What a list is ordered by; together they are unique."""
    age: tuple[ColumnElement[Any], ...] = (Image.created_at.expression, Image.id.expression)
    if sort == "name":
        spoken = func.coalesce(Image.title, Image.prompt)
        return func.lower(func.left(spoken, literal_column("60"))), Image.id.expression
    if sort == "rating":
        return stars(), *age
    if sort == "model":
        return provider(), Image.model_id.expression, *age
    if sort == "likes":
        return Image.likes.expression, *age
    if sort == "size":
        return cast(Image.width, BigInteger) * Image.height, Image.id.expression
    return age


@dataclass(frozen=True)
class Narrowed:
    """A filter's conditions: those that an ordered index of the list answers, and the others."""

    ordered: tuple[ColumnElement[bool], ...]
    others: tuple[ColumnElement[bool], ...]


def narrowed(wanted: ImageFilter, sort: SortedBy) -> Narrowed:
    """The conditions of a filter for a list in this order, without those on workspace and trash."""
    by_index: list[ColumnElement[bool]] = []
    others: list[ColumnElement[bool]] = []
    for field, condition in _conditions(wanted):
        mine = field in _INDEXED.get(sort, ()) and (field == "age" or not by_index)
        (by_index if mine else others).append(condition)
    return Narrowed(tuple(by_index), tuple(others))


def conditions(wanted: ImageFilter) -> tuple[ColumnElement[bool], ...]:
    """All conditions of a filter, but for the workspace."""
    trash = Image.deleted_at.is_not(None) if wanted.trashed else Image.deleted_at.is_(None)
    return trash, *(condition for _, condition in _conditions(wanted))


_INDEXED = {
    "created": ("model", "project", "operation", "favorite", "public", "age"),
    "rating": ("rating", "rated", "age"),
    "model": ("model", "provider", "age"),
    "likes": ("age",),
}
"""By which conditions, at most one besides the age, an index is narrowed that still is in the list's order.

Where the age comes after another column, PostgreSQL skips from one value of that to the next.
"""


def _conditions(wanted: ImageFilter) -> Iterator[tuple[str, ColumnElement[bool]]]:
    if wanted.model is not None:
        of = wanted.model.split("/")[0]
        yield "model", and_(provider() == of, Image.model_id == wanted.model)
        if wanted.provider not in (None, of):
            yield "nothing", literal_column("false")
    elif wanted.provider is not None:
        yield "provider", provider() == wanted.provider
    if wanted.project_id == "none":
        yield "no project", Image.project_id.is_(None)
    elif wanted.project_id is not None:
        yield "project", Image.project_id == wanted.project_id
    if wanted.operation is not None:
        yield "operation", Image.operation == wanted.operation
    if wanted.favorite is not None:
        yield "favorite" if wanted.favorite else "others", _is(Image.is_favorite, wanted.favorite)
    if wanted.is_public is not None:
        yield "public" if wanted.is_public else "others", _is(Image.is_public, wanted.is_public)
    if wanted.created_from is not None:
        yield "age", Image.created_at >= wanted.created_from
    if wanted.created_to is not None:
        yield "age", Image.created_at <= wanted.created_to
    if wanted.updated_to is not None:
        yield "touched", Image.updated_at <= wanted.updated_to
    if wanted.rated is not None:
        yield "rated", stars() > literal_column("0") if wanted.rated else stars() == literal_column("0")
    if wanted.rating_min is not None or wanted.rating_max is not None:
        yield "rating", stars().between(wanted.rating_min or 1, wanted.rating_max or 5)
    yield from _of_size(wanted)
    if wanted.tags:
        all_tags, any_tag = Image.tags.contains(wanted.tags), Image.tags.overlap(wanted.tags)
        yield "tags", {"all": all_tags, "any": any_tag, "none": not_(any_tag)}[wanted.tags_mode]
    if wanted.q is not None:
        yield "words", matches(Image.words.expression, wanted.q)
    if wanted.collection_id == "none":
        yield "no collection", ~exists().where(CollectionImage.image_id == Image.id)
    elif wanted.collection_id is not None:
        within = select(CollectionImage.image_id).where(CollectionImage.collection_id == wanted.collection_id)
        yield "collection", Image.id.in_(within)


def _of_size(wanted: ImageFilter) -> Iterator[tuple[str, ColumnElement[bool]]]:
    # Where only the size is asked for, shapes are named as the index has them that begins with them: all, if need be.
    # Where there is something rarer, they are not, for the planner would take that index for the rarest.
    bounds = (wanted.width_min, wanted.width_max, wanted.height_min, wanted.height_max)
    rarer = (
        wanted.tags or wanted.favorite or wanted.q is not None or wanted.collection_id not in (None, "none")
    )
    if wanted.aspect is not None and rarer:
        sizes = {"square": Image.width == Image.height, "landscape": Image.width > Image.height}
        yield "shape", sizes.get(wanted.aspect, Image.width < Image.height)
    elif wanted.aspect is not None:
        yield "shape", shape() == _number(_SHAPES[wanted.aspect])
    elif any(bound is not None for bound in bounds) and not rarer:
        yield "shape", shape().in_([_number(number) for number in _SHAPES.values()])
    if wanted.width_min is not None:
        yield "width", Image.width >= wanted.width_min
    if wanted.width_max is not None:
        yield "width", Image.width <= wanted.width_max
    if wanted.height_min is not None:
        yield "height", Image.height >= wanted.height_min
    if wanted.height_max is not None:
        yield "height", Image.height <= wanted.height_max


def _is(column: Any, wanted: bool) -> ColumnElement[bool]:
    # As the conditions of the partial indexes are written.
    condition: ColumnElement[bool] = column.expression if wanted else not_(column.expression)
    return condition


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number))
