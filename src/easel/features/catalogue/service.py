"""The catalogue as the API shows it."""

from __future__ import annotations

from easel.core.work import Studio
from easel.providers.base import Model

from . import policy, queries
from .schemas import CostOut, ModelOut, SizesOut, StyleOut


def describe(studio: Studio, model: Model) -> ModelOut:
    """A model as the API shows it."""
    return ModelOut(
        id=model.id,
        provider=model.provider_id,
        provider_name=studio.providers.of(model).title,
        name=model.name,
        description=model.description,
        category=model.category,
        version=model.version,
        capabilities=sorted(model.capabilities),
        parameters=model.options.model_json_schema(),
        defaults=model.options().model_dump(mode="json"),
        sizes=SizesOut(
            minimum=model.sizes.minimum,
            maximum=model.sizes.maximum,
            step=model.sizes.step,
            max_pixels=model.sizes.max_pixels,
            only=list(model.sizes.only),
            aspect_ratios={name: policy.size_of_ratio(model.sizes, name) for name in policy.ASPECT_RATIOS},
        ),
        formats=list(model.formats),
        max_images=model.max_images,
        max_prompt=model.max_prompt,
        cost=CostOut(
            credits=float(model.price.credits),
            unit=model.price.unit,
            explanation=model.price.explanation,
            free=model.price.free,
        ),
        speed=model.speed,
        quality=model.quality,
        best_use=model.best_use,
        licence=model.licence,
        documentation_url=model.documentation_url,
        featured=model.featured,
        active=True,
        available=True,
        unavailable_reason=None,
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
