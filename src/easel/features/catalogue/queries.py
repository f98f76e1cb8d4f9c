"""Reading the catalogue: the models with administrators' changes on top, and how they have done lately.

Most models are declared by their providers and known to every process. Those of a server of the operator's own are
discovered by the workers and kept in the table; here they are made again from what was kept (`Model.found`).
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, or_, select

from easel.base.clock import now
from easel.core.work import Studio, Work
from easel.features.connections import queries as keys
from easel.features.credits.models import UsageLog
from easel.providers.base import Discovers, Model, Provider

from .errors import ModelNotFound, ModelUnavailable, ProviderKeyMissing
from .models import FOUND, OUT_OF_REACH, ModelRow


def place_of(model: Model) -> tuple[bool, str, str]:
    """Where a model stands in lists: featured ones first, then by name."""
    return not model.featured, model.name.lower(), model.id


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of this studio as they are offered now: with the price and place that administrators gave them.

    `own_keys` are the providers to which the acting user has a key of their own.
    """

    studio: Studio
    rows: Mapping[str, ModelRow] = field(default_factory=dict)
    own_keys: frozenset[str] = frozenset()

    @property
    def models(self) -> list[Model]:
        """Every model, featured ones first, then by name."""
        here = [self.declared(id) for id in self.rows if self.studio.providers.model(id) is None]
        known = [*self.studio.providers.models, *(model for model in here if model is not None)]
        return sorted(map(self._offered, known), key=place_of)

    def declared(self, model_id: str) -> Model | None:
        """A model as its provider declares it, or as it was discovered."""
        known = self.studio.providers.model(model_id)
        if known is not None:
            return known
        row = self.rows.get(model_id)
        return recalled(self.studio, row) if row is not None else None

    def get(self, model_id: str | None) -> Model:
        """A model by id, switched on or off; None means the studio's default. Raises `ModelNotFound`."""
        wanted = model_id or self.studio.settings.default_model
        model = self.declared(wanted)
        if model is None:
            raise ModelNotFound(f"There is no model {wanted} in this studio; GET /api/models lists them.")
        return self._offered(model)

    def usable(self, model_id: str | None) -> Model:
        """A model that may be used.

        Raises `ModelNotFound`, `ModelUnavailable` for one that is off, retired or out of reach, and
        `ProviderKeyMissing`.
        """
        model = self.get(model_id)
        if model.retired:
            raise ModelUnavailable(model.retired)
        if not self.active(model):
            raise ModelUnavailable(f"An administrator has switched {model.name} off. Choose another model.")
        if (away := self.out_of_reach(model)) is not None:
            raise ModelUnavailable(away)
        if (missing := self.missing_key(model)) is not None:
            raise ProviderKeyMissing.of(model.provider_id, f"{model.name} cannot be used yet. {missing}")
        return model

    def active(self, model: Model) -> bool:
        """Whether a model is switched on."""
        row = self.rows.get(model.id)
        return row is None or row.set_active is not False

    def ready(self, model: Model) -> bool:
        """Whether a model is switched on and its service still has it."""
        return self.active(model) and not model.retired

    def out_of_reach(self, model: Model) -> str | None:
        """Why a discovered model's server could not be asked the last time; None when it could."""
        row = self.rows.get(model.id)
        reason: str | None = row.details.get(OUT_OF_REACH) if row is not None else None
        return reason

    def missing_key(self, model: Model) -> str | None:
        """That neither the acting user nor the studio has a key to a model's provider, and what to do."""
        provider = self.studio.providers.of(model)
        missing = unset(provider)
        if not missing or (len(provider.secrets) == 1 and provider.id in self.own_keys):
            return None
        return f"It needs a key to {provider.title}: enter yours in the settings, or set {' and '.join(missing)}."

    def _offered(self, model: Model) -> Model:
        row = self.rows.get(model.id)
        if row is None:
            return model
        featured = model.featured if row.set_featured is None else row.set_featured
        price = model.price if row.set_price is None else model.price.replaced_by(row.set_price)
        return dataclasses.replace(model, featured=featured, price=price)


async def offer(work: Work, *model_ids: str | None) -> Offer:
    """What is offered now, by one look into the table; where models are named, only of those (None: the default)."""
    studio = work.studio
    ids = {id or studio.settings.default_model for id in model_ids}
    changed = or_(
        ModelRow.set_active.is_not(None),
        ModelRow.set_featured.is_not(None),
        ModelRow.set_price.is_not(None),
        ModelRow.details.has_key(FOUND),
    )
    rows = await work.session.scalars(select(ModelRow).where(ModelRow.id.in_(ids) if ids else changed))
    serving = [studio.providers.serving(id) for id in ids] if ids else list(studio.providers)
    wanting = any(provider is not None and unset(provider) for provider in serving)
    return Offer(studio, {row.id: row for row in rows}, await _own_keys(work) if wanting else frozenset())


async def whole_offer(work: Work) -> Offer:
    """As `offer`, with the rows of all models, also of those that are gone."""
    rows = await work.session.scalars(select(ModelRow))
    return Offer(work.studio, {row.id: row for row in rows}, await _own_keys(work))


async def find(work: Work, model_id: str) -> Model | None:
    """A model as its provider declares it, or as it was discovered; None where it is not in the studio."""
    known = work.studio.providers.model(model_id)
    if known is not None:
        return known
    if not isinstance(work.studio.providers.serving(model_id), Discovers):
        return None
    row = await work.session.get(ModelRow, model_id)
    return recalled(work.studio, row) if row is not None else None


def recalled(studio: Studio, row: ModelRow) -> Model | None:
    """A discovered model from its row; None for one that is gone, or was declared."""
    found = row.details.get(FOUND)
    return studio.providers.recall(row.id, found) if row.is_active and found is not None else None


def unset(provider: Provider) -> list[str]:
    """The variables of a provider's secrets that are not set."""
    return [secret.env for secret in provider.secrets if not os.environ.get(secret.env)]


async def _own_keys(work: Work) -> frozenset[str]:
    user_id = work.actor.user_id
    return frozenset(await keys.keys_of(work, user_id)) if user_id else frozenset()


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
