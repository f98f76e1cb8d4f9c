"""A model that is down: what waits for it waits without a seat, or goes to an equivalent model, as its owner said.

Equivalent is a model that can do all that was asked for, at most a grade below, for no more than was reserved, and
for which there is a key. The generation tells that another made it and why; the charge is that one's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import update

from easel.base.clock import now
from easel.base.crypto import SealBroken
from easel.core.work import Work
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.service import breakers
from easel.features.connections import service as connections
from easel.providers.base import Model, Request
from easel.providers.errors import Unavailable
from easel.providers.pricing import quote

from .. import policy
from ..models import Generation
from . import seats, states

log = structlog.get_logger(__name__)

PATIENCE = timedelta(minutes=30)
"""A generation waits so long for its model to come back."""


async def hold(work: Work, row: Generation, model: Model, until: datetime) -> None:
    """Let a generation that has a seat, and whose model is down, go elsewhere or wait until `until`, or give it up."""
    if await move(work, row, model):
        return
    if row.held_at is not None and now() - row.held_at > PATIENCE:
        minutes = round(PATIENCE.total_seconds() / 60)
        message = f"{model.name} is down, and was for the {minutes} minutes that this waited for it."
        await states.advance(
            work,
            row.id,
            "failed",
            come_from=("pending",),
            job_id=row.job_id,
            tell={"error": {"code": Unavailable.code, "message": message}},
            error_code=Unavailable.code,
            error_message=message,
        )
        return
    await states.advance(
        work,
        row.id,
        "pending",
        come_from=("pending",),
        job_id=row.job_id,
        tell={"waits_until": until.isoformat()},
        scheduled_at=until,
        held_at=row.held_at or now(),
    )


async def move(work: Work, row: Generation, model: Model, *, attempt: int | None = None) -> bool:
    """Let an equivalent model make what `model` cannot now, where the owner allows that and there is one.

    With `attempt` the generation runs; else it waits with a seat.
    """
    if not row.failover or row.provider_request_id is not None:
        return False
    try:
        request = policy.restored(model, row)
    except (ValueError, KeyError):
        return False
    found = await _equivalent(work, row, request)
    if found is None:
        return False
    other, pool = found.model, row.pool
    moved = await states.advance(
        work,
        row.id,
        "pending",
        come_from=("pending",) if attempt is None else ("processing",),
        attempt=attempt,
        job_id=row.job_id if attempt is None else None,
        tell={"model": other.id},
        pool=other.provider_id,
        model_id=other.id,
        model_version=other.version,
        parameters=policy.stored_parameters(found),
        cost_credits=quote(found).credits,
        asked_model_id=row.asked_model_id or row.model_id,
        model_reason=f"{model.name} was down, so {other.name} was asked instead.",
        scheduled_at=None,
        held_at=None,
        passing_errors=0,
        progress={},
    )
    if moved is None:
        return False
    if pool != moved.pool:
        await seats.fill(work, pool)
    log.info("generation.moved", generation_id=str(row.id), model=model.id, to=other.id)
    return True


async def wake(work: Work, model: Model) -> None:
    """Let those that wait for a model that is back have their turns."""
    await work.session.execute(
        update(Generation)
        .where(
            Generation.pool == model.provider_id,
            Generation.status == "pending",
            Generation.admitted_at.is_(None),
            Generation.held_at.is_not(None),
            Generation.model_id == model.id,
        )
        .values(scheduled_at=None, held_at=None)
        .execution_options(synchronize_session=False)
    )
    await seats.fill(work, model.provider_id)


async def _equivalent(work: Work, row: Generation, request: Request) -> Request | None:
    offer = await catalogue.offer(work)
    down = await breakers.down(work)
    fitting = []
    for model in offer.models:
        # Who was down before is not gone back to within one generation: two would hand it to and fro.
        if model.id in (request.model.id, row.asked_model_id) or model.id in down:
            continue
        if not offer.ready(model) or offer.out_of_reach(model) is not None:
            continue
        carried = policy.carried_over(request, model)
        if carried is not None and quote(carried).credits <= row.cost_credits:
            fitting.append(carried)
    near = request.model.quality
    fitting.sort(key=lambda one: (abs(one.model.quality - near), quote(one).credits))
    for one in fitting:
        provider = work.studio.providers.of(one.model)
        try:
            keys = await connections.secrets_for(work, provider, row.user_id)
        except SealBroken:
            continue
        if all(secret.name in keys for secret in provider.secrets):
            return one
    return None
