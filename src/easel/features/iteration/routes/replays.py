"""HTTP of replays: a branch of a family made again with another prompt or model."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from easel.base.errors import InvalidInput, Unavailable
from easel.base.ids import new_id
from easel.core.http import idempotency, problems
from easel.core.http.deps import Generating, IdempotencyKeyHeader, Reading
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable, ProviderKeyMissing
from easel.features.credits.errors import InsufficientCredits, MonthlyLimitReached
from easel.features.library.errors import ImageNotFound, QuotaExceeded

from ..errors import NoModelFor, NothingToReplay, ReplayNotFound, SourceInTrash, TooManySteps
from ..schemas import ReplayEstimateOut, ReplayIn, ReplayOut
from ..service import planning, replaying, showing

router = APIRouter()

ImageId = Annotated[UUID, Path(description="The image's id.")]
ReplayId = Annotated[UUID, Path(description="The replay's id.")]
_REFUSALS = (
    ImageNotFound,
    SourceInTrash,
    NoModelFor,
    NothingToReplay,
    TooManySteps,
    ModelNotFound,
    ModelUnavailable,
    ProviderKeyMissing,
    InvalidInput,
)


@router.post(
    "/images/{id:uuid}/replay/estimate",
    operation_id="estimate_replay",
    responses=problems.responses(*_REFUSALS),
)
async def estimate_replay(id: ImageId, body: ReplayIn, work: Reading) -> ReplayEstimateOut:
    """The steps that a replay would take, and what they would cost. Nothing is made."""
    steps = await replaying.plan(work, await planning.source(work, id), _wanted(body))
    return await showing.replay_estimate(work, steps)


@router.post(
    "/images/{id:uuid}/replay",
    status_code=202,
    operation_id="replay_branch",
    responses=problems.responses(
        *_REFUSALS,
        InsufficientCredits,
        MonthlyLimitReached,
        QuotaExceeded,
        idempotency.KeyReused,
        Unavailable,
    ),
)
async def replay_branch(
    id: ImageId, body: ReplayIn, work: Generating, idempotency_key: IdempotencyKeyHeader = None
) -> ReplayOut:
    """Make a picture and all that was made from it again, in the same order, with another prompt or model.

    Each step starts from the picture that the step before it made. Steps that cannot be made so are refused before
    anything is charged.
    """
    image = await planning.source(work, id)
    replay_id = new_id()
    if idempotency_key is not None:
        claimed = await idempotency.claim(
            work, idempotency_key, f"replay {id}", body.model_dump_json().encode(), replay_id
        )
        if not claimed.fresh:
            return showing.replay(claimed.subject_id, await replaying.of(work, claimed.subject_id))
    steps = await replaying.plan(work, image, _wanted(body))
    return showing.replay(replay_id, await replaying.begin(work, steps, replay_id))


@router.get("/replays/{id:uuid}", operation_id="get_replay", responses=problems.responses(ReplayNotFound))
async def get_replay(id: ReplayId, work: Reading) -> ReplayOut:
    """How a replay stands."""
    return showing.replay(id, await replaying.of(work, id))


@router.delete("/replays/{id:uuid}", operation_id="stop_replay", responses=problems.responses(ReplayNotFound))
async def stop_replay(id: ReplayId, work: Generating) -> ReplayOut:
    """Cancel the steps of a replay that are not made yet; what is made stays."""
    return showing.replay(id, await replaying.stop(work, id))


def _wanted(body: ReplayIn) -> replaying.Wanted:
    return replaying.Wanted(prompt=body.prompt, model=body.model, keep_models=body.keep_models)
