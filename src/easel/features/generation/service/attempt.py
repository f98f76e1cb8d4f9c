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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import structlog

from easel.base.clock import now
from easel.base.errors import EaselError
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.work import DatabaseUnavailable, Studio
from easel.features.library import service as library
from easel.media.errors import ImageTooLarge, NotAnImage
from easel.providers import errors as provider_errors
from easel.providers.base import Operation, Provider, Request, Result
from easel.storage.base import StorageFull, StorageUnavailable

from .. import policy, queries
from ..events import RUN
from ..models import Generation
from . import states
from .live import LiveCall

log = structlog.get_logger(__name__)

T = TypeVar("T")

CALL_TIMEOUT = 900.0
"""Seconds that one call of a provider may take."""
MAX_ATTEMPTS = 4
"""Starts of one generation before a passing error counts as final."""
_SETTLE_PATIENCE = 120.0
"""Seconds for which finished pictures wait for a store or database that is away."""
_ORPHANED = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that this worker owns."""

    generation: Generation
    attempt: int
    request: Request
    provider: Provider
    resume_id: str | None

    @property
    def actor(self) -> Actor:
        """Easel, acting for the one who asked."""
        return Actor(
            kind="system",
            user_id=self.generation.user_id,
            workspace_id=self.generation.workspace_id,
            scopes=ALL_SCOPES,
        )


async def run(studio: Studio, generation_id: UUID) -> None:
    """Carry a generation through one attempt. Quiet when there is nothing to do."""
    claim = await _claim(studio, generation_id)
    if claim is None:
        return
    with structlog.contextvars.bound_contextvars(
        generation_id=str(generation_id), attempt=claim.attempt, model=claim.request.model.id
    ):
        started = time.perf_counter()
        live = LiveCall(studio, claim.generation, claim.attempt)
        try:
            async with live:
                result = await _call(claim, live)
            await _settle(studio, claim, result, seconds=time.perf_counter() - started)
        except asyncio.CancelledError:
            await _interrupted(studio, claim, live)
            raise
        except provider_errors.ProviderError as error:
            await _failed(studio, claim, error)
        except Exception:
            log.exception("generation.crashed")
            await _end_failed(
                studio, claim, "unknown", "The model's adapter failed; the log has the details."
            )
        finally:
            await live.remove_previews()


async def recover(studio: Studio) -> None:
    """Defer again every unfinished generation whose job is gone, whatever took it."""
    async with studio.work(Actor.system()) as work:
        for row in await queries.without_job(work, now() - _ORPHANED, limit=100):
            log.warning("generation.job_lost", generation_id=str(row.id))
            row.job_id = await work.defer(RUN, generation_id=str(row.id))


async def _claim(studio: Studio, generation_id: UUID) -> Claim | None:
    """First work: take the generation, or find that it is not to be had."""
    async with studio.work(Actor.system()) as work:
        row = await work.session.get(Generation, generation_id, with_for_update=True)
        if row is None or row.status not in queries.UNFINISHED:
            return None
        taken_over = row.status == "processing"
        model = studio.providers.model(row.model_id)
        if model is None:
            await states.advance(
                work,
                row.id,
                "failed",
                come_from=("pending", "processing"),
                error_code="unavailable",
                error_message=f"The model {row.model_id} is not in this studio any more.",
            )
            return None
        provider = studio.providers.of(model)
        if taken_over and not provider.repeatable and not row.provider_request_id:
            error = provider_errors.OutcomeUnknown()
            await states.advance(
                work,
                row.id,
                "failed",
                come_from=("processing",),
                attempt=row.attempt,
                error_code=error.code,
                error_message=error.detail,
            )
            return None
        claimed = await states.advance(
            work,
            row.id,
            "processing",
            come_from=("processing",) if taken_over else ("pending",),
            attempt=row.attempt,
            next_attempt=True,
        )
    if claimed is None:
        return None
    options = policy.restored_options(model, claimed.parameters)
    request = Request(
        model=model,
        operation=Operation(claimed.operation),
        prompt=claimed.prompt,
        negative_prompt=claimed.negative_prompt,
        width=claimed.parameters["width"],
        height=claimed.parameters["height"],
        seed=claimed.parameters["seed"],
        num_images=claimed.num_images,
        output_format=claimed.parameters["output_format"],
        options=options,
    )
    return Claim(claimed, claimed.attempt, request, provider, claimed.provider_request_id)


async def _call(claim: Claim, live: LiveCall) -> Result:
    """The call itself; no transaction is open. Raises `ProviderError`."""
    try:
        async with asyncio.timeout(CALL_TIMEOUT):
            if claim.resume_id is not None:
                return await claim.provider.resume(claim.resume_id, claim.request, live)
            return await claim.provider.generate(claim.request, live)
    except TimeoutError as error:
        raise provider_errors.TimedOut from error


async def _settle(studio: Studio, claim: Claim, result: Result, *, seconds: float) -> None:
    """Last work: the files go into the store, then rows and state change in one transaction.

    Waits out a store or database that is away for a while, so that finished pictures are not lost.
    """
    if not result.images:
        raise provider_errors.ProviderError("The model answered without a picture.")
    try:
        originals = [
            (await _patiently(lambda image=image: library.keep(studio, image.data)), image)  # type: ignore[misc]
            for image in result.images
        ]
    except (NotAnImage, ImageTooLarge) as error:
        raise provider_errors.ProviderError(
            f"The model answered with something else: {error.detail}"
        ) from error
    except (StorageFull, StorageUnavailable) as error:
        await _end_failed(studio, claim, error.code, error.detail)
        return

    async def store() -> None:
        async with studio.work(claim.actor) as work:
            row = await states.advance(
                work,
                claim.generation.id,
                "completed",
                come_from=("processing",),
                attempt=claim.attempt,
                tell={"num_images": len(originals)},
                progress={},
            )
            if row is None:
                log.info("generation.superseded")
                return
            origin = library.Origin(
                operation=row.operation,
                prompt=row.prompt,
                negative_prompt=row.negative_prompt,
                model_id=row.model_id,
                model_version=row.model_version,
                parameters=row.parameters,
                generation_id=row.id,
                generation_time=round(seconds, 3),
                cost_credits=row.cost_credits / len(originals) if row.cost_credits else Decimal(0),
                project_id=row.project_id,
            )
            for original, image in originals:
                await library.add_image(work, original, origin, seed=image.seed, facts=image.metadata)

    await _patiently(store)
    log.info("generation.completed", images=len(originals), seconds=round(seconds, 3))


async def _failed(studio: Studio, claim: Claim, error: provider_errors.ProviderError) -> None:
    """A provider's error: wait and try again where that may help and is safe, else end."""
    safe = claim.provider.repeatable or isinstance(error, provider_errors.RateLimited)
    if error.retryable and safe and claim.attempt < MAX_ATTEMPTS:
        delay = error.retry_after or min(60.0, 2.0**claim.attempt) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
        await _requeue(studio, claim, at=now() + timedelta(seconds=delay))
        log.info("generation.retrying", code=error.code, seconds=round(delay, 1))
        return
    await _end_failed(studio, claim, error.code, error.detail)


async def _end_failed(studio: Studio, claim: Claim, code: str, message: str) -> None:
    async def end() -> None:
        async with studio.work(claim.actor) as work:
            await states.advance(
                work,
                claim.generation.id,
                "failed",
                come_from=("processing",),
                attempt=claim.attempt,
                tell={"error": {"code": code, "message": message[:1000]}},
                error_code=code,
                error_message=message[:4000],
                progress={},
            )

    await _patiently(end)
    log.info("generation.failed", code=code, detail=message[:300])


async def _interrupted(studio: Studio, claim: Claim, live: LiveCall) -> None:
    """The task was cancelled: by the user, or because this worker stops."""
    request_id = live.request_id or claim.resume_id
    async with studio.work(Actor.system()) as work:
        row = await work.session.get(Generation, claim.generation.id)
        mine = row is not None and row.status == "processing" and row.attempt == claim.attempt
    if not mine:
        log.info("generation.cancelled")
        if request_id is not None and (row is None or row.status == "cancelled"):
            await _quietly(claim.provider.cancel(request_id))
        return
    if claim.provider.repeatable or request_id is not None:
        log.info("generation.handed_on")
        await _requeue(studio, claim, at=None)
    else:
        error = provider_errors.OutcomeUnknown()
        await _end_failed(studio, claim, error.code, error.detail)


async def _requeue(studio: Studio, claim: Claim, *, at: datetime | None) -> None:
    async def back() -> None:
        async with studio.work(claim.actor) as work:
            row = await states.advance(
                work,
                claim.generation.id,
                "pending",
                come_from=("processing",),
                attempt=claim.attempt,
                scheduled_at=at,
            )
            if row is not None:
                row.job_id = await work.defer(RUN, at=at, generation_id=str(row.id))

    await _patiently(back)


async def _patiently(step: Callable[[], Awaitable[T]]) -> T:
    """Run `step`, again and again while the store or the database is away, for `_SETTLE_PATIENCE` seconds."""
    deadline = time.monotonic() + _SETTLE_PATIENCE
    delay = 0.2
    while True:
        try:
            return await step()
        except (DatabaseUnavailable, StorageUnavailable) as error:
            if time.monotonic() + delay > deadline:
                raise
            log.warning("generation.waiting", cause=error.detail, retry_in=delay)
        await asyncio.sleep(delay)
        delay = min(delay * 2, 5.0)


async def _quietly(step: Awaitable[None]) -> None:
    try:
        await step
    except (provider_errors.ProviderError, EaselError, OSError) as error:
        log.warning("generation.cancel_at_provider_failed", error=str(error))
