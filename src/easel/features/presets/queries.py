"""How presets are found; `visible_to` is the only door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, select, tuple_

from easel.core.actor import Actor
from easel.core.work import Work

from .errors import PresetNotFound
from .models import DefaultPreset, Preset


def visible_to(actor: Actor) -> Select[Preset]:
    """The presets that an actor may see: those of the acting workspace."""
    return select(Preset).where(Preset.workspace_id == actor.workspace)


async def get(work: Work, preset_id: UUID) -> Preset:
    """One preset. Raises `PresetNotFound`, also for another workspace's."""
    found: Preset | None = await work.session.scalar(visible_to(work.actor).where(Preset.id == preset_id))
    if found is None:
        raise PresetNotFound
    return found


async def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[Preset]:
    """At most `limit` presets after the keyset position, newest first."""
    found = visible_to(work.actor)
    if after:
        found = found.where(tuple_(Preset.created_at, Preset.id) < after)
    found = found.order_by(Preset.created_at.desc(), Preset.id.desc()).limit(limit)
    return (await work.session.scalars(found)).all()


async def count(work: Work) -> int:
    """How many presets the acting workspace has."""
    counted = select(func.count()).select_from(visible_to(work.actor).subquery())
    return await work.session.scalar(counted) or 0


async def is_taken(work: Work, name: str, *, apart_from: UUID | None) -> bool:
    """Whether another preset of the acting workspace has this name, whatever the case."""
    others = visible_to(work.actor).where(func.lower(Preset.name) == func.lower(name))
    if apart_from:
        others = others.where(Preset.id != apart_from)
    return bool(await work.session.scalar(select(exists(others))))


async def default_of(work: Work) -> UUID | None:
    """The preset that the acting user's drafts begin with in the acting workspace."""
    found: UUID | None = await work.session.scalar(
        select(DefaultPreset.preset_id).where(
            DefaultPreset.workspace_id == work.actor.workspace, DefaultPreset.user_id == work.actor.user
        )
    )
    return found
