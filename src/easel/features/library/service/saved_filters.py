"""Filters that a workspace keeps under names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from easel.core.work import Work

from ..errors import FilterNameTaken, SavedFilterNotFound, TooManySavedFilters
from ..models import SavedFilter
from ..schemas import SavedFilterIn, SavedFilterOut

_MOST: Final = 100


async def kept(work: Work) -> Sequence[SavedFilter]:
    """The acting workspace's filters, by name."""
    found = (
        select(SavedFilter)
        .where(SavedFilter.workspace_id == work.actor.workspace)
        .order_by(func.lower(SavedFilter.name), SavedFilter.id)
    )
    return (await work.session.scalars(found)).all()


async def keep(work: Work, body: SavedFilterIn) -> SavedFilter:
    """Keep a filter. Raises `FilterNameTaken`, `TooManySavedFilters`."""
    if len(await kept(work)) >= _MOST:
        raise TooManySavedFilters
    row = SavedFilter(
        workspace_id=work.actor.workspace,
        user_id=work.actor.user,
        name=body.name,
        filter=body.filter.model_dump(mode="json", exclude_defaults=True),
        sort=body.sort,
        order=body.order,
    )
    taken = select(SavedFilter.id).where(
        SavedFilter.workspace_id == row.workspace_id, func.lower(SavedFilter.name) == func.lower(row.name)
    )
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"saved_filters {row.workspace_id}", 0))
    await work.session.execute(select(lock))
    if await work.session.scalar(taken):
        raise FilterNameTaken
    work.session.add(row)
    await work.session.flush()
    return row


async def forget(work: Work, filter_id: UUID) -> None:
    """Delete a filter. Raises `SavedFilterNotFound`, also for another workspace's."""
    row = await work.session.get(SavedFilter, filter_id)
    if row is None or row.workspace_id != work.actor.workspace:
        raise SavedFilterNotFound
    await work.session.delete(row)


def show(row: SavedFilter) -> SavedFilterOut:
    """A filter as the API shows it."""
    return SavedFilterOut.model_validate(row, from_attributes=True)
