"""Many requests at once: they wait behind what people submit by hand, and none or all that are good get in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import TextClause, text

from easel.base.errors import EaselError, FieldProblem, InvalidInput
from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.accounts.service import verification
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable
from easel.features.projects import queries as projects
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.providers.base import Operation, Request

from ..events import GenerationsCreated
from ..models import Generation
from ..schemas import GenerateIn
from . import charges, seats, submit

PRIORITY = -10
_SHOWN = 100
"""So many problems are listed; a thousand rows with the same mistake need not all be."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Good:
    """A request that can be made, the project that it is for, and whether another model may make it."""

    request: Request
    project_id: UUID | None
    failover: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests that are good, and what is wrong with the others, by their place in the list."""

    requests: tuple[Good, ...]
    problems: tuple[tuple[int, tuple[FieldProblem, ...]], ...]

    def require_all(self) -> None:
        """Raises `InvalidInput` naming each bad request's index."""
        if self.problems:
            shown = tuple(
                FieldProblem(f"requests.{index}.{problem.field}", problem.message, problem.code)
                for index, found in self.problems
                for problem in found
            )[:_SHOWN]
            count = len(self.problems)
            raise InvalidInput(f"{count} of the requests cannot be made; nothing was accepted.", errors=shown)


async def plan(work: Work, bodies: Sequence[GenerateIn]) -> Plan:
    """Check each request against its model and its project."""
    offer = await catalogue.offer(work, *(body.model for body in bodies))
    good: list[Good] = []
    closed: dict[UUID | None, EaselError] = {}
    for project_id in sorted({body.project_id for body in bodies if body.project_id}):
        try:
            await projects.require_open(work, project_id)
        except (ProjectNotFound, ProjectArchived, ProjectIsTemplate) as error:
            closed[project_id] = error
    bad: list[tuple[int, tuple[FieldProblem, ...]]] = []
    for index, body in enumerate(bodies):
        try:
            request = submit.plan_of(offer, body, Operation.TEXT_TO_IMAGE)
            if refusal := closed.get(body.project_id):
                bad.append((index, (_problem("project_id", refusal),)))
            else:
                good.append(Good(request, body.project_id, body.failover))
        except InvalidInput as error:
            bad.append((index, error.errors))
        except (ModelNotFound, ModelUnavailable) as error:
            bad.append((index, (_problem("model", error),)))
    return Plan(tuple(good), tuple(bad))


async def accept(work: Work, planned: Plan, batch_id: UUID) -> list[UUID]:
    """Put all good requests into the queue, or none: their ids, in their order.

    Raises `InsufficientCredits`, `MonthlyLimitReached`.
    """
    await verification.demand(work)
    rows = [
        submit.row_of(work, one.request, new_id(), one.project_id, failover=one.failover)
        for one in planned.requests
    ]
    for row in rows:
        row.batch_id, row.priority, row.retry_count = batch_id, PRIORITY, 0
    await charges.require_room(work, sum((row.cost_credits for row in rows), Decimal(0)))
    await _insert(work, rows)
    await charges.reserve(work, *rows)
    if rows:
        log.info("generations.submitted", batch_id=str(batch_id), count=len(rows))
        await announce(work, batch_id, rows)
    return [row.id for row in rows]


async def announce(work: Work, batch_id: UUID, rows: Sequence[Generation]) -> None:
    """Tell of new rows by one event, so that listeners fetch once and not a thousand times, and let them begin."""
    await work.emit(
        GenerationsCreated(
            subject_id=batch_id,
            workspace_id=work.actor.workspace,
            user_id=work.actor.user,
            data={"count": len(rows)},
        )
    )
    for pool in {row.pool for row in rows}:
        await seats.fill(work, pool)


async def _insert(work: Work, rows: Sequence[Generation]) -> None:
    """Insert rows by one value: for a thousand, a value for each column would be most of the time to the answer."""
    if not rows:
        return
    values = [
        _defaults() | {name: given for name, given in vars(row).items() if name[0] != "_"} for row in rows
    ]
    stored = json.dumps(values, default=str)
    await work.session.execute(_insert_columns(tuple(values[0])), {"rows": stored})


def _defaults() -> dict[str, Any]:
    """What the columns hold that a row says nothing of."""
    columns = ((column.name, column.default) for column in Generation.__table__.columns)
    return {
        name: default.arg(None) if default.is_callable else default.arg
        for name, default in columns
        if default is not None and default.has_arg
    }


@cache
def _insert_columns(names: tuple[str, ...]) -> TextClause:
    columns = ", ".join(names)
    return text(
        f"INSERT INTO generations ({columns}) SELECT {columns}"  # noqa: S608 - names of our own columns
        " FROM jsonb_populate_recordset(CAST(NULL AS generations), CAST(:rows AS jsonb))"
    )


def _problem(field: str, error: EaselError) -> FieldProblem:
    return FieldProblem(field, error.detail, error.code)
