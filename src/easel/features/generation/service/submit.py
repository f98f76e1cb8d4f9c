"""What people do with generations: submit, cancel, try again."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import structlog

from easel.base import trail as trails
from easel.base.ids import new_id
from easel.core.work import Work
from easel.features.accounts.service import verification
from easel.features.catalogue import queries as catalogue
from easel.features.credits.queries import ledger as credits
from easel.features.projects import queries as projects
from easel.providers.base import Model, Operation, Request
from easel.providers.pricing import quote

from .. import policy, queries
from ..errors import AlreadyEnded, NotRetryable
from ..events import WITHDRAW, GenerationCreated
from ..models import Generation
from ..schemas import EstimateOut, GenerateIn, GenerationSettings
from . import charges, seats, states
from .inputs import TEXT, TRAIL, Sources

log = structlog.get_logger(__name__)

_STANDARD = ("guidance", "steps", "sampler", "style", "quality")
"""Parameters with a place of their own in a request; a model takes those that its options have."""


async def plan(work: Work, body: GenerateIn, operation: Operation) -> Request:
    """Check a request against its model.

    Raises `ModelNotFound`, `ModelUnavailable`, `ProviderKeyMissing`, `InvalidInput`.
    """
    return plan_of(await catalogue.offer(work, body.model), body, operation)


def plan_of(offer: catalogue.Offer, body: GenerateIn, operation: Operation) -> Request:
    """As `plan`, for many requests to the same offer."""
    return plan_with(offer.usable(body.model), body, operation, prompt=body.prompt)


def plan_with(
    model: Model,
    body: GenerationSettings,
    operation: Operation,
    *,
    prompt: str,
    size: tuple[int, int] | None = None,
    strength: float | None = None,
) -> Request:
    """What `model` will be asked for; the result is of `size` where the operation says so. Raises `InvalidInput`."""
    standard = {name: value for name in _STANDARD if (value := getattr(body, name)) is not None}
    if strength is not None:
        standard["strength"] = strength
    wish = policy.Wish(
        prompt=prompt,
        negative_prompt=body.negative_prompt.strip(),
        width=body.width,
        height=body.height,
        size=body.size,
        aspect_ratio=body.aspect_ratio,
        num_images=body.num_images,
        seed=body.seed,
        output_format=body.output_format,
        standard=standard,
        parameters=body.parameters,
    )
    return policy.plan(model, operation, wish, size)


async def estimate(work: Work, request: Request) -> EstimateOut:
    """What a request would cost, and whether the workspace has as much."""
    price, quoted = request.model.price, quote(request)
    billing = work.studio.settings.billing.on
    have = (await credits.balances(work, work.actor.workspace)).available if billing else None
    return EstimateOut(
        credits=float(quoted.credits),
        per_image=float(quoted.per_image),
        num_images=quoted.num_images,
        unit=price.unit,
        explanation=price.explanation,
        billing=billing,
        available=None if have is None else float(have),
        affordable=have is None or have >= quoted.credits,
    )


async def submit(
    work: Work,
    request: Request,
    *,
    generation_id: UUID | None = None,
    project_id: UUID | None = None,
    failover: bool = False,
    sources: Sources = TEXT,
) -> Generation:
    """Put a request into the queue: row, credits, event and, if it is its turn, job in this transaction, or nothing.

    With `failover` an equivalent model may make it when its own is down. Raises `EmailNotVerified`,
    `InsufficientCredits`, `MonthlyLimitReached`, and `ProjectNotFound`, `ProjectArchived` or `ProjectIsTemplate` for
    a project that takes no pictures.
    """
    await verification.demand(work)
    if project_id is not None:
        await projects.require_open(work, project_id)
    await charges.require_room(work, quote(request).credits)
    generation = row_of(work, request, generation_id or new_id(), project_id, sources, failover=failover)
    work.session.add(generation)
    await work.session.flush()
    await charges.reserve(work, generation)
    await work.emit(
        GenerationCreated(
            subject_id=generation.id,
            workspace_id=generation.workspace_id,
            user_id=generation.user_id,
            data={"status": "pending", "operation": generation.operation, "model": generation.model_id},
        )
    )
    await seats.fill(work, generation.pool)
    # Ties the request's id, which this line carries, to the generation's, which all lines of workers carry.
    log.info("generation.submitted", generation_id=str(generation.id), model=generation.model_id)
    return generation


def row_of(
    work: Work,
    request: Request,
    id: UUID,
    project_id: UUID | None = None,
    sources: Sources = TEXT,
    *,
    failover: bool = False,
) -> Generation:
    """A request as a row of the acting workspace that waits."""
    return Generation(
        id=id,
        pool=request.model.provider_id,
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        project_id=project_id,
        operation=sources.operation,
        parent_image_id=sources.image_id,
        inputs=sources.stored(request.operation) | _trail(),
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        model_id=request.model.id,
        model_version=request.model.version,
        parameters=policy.stored_parameters(request),
        num_images=request.num_images,
        failover=failover,
        cost_credits=quote(request).credits,
    )


def _trail() -> dict[str, dict[str, str]]:
    trail = trails.here()
    return {TRAIL: trail} if trail else {}


async def cancel(work: Work, generation_id: UUID) -> Generation:
    """Stop a generation, running or waiting; the worker that runs it is told at the commit.

    Quiet when it is cancelled already. Raises `GenerationNotFound`, `AlreadyEnded`.
    """
    found = await queries.get(work, generation_id)
    row = await states.advance(work, found.id, "cancelled", come_from=("pending", "processing"))
    if row is None:
        await work.session.refresh(found)
        if found.status != "cancelled":
            raise AlreadyEnded(f"The generation has {found.status} already and cannot be cancelled.")
        return found
    if row.job_id is not None:
        await work.studio.jobs.cancel(work.session, row.job_id)
    if row.provider_request_id is not None:
        # Not left to the worker that runs it: there may be none, between two attempts or after a crash.
        await work.defer(WITHDRAW, generation_id=str(row.id), provider_request_id=row.provider_request_id)
    return row


async def retry(work: Work, generation_id: UUID) -> Generation:
    """Queue a failed or cancelled generation once more, as it was.

    It costs what it costs today. Raises `GenerationNotFound`, `NotRetryable`, `InsufficientCredits`,
    `MonthlyLimitReached`, and `ModelNotFound` or `ModelUnavailable` when the model is gone or switched off.
    """
    await verification.demand(work)
    found = await queries.get(work, generation_id)
    model = (await catalogue.offer(work, found.model_id)).usable(found.model_id)
    try:
        cost = quote(policy.restored(model, found)).credits
    except (ValueError, KeyError):
        cost = Decimal(0)  # The worker will refuse it: the model takes other parameters now.
    if found.status in ("failed", "cancelled"):
        await charges.require_room(work, cost)
    row = await states.advance(
        work,
        found.id,
        "pending",
        come_from=("failed", "cancelled"),
        retry_count=Generation.retry_count + 1,
        error_code=None,
        error_message=None,
        progress={},
        provider_request_id=None,
        scheduled_at=None,
        held_at=None,
        cost_credits=cost,
        passing_errors=0,
        inputs={**found.inputs, **_trail()},
    )
    if row is None:
        raise NotRetryable
    await charges.reserve(work, row)
    return row
