"""Reading the catalogue: the models with administrators' changes on top, and how they have done lately."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import or_, select, text

from easel.base.clock import now
from easel.core.work import Studio, Work
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
        """A model that may be used. Raises `ModelNotFound`, `ModelUnavailable` for one that is switched off."""
        model = self.get(model_id)
        if not self.active(model):
            raise ModelUnavailable(f"An administrator has switched {model.name} off. Choose another model.")
        return model

    def active(self, model: Model) -> bool:
        """Whether a model is switched on."""
        row = self.rows.get(model.id)
        return row is None or row.set_active is not False

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

# Generations stand above this feature; what it measures are their numbers alone, by the index made for it.
_MEASURED = text("""
    SELECT model.id, run.* FROM unnest(CAST(:models AS text[])) AS model (id), LATERAL (
        SELECT
            count(*),
            count(*) FILTER (WHERE done),
            count(*) FILTER (WHERE at_fault),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE done),
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE done),
            count(*) FILTER (WHERE latest <= :latest AND done),
            count(*) FILTER (WHERE latest <= :latest AND at_fault)
        FROM (
            SELECT done, at_fault, seconds,
                row_number() OVER (PARTITION BY done OR at_fault ORDER BY completed_at DESC) AS latest
            FROM (
                SELECT completed_at, status = 'completed' AS done,
                    status = 'failed' AND coalesce(error_code, '') <> ALL (CAST(:excused AS text[])) AS at_fault,
                    extract(epoch FROM completed_at - started_at)::float8 AS seconds
                FROM generations
                WHERE model_id = model.id AND status IN ('completed', 'failed') AND completed_at >= :since
            ) AS ended
        ) AS ranked
    ) AS run
""")


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model has done within `PERIOD`: generations that ended, and of those the successes and its faults.

    `latest_succeeded` and `latest_failed` are of its last `LATEST`.
    """

    generations: int
    succeeded: int
    failed: int
    p50: float | None
    p95: float | None
    latest_succeeded: int
    latest_failed: int


async def measured(work: Work, models: Iterable[str]) -> dict[str, Measured]:
    """How models have done lately, over all workspaces."""
    found = await work.session.execute(
        _MEASURED,
        {
            "models": list(models),
            "since": now() - PERIOD,
            "latest": LATEST,
            "excused": list(NOT_THE_MODELS_FAULT),
        },
    )
    return {model_id: Measured(*numbers) for model_id, *numbers in found}


@cache
def styles() -> tuple[dict[str, Any], ...]:
    """The style presets as data: id, name, description, and the words they add for models without styles."""
    return tuple(json.loads(files("easel.features.catalogue").joinpath("styles.json").read_text()))
