"""HTTP of providers and the keys to them: `/api/settings/providers` and `/api/settings/provider-keys`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from easel.core.actor import NotSignedIn
from easel.core.http import problems
from easel.core.http.deps import Person, Personal, StudioDep

from . import service
from .errors import NoSuchProvider
from .schemas import (
    ImageProviderCheckOut,
    ImageProviderPage,
    ProviderKeyIn,
    ProviderKeyOut,
    ProviderKeyPage,
)

router = APIRouter(prefix="/settings", tags=["settings"])


@router.get("/providers", operation_id="list_image_providers", responses=problems.responses(NotSignedIn))
async def list_image_providers(work: Personal) -> ImageProviderPage:
    """The services and servers that make pictures, all on one page: what each needs, and whether you have it."""
    items = await service.overview(work)
    return ImageProviderPage(items=items, next_cursor=None, total=len(items))


@router.post(
    "/providers/{provider}/check",
    operation_id="check_image_provider",
    responses=problems.responses(NotSignedIn, NoSuchProvider),
)
async def check_image_provider(
    provider: Annotated[str, Path(description="The provider's id.", max_length=100)],
    studio: StudioDep,
    actor: Person,
) -> ImageProviderCheckOut:
    """Ask a provider, with your key or the studio's, whether it would work: a call that costs nothing.

    A provider that refuses or does not answer is told with `ok: false`, not with an error.
    """
    return await service.check(studio, actor, provider)


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
