"""HTTP of provider keys: `/api/settings/provider-keys`."""

from __future__ import annotations

from fastapi import APIRouter

from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Personal

from . import service
from .errors import NoSuchProvider
from .schemas import ProviderKeyIn, ProviderKeyOut, ProviderKeyPage

router = APIRouter(prefix="/settings", tags=["settings"])


@router.get("/provider-keys", operation_id="list_provider_keys", responses=problems.responses(NotSignedIn))
async def list_provider_keys(work: Personal) -> ProviderKeyPage:
    """The providers that take a key of your own, all on one page; of a key only its last four characters."""
    return _page(await service.show(work))


@router.put(
    "/provider-keys",
    operation_id="set_provider_key",
    responses=problems.responses(NotSignedIn, NoSuchProvider),
)
async def set_provider_key(body: ProviderKeyIn, work: Personal) -> ProviderKeyPage:
    """Keep a key of your own to a provider, or remove it. It is used for your pictures in place of the studio's."""
    if body.key is None:
        await service.forget(work, body.provider)
    else:
        await service.keep(work, body.provider, body.key.get_secret_value())
    return _page(await service.show(work))


def _page(items: list[ProviderKeyOut]) -> ProviderKeyPage:
    return ProviderKeyPage(items=items, next_cursor=None, total=len(items))
