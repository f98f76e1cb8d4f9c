"""The database's clock, which all processes of a studio go by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from easel.base import clock

log = structlog.get_logger(__name__)

NOW: Final = "SELECT now()"
"""SQL: the time at which the transaction began."""


async def keep(session: AsyncSession) -> bool:
    """Set this process's clock by the database's. Whether they agreed, which they do not when one was set.

    To be the first statement of its transaction.
    """
    asked = clock.ticks()
    return follow((await session.execute(text(NOW))).scalar_one(), asked)


def follow(moment: datetime, asked: float) -> bool:
    """As `keep`, with what the database said when it was asked at `asked`, a count of `clock.ticks`."""
    behind = clock.CLOCK.follow(moment, asked)
    if behind:
        log.warning("clock.set", by_seconds=round(behind.total_seconds(), 3))
    return behind == timedelta(0)
