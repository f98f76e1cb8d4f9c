"""First work of an attempt: take the generation, or find that it is not to be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy import select

from easel.base.crypto import SealBroken
from easel.core.actor import ALL_SCOPES, Actor
from easel.core.jobs import Start
from easel.core.work import Studio, Work
from easel.features.catalogue import queries as catalogue
from easel.features.catalogue.service import breakers
from easel.features.connections import service as connections
from easel.providers.base import Provider, Request
from easel.providers.errors import OutcomeUnknown

from .. import policy
from ..models import Generation
from . import failover, states

log = structlog.get_logger(__name__)

MOST_LOST_WORKERS = 3
"""A generation that takes worker after worker down with it is given up after so many."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that this worker owns."""

    generation: Generation
    attempt: int
    request: Request
    provider: Provider
    resume_id: str | None
    secrets: Mapping[str, str] = field(repr=False)
    trial: bool = False
    """Whether this is the call that is to show whether the model is back."""

    @property
    def actor(self) -> Actor:
        """Easel, acting for the one who asked."""
        return Actor(
            kind="system",
            user_id=self.generation.user_id,
            workspace_id=self.generation.workspace_id,
            scopes=ALL_SCOPES,
        )


async def take(studio: Studio, generation_id: UUID, start: Start) -> Claim | None:
    """Begin an attempt. None when it is over, when another job carries it, or when it had to be failed.

    A generation that runs already is taken over: its job was put back because its worker died.
    """
    async with studio.work(Actor.system()) as work:
        row = await states.advance(
            work,
            generation_id,
            "processing",
            come_from=("pending",),
            job_id=start.job_id,
            next_attempt=True,
            # What a provider has taken already is followed there, whatever becomes of other calls.
            only_if=Generation.provider_request_id.is_not(None)
            | breakers.is_closed(Generation.model_id.expression),
            held_at=None,
        )
        trial = False
        if row is None:
            row, trial = await _at_a_breaker(work, generation_id, start)
        if row is None:
            row = await _take_over(work, generation_id, start)
        if row is None:
            return None
        model = await catalogue.find(work, row.model_id)
        if model is None:
            reason = f"The model {row.model_id} is not in this studio any more."
            await _refuse(work, row, "unavailable", reason)
            return None
        try:
            request = policy.restored(model, row)
        except (ValueError, KeyError) as error:
            log.warning("generation.outdated", generation_id=str(row.id), error=str(error))
            reason = f"{model.name} takes other parameters now; submit it anew."
            await _refuse(work, row, "invalid_input", reason)
            return None
        provider = studio.providers.of(model)
        try:
            secrets = await connections.secrets_for(work, provider, row.user_id)
        except SealBroken:
            reason = f"Your key to {provider.title} cannot be opened any more; set it anew."
            await _refuse(work, row, "unavailable", reason)
            return None
    return Claim(row, row.attempt, request, provider, row.provider_request_id, secrets, trial)


async def _at_a_breaker(work: Work, generation_id: UUID, start: Start) -> tuple[Generation | None, bool]:
    """A generation whose model is down: has it wait, or begins the attempt that is to show whether it is back.

    Answers the row of an attempt that began, and whether it is to show that.
    """
    row: Generation | None = await work.session.scalar(
        select(Generation)
        .where(
            Generation.id == generation_id, Generation.status == "pending", Generation.job_id == start.job_id
        )
        .with_for_update()
    )
    if row is None:
        return None, False
    model = await catalogue.find(work, row.model_id)
    allowed = await breakers.ask(work, row.model_id) if model else breakers.Pass()
    if model is not None and allowed.until is not None:
        await failover.hold(work, row, model, allowed.until)
        return None, False
    begun = await states.advance(
        work,
        row.id,
        "processing",
        come_from=("pending",),
        job_id=start.job_id,
        next_attempt=True,
        held_at=None,
    )
    return begun, allowed.trial


async def _take_over(work: Work, generation_id: UUID, start: Start) -> Generation | None:
    """The next attempt of a generation whose worker died, unless that could cost twice or kill once more."""
    row: Generation | None = await work.session.scalar(
        select(Generation)
        .where(
            Generation.id == generation_id,
            Generation.status == "processing",
            Generation.job_id == start.job_id,
        )
        .with_for_update()
    )
    if row is None:
        return None
    provider = work.studio.providers.serving(row.model_id)
    repeatable = provider is None or provider.repeatable
    if not repeatable and row.provider_request_id is None:
        await _refuse(work, row, OutcomeUnknown.code, OutcomeUnknown().detail)
        return None
    if start.lost_workers >= MOST_LOST_WORKERS:
        lost = f"The worker was lost {start.lost_workers} times while it made this; it is not tried again."
        await _refuse(work, row, "unknown", lost)
        return None
    return await states.advance(
        work, row.id, "processing", come_from=("processing",), attempt=row.attempt, next_attempt=True
    )


async def _refuse(work: Work, row: Generation, code: str, message: str) -> None:
    """Fail a generation before its provider is called."""
    await states.advance(
        work,
        row.id,
        "failed",
        come_from=("processing",),
        attempt=row.attempt,
        tell={"error": {"code": code, "message": message}},
        error_code=code,
        error_message=message,
        progress={},
    )
