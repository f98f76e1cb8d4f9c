"""How provider keys are found."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from easel.core.work import Work

from .models import ProviderKey


async def keys_of(work: Work, user_id: UUID) -> dict[str, ProviderKey]:
    """A user's own keys, by provider."""
    found = await work.session.scalars(select(ProviderKey).where(ProviderKey.user_id == user_id))
    return {key.provider: key for key in found}


async def key_of(work: Work, user_id: UUID, provider: str) -> ProviderKey | None:
    """A user's own key to one provider."""
    key: ProviderKey | None = await work.session.scalar(
        select(ProviderKey).where(ProviderKey.user_id == user_id, ProviderKey.provider == provider)
    )
    return key
