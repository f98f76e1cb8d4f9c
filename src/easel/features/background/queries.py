"""How background work is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, tuple_

from easel.core.jobs import is_alive
from easel.core.work import Work

from .errors import JobNotFound
from .models import UNFINISHED, BackgroundJob


async def get(work: Work, job_id: UUID) -> BackgroundJob:
    """One of the acting user's jobs. Raises `JobNotFound`, also for another's."""
    found: BackgroundJob | None = await work.session.scalar(
        select(BackgroundJob).where(BackgroundJob.id == job_id, BackgroundJob.user_id == work.actor.user)
    )
    if found is None:
        raise JobNotFound
    return found


async def page(
    work: Work, *, kind: str | None, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[BackgroundJob]:
    """The acting user's jobs after the keyset position, the newest first."""
    position = tuple_(BackgroundJob.created_at, BackgroundJob.id)
    found = select(BackgroundJob).where(BackgroundJob.user_id == work.actor.user)
    if kind is not None:
        found = found.where(BackgroundJob.kind == kind)
    if after is not None:
        found = found.where(position < after)
    found = found.order_by(BackgroundJob.created_at.desc(), BackgroundJob.id.desc()).limit(limit)
    return (await work.session.scalars(found)).all()


async def unfinished(work: Work, kind: str, user_id: UUID) -> BackgroundJob | None:
    """The job of this kind that a user has under way, if there is one."""
    found: BackgroundJob | None = await work.session.scalar(
        select(BackgroundJob)
        .where(
            BackgroundJob.user_id == user_id,
            BackgroundJob.kind == kind,
            BackgroundJob.status.in_(UNFINISHED),
        )
        .limit(1)
    )
    return found


async def is_unfinished(work: Work, job_id: UUID) -> bool:
    """Whether a job waits or runs."""
    return bool(
        await work.session.scalar(
            select(exists().where(BackgroundJob.id == job_id, BackgroundJob.status.in_(UNFINISHED)))
        )
    )


async def abandoned(work: Work, kind: str, older_than: datetime, limit: int) -> Sequence[BackgroundJob]:
    """Unfinished jobs that nothing in the queue carries any more."""
    found = (
        select(BackgroundJob)
        .where(
            BackgroundJob.kind == kind,
            BackgroundJob.status.in_(UNFINISHED),
            BackgroundJob.updated_at < older_than,
            ~is_alive(BackgroundJob.queue_id.expression),
        )
        .order_by(BackgroundJob.updated_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await work.session.scalars(found)).all()
