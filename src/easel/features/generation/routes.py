"""HTTP of generation: `/api/generate` and `/api/images/generate`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from easel.base.errors import InvalidInput, Unavailable
from easel.base.ids import new_id
from easel.base.types import Moment, PlainText
from easel.core.http import idempotency, problems
from easel.core.http.deps import (
    Fetcher,
    Generating,
    Generator,
    IdempotencyKeyHeader,
    PreferHeader,
    Reading,
    StudioDep,
)
from easel.core.http.files import file_response
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.core.work import Work
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable
from easel.features.credits.errors import InsufficientCredits, MonthlyLimitReached
from easel.features.library.errors import QuotaExceeded
from easel.features.projects.errors import ProjectArchived, ProjectIsTemplate, ProjectNotFound
from easel.providers.base import Operation
from easel.storage.base import FileMissing

from . import queries
from .errors import AlreadyEnded, GenerationNotFound, NotRetryable, PreviewGone
from .schemas import (
    BatchIn,
    BatchOut,
    Comparison,
    EstimateIn,
    EstimateOut,
    FieldProblemOut,
    GenerateIn,
    GenerationOut,
    GenerationPage,
    RefusedOut,
    Status,
)
from .service import answer, bulk, live, show, submit, tips

router = APIRouter(tags=["generation"])
usage = APIRouter(prefix="/usage", tags=["usage"])

GenerationId = Annotated[UUID, Path(description="The generation's id.")]


class ListQuery(BaseModel):
    """Which generations to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


class HistoryQuery(ListQuery):
    """Which of everything ever submitted to list."""

    q: PlainText | None = Field(None, max_length=200, description="Words of the prompt; beginnings will do.")
    model: PlainText | None = Field(None, max_length=200, description="Only generations of this model.")
    status: Status | None = Field(None, description="Only generations in this state.")
    operation: PlainText | None = Field(None, max_length=50, description="Only this operation.")
    created_from: Moment | None = Field(None, description="Submitted at this time or later.")
    created_to: Moment | None = Field(None, description="Submitted at this time or earlier.")


_GENERATED = {
    200: {"model": GenerationOut, "description": "It ended within the time of `Prefer: wait`."},
    **problems.responses(
        ModelNotFound,
        ModelUnavailable,
        InvalidInput,
        InsufficientCredits,
        MonthlyLimitReached,
        QuotaExceeded,
        ProjectNotFound,
        ProjectArchived,
        ProjectIsTemplate,
        idempotency.KeyReused,
        Unavailable,
    ),
}


async def _text_to_image(
    body: GenerateIn,
    studio: StudioDep,
    actor: Generator,
    response: Response,
    prefer: PreferHeader = None,
    idempotency_key: IdempotencyKeyHeader = None,
) -> GenerationOut:
    async def plan(work: Work) -> answer.Planned:
        request = await submit.plan(work, body, Operation.TEXT_TO_IMAGE)
        return answer.Planned(request, project_id=body.project_id, failover=body.failover)

    found = await answer.submitted(
        studio, actor, plan, name="text-to-image", body=body, key=idempotency_key, prefer=prefer
    )
    response.status_code = found.status
    response.headers.update(found.headers)
    return found.shown


_ABOUT = (
    "Put a request for pictures into the queue: 202 with the generation, or 200 with its pictures when "
    "`Prefer: wait=N` was sent and it ended in time."
)

for _path, _name in (("/images/generate", "generate_image"), ("/generate/text-to-image", "text_to_image")):
    router.add_api_route(
        _path,
        _text_to_image,
        methods=["POST"],
        status_code=202,
        operation_id=_name,
        summary="Text to image",
        description=_ABOUT,
        responses=_GENERATED,
    )


@router.post(
    "/generate/estimate",
    operation_id="estimate_generation",
    responses=problems.responses(ModelNotFound, ModelUnavailable, InvalidInput),
)
async def estimate(body: EstimateIn, work: Reading) -> EstimateOut:
    """What a request would cost. It is checked as if it were submitted, but nothing is made."""
    return await submit.estimate(work, await submit.plan(work, body, Operation.TEXT_TO_IMAGE))


@usage.get("/tips", operation_id="usage_tips")
async def usage_tips(work: Reading) -> Comparison:
    """What the last 30 days' pictures would have cost with other models, and which of them would save credits."""
    return await tips.compare(work)


@router.post(
    "/generate/batch",
    status_code=202,
    operation_id="generate_batch",
    responses=problems.responses(
        InvalidInput,
        idempotency.KeyReused,
        InsufficientCredits,
        MonthlyLimitReached,
        QuotaExceeded,
        Unavailable,
    ),
)
async def generate_batch(
    body: BatchIn, work: Generating, idempotency_key: IdempotencyKeyHeader = None
) -> BatchOut:
    """Put up to 1,000 requests into the queue at once, behind what people submit one by one.

    Nothing is accepted when one is not valid; errors name its index. With `partial` the others are accepted.
    """
    planned = await bulk.plan(work, body.requests)
    if not body.partial:
        planned.require_all()
    batch_id = new_id()
    if idempotency_key is not None:
        claimed = await idempotency.claim(
            work, idempotency_key, "generate-batch", body.model_dump_json().encode(), batch_id
        )
        batch_id = claimed.subject_id
        if not claimed.fresh:
            return _batch(batch_id, await queries.ids_of_batch(work, batch_id), planned)
    return _batch(batch_id, await bulk.accept(work, planned, batch_id), planned)


def _batch(batch_id: UUID, ids: list[UUID], planned: bulk.Plan) -> BatchOut:
    refused = [
        RefusedOut(
            index=index,
            errors=[FieldProblemOut(field=p.field, message=p.message, code=p.code) for p in found],
        )
        for index, found in planned.problems
    ]
    return BatchOut(batch_id=batch_id, accepted=len(ids), generations=ids, refused=refused)


@router.get("/generate/queue", operation_id="list_queue", responses=problems.responses(BadCursor))
async def list_queue(work: Reading, query: Annotated[ListQuery, Query()]) -> GenerationPage:
    """What waits and what runs, newest first."""
    return await _page(work, query, "queue", queries.Filter(statuses=queries.UNFINISHED))


@router.get("/generate/history", operation_id="list_history", responses=problems.responses(BadCursor))
async def list_history(work: Reading, query: Annotated[HistoryQuery, Query()]) -> GenerationPage:
    """Everything ever submitted, newest first."""
    wanted = queries.Filter(
        q=query.q,
        model=query.model,
        statuses=(query.status,) if query.status else None,
        operation=query.operation,
        created_from=query.created_from,
        created_to=query.created_to,
    )
    return await _page(work, query, "history", wanted)


@router.get(
    "/generate/queue/{id:uuid}/status",
    operation_id="get_generation",
    responses=problems.responses(GenerationNotFound),
)
async def get_status(id: GenerationId, work: Reading) -> GenerationOut:
    """One generation as it stands, finished or not."""
    return (await show.show(work, [await queries.get(work, id)]))[0]


@router.delete(
    "/generate/queue/{id:uuid}",
    operation_id="cancel_generation",
    responses=problems.responses(GenerationNotFound, AlreadyEnded),
)
async def cancel(id: GenerationId, work: Generating) -> GenerationOut:
    """Cancel a generation that waits or runs."""
    return (await show.show(work, [await submit.cancel(work, id)]))[0]


@router.post(
    "/generate/queue/{id:uuid}/retry",
    status_code=202,
    operation_id="retry_generation",
    responses=problems.responses(
        GenerationNotFound,
        NotRetryable,
        ModelNotFound,
        ModelUnavailable,
        InsufficientCredits,
        MonthlyLimitReached,
        QuotaExceeded,
    ),
)
async def retry(id: GenerationId, work: Generating) -> GenerationOut:
    """Queue a failed or cancelled generation once more, with the same seed and settings."""
    return (await show.show(work, [await submit.retry(work, id)]))[0]


@router.get(
    "/generate/queue/{id:uuid}/previews/{number}",
    operation_id="get_preview",
    response_class=Response,
    responses={
        200: {"description": "The preview.", "content": {"image/webp": {}}},
        **problems.responses(GenerationNotFound, PreviewGone),
    },
)
async def get_preview(
    id: GenerationId,
    number: Annotated[int, Path(ge=1, le=1_000_000, description="The preview's number.")],
    request: Request,
    studio: StudioDep,
    actor: Fetcher,
) -> Response:
    """A preview of a running generation; gone when it ends."""
    async with studio.work(actor) as work:
        await queries.get(work, id)
    key = live.preview_key(id, number)
    try:
        stored = await studio.storage.head(key)
        return await file_response(
            request,
            storage=studio.storage,
            key=key,
            size=stored.size,
            media_type="image/webp",
            etag=f"{id.hex}-{number}-{stored.size}",
            cache="private, max-age=300",
        )
    except FileMissing as error:
        raise PreviewGone from error


async def _page(work: Reading, query: ListQuery, kind: str, wanted: queries.Filter) -> GenerationPage:
    after = decode_cursor(kind, query.cursor) if query.cursor else None
    rows = list(await queries.page(work, wanted, limit=query.limit + 1, after=after))
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return GenerationPage(
        items=await show.show(work, rows),
        next_cursor=encode_cursor(kind, rows[-1].created_at, rows[-1].id) if more else None,
        total=await queries.count(work, wanted) if query.count else None,
    )
