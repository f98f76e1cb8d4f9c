"""What generations cost: credits are set aside with the row, taken for the pictures that came, else given back.

`Generation.cost_credits` is the quote while a generation runs, and what was charged once it has ended. Where
billing is off nothing moves; what it would have cost is recorded all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from easel.base.clock import now
from easel.core.work import Work
from easel.features.credits.models import UsageLog
from easel.features.credits.service import ledger, limits, usage
from easel.features.library import service as library

from .. import queries
from ..models import Generation


async def require_room(work: Work, credits: Decimal) -> None:
    """Raises `MonthlyLimitReached` when something for so many credits is too much for the workspace's month.

    Raises `QuotaExceeded` when its pictures take all their room already. Comes before the generation's own row,
    which counts from then on.
    """
    await library.require_room(work)
    in_flight = (
        select(func.sum(Generation.cost_credits))
        .where(Generation.workspace_id == work.actor.workspace, Generation.status.in_(queries.UNFINISHED))
        .scalar_subquery()
    )
    await limits.require_room(work, work.actor.workspace, credits, in_flight=in_flight)


async def reserve(work: Work, *rows: Generation) -> None:
    """Set aside what waiting generations of one workspace will cost, for all or none. Raises `InsufficientCredits`."""
    if rows and work.studio.settings.billing.on:
        wanted = {(row.id, row.retry_count): row.cost_credits for row in rows}
        await ledger.reserve_all(work, rows[0].workspace_id, wanted)


async def capture(
    work: Work, row: Generation, images: Sequence[UUID], *, seconds: float, provider_cost_usd: Decimal | None
) -> None:
    """Charge for the pictures that came, give back the rest, and record the use."""
    row.cost_credits = charge_for(row, len(images))
    if row.cost_credits:
        await ledger.settle(work, row.workspace_id, row.id, row.cost_credits, round=row.retry_count)
    await usage.record(work, _log(row, images, seconds=seconds, provider_cost_usd=provider_cost_usd))


async def release(work: Work, row: Generation) -> None:
    """Give back what was reserved for a generation that failed or was cancelled; record a failure."""
    if row.cost_credits:
        # Whatever billing is now: what was reserved when it was on comes back.
        await ledger.settle(work, row.workspace_id, row.id, Decimal(0), round=row.retry_count)
        row.cost_credits = Decimal(0)
    if row.status == "failed":
        seconds = (now() - row.started_at).total_seconds() if row.started_at else None
        await usage.record(work, _log(row, (), seconds=seconds, provider_cost_usd=None))


def charge_for(row: Generation, delivered: int) -> Decimal:
    """What a running generation is charged when so many pictures came; never more than was quoted."""
    return row.cost_credits / row.num_images * min(delivered, row.num_images)


def _log(
    row: Generation, images: Sequence[UUID], *, seconds: float | None, provider_cost_usd: Decimal | None
) -> UsageLog:
    return UsageLog(
        workspace_id=row.workspace_id,
        user_id=row.user_id,
        generation_id=row.id,
        project_id=row.project_id,
        action=row.operation,
        model_id=row.model_id,
        image_id=images[0] if images else None,
        images=len(images),
        credits_used=row.cost_credits,
        provider_cost_usd=provider_cost_usd,
        generation_time=None if seconds is None else round(seconds, 3),
        success=row.status != "failed",
        error_code=row.error_code,
        error_message=row.error_message,
        created_at=now(),
    )
