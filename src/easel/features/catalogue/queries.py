"""Reading the catalogue: the models with administrators' changes on top, and how they have done lately."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, or_, select

from easel.base.clock import now
from easel.core.work import Studio, Work
from easel.features.credits.models import UsageLog
from easel.providers.base import Model

from .errors import ModelNotFound, ModelUnavailable
from .models import ModelRow


def place_of(model: Model) -> tuple[bool, str, str]:
    """Where a model stands in lists: featured ones first, then by name."""
    return not model.featured, model.name.lower(), model.id


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of this studio as they are offered now: with the price and place that administrators gave them."""

    studio: Studio
    rows: Mapping[str, ModelRow] = field(default_factory=dict)

    @property
    def models(self) -> list[Model]:
        """Every model, featured ones first, then by name."""
        return sorted(map(self._offered, self.studio.providers.models), key=place_of)

    def get(self, model_id: str | None) -> Model:
        """A model by id, switched on or off; None means the studio's default. Raises `ModelNotFound`."""
        wanted = model_id or self.studio.settings.default_model
        model = self.studio.providers.model(wanted)
        if model is None:
            raise ModelNotFound(f"There is no model {wanted} in this studio; GET /api/models lists them.")
        return self._offered(model)

    def usable(self, model_id: str | None) -> Model:
        """A model that may be used. Raises `ModelNotFound`, `ModelUnavailable` for one that is off or retired."""
        model = self.get(model_id)
        if model.retired:
            raise ModelUnavailable(model.retired)
        if not self.active(model):
            raise ModelUnavailable(f"An administrator has switched {model.name} off. Choose another model.")
        return model

    def active(self, model: Model) -> bool:
        """Whether a model is switched on."""
        row = self.rows.get(model.id)
        return row is None or row.set_active is not False

    def ready(self, model: Model) -> bool:
        """Whether a model is switched on and its service still has it."""
        return self.active(model) and not model.retired

    def _offered(self, model: Model) -> Model:
        row = self.rows.get(model.id)
        if row is None:
            return model
        featured = model.featured if row.set_featured is None else row.set_featured
        price = model.price if row.set_price is None else model.price.replaced_by(row.set_price)
        return dataclasses.replace(model, featured=featured, price=price)


async def offer(work: Work) -> Offer:
    """What is offered now: one look into the table, for as many models as one likes."""
    changed = or_(
        ModelRow.set_active.is_not(None), ModelRow.set_featured.is_not(None), ModelRow.set_price.is_not(None)
    )
    rows = await work.session.scalars(select(ModelRow).where(changed))
    return Offer(work.studio, {row.id: row for row in rows})


async def whole_offer(work: Work) -> Offer:
    """As `offer`, with the rows of all models, also of those that are gone."""
    rows = await work.session.scalars(select(ModelRow))
    return Offer(work.studio, {row.id: row for row in rows})


PERIOD = timedelta(days=7)
LATEST = 20
"""So many of a model's last runs say how it stands."""
NOT_THE_MODELS_FAULT = ("content_refused", "invalid_input", "not_configured", "cancelled")
"""Failures that tell of the request or the studio, not of the model."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model has done within `PERIOD`: its records of use, and of those the successes and its faults.

    A failure that was tried again by hand counts, and so does what came of the next try. `latest_succeeded` and
    `latest_failed` are of its last `LATEST`.
    """

    generations: int = 0
    succeeded: int = 0
    failed: int = 0
    p50: float | None = None
    p95: float | None = None
    latest_succeeded: int = 0
    latest_failed: int = 0


async def measured(work: Work, models: Sequence[str]) -> dict[str, Measured]:
    """How models have done lately, over all workspaces."""
    judged = or_(UsageLog.success, func.coalesce(UsageLog.error_code, "").not_in(NOT_THE_MODELS_FAULT))
    newest_first = UsageLog.created_at.desc()
    run = (
        select(
            UsageLog.model_id,
            UsageLog.success.label("done"),
            (judged & ~UsageLog.success).label("at_fault"),
            UsageLog.generation_time.label("seconds"),
            func.row_number()
            .over(partition_by=(UsageLog.model_id, judged), order_by=newest_first)
            .label("latest"),
        )
        .where(UsageLog.model_id.in_(models), UsageLog.created_at >= now() - PERIOD)
        .subquery()
        .c
    )
    found = await work.session.execute(
        select(
            run.model_id,
            func.count(),
            func.count().filter(run.done),
            func.count().filter(run.at_fault),
            func.percentile_cont(0.5).within_group(run.seconds).filter(run.done),
            func.percentile_cont(0.95).within_group(run.seconds).filter(run.done),
            func.count().filter(run.latest <= LATEST, run.done),
            func.count().filter(run.latest <= LATEST, run.at_fault),
        ).group_by(run.model_id)
    )
    known = {model_id: Measured(*numbers) for model_id, *numbers in found}
    return {id: known.get(id, Measured()) for id in models}


@cache
def styles() -> tuple[dict[str, Any], ...]:
    """The style presets as data: id, name, description, and the words they add for models without styles."""
    return tuple(json.loads(files("easel.features.catalogue").joinpath("styles.json").read_text()))
