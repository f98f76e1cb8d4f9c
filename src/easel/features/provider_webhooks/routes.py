"""HTTP of providers' webhooks: `/api/webhooks/{provider}/{generation}`, such as `/api/webhooks/fal/…`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from easel.core.http import problems
from easel.core.http.deps import WITHOUT_CREDENTIALS, Open

from . import service
from .errors import WebhookForged, WebhookNotChecked, WebhookNotKnown, WebhookTooLarge

router = APIRouter(prefix="/webhooks", tags=["provider webhooks"])

_LARGEST = 2_000_000


@router.post(
    "/{provider}/{generation_id:uuid}",
    status_code=204,
    operation_id="hear_provider",
    responses=problems.responses(WebhookForged, WebhookNotKnown, WebhookTooLarge, WebhookNotChecked),
    openapi_extra=WITHOUT_CREDENTIALS,
)
async def hear(
    provider: Annotated[str, Path(max_length=100, description="The provider's id, such as `fal`.")],
    generation_id: Annotated[UUID, Path(description="The generation that the provider works on.")],
    request: Request,
    work: Open,
) -> None:
    """For providers: tell of news of a generation, signed as the provider signs. Told twice is as good as once."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise WebhookTooLarge
    await service.hear(work, provider, generation_id, dict(request.headers), bytes(body))
