"""How API keys are found."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from easel.base.clock import now
from easel.core.work import Work
from easel.features.accounts.models import User
from easel.features.workspaces.models import Membership, Workspace

from .models import ApiKey


@dataclass(frozen=True, slots=True)
class Holder:
    """A key that has not ended, whose it is, and their level in its workspace."""

    key: ApiKey
    user: User
    level: int


async def holder(work: Work, prefix: str) -> Holder | None:
    """The key that begins with `prefix`, unless it has ended or its maker may not act any more."""
    row = (
        await work.session.execute(
            select(ApiKey, User, Membership.level)
            .join(User, User.id == ApiKey.user_id)
            .join(
                Membership,
                (Membership.workspace_id == ApiKey.workspace_id) & (Membership.user_id == ApiKey.user_id),
            )
            .where(
                ApiKey.prefix == prefix,
                User.is_active,
                or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now()),
            )
        )
    ).one_or_none()
    return Holder(*row) if row else None


async def keys_of(work: Work, user_id: UUID) -> list[tuple[ApiKey, Workspace]]:
    """A user's keys, those that have expired too, the newest first, with their workspaces."""
    rows = await work.session.execute(
        select(ApiKey, Workspace)
        .join(Workspace, Workspace.id == ApiKey.workspace_id)
        .where(ApiKey.user_id == user_id)
        .order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
    )
    return [(key, workspace) for key, workspace in rows]


async def count(work: Work, user_id: UUID) -> int:
    """How many keys a user has."""
    return await work.session.scalar(select(func.count()).where(ApiKey.user_id == user_id)) or 0


async def key_of(work: Work, user_id: UUID, key_id: UUID) -> ApiKey | None:
    """One of a user's keys."""
    found: ApiKey | None = await work.session.scalar(
        select(ApiKey).where(ApiKey.id == key_id, ApiKey.user_id == user_id)
    )
    return found
