"""What someone made, in numbers: `/api/users/stats`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from easel.base.clock import now
from easel.core.http.deps import Reading
from easel.features.credits.queries import usage
from easel.features.credits.queries.usage import Range, Sums

from .. import queries
from ..schemas import ActiveDay, PersonalStats

router = APIRouter(prefix="/users", tags=["users"])


@router.get("/stats", operation_id="user_stats")
async def user_stats(
    work: Reading,
    days: Annotated[int, Query(ge=1, le=366, description="How many days to tell of, today included.")] = 30,
) -> PersonalStats:
    """What you made in the acting workspace and what it took, in all and day by day (UTC)."""
    workspace_id, user_id = work.actor.workspace, work.actor.user
    today = now().date()
    span = Range(today - timedelta(days=days - 1), today)
    shelf = await queries.shelf(work, workspace_id, user_id)
    used = await usage.total(work, workspace_id, None, user_id=user_id)
    favourite = await usage.favourite_model(work, workspace_id, user_id)
    by_day = dict(await usage.grouped(work, workspace_id, span, "day", user_id=user_id))
    return PersonalStats(
        images=shelf.images,
        trashed=shelf.trashed,
        storage_bytes=shelf.storage_bytes,
        generations=used.generations,
        credits_used=float(used.credits),
        billing=work.studio.settings.billing.on,
        favourite_model=favourite,
        favourite_model_name=work.studio.providers.name_of(favourite) if favourite else None,
        days=[
            ActiveDay(day=day, generations=sums.generations, images=sums.images)
            for day in (span.first + timedelta(days=number) for number in range(span.days))
            for sums in (by_day.get(day, Sums()),)
        ],
    )
