"""The state machine of a generation, all of it.

A transition is one UPDATE that names the state (and, for an attempt's own writes, the attempt) that it starts
from: whoever comes second changes nothing and is told so. With the transition goes its event, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from easel.base.clock import now
from easel.core.events import Event
from easel.core.work import Work

from ..events import (
    GenerationCancelled,
    GenerationCompleted,
    GenerationFailed,
    GenerationQueued,
    GenerationStarted,
)
from ..models import Generation
from . import charges, seats

Status = Literal["pending", "processing", "completed", "failed", "cancelled"]

TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    # To pending again: its model is down, so it gives its seat to others, or waits for another model.
    "pending": frozenset({"processing", "failed", "cancelled", "pending"}),
    # Back to pending: a retry with back-off, or a worker that stops hands its work on.
    # To processing again: another worker takes over from one that died; the attempt's number tells which.
    "processing": frozenset({"completed", "failed", "cancelled", "pending", "processing"}),
    "completed": frozenset(),
    "failed": frozenset({"pending"}),
    "cancelled": frozenset({"pending"}),
}

_EVENTS: Final[Mapping[Status, type[Event]]] = {
    "pending": GenerationQueued,
    "processing": GenerationStarted,
    "completed": GenerationCompleted,
    "failed": GenerationFailed,
    "cancelled": GenerationCancelled,
}


async def advance(
    work: Work,
    generation_id: UUID,
    to: Status,
    *,
    come_from: tuple[Status, ...],
    attempt: int | None = None,
    job_id: int | None = None,
    next_attempt: bool = False,
    only_if: ColumnElement[bool] | None = None,
    tell: Mapping[str, Any] | None = None,
    **values: Any,
) -> Generation | None:
    """Move a generation to `to` if it is in one of `come_from` (and still on `attempt` and `job_id`, where given)
    and `only_if` holds.

    Sets `values` along with it, counts a new attempt if `next_attempt`, gives credits back where it ends without
    pictures, and emits the transition's event with `tell` in its data. Answers the row as it is now, or None,
    having changed nothing, when it had moved on.
    """
    for origin in come_from:
        if to not in TRANSITIONS[origin]:
            raise ValueError(f"a generation cannot go from {origin} to {to}")
    moment = now()
    times: dict[str, Any] = {"completed_at": moment}
    if to == "processing":
        times = {"started_at": moment}
    elif to == "pending":
        times = {"started_at": None, "completed_at": None, "admitted_at": None, "job_id": None}
    if next_attempt:
        values["attempt"] = Generation.attempt + 1
    statement = (
        update(Generation)
        .where(Generation.id == generation_id, Generation.status.in_(come_from))
        .values(status=to, updated_at=moment, **{**times, **values})
        .returning(Generation)
        .execution_options(populate_existing=True)
    )
    if attempt is not None:
        statement = statement.where(Generation.attempt == attempt)
    if job_id is not None:
        statement = statement.where(Generation.job_id == job_id)
    if only_if is not None:
        statement = statement.where(only_if)
    row: Generation | None = await work.session.scalar(statement)
    if row is None:
        return None
    if to in ("failed", "cancelled"):
        await charges.release(work, row)
    await work.emit(
        _EVENTS[to](
            subject_id=row.id,
            workspace_id=row.workspace_id,
            user_id=row.user_id,
            data={"status": to, "operation": row.operation, "model": row.model_id, **(tell or {})},
        )
    )
    if to != "processing":
        await seats.fill(work, row.pool)
    return row


async def hold(work: Work, generation_id: UUID, *, attempt: int) -> Generation | None:
    """The row of a generation that still runs this attempt, locked until the transaction's end; else None."""
    held: Generation | None = await work.session.scalar(
        select(Generation)
        .where(
            Generation.id == generation_id, Generation.status == "processing", Generation.attempt == attempt
        )
        .with_for_update()
    )
    return held
