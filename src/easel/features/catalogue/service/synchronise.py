"""Bringing the table of models in line with what the providers declare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import DatabaseUnavailable, Studio, Work
from easel.providers.base import Discovers, Model, OwnQueue, Provider
from easel.providers.pricing import picture_price

from ..models import FOUND, ModelRow
from . import show

log = structlog.get_logger(__name__)


async def synchronise(studio: Studio) -> None:
    """For the start of a process, as often as one likes; a database that is away is left to the next time."""
    try:
        async with studio.work(Actor.system()) as work:
            await write(work)
    except DatabaseUnavailable:
        log.warning("catalogue.not_synchronised")


async def write(work: Work) -> None:
    """Write what has changed of the declarations; mark models that are gone. Several processes may do it at once."""
    declared = work.studio.providers.models
    await upsert(work, declared)
    # Those of servers are `discover`'s to judge, as long as there is a server.
    asked = [each.id for each in work.studio.providers if await _is_asked(work, each)]
    await mark_gone(work, [model.id for model in declared], ModelRow.provider.not_in(asked))


async def _is_asked(work: Work, provider: Provider) -> bool:
    """Whether some worker asks for the provider's models."""
    if not isinstance(provider, Discovers):
        return False
    if not provider.configured and isinstance(provider, OwnQueue):
        return await work.studio.jobs.is_attended(work.session, provider.queue)
    return provider.configured


async def upsert(work: Work, models: Iterable[Model]) -> None:
    """Write what has changed of these models."""
    moment = now()
    # In one order, so that two processes wait for each other's rows and never in a circle.
    values = [_declaration(work.studio, model) for model in sorted(models, key=lambda model: model.id)]
    if not values:
        return
    names = values[0].keys() - {"id"}
    rows = insert(ModelRow).values([value | {"created_at": moment, "updated_at": moment} for value in values])
    new = rows.excluded
    changed = or_(*(getattr(ModelRow, name).is_distinct_from(new[name]) for name in sorted(names)))
    await work.session.execute(
        rows.on_conflict_do_update(
            index_elements=["id"],
            set_={name: new[name] for name in names}
            | {
                "updated_at": moment,
                "version_changed_at": case(
                    (ModelRow.version != new.version, moment), else_=ModelRow.version_changed_at
                ),
            },
            where=changed,
        )
    )


async def mark_gone(work: Work, here: Sequence[str], among: ColumnElement[bool]) -> None:
    """Mark as gone the models `among` some that are not `here` any more."""
    await work.session.execute(
        update(ModelRow)
        .where(ModelRow.id.not_in(here), among, ModelRow.is_active)
        .values(is_active=False, updated_at=now())
    )


def _declaration(studio: Studio, model: Model) -> dict[str, Any]:
    width, height = model.sizes.default
    options = model.options()
    details = show.details(studio, model).model_dump(mode="json")
    if model.found is not None:
        details[FOUND] = dict(model.found)
    price = picture_price(model.price, width=width, height=height, options=options.model_dump())
    return {
        "id": model.id,
        "provider": model.provider_id,
        "provider_model_id": model.id.partition("/")[2],
        "name": model.id.rpartition("/")[2],
        "display_name": model.name,
        "description": model.description,
        "category": model.category,
        "version": model.version,
        "capabilities": sorted(model.capabilities),
        "parameter_schema": model.options.model_json_schema(),
        "default_parameters": options.model_dump(mode="json"),
        "cost_per_generation": price,
        "details": details,
        "is_active": True,
        "is_featured": model.featured,
    }
