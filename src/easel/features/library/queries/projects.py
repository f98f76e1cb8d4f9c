"""The pictures of projects, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Date, Select, cast, func, select, tuple_

from easel.core.actor import Actor
from easel.core.work import Work

from ..models import Image
from .pictures import visible_to

_MOST_GROUPS = 100
_MOST_DAYS = 92
"""A longer time is told month by month."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that have something in common: how many they are, and what they cost."""

    of: str
    images: int
    credits: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """What a project's pictures outside the trash add up to."""

    images: int
    favorites: int
    bytes: int
    credits: Decimal
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Analytics:
    """A project in numbers; `over_time` has a group for each `step` with pictures, by its first day."""

    sums: Sums
    by_model: list[Group]
    by_operation: list[Group]
    step: Literal["day", "month"]
    over_time: list[Group]


def in_project(actor: Actor, project_id: UUID) -> Select[Image]:
    """A project's pictures, without those in the trash."""
    return visible_to(actor).where(Image.project_id == project_id, Image.deleted_at.is_(None))


async def page_of_project(
    work: Work, project_id: UUID, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Image]:
    """At most `limit` pictures of a project after the keyset position, newest first."""
    found = in_project(work.actor, project_id)
    if after:
        found = found.where(tuple_(Image.created_at, Image.id) < after)
    found = found.order_by(Image.created_at.desc(), Image.id.desc()).limit(limit)
    return (await work.session.scalars(found)).all()


async def analytics(work: Work, project_id: UUID) -> Analytics:
    """What a project's pictures add up to, in UTC."""
    found = in_project(work.actor, project_id).with_only_columns(
        func.count(),
        func.count().filter(Image.is_favorite),
        func.coalesce(func.sum(Image.file_size), 0),
        func.coalesce(func.sum(Image.cost_credits), 0),
        func.min(Image.created_at),
        func.max(Image.created_at),
    )
    sums = Sums(*(await work.session.execute(found)).one())
    long = sums.first_at and sums.last_at and (sums.last_at - sums.first_at).days > _MOST_DAYS
    step: Literal["day", "month"] = "month" if long else "day"
    time = cast(func.date_trunc(step, Image.created_at), Date)
    return Analytics(
        sums,
        by_model=await _grouped(work, project_id, Image.model_id),
        by_operation=await _grouped(work, project_id, Image.operation),
        step=step,
        over_time=await _grouped(work, project_id, time, by_time=True),
    )


async def _grouped(work: Work, project_id: UUID, by: Any, *, by_time: bool = False) -> list[Group]:
    # Inside, `by` has one name: a date_trunc that is written twice has two parameters, and is no group then.
    inner = (
        in_project(work.actor, project_id).with_only_columns(by.label("key"), Image.cost_credits).subquery()
    )
    grouped = (
        select(inner.c.key, func.count().label("images"), func.sum(inner.c.cost_credits))
        .group_by(inner.c.key)
        .limit(_MOST_GROUPS)
    )
    order = (inner.c.key.desc(),) if by_time else (func.count().desc(), inner.c.key)
    rows = [
        Group(key.isoformat() if isinstance(key, date) else key, images, credits)
        for key, images, credits in await work.session.execute(grouped.order_by(*order))
    ]
    return rows[::-1] if by_time else rows
