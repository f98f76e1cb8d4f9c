"""Which rules are due, and when they were followed before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from easel.core.work import Work
from easel.features.library.models import BulkChange

from ..models import CleanupRule, CleanupRun


async def rule(work: Work, *, locked: bool = False) -> CleanupRule | None:
    """The acting workspace's rule, if it ever had one."""
    found: CleanupRule | None = await work.session.get(
        CleanupRule, work.actor.workspace, with_for_update=locked or None, populate_existing=locked
    )
    return found


async def due(work: Work, moment: datetime) -> CleanupRule | None:
    """A rule that is to be followed by now and that nobody else has in hand, locked."""
    found: CleanupRule | None = await work.session.scalar(
        select(CleanupRule)
        .where(CleanupRule.enabled, CleanupRule.next_run_at <= moment)
        .order_by(CleanupRule.next_run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found


async def runs(work: Work, *, limit: int) -> Sequence[tuple[CleanupRun, UUID | None]]:
    """The last times that the acting workspace's rule was followed, each with its change while it can be undone."""
    found = (
        select(CleanupRun, BulkChange.id)
        .outerjoin(BulkChange, (BulkChange.id == CleanupRun.change_id) & BulkChange.undone_at.is_(None))
        .where(CleanupRun.workspace_id == work.actor.workspace)
        .order_by(CleanupRun.created_at.desc(), CleanupRun.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await work.session.execute(found)]


async def forget_runs(work: Work, workspace_id: UUID, *, before: datetime) -> None:
    """Forget what is too old to be shown."""
    await work.session.execute(
        delete(CleanupRun).where(CleanupRun.workspace_id == workspace_id, CleanupRun.created_at < before)
    )
