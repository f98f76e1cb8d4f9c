"""HTTP of use: `/api/usage`, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from easel.base.clock import now
from easel.base.errors import InvalidInput
from easel.core.http import problems
from easel.core.http.deps import Reading
from easel.core.http.negotiation import accepted_names
from easel.core.work import Work

from ..queries import usage
from ..queries.usage import Range, Sums
from ..schemas import (
    ActionUsage,
    ActionUsageList,
    DayUsage,
    DayUsageList,
    ModelUsage,
    ModelUsageList,
    MonthUsage,
    MonthUsageList,
    ProjectUsage,
    ProjectUsageList,
    UsageStats,
    UsageSums,
)
from ..service import limits

router = APIRouter(prefix="/usage", tags=["usage"])

_LONGEST = 3700
_MOST_DAYS = 366
Row = TypeVar("Row", bound=BaseModel)


class UsageQuery(BaseModel):
    """Which days to add up, both ends included; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: date | None = Field(None, alias="from", description="The first day (UTC).")
    last: date | None = Field(None, alias="to", description="The last day (UTC); today if absent.")


class TableQuery(UsageQuery):
    """Which days, and in which form."""

    format: Literal["json", "csv"] | None = Field(
        None, description="`csv` for a table; so does `Accept: text/csv`."
    )


AcceptHeader = Annotated[str, Header(alias="Accept", include_in_schema=False)]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The sums.", "content": {"text/csv": {"schema": {"type": "string"}}}},
    **problems.responses(InvalidInput),
}


@router.get("/stats", operation_id="usage_stats", responses=problems.responses(InvalidInput))
async def usage_stats(work: Reading, query: Annotated[UsageQuery, Query()]) -> UsageStats:
    """What the workspace made and what it took: the last 30 days unless said otherwise."""
    span = _span(query, days=30)
    workspace_id = work.actor.workspace
    sums = await usage.total(work, workspace_id, span)
    models = await usage.grouped(work, workspace_id, span, "model")
    favourite = max(models, key=lambda one: (one[1].generations, one[0]), default=None)
    ended = sums.generations - sums.failed
    return UsageStats(
        **_shown(sums),
        first=span.first,
        last=span.last,
        success_rate=round(ended / sums.generations, 4) if sums.generations else None,
        average_seconds=round(sums.seconds / sums.generations, 3) if sums.generations else None,
        favourite_model=favourite[0] if favourite else None,
        spent_this_month=float(await limits.spent(work, workspace_id)),
        billing=work.studio.settings.billing.on,
    )


@router.get("/daily", operation_id="usage_daily", response_model=DayUsageList, responses=_ANSWERS)
async def usage_daily(
    work: Reading, query: Annotated[TableQuery, Query()], accept: AcceptHeader = ""
) -> DayUsageList | Response:
    """Day by day, days without use included; at most 366."""
    span = _span(query, days=30)
    if span.days > _MOST_DAYS:
        raise InvalidInput.of("from", f"must be at most {_MOST_DAYS} days before `to`", "out_of_range")
    found = dict(await usage.grouped(work, work.actor.workspace, span, "day"))
    days = (span.first + timedelta(days=number) for number in range(span.days))
    items = [DayUsage(day=day, **_shown(found.get(day, Sums()))) for day in days]
    return _as_csv("daily", span, items) if _wants_csv(query, accept) else DayUsageList(items=items)


@router.get("/monthly", operation_id="usage_monthly", response_model=MonthUsageList, responses=_ANSWERS)
async def usage_monthly(
    work: Reading, query: Annotated[TableQuery, Query()], accept: AcceptHeader = ""
) -> MonthUsageList | Response:
    """Month by month, months without use included; the last twelve unless said otherwise."""
    span = _span(query, days=365)
    if query.first is None:
        span = Range(span.first.replace(day=1), span.last)
    found = dict(await usage.grouped(work, work.actor.workspace, span, "month"))
    items, month = [], span.first.replace(day=1)
    while month <= span.last:
        items.append(MonthUsage(month=month, **_shown(found.get(month, Sums()))))
        month = (month + timedelta(days=32)).replace(day=1)
    return _as_csv("monthly", span, items) if _wants_csv(query, accept) else MonthUsageList(items=items)


@router.get("/by-model", operation_id="usage_by_model", response_model=ModelUsageList, responses=_ANSWERS)
async def usage_by_model(
    work: Reading, query: Annotated[TableQuery, Query()], accept: AcceptHeader = ""
) -> ModelUsageList | Response:
    """Model by model, the one that cost most first; at most 100."""
    span = _span(query, days=30)
    items = [
        ModelUsage(model=model, name=_model_name(work, model), **_shown(sums))
        for model, sums in await usage.grouped(work, work.actor.workspace, span, "model")
    ]
    return _as_csv("by-model", span, items) if _wants_csv(query, accept) else ModelUsageList(items=items)


@router.get("/by-action", operation_id="usage_by_action", response_model=ActionUsageList, responses=_ANSWERS)
async def usage_by_action(
    work: Reading, query: Annotated[TableQuery, Query()], accept: AcceptHeader = ""
) -> ActionUsageList | Response:
    """Operation by operation, the one that cost most first."""
    span = _span(query, days=30)
    items = [
        ActionUsage(action=action, **_shown(sums))
        for action, sums in await usage.grouped(work, work.actor.workspace, span, "action")
    ]
    return _as_csv("by-action", span, items) if _wants_csv(query, accept) else ActionUsageList(items=items)


@router.get(
    "/by-project", operation_id="usage_by_project", response_model=ProjectUsageList, responses=_ANSWERS
)
async def usage_by_project(
    work: Reading, query: Annotated[TableQuery, Query()], accept: AcceptHeader = ""
) -> ProjectUsageList | Response:
    """Project by project, the one that cost most first; at most 100."""
    span = _span(query, days=30)
    found: list[tuple[UUID | None, Sums]] = await usage.grouped(work, work.actor.workspace, span, "project")
    items = [ProjectUsage(project_id=project_id, **_shown(sums)) for project_id, sums in found]
    return _as_csv("by-project", span, items) if _wants_csv(query, accept) else ProjectUsageList(items=items)


def _span(query: UsageQuery, *, days: int) -> Range:
    """The days asked for, at most ten years. Raises `InvalidInput`."""
    last = query.last or now().date()
    first = query.first or max(date.min + timedelta(days=_LONGEST), last) - timedelta(days=days - 1)
    if first > last:
        raise InvalidInput.of("from", "must not be after `to`", "out_of_range")
    if (last - first).days > _LONGEST or last.year > now().year + 1 or first.year < 2000:
        raise InvalidInput.of("from", "must be within the last ten years", "out_of_range")
    return Range(first, last)


def _shown(sums: Sums) -> dict[str, Any]:
    return {
        "generations": sums.generations,
        "failed": sums.failed,
        "images": sums.images,
        "credits": float(sums.credits),
        "provider_cost_usd": None if sums.provider_cost_usd is None else float(sums.provider_cost_usd),
        "seconds": round(float(sums.seconds), 3),
    }


def _model_name(work: Work, model_id: str) -> str:
    return work.studio.providers.name_of(model_id)


def _wants_csv(query: TableQuery, accept: str) -> bool:
    if query.format is not None:
        return query.format == "csv"
    names = accepted_names(accept)
    return "text/csv" in names and "application/json" not in names


def _as_csv(name: str, span: Range, items: Sequence[Row]) -> Response:
    """The rows as a table with a line of names (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if items:
        names = sorted(type(items[0]).model_fields, key=lambda field: field in UsageSums.model_fields)
        writer.writerow(names)
        rows = (item.model_dump(mode="json") for item in items)
        writer.writerows([row[field] for field in names] for row in rows)
    file = f"usage-{name}-{span.first}-{span.last}.csv"
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
