"""People's own keys to providers: setting them, forgetting them, and handing them to a call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.base.crypto import seal, unseal
from easel.base.ids import new_id
from easel.core import audit
from easel.core.work import Studio, Work
from easel.providers.base import Provider

from . import queries
from .errors import NoSuchProvider
from .models import PURPOSE, ProviderKey
from .schemas import ProviderKeyOut


def taking_keys(studio: Studio) -> list[Provider]:
    """The providers that take a key: those that need exactly one secret."""
    return [provider for provider in studio.providers if len(provider.secrets) == 1]


async def show(work: Work) -> list[ProviderKeyOut]:
    """Every provider that takes a key, and what may be told of the acting user's own."""
    own = await queries.keys_of(work, work.actor.user)
    shown = []
    for provider in taking_keys(work.studio):
        (secret,) = provider.secrets
        key = own.get(provider.id)
        shown.append(
            ProviderKeyOut(
                provider=provider.id,
                title=provider.title,
                environment_variable=secret.env,
                from_environment=bool(os.environ.get(secret.env)),
                last_four=key.last_four if key else None,
                set_at=key.updated_at if key else None,
            )
        )
    return shown


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


async def _record(work: Work, action: str, provider_id: str) -> None:
    await audit.record(work, action, user_id=work.actor.user, details={"provider": provider_id})


def _check(studio: Studio, provider_id: str) -> None:
    if all(provider.id != provider_id for provider in taking_keys(studio)):
        raise NoSuchProvider
