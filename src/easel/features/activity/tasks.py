"""Activity's background work: forget what is past its time."""

from __future__ import annotations

from datetime import timedelta

from easel.base.clock import now
from easel.core import audit, events
from easel.core.actor import Actor
from easel.core.http import idempotency
from easel.core.jobs import Periodic
from easel.core.work import Studio
from easel.features.accounts.service import tries

KEEP_EVENTS = timedelta(days=7)


async def forget(studio: Studio) -> None:
    """Delete events older than a week, idempotency keys and tries older than a day, old audit entries."""
    async with studio.work(Actor.system()) as work:
        await events.delete_before(work.session, now() - KEEP_EVENTS)
        await idempotency.forget_old(work)
        await tries.forget_old(work)
        await audit.delete_before(work, now() - timedelta(days=studio.settings.security.audit_days))


PERIODIC = (Periodic("activity.forget", 3600, forget),)
