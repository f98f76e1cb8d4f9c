"""What workers do with generations: one attempt is three short works.

Claim → (no transaction open) call the provider → store and settle. The attempt's number, taken with the
claim, guards every later write, so an attempt that was given up can store nothing twice. A worker that died
is followed by one that resumes by the provider's request id, or repeats where that is free of cost and gives
the same pictures; anything else fails plainly as an outcome unknown.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from easel.base import metrics, tracing
from easel.base.clock import now
from easel.base.crypto import SealBroken
from easel.base.errors import EaselError
from easel.core.actor import Actor
from easel.core.jobs import Start
from easel.core.work import Studio
from easel.features.catalogue.service import breakers
from easel.features.connections import service as connections
from easel.providers import errors as provider_errors
from easel.providers.base import Provider, Result

from .. import queries
from ..models import Generation
from . import failover, inputs, seats, settle
from .claim import Claim, take
from .live import LiveCall
from .patience import patiently, to_the_end

log = structlog.get_logger(__name__)

MAX_TRIES = 4
"""Tries in a row that meet a passing error before it counts as final."""
_LONGEST_DELAY = 600.0
_UNCALLED = (provider_errors.NotConfigured, provider_errors.Cancelled)
"""Errors that tell nothing of the service."""
_ORPHANED = timedelta(seconds=30)


async def run(studio: Studio, generation_id: UUID, start: Start) -> None:
    """Carry a generation through one attempt. Quiet when there is nothing to do."""
    claim = await patiently(lambda: take(studio, generation_id, start))
    if claim is None:
        return
    with structlog.contextvars.bound_contextvars(**_about(claim)):
        live = LiveCall(studio, claim.generation, claim.attempt, claim.secrets)
        try:
            await to_the_end(await _called(studio, claim, live))
        except asyncio.CancelledError:
            await to_the_end(_interrupted(studio, claim, live))
            raise
        finally:
            await to_the_end(live.clear())


def _about(claim: Claim) -> dict[str, str | int]:
    """What every line that is logged during an attempt says, an adapter's too."""
    row = claim.generation
    about: dict[str, str | int] = {
        "generation_id": str(row.id),
        "workspace_id": str(row.workspace_id),
        "attempt": claim.attempt,
        "model": claim.request.model.id,
    }
    return about | ({"batch_id": str(row.batch_id)} if row.batch_id else {})


async def recover(studio: Studio) -> None:
    """Defer again every unfinished generation whose job is gone, whatever took it."""
    async with studio.work(Actor.system()) as work:
        for row in await queries.without_job(work, now() - _ORPHANED, limit=100):
            log.warning("generation.job_lost", generation_id=str(row.id))
            job = seats.job_of(studio.providers.serving(row.model_id))
            trail = row.inputs.get(inputs.TRAIL, {})
            row.job_id = await work.defer(job, trail=trail, generation_id=str(row.id))


async def withdraw(studio: Studio, generation_id: UUID, request_id: str) -> None:
    """Ask the provider of a cancelled generation to stop its request."""
    async with studio.work(Actor.system()) as work:
        row = await work.session.get(Generation, generation_id)
        provider = studio.providers.serving(row.model_id) if row else None
        if row is None or provider is None:
            return
        try:
            secrets = await connections.secrets_for(work, provider, row.user_id)
        except SealBroken:
            log.warning("generation.cancel_at_provider_failed", error="the user's key cannot be opened")
            return
    await _cancel_at(provider, request_id, secrets)


async def _called(studio: Studio, claim: Claim, live: LiveCall) -> Coroutine[Any, Any, None]:
    """Call the provider; answers how the attempt is to be settled then."""
    started = time.perf_counter()
    try:
        async with live:
            with _counted(claim):
                result = await _call(studio, claim, live)
    except provider_errors.ProviderError as error:
        return _failed(studio, claim, live, error)
    except Exception:
        log.exception("generation.crashed")
        return settle.fail(studio, claim, "unknown", "The model's adapter failed; the log has the details.")
    return _completed(studio, claim, result, time.perf_counter() - started)


@contextmanager
def _counted(claim: Claim) -> Iterator[None]:
    """Count, time and trace a call of a provider, and say how it ended."""
    provider_id = claim.provider.id
    outcome, started = "ok", time.perf_counter()
    try:
        with (
            metrics.PROVIDER_IN_PROGRESS.labels(provider_id).track_inprogress(),
            tracing.span(f"call {provider_id}", "client") as span,
        ):
            model = claim.request.model.id
            span.tell({"easel.provider": provider_id, "easel.model": model, "easel.attempt": claim.attempt})
            yield
    except provider_errors.ProviderError as error:
        outcome = error.code
        raise
    except asyncio.CancelledError:
        outcome = "cancelled"
        raise
    except BaseException:
        outcome = "crashed"
        raise
    finally:
        seconds = time.perf_counter() - started
        metrics.PROVIDER_CALLS.labels(provider_id, outcome).inc()
        metrics.PROVIDER_SECONDS.labels(provider_id).observe(seconds)
        log.info("provider.called", provider=provider_id, outcome=outcome, seconds=round(seconds, 3))


async def _call(studio: Studio, claim: Claim, live: LiveCall) -> Result:
    """The call itself; no transaction is open. Raises `ProviderError`."""
    try:
        async with asyncio.timeout(studio.settings.worker.call_seconds):
            request = await inputs.loaded(studio, claim.actor, claim.request, claim.generation.inputs)
            if claim.resume_id is not None:
                return await claim.provider.resume(claim.resume_id, request, live)
            return await claim.provider.generate(request, live)
    except TimeoutError as error:
        raise provider_errors.TimedOut from error


async def _completed(studio: Studio, claim: Claim, result: Result, seconds: float) -> None:
    await _judge(studio, claim, None)
    await settle.complete(studio, claim, result, seconds=seconds)


async def _judge(studio: Studio, claim: Claim, error: provider_errors.ProviderError | None) -> None:
    """What a call tells of its model, for its breaker."""
    model = claim.request.model

    async def failed() -> None:
        async with studio.work(Actor.system()) as work:
            await breakers.failed(work, model.id, trial=claim.trial)

    async def answered() -> None:
        async with studio.work(Actor.system()) as work:
            await breakers.answered(work, model.id)
            await failover.wake(work, model)

    if error is not None and error.code in breakers.COUNTED:
        await patiently(failed)
    elif claim.trial and not isinstance(error, _UNCALLED):
        await patiently(answered)


async def _failed(studio: Studio, claim: Claim, live: LiveCall, error: provider_errors.ProviderError) -> None:
    """A provider's error: wait and try again where that may help and is safe, else end."""
    # What the service has forgotten is made anew, where that costs nothing and gives the same pictures.
    lost = claim.provider.repeatable and isinstance(error, provider_errors.OutcomeUnknown)
    # A request that was not taken, as at a rate limit, has no id: the next try makes a new one.
    not_taken = lost or not error.was_taken
    request_id = None if not_taken else live.request_id or claim.resume_id
    passing_errors = claim.generation.passing_errors
    safe = claim.provider.repeatable or not_taken or request_id is not None
    await _judge(studio, claim, error)
    if not ((error.retryable or lost) and safe and passing_errors + 1 < MAX_TRIES):
        unpaid = request_id is None and (claim.provider.repeatable or not_taken)
        if error.code in breakers.COUNTED and unpaid and await settle.move(studio, claim):
            return
        await settle.fail(studio, claim, error.code, error.detail)
        return
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads tries, hides nothing
    delay = min(error.retry_after or jitter * 2 ** (passing_errors + 1), _LONGEST_DELAY)
    log.info("generation.retrying", code=error.code, seconds=round(delay, 1))
    await settle.requeue(
        studio,
        claim,
        request_id=request_id,
        at=now() + timedelta(seconds=delay),
        passing_errors=passing_errors + 1,
    )


async def _interrupted(studio: Studio, claim: Claim, live: LiveCall) -> None:
    """The task was cancelled: by the user, because this worker stops, or because another took the work over."""
    request_id = live.request_id or claim.resume_id
    async with studio.work(Actor.system()) as work:
        row = await work.session.get(Generation, claim.generation.id)
    if row is None or row.status != "processing" or row.attempt != claim.attempt:
        log.info("generation.abandoned", status=row.status if row else "deleted")
        # An id that the row has is looked after by who changed the row.
        if request_id is not None and (row is None or row.provider_request_id != request_id):
            await _cancel_at(claim.provider, request_id, claim.secrets)
    elif claim.provider.repeatable or request_id is not None:
        log.info("generation.handed_on")
        await settle.requeue(studio, claim, request_id=request_id)
    else:
        error = provider_errors.OutcomeUnknown()
        await settle.fail(studio, claim, error.code, error.detail)


async def _cancel_at(provider: Provider, request_id: str, secrets: Mapping[str, str]) -> None:
    try:
        await provider.cancel(request_id, secrets)
    except (provider_errors.ProviderError, EaselError, OSError) as error:
        log.warning("generation.cancel_at_provider_failed", error=str(error))
