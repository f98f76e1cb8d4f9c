"""Files that are kept while a backup is made: it names them, and copies them some time later."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LOCK = 0x45A5E7
"""A session-level advisory lock that a backup holds alone, from before its snapshot to its end."""

_MAY_REMOVE = text("SELECT pg_try_advisory_xact_lock_shared(:lock)")


async def may_remove(session: AsyncSession) -> bool:
    """Whether files may be removed now; if so, no backup begins before this transaction has ended."""
    return bool(await session.scalar(_MAY_REMOVE, {"lock": LOCK}))
