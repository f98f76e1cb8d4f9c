"""Records of use, added up: by day, month, model, action, project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, select
from sqlalchemy import Date as SqlDate

from easel.core.work import Work

from ..models import UsageLog

Grouping = Literal["day", "month", "model", "action", "project"]

MOST_GROUPS = 100
"""Models, actions or projects that one answer names: those that cost most."""


@dataclass(frozen=True, slots=True)
class Range:
    """Whole days of UTC, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Sums:
    """What the records of a group add up to; `seconds` is the time of all its generations together."""

    generations: int = 0
    failed: int = 0
    images: int = 0
    credits: Decimal = Decimal(0)
    provider_cost_usd: Decimal | None = None
    seconds: float = 0


async def total(work: Work, workspace_id: UUID, span: Range | None, *, user_id: UUID | None = None) -> Sums:
    """Everything of a workspace, or of one user there, in a span of days or ever."""
    found = _within(select(*_SUMS), workspace_id, span, user_id)
    return Sums(*(await work.session.execute(found)).one())


async def favourite_model(work: Work, workspace_id: UUID, user_id: UUID) -> str | None:
    """The model that a user used most in a workspace; the last in the alphabet of several."""
    found = _within(select(UsageLog.model_id), workspace_id, None, user_id)
    most: str | None = await work.session.scalar(
        found.group_by(UsageLog.model_id).order_by(func.count().desc(), UsageLog.model_id.desc()).limit(1)
    )
    return most


async def grouped(
    work: Work, workspace_id: UUID, span: Range, by: Grouping, *, user_id: UUID | None = None
) -> list[tuple[Any, Sums]]:
    """The sums of each group that has records: days and months in order, all else by cost."""
    key = _KEYS[by]
    found = _within(select(key, *_SUMS), workspace_id, span, user_id).group_by(key)
    if by in ("day", "month"):
        found = found.order_by(key)
    else:
        found = found.order_by(func.sum(UsageLog.credits_used).desc(), func.count().desc(), key).limit(
            MOST_GROUPS
        )
    return [(first, Sums(*rest)) for first, *rest in await work.session.execute(found)]


_DAY: ColumnElement[date] = cast(func.timezone("UTC", UsageLog.created_at), SqlDate)
_KEYS: dict[Grouping, ColumnElement[Any]] = {
    "day": _DAY,
    "month": cast(func.date_trunc("month", func.timezone("UTC", UsageLog.created_at)), SqlDate),
    "model": UsageLog.model_id.expression,
    "action": UsageLog.action.expression,
    "project": UsageLog.project_id.expression,
}
_SUMS: tuple[ColumnElement[Any], ...] = (
    func.count(),
    func.count().filter(~UsageLog.success),
    func.coalesce(func.sum(UsageLog.images), 0),
    func.coalesce(func.sum(UsageLog.credits_used), 0),
    func.sum(UsageLog.provider_cost_usd),
    func.coalesce(func.sum(UsageLog.generation_time), 0.0),
)


def _within(
    found: Select[Any], workspace_id: UUID, span: Range | None, user_id: UUID | None = None
) -> Select[Any]:
    found = found.select_from(UsageLog).where(UsageLog.workspace_id == workspace_id)
    if user_id is not None:
        found = found.where(UsageLog.user_id == user_id)
    if span is None:
        return found
    begin = datetime.combine(span.first, time(), UTC)
    end = datetime.combine(span.last, time(), UTC) + timedelta(days=1)
    return found.where(UsageLog.created_at >= begin, UsageLog.created_at < end)
