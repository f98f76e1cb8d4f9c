"""HTTP of spending limits: `/api/settings/limits`."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from easel.base.clock import now
from easel.core.actor import Level, NotAllowed
from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.work import Work

from ..models import SpendingLimit
from ..schemas import LimitsIn, LimitsOut
from ..service import limits

router = APIRouter(tags=["credits"])


@router.get("/settings/limits", operation_id="get_limits")
async def get_limits(work: Reading) -> LimitsOut:
    """What the workspace allows itself to spend in a month, and what of it is spent."""
    return await _show(work, await limits.of(work, work.actor.workspace))


@router.put("/settings/limits", operation_id="put_limits", responses=problems.responses(NotAllowed))
async def put_limits(body: LimitsIn, work: Managing) -> LimitsOut:
    """Set the workspace's monthly limit and its warnings. For those who administer the workspace."""
    if work.actor.level is not None and work.actor.level < Level.ADMIN:
        raise NotAllowed("The limit is for those who administer this workspace.")
    changed = await limits.put(
        work,
        work.actor.workspace,
        monthly_credits=body.monthly_credits,
        alert_thresholds=body.alert_thresholds,
    )
    return await _show(work, changed)


async def _show(work: Work, limit: SpendingLimit) -> LimitsOut:
    month = limits.month_of(now())
    return LimitsOut(
        monthly_credits=None if limit.monthly_credits is None else float(limit.monthly_credits),
        alert_thresholds=limit.alert_thresholds,
        spent=float(await limits.spent(work, limit.workspace_id)),
        resets_at=limits.month_of(month + timedelta(days=32)),
    )
