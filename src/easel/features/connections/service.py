"""Providers outside of Easel and people's own keys to them: setting, testing, and handing them to a call."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.base.crypto import SealBroken, seal, unseal
from easel.base.ids import new_id
from easel.core import audit
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.providers.base import Checks, Discovers, OwnQueue, Provider
from easel.providers.errors import NotConfigured, ProviderError, TimedOut, Unavailable

from . import queries
from .errors import NoSuchProvider
from .models import PURPOSE, ProviderKey
from .schemas import ImageProviderCheckOut, ImageProviderOut, ProviderKeyOut

_CHECK_SECONDS = 20.0


def taking_keys(studio: Studio) -> list[Provider]:
    """The providers that take a key: those that need exactly one secret."""
    return [provider for provider in studio.providers if len(provider.secrets) == 1]


async def show(work: Work) -> list[ProviderKeyOut]:
    """Every provider that takes a key, and what may be told of the acting user's own."""
    own = await queries.keys_of(work, work.actor.user)
    return [_about_key(provider, own.get(provider.id)) for provider in taking_keys(work.studio)]


async def overview(work: Work) -> list[ImageProviderOut]:
    """Every provider that lies outside of Easel: what it needs, and whether the acting user has it."""
    own = await queries.keys_of(work, work.actor.user)
    shown = []
    for provider in work.studio.providers:
        server, checkable = isinstance(provider, Discovers), isinstance(provider, Checks)
        if not (provider.secrets or server or checkable):
            continue
        key = _about_key(provider, own.get(provider.id)) if len(provider.secrets) == 1 else None
        has_key = all(os.environ.get(secret.env) for secret in provider.secrets) or bool(
            key and key.last_four
        )
        shown.append(
            ImageProviderOut(
                provider=provider.id,
                title=provider.title,
                description=provider.description,
                ready=await _is_ready(work, provider) if isinstance(provider, Discovers) else has_key,
                checkable=checkable,
                setting=provider.setting if isinstance(provider, Discovers) else None,
                key=key,
            )
        )
    return shown


async def check(studio: Studio, actor: Actor, provider_id: str) -> ImageProviderCheckOut:
    """Ask a provider, with the acting user's key or the studio's, whether it would work; no transaction is open then.

    Raises `NoSuchProvider` for one that is not there or cannot be asked for nothing.
    """
    provider = studio.providers.get(provider_id)
    if provider is None or not isinstance(provider, Checks):
        raise NoSuchProvider
    try:
        async with studio.work(actor) as work:
            secrets = await secrets_for(work, provider, actor.user)
            if isinstance(provider, OwnQueue) and not await studio.jobs.is_attended(
                work.session, provider.queue
            ):
                raise Unavailable(provider.nobody)
        async with asyncio.timeout(_CHECK_SECONDS):
            message, code = await provider.check(secrets), None
    except SealBroken:
        message, code = "Your key cannot be opened any more; set it anew.", NotConfigured.code
    except TimeoutError:
        message, code = f"{provider.title} did not answer within {_CHECK_SECONDS:g} seconds.", TimedOut.code
    except ProviderError as error:
        message, code = error.detail, error.code
    return ImageProviderCheckOut(provider=provider.id, ok=code is None, code=code, message=message[:1000])


async def keep(work: Work, provider_id: str, key: str) -> None:
    """Seal the acting user's own key to a provider, in the place of the one before. Raises `NoSuchProvider`."""
    _check(work.studio, provider_id)
    values = {
        "sealed_key": seal(work.studio.secret, key.encode(), PURPOSE),
        "last_four": key[-4:],
        "updated_at": now(),
    }
    await work.session.execute(
        insert(ProviderKey)
        .values(id=new_id(), user_id=work.actor.user, provider=provider_id, **values)
        .on_conflict_do_update(index_elements=["user_id", "provider"], set_=values)
    )
    await _record(work, "provider_key.set", provider_id)


async def forget(work: Work, provider_id: str) -> None:
    """Remove the acting user's own key to a provider; quiet when there is none. Raises `NoSuchProvider`."""
    _check(work.studio, provider_id)
    removed = await work.session.execute(
        delete(ProviderKey)
        .where(ProviderKey.user_id == work.actor.user, ProviderKey.provider == provider_id)
        .returning(ProviderKey.id)
    )
    if removed.first():
        await _record(work, "provider_key.removed", provider_id)


async def secrets_for(work: Work, provider: Provider, user_id: UUID) -> Mapping[str, str]:
    """What a call to `provider` on this user's behalf is handed: their own key, else the studio's.

    A secret that neither has is left out; the adapter then says that it needs one. Raises `SealBroken`.
    """
    found = {secret.name: value for secret in provider.secrets if (value := os.environ.get(secret.env))}
    if len(provider.secrets) == 1:
        own = await queries.key_of(work, user_id, provider.id)
        if own is not None:
            found[provider.secrets[0].name] = unseal(work.studio.secret, own.sealed_key, PURPOSE).decode()
    return found


async def _is_ready(work: Work, provider: Discovers) -> bool:
    if isinstance(provider, OwnQueue):
        return await work.studio.jobs.is_attended(work.session, provider.queue)
    return provider.configured


def _about_key(provider: Provider, key: ProviderKey | None) -> ProviderKeyOut:
    (secret,) = provider.secrets
    return ProviderKeyOut(
        provider=provider.id,
        title=provider.title,
        environment_variable=secret.env,
        from_environment=bool(os.environ.get(secret.env)),
        last_four=key.last_four if key else None,
        set_at=key.updated_at if key else None,
    )


async def _record(work: Work, action: str, provider_id: str) -> None:
    await audit.record(work, action, user_id=work.actor.user, details={"provider": provider_id})


def _check(studio: Studio, provider_id: str) -> None:
    if all(provider.id != provider_id for provider in taking_keys(studio)):
        raise NoSuchProvider
