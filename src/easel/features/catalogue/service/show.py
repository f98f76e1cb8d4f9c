"""The catalogue as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from easel.base.clock import now
from easel.core.work import Studio, Work
from easel.providers.base import Model

from .. import policy, queries
from ..errors import ModelNotFound
from ..models import ModelRow
from ..schemas import (
    CostOut,
    ModelDetails,
    ModelFilter,
    ModelOut,
    ModelStatsOut,
    SizesOut,
    StyleOut,
)
from . import breakers


@dataclass(frozen=True, slots=True)
class View:
    """The offer as someone sees it."""

    offer: queries.Offer
    first: datetime | None
    at: datetime
    down: Mapping[str, datetime] = field(default_factory=dict)

    def show(self, model: Model) -> ModelOut:
        """A model that is in the studio."""
        studio = self.offer.studio
        row = self.offer.rows.get(model.id)
        active = self.offer.active(model)
        reason = model.retired or (None if active else "An administrator has switched it off.")
        reason = reason or self.offer.out_of_reach(model)
        missing_key = None if reason else self.offer.missing_key(model)
        reason = reason or missing_key
        cost = _cost(model)
        declared = self.offer.declared(model.id)
        if declared and row and row.set_price is not None:
            cost.declared_credits = float(declared.price.credits)
        return ModelOut(
            **details(studio, model).model_dump(exclude={"cost"}),
            id=model.id,
            provider=model.provider_id,
            name=model.name,
            description=model.description,
            category=model.category,
            version=model.version,
            capabilities=sorted(model.capabilities),
            parameters=model.options.model_json_schema(),
            defaults=model.options().model_dump(mode="json"),
            cost=cost,
            featured=model.featured,
            active=active,
            available=reason is None,
            unavailable_reason=reason,
            needs_key=missing_key is not None,
            down_until=self.down.get(model.id),
            added_at=row.created_at if row else None,
            updated_at=row.updated_at if row else None,
            notice=policy.notice(row.created_at, self.first, row.version_changed_at, self.at)
            if row and self.first
            else None,
        )


async def view(work: Work) -> View:
    """The offer as the acting user sees it; without their keys where nobody is signed in."""
    offer = await queries.whole_offer(work)
    first = min((row.created_at for row in offer.rows.values()), default=None)
    return View(offer, first, now(), await breakers.down(work))


async def one(work: Work, model_id: str) -> ModelOut:
    """One model, also of those that are gone from the studio. Raises `ModelNotFound`."""
    seen = await view(work)
    try:
        return seen.show(seen.offer.get(model_id))
    except ModelNotFound:
        row = seen.offer.rows.get(model_id)
        if row is None:
            raise
        return _gone(row)


def matching(models: list[ModelOut], wanted: ModelFilter) -> list[ModelOut]:
    """Those of `models` that a filter lets through."""
    words = (wanted.q or "").lower().split()

    def fits(model: ModelOut) -> bool:
        about = " ".join(
            (model.id, model.name, model.provider_name, model.description, model.best_use, model.category)
        ).lower()
        return (
            all(word in about for word in words)
            and wanted.capability in (None, *model.capabilities)
            and wanted.category in (None, model.category)
            and wanted.provider in (None, model.provider)
            and wanted.featured in (None, model.featured)
        )

    return [model for model in models if fits(model)]


async def stats(work: Work, models: list[str]) -> list[ModelStatsOut]:
    """How models have done lately, in their order."""
    found = await queries.measured(work, models)
    down = await breakers.down(work)
    return [_stats(id, found[id], down=id in down) for id in models]


def details(studio: Studio, model: Model) -> ModelDetails:
    """What the table keeps of a declaration as it is shown."""
    return ModelDetails(
        provider_name=studio.providers.of(model).title,
        sizes=SizesOut(
            default=model.sizes.default,
            minimum=model.sizes.minimum,
            maximum=model.sizes.maximum,
            step=model.sizes.step,
            min_pixels=model.sizes.min_pixels,
            max_pixels=model.sizes.max_pixels,
            max_ratio=model.sizes.max_ratio,
            only=list(model.sizes.only),
            aspect_ratios={name: policy.size_of_ratio(model.sizes, name) for name in policy.ASPECT_RATIOS},
        ),
        formats=list(model.formats),
        max_images=model.max_images,
        max_prompt=model.max_prompt,
        cost=_cost(model),
        speed=model.speed,
        quality=model.quality,
        best_use=model.best_use,
        recommended=dict(model.recommended),
        licence=model.licence,
        documentation_url=model.documentation_url,
        retired=model.retired,
    )


def styles() -> list[StyleOut]:
    """The style presets as the API shows them."""
    return [
        StyleOut(
            id=style["id"],
            name=style["name"],
            description=style["description"],
            thumbnail_url=f"/styles/{style['id']}.webp",
        )
        for style in queries.styles()
    ]


def _gone(row: ModelRow) -> ModelOut:
    return ModelOut(
        **ModelDetails.model_validate(row.details).model_dump(),
        id=row.id,
        provider=row.provider,
        name=row.display_name,
        description=row.description,
        category=row.category,
        version=row.version,
        capabilities=row.capabilities,
        parameters=row.parameter_schema,
        defaults=row.default_parameters,
        featured=False,
        active=False,
        available=False,
        unavailable_reason="It is not in this studio any more.",
        needs_key=False,
        down_until=None,
        added_at=row.created_at,
        updated_at=row.updated_at,
        notice=None,
    )


def _cost(model: Model) -> CostOut:
    return CostOut(
        credits=float(model.price.credits),
        unit=model.price.unit,
        explanation=model.price.explanation,
        free=model.price.free,
        declared_credits=None,
    )


def _stats(model_id: str, found: queries.Measured, *, down: bool) -> ModelStatsOut:
    judged = found.succeeded + found.failed
    return ModelStatsOut(
        model=model_id,
        days=queries.PERIOD.days,
        generations=found.generations,
        success_rate=found.succeeded / judged if judged else None,
        p50_seconds=found.p50,
        p95_seconds=found.p95,
        health="down" if down else policy.health(found.latest_succeeded, found.latest_failed),
    )
