"""Writing down what generations took and cost."""

from __future__ import annotations

from easel.core.work import Work

from ..models import UsageLog
from . import limits


async def record(work: Work, log: UsageLog) -> None:
    """Keep a record of use, and warn when it brings the month's spending past a threshold."""
    work.session.add(log)
    await work.session.flush()
    if log.credits_used:
        await limits.warn(work, log.workspace_id)
