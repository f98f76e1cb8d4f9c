"""`/metrics` of the web server."""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter, Request, Response

from easel.app.metrics import CONTENT_TYPE, StudioNumbers, may_read
from easel.base.errors import EaselError
from easel.core.http import problems
from easel.core.http.deps import StudioDep

router = APIRouter(tags=["health"])


class MetricsRefused(EaselError):
    """Metrics are for those that `EASEL_METRICS_TOKEN` and `EASEL_METRICS_FROM` name."""

    status = 403
    code = "metrics_refused"


_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Prometheus's text format.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={**_ANSWER, **problems.responses(MetricsRefused)},
)
async def metrics(request: Request, studio: StudioDep) -> Response:
    """What this process counts and how the studio stands, for Prometheus; for those that the settings name."""
    if not may_read(
        studio.settings.metrics, request.client.host if request.client else None, request.headers
    ):
        raise MetricsRefused
    numbers = cast("StudioNumbers", request.app.state.numbers)
    return Response(await numbers.text(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})
