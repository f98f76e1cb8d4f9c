"""Breakers: a model that is down is called no more for a while, by no worker; then one call shows whether it is back.

Only failures that tell of the service count, not those of what was asked. A model without them has no row, so that
calls that succeed cost nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.core.work import Work
from easel.features.credits.models import UsageLog
from easel.providers import errors

from ..models import ModelBreaker

log = structlog.get_logger(__name__)

COUNTED = frozenset({errors.Unavailable.code, errors.TimedOut.code})
"""Codes of the failures that tell of the service."""
WINDOW = timedelta(seconds=60)
FEWEST = 10
"""So many failures within `WINDOW` it takes at least,"""
SHARE = 0.5
"""and so large a share of all calls."""
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
_TRIAL = timedelta(seconds=60)
"""The one call has so long before another may be the one: its worker may have died."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Whether a call may be made: not before `until`, where that is given; `trial` is the one after a pause."""

    until: datetime | None = None
    trial: bool = False


def is_closed(model_id: ColumnElement[str]) -> ColumnElement[bool]:
    """SQL: whether a model is called as usual."""
    return ~exists().where(ModelBreaker.model_id == model_id, ModelBreaker.open_until.is_not(None))


async def ask(work: Work, model_id: str) -> Pass:
    """Whether a model may be called now; takes the one call after a pause for the asking one."""
    breaker = await _locked(work, model_id)
    if breaker is None or breaker.open_until is None:
        return Pass()
    moment = now()
    if breaker.open_until > moment:
        return Pass(until=breaker.open_until)
    breaker.open_until = moment + _TRIAL
    return Pass(trial=True)


async def down(work: Work) -> dict[str, datetime]:
    """The models that are not called, and until when."""
    found = await work.session.execute(
        select(ModelBreaker.model_id, ModelBreaker.open_until).where(ModelBreaker.open_until.is_not(None))
    )
    return {model_id: until for model_id, until in found if until is not None}


async def failed(work: Work, model_id: str, *, trial: bool) -> None:
    """Count a call that failed with one of the codes `COUNTED`; it may be one too many."""
    fresh = insert(ModelBreaker).values(model_id=model_id, failures=[], trips=0)
    await work.session.execute(fresh.on_conflict_do_nothing())
    breaker = await _locked(work, model_id)
    if breaker is None:
        return  # It came back at this very moment.
    moment = now()
    recent = [at for at in breaker.failures if at > moment - WINDOW]
    breaker.failures = [*recent[-99:], moment]
    if breaker.open_until is not None and not trial:
        return
    if not trial and not await _too_many(work, breaker, moment):
        return
    pause = min(FIRST_PAUSE * 2**breaker.trips, LONGEST_PAUSE)
    breaker.open_until, breaker.trips = moment + pause, min(breaker.trips + 1, 10)
    log.warning("model.down", model=model_id, seconds=pause.total_seconds())


async def answered(work: Work, model_id: str) -> None:
    """The one call after a pause was answered: the model is called as usual."""
    await work.session.execute(delete(ModelBreaker).where(ModelBreaker.model_id == model_id))
    log.info("model.back", model=model_id)


async def _too_many(work: Work, breaker: ModelBreaker, moment: datetime) -> bool:
    bad = len(breaker.failures)
    if bad < FEWEST:
        return False
    good = await work.session.scalar(
        select(func.count()).where(
            UsageLog.model_id == breaker.model_id, UsageLog.success, UsageLog.created_at > moment - WINDOW
        )
    )
    return bad >= SHARE * (bad + (good or 0))


async def _locked(work: Work, model_id: str) -> ModelBreaker | None:
    found: ModelBreaker | None = await work.session.scalar(
        select(ModelBreaker)
        .where(ModelBreaker.model_id == model_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found
