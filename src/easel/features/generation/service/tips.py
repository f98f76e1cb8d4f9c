"""What the last month would have cost with other models: each generation's own settings, priced anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Float, Integer, func, select

from easel.base.clock import now
from easel.core.work import Work
from easel.features.catalogue import queries as catalogue
from easel.features.credits.models import UsageLog
from easel.providers.base import Model, Operation
from easel.providers.pricing import picture_price

from ..models import Generation
from ..schemas import ComparedModel, Comparison, Tip

PERIOD = timedelta(days=30)
_MOST_KINDS = 500
"""Different settings that are looked at; beyond them, the rarer ones are left out."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Use:
    """Pictures of the same settings."""

    model_id: str
    operation: str
    width: int
    height: int
    options: dict[str, Any]
    images: int


async def compare(work: Work) -> Comparison:
    """The last 30 days' pictures at the prices of every model that can make them, and what follows from it."""
    uses = await _uses(work)
    offer = await catalogue.offer(work)
    models = offer.models
    ready = [model for model in models if offer.ready(model)]
    compared = []
    for model in ready:
        fitting = [use for use in uses if use.operation in model.capabilities]
        if fitting and len(fitting) == len(uses):
            cost = sum((_cost(model, use) for use in fitting), Decimal(0))
            compared.append(
                ComparedModel(model=model.id, name=model.name, quality=model.quality, credits=float(cost))
            )
    compared.sort(key=lambda one: (one.credits, -one.quality, one.model))
    return Comparison(
        images=sum(use.images for use in uses),
        models=compared,
        tips=[tip for model in models if (tip := _tip(model, ready, uses))],
    )


def _tip(used: Model, models: Sequence[Model], uses: Sequence[_Use]) -> Tip | None:
    """The cheapest model of at least the same grade, where it would have cost less for this one's pictures."""
    mine = [use for use in uses if use.model_id == used.id]
    spent = sum((_cost(used, use) for use in mine), Decimal(0))
    if not spent:
        return None
    others = [
        (sum((_cost(model, use) for use in mine), Decimal(0)), -model.quality, model.id, model)
        for model in models
        if model.id != used.id
        and model.quality >= used.quality
        and all(use.operation in model.capabilities for use in mine)
    ]
    if not others:
        return None
    cost, _, _, other = min(others)
    if cost >= spent:
        return None
    return Tip(
        model=used.id,
        name=used.name,
        instead=other.id,
        instead_name=other.name,
        credits=float(spent),
        instead_credits=float(cost),
        saved_percent=round(float((spent - cost) / spent * 100), 1),
    )


def _cost(model: Model, use: _Use) -> Decimal:
    """What these pictures cost with a model: of the same size and settings where it has them, else its usual."""
    fits = model.sizes.why_not(use.width, use.height) is None
    width, height = (use.width, use.height) if fits else model.sizes.default
    known = {name: value for name, value in use.options.items() if name in model.options.model_fields}
    options = {**model.options().model_dump(), **known}
    from_picture = use.operation != Operation.TEXT_TO_IMAGE.value
    price = picture_price(model.price, width=width, height=height, options=options, from_picture=from_picture)
    return price * use.images


async def _uses(work: Work) -> list[_Use]:
    parameters = Generation.parameters
    width, height = parameters["width"].astext.cast(Integer), parameters["height"].astext.cast(Integer)
    steps = parameters["steps"].astext.cast(Float)
    seconds, quality = parameters["seconds"].astext.cast(Float), parameters["quality"].astext
    key = (Generation.model_id, Generation.operation, width, height, steps, seconds, quality)
    found = await work.session.execute(
        select(*key, func.sum(UsageLog.images))
        .join(UsageLog, UsageLog.generation_id == Generation.id)
        .where(
            UsageLog.workspace_id == work.actor.workspace,
            UsageLog.created_at >= now() - PERIOD,
            UsageLog.success,
        )
        .group_by(*key)
        .order_by(func.sum(UsageLog.images).desc())
        .limit(_MOST_KINDS)
    )
    uses = []
    for model_id, operation, across, down, taken, length, grade, images in found:
        said = {"steps": taken, "seconds": length, "quality": grade}
        options = {name: value for name, value in said.items() if value is not None}
        uses.append(_Use(model_id, operation, across, down, options, images))
    return uses
