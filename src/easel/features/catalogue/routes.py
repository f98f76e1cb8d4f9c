"""HTTP of the catalogue: `/api/models` and `/api/generate/styles`. What a studio offers is no secret."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path

from easel.core.http import problems
from easel.core.http.deps import StudioDep

from . import queries, service
from .errors import ModelNotFound
from .schemas import CategoryList, CategoryOut, ModelList, ModelOut, StyleList

router = APIRouter(tags=["models"])


@router.get("/models", operation_id="list_models")
async def list_models(studio: StudioDep) -> ModelList:
    """All models, featured ones first."""
    items = [service.describe(studio, model) for model in queries.all_models(studio)]
    return ModelList(items=items, default=studio.settings.default_model)


@router.get("/models/featured", operation_id="list_featured_models")
async def list_featured(studio: StudioDep) -> ModelList:
    """The models to show first."""
    items = [service.describe(studio, model) for model in queries.all_models(studio) if model.featured]
    return ModelList(items=items, default=studio.settings.default_model)


@router.get("/models/categories", operation_id="list_model_categories")
async def list_categories(studio: StudioDep) -> CategoryList:
    """The kinds of models."""
    counts = Counter(model.category for model in queries.all_models(studio))
    return CategoryList(items=[CategoryOut(id=name, models=count) for name, count in sorted(counts.items())])


@router.get("/models/{id:path}", operation_id="get_model", responses=problems.responses(ModelNotFound))
async def get_model(
    id: Annotated[str, Path(description="The model's id, `provider/model`.", max_length=200)],
    studio: StudioDep,
) -> ModelOut:
    """One model with its parameters."""
    return service.describe(studio, queries.get_model(studio, id))


@router.get("/generate/styles", operation_id="list_styles")
async def list_styles() -> StyleList:
    """The style presets; each model says in its parameters which of them it takes."""
    return StyleList(items=service.styles())
