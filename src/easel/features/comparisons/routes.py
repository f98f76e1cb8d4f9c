"""HTTP of comparisons: `/api/comparisons`."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from easel.base.errors import InvalidInput, Unavailable
from easel.base.ids import new_id
from easel.core.http import idempotency, problems
from easel.core.http.deps import Fetcher, Generating, IdempotencyKeyHeader, Managing, Reading, StudioDep
from easel.core.http.files import file_response
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable
from easel.features.credits.errors import InsufficientCredits, MonthlyLimitReached
from easel.features.library import service as pictures
from easel.features.library.errors import QuotaExceeded
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.media.isolated import DecoderUnavailable
from easel.media.redraw import Recipe
from easel.storage.base import FileMissing, StorageUnavailable

from . import queries
from .errors import AlreadyJudged, ComparisonNotFound, NothingToJudge, NotYetMade
from .schemas import (
    ComparisonEstimate,
    ComparisonIn,
    ComparisonOut,
    ComparisonPage,
    Place,
    RoundOut,
    StatsOut,
    VoteIn,
)
from .service import asking, judging, pairs

router = APIRouter(prefix="/comparisons", tags=["comparisons"])

ComparisonId = Annotated[UUID, Path(description="The comparison's id.")]
_SHOWN = 1024
"""Pixels across of a picture as it is judged."""
_PLANNED = (ModelNotFound, ModelUnavailable, InvalidInput)


class ComparisonQuery(BaseModel):
    """Which comparisons to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    judged: bool | None = Field(None, description="Only those with a vote, or only those without.")
    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get("", operation_id="list_comparisons", responses=problems.responses(BadCursor))
async def list_comparisons(work: Reading, query: Annotated[ComparisonQuery, Query()]) -> ComparisonPage:
    """The comparisons of the workspace, the newest first."""
    after = decode_cursor("comparisons", query.cursor) if query.cursor else None
    rows = await queries.page(work, judged=query.judged, limit=query.limit + 1, after=after)
    shown, more = rows[: query.limit], len(rows) > query.limit
    return ComparisonPage(
        items=await pairs.shown(work, shown),
        next_cursor=encode_cursor("comparisons", shown[-1].created_at, shown[-1].id) if more else None,
        total=await queries.count(work, judged=query.judged) if query.count else None,
    )


@router.post(
    "",
    status_code=202,
    operation_id="create_comparisons",
    responses=problems.responses(
        *_PLANNED,
        InsufficientCredits,
        MonthlyLimitReached,
        QuotaExceeded,
        ProjectNotFound,
        ProjectArchived,
        ProjectIsTemplate,
        idempotency.KeyReused,
        Unavailable,
    ),
)
async def create_comparisons(
    body: ComparisonIn, work: Generating, idempotency_key: IdempotencyKeyHeader = None
) -> RoundOut:
    """Make pairs of pictures that differ in one thing: a prompt, a model or one parameter.

    Both sides of a pair have the same seed, where their models take one; which is at the left is drawn by lot. All
    pairs are accepted, or none.
    """
    planned = await asking.plan(work, body)
    round_id = new_id()
    fresh = True
    if idempotency_key is not None:
        claimed = await idempotency.claim(
            work, idempotency_key, "comparisons", body.model_dump_json().encode(), round_id
        )
        fresh, round_id = claimed.fresh, claimed.subject_id
    rows = await asking.ask(work, planned, round_id) if fresh else await queries.of_round(work, round_id)
    return RoundOut(round_id=round_id, comparisons=await pairs.shown(work, rows))


@router.post("/estimate", operation_id="estimate_comparisons", responses=problems.responses(*_PLANNED))
async def estimate_comparisons(body: ComparisonIn, work: Reading) -> ComparisonEstimate:
    """What pairs would cost. They are checked as if they were submitted, but nothing is made."""
    return await asking.estimate(work, await asking.plan(work, body))


@router.get("/stats", operation_id="comparison_stats")
async def comparison_stats(work: Reading) -> StatsOut:
    """What wins in this workspace: by model, by parameter and by prompt, each with its interval."""
    return await judging.stats(work)


@router.get("/{id:uuid}", operation_id="get_comparison", responses=problems.responses(ComparisonNotFound))
async def get_comparison(id: ComparisonId, work: Reading) -> ComparisonOut:
    """One comparison as it stands. Which side is which is hidden while a blind one has no vote."""
    return (await pairs.shown(work, [await queries.get(work, id)]))[0]


@router.post(
    "/{id:uuid}/vote",
    operation_id="vote_comparison",
    responses=problems.responses(ComparisonNotFound, NotYetMade, NothingToJudge, AlreadyJudged),
)
async def vote_comparison(id: ComparisonId, body: VoteIn, work: Generating) -> ComparisonOut:
    """Say which side is better. A blind vote is final, for it shows which is which; another may be changed."""
    return (await pairs.shown(work, [await judging.vote(work, id, body.vote)]))[0]


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="delete_comparison",
    responses=problems.responses(ComparisonNotFound),
)
async def delete_comparison(id: ComparisonId, work: Managing) -> None:
    """Forget a comparison and its vote; the pictures stay."""
    await judging.forget(work, id)


@router.get(
    "/{id:uuid}/pictures/{place}",
    operation_id="get_comparison_picture",
    response_class=Response,
    responses={
        200: {"description": "The picture.", "content": {"image/webp": {}}},
        **problems.responses(
            ComparisonNotFound,
            NotYetMade,
            NothingToJudge,
            FileMissing,
            StorageUnavailable,
            DecoderUnavailable,
        ),
    },
)
async def get_comparison_picture(
    id: ComparisonId,
    place: Annotated[Place, Path(description="The side.")],
    request: Request,
    studio: StudioDep,
    actor: Fetcher,
) -> Response:
    """One side's picture to be judged: at most 1024 pixels wide, and without what its file says of its making."""
    async with studio.work(actor) as work:
        (pair,) = await pairs.pairs_of(work, [await queries.get(work, id)])
    image = pair.images.get(place)
    if pair.status == "running":
        raise NotYetMade
    if image is None:
        raise NothingToJudge(pair.reason)
    if image.rendered_at is None:
        recipe = Recipe("webp", within=(_SHOWN, _SHOWN))
        made = await studio.isolated.redraw(BytesIO(await studio.storage.get(image.file_path)), recipe)
        return Response(made.data, media_type="image/webp", headers={"Cache-Control": "private, no-store"})
    key = pictures.rendition_key(image.content_hash, _SHOWN, "webp")
    stored = await studio.storage.head(key)
    # The tag is this side's own: that of the picture's own address would lead to it.
    tag = hashlib.sha256(f"{id} {place} {image.content_hash}".encode()).hexdigest()[:32]
    return await file_response(
        request, storage=studio.storage, key=key, size=stored.size, media_type="image/webp", etag=tag
    )
