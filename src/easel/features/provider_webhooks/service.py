"""Taking a provider's webhook: check it, find what it is about, wake who waits.

Its contents are not used. The attempt asks the provider as it would have done anyway, only sooner; so one that is
sent twice, late or never changes nothing, and one that is forged could do no harm even if it were believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from easel.core import news
from easel.core.work import Work
from easel.features.generation.models import Generation
from easel.providers.base import TellsByItself
from easel.providers.errors import ProviderError, WebhookRefused

from .errors import WebhookForged, WebhookNotChecked, WebhookNotKnown


async def hear(
    work: Work, provider_id: str, generation_id: UUID, headers: Mapping[str, str], body: bytes
) -> None:
    """Wake the attempt that a webhook is about.

    Raises `WebhookForged`, `WebhookNotChecked`, `WebhookNotKnown`.
    """
    provider = work.studio.providers.get(provider_id)
    if not isinstance(provider, TellsByItself):
        raise WebhookNotKnown
    try:
        request_id = await provider.heard(headers, body)
    except WebhookRefused as error:
        raise WebhookForged(error.detail) from error
    except ProviderError as error:
        raise WebhookNotChecked(error.detail) from error
    row = await work.session.get(Generation, generation_id)
    if row is None or row.model_id.partition("/")[0] != provider_id:
        raise WebhookNotKnown
    # Also one that has not noted its id yet: the provider sends again what it was told to be unknown.
    if (row.provider_request_id or "").rpartition("/")[2] != request_id:
        raise WebhookNotKnown
    if row.status == "processing":
        await news.tell(work.session, row.id)
