"""The event stream: `/api/events`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Fetcher, StudioDep

from .. import service

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    operation_id="stream_events",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}},
        **problems.responses(NotSignedIn),
    },
)
async def stream_events(
    studio: StudioDep,
    actor: Fetcher,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            max_length=20,
            description="The last `id:` received; what was missed follows.",
        ),
    ] = None,
    after: Annotated[
        int | None,
        Query(ge=0, le=2**63 - 1, description="The same, for clients that cannot set the header."),
    ] = None,
) -> StreamingResponse:
    """What happens in the acting workspace, and to your own account, as it happens.

    `event:` is the type, `data:` a JSON object with the `id` of its subject; lifecycle events have an `id:` that
    only rises. The stream ends after ten minutes; `EventSource` comes back by itself and misses nothing.
    """
    given = last_event_id if last_event_id and last_event_id.isdecimal() else None
    last_id = min(int(given), 2**63 - 1) if given else after
    return StreamingResponse(
        service.stream(studio, actor, last_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
