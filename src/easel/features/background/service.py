"""The life of a background job: begun with its request, counted forward by a worker, ended once.

Other features keep their jobs here: `begin` in the request's transaction, `forward` and `end` from their task.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import update

from easel.base.clock import now
from easel.core import events
from easel.core.jobs import Job
from easel.core.work import Work

from . import queries
from .events import PROGRESS, JobEnded
from .models import UNFINISHED, BackgroundJob
from .schemas import JobError, JobOut

_ABANDONED = timedelta(minutes=1)


async def begin(work: Work, job: Job, *, kind: str, job_id: UUID) -> BackgroundJob:
    """Make the acting user's job `job_id` and put `job` into the queue, with the one argument `job_id`."""
    row = BackgroundJob(id=job_id, user_id=work.actor.user, workspace_id=work.actor.workspace, kind=kind)
    row.queue_id = await work.defer(job, job_id=str(job_id))
    work.session.add(row)
    await work.session.flush()
    return row


async def take(work: Work, job_id: UUID) -> BackgroundJob | None:
    """The job for the worker that carries it, running now and locked; None when it has ended or is gone."""
    row = await work.session.get(BackgroundJob, job_id, with_for_update=True, populate_existing=True)
    if row is None or row.status not in UNFINISHED:
        return None
    row.status = "running"
    row.started_at = row.started_at or now()
    return row


async def forward(work: Work, job_id: UUID, *, stage: str, done: int, total: int) -> bool:
    """Note how far a job has come and tell its user; False when it has ended or is gone."""
    changed = await work.session.execute(
        update(BackgroundJob)
        .where(BackgroundJob.id == job_id, BackgroundJob.status == "running")
        .values(stage=stage, done=done, total=total)
        .returning(BackgroundJob.user_id, BackgroundJob.kind)
    )
    found = changed.first()
    if found is None:
        return False
    data = {"id": str(job_id), "kind": found[1], "stage": stage, "done": done, "total": total}
    await events.signal(work.session, PROGRESS, workspace_id=None, user_id=found[0], data=data)
    return True


async def complete(work: Work, job_id: UUID, result: dict[str, Any]) -> None:
    """End a job well; quiet when it has ended."""
    await _end(work, job_id, "completed", stage="done", result=result)


async def fail(work: Work, job_id: UUID, code: str, message: str) -> None:
    """End a job badly; quiet when it has ended."""
    await _end(work, job_id, "failed", error_code=code, error_message=message)


async def _end(work: Work, job_id: UUID, status: Literal["completed", "failed"], **values: Any) -> None:
    changed = await work.session.execute(
        update(BackgroundJob)
        .where(BackgroundJob.id == job_id, BackgroundJob.status.in_(UNFINISHED))
        .values(status=status, finished_at=now(), **values)
        .returning(BackgroundJob.user_id, BackgroundJob.kind)
    )
    found = changed.first()
    if found is not None:
        await work.emit(
            JobEnded(subject_id=job_id, user_id=found[0], data={"kind": found[1], "status": status})
        )


async def carry_on(work: Work, job: Job, kind: str) -> None:
    """Put the jobs of a kind back into the queue that nothing there carries any more."""
    for row in await queries.abandoned(work, kind, now() - _ABANDONED, limit=20):
        row.queue_id = await work.defer(job, job_id=str(row.id))


def show(row: BackgroundJob) -> JobOut:
    """A job as the API shows it."""
    failed = row.status == "failed"
    return JobOut(
        id=row.id,
        kind=row.kind,
        status=row.status,
        stage=row.stage,
        done=row.done,
        total=row.total,
        percent=100.0 if row.status == "completed" else round(100 * row.done / max(row.total, 1), 1),
        result=row.result,
        error=JobError(code=row.error_code or "", message=row.error_message or "") if failed else None,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
