"""What a workspace allows itself to spend in a calendar month (UTC), and its warnings on the way there.

The limit holds whether billing is on or off: it counts what generations cost, not what is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.core.work import Work

from ..errors import MonthlyLimitReached, in_words
from ..events import SpendingAlerted
from ..models import SpendingAlert, SpendingLimit, UsageLog
from . import owner

USUAL_THRESHOLDS = (50, 80, 100)


def month_of(moment: datetime) -> datetime:
    """The first moment of a moment's month."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def of(work: Work, workspace_id: UUID) -> SpendingLimit:
    """A workspace's limit; one without a number where none was set."""
    found = await work.session.get(SpendingLimit, workspace_id)
    return found or SpendingLimit(
        workspace_id=workspace_id, monthly_credits=None, alert_thresholds=list(USUAL_THRESHOLDS)
    )


async def put(
    work: Work, workspace_id: UUID, *, monthly_credits: Decimal | None, alert_thresholds: Sequence[int]
) -> SpendingLimit:
    """Set a workspace's limit; None lifts it."""
    values = {
        "monthly_credits": monthly_credits,
        "alert_thresholds": sorted(set(alert_thresholds)),
        "updated_at": now(),
    }
    statement = insert(SpendingLimit).values(workspace_id=workspace_id, **values)
    row: SpendingLimit | None = await work.session.scalar(
        statement.on_conflict_do_update(index_elements=["workspace_id"], set_=values)
        .returning(SpendingLimit)
        .execution_options(populate_existing=True)
    )
    assert row is not None
    return row


async def spent(work: Work, workspace_id: UUID) -> Decimal:
    """What a workspace has spent since the month began."""
    return await work.session.scalar(select(_spent(workspace_id))) or Decimal(0)


async def require_room(
    work: Work, workspace_id: UUID, need: Decimal, *, in_flight: ColumnElement[Decimal]
) -> None:
    """Raises `MonthlyLimitReached` when `need`, with what is spent and in flight, goes beyond the limit.

    `in_flight` is SQL for what the workspace's unfinished generations will cost. Submits of a workspace with a
    limit wait for each other here.
    """
    if not need:
        return
    limit: Decimal | None = await work.session.scalar(
        select(SpendingLimit.monthly_credits)
        .where(SpendingLimit.workspace_id == workspace_id, SpendingLimit.monthly_credits.is_not(None))
        .with_for_update()
    )
    if limit is None:
        return
    # One statement: a generation that ends meanwhile is seen either in flight or spent.
    used = await work.session.scalar(select(_spent(workspace_id) + func.coalesce(in_flight, 0))) or Decimal(0)
    if used + need > limit:
        raise MonthlyLimitReached(need=need, used=used, limit=limit)


async def warn(work: Work, workspace_id: UUID) -> None:
    """Tell of the highest threshold that spending has passed, unless this month's members were told already."""
    limit = await work.session.get(SpendingLimit, workspace_id)
    if limit is None or not limit.monthly_credits:
        return
    used = await spent(work, workspace_id)
    share = used / limit.monthly_credits * 100
    month = month_of(now()).date()
    passed = [threshold for threshold in limit.alert_thresholds if share >= threshold]
    if not passed:
        return
    fresh = await work.session.scalars(
        insert(SpendingAlert)
        .values([{"workspace_id": workspace_id, "month": month, "threshold": each} for each in passed])
        .on_conflict_do_nothing()
        .returning(SpendingAlert.threshold)
    )
    highest = max(fresh, default=None)
    if highest is None:
        return
    await work.emit(
        SpendingAlerted(
            subject_id=workspace_id,
            workspace_id=workspace_id,
            data={
                "threshold": highest,
                "spent": float(used),
                "limit": float(limit.monthly_credits),
                "month": month.isoformat(),
            },
        )
    )
    await owner.write(
        work,
        workspace_id,
        "spending-alert",
        threshold=highest,
        spent=in_words(used),
        limit=in_words(limit.monthly_credits),
    )


def _spent(workspace_id: UUID) -> ColumnElement[Decimal]:
    return (
        select(func.coalesce(func.sum(UsageLog.credits_used), 0))
        .where(UsageLog.workspace_id == workspace_id, UsageLog.created_at >= month_of(now()))
        .scalar_subquery()
    )
