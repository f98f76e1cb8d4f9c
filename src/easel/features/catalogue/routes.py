"""HTTP of the catalogue: `/api/models`, `/api/admin/models` and `/api/generate/styles`.

What a studio offers is no secret; how much it is used is for those who are signed in.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Query

from easel.core.http import problems
from easel.core.http.deps import WITHOUT_CREDENTIALS, Administering, Open, Reading
from easel.core.http.paging import BadCursor, decode_key, encode_key
from easel.core.work import Work

from . import queries
from .errors import ModelNotFound
from .schemas import (
    CategoryList,
    CategoryOut,
    ModelChangeIn,
    ModelFilter,
    ModelList,
    ModelOut,
    ModelStatsList,
    ModelStatsOut,
    StyleList,
    ToggleIn,
)
from .service import administer, show

router = APIRouter(tags=["models"])
admin = APIRouter(prefix="/admin", tags=["admin"])
_KIND = "models"

ModelId = Annotated[str, Path(description="The model's id, `provider/model`.", max_length=200)]


@router.get(
    "/models",
    operation_id="list_models",
    responses=problems.responses(BadCursor),
    openapi_extra=WITHOUT_CREDENTIALS,
)
async def list_models(work: Open, query: Annotated[ModelFilter, Query()]) -> ModelList:
    """The models that this studio offers, featured ones first."""
    return await _page(work, query)


@router.get("/models/featured", operation_id="list_featured_models", openapi_extra=WITHOUT_CREDENTIALS)
async def list_featured(work: Open) -> ModelList:
    """The models to show first."""
    return await _page(work, ModelFilter(featured=True, limit=500))


@router.get("/models/categories", operation_id="list_model_categories", openapi_extra=WITHOUT_CREDENTIALS)
async def list_categories(work: Open) -> CategoryList:
    """The kinds of models."""
    counts = Counter(model.category for model in (await queries.offer(work)).models)
    return CategoryList(items=[CategoryOut(id=name, models=count) for name, count in sorted(counts.items())])


@router.get("/models/stats", operation_id="list_model_stats")
async def list_stats(work: Reading) -> ModelStatsList:
    """How all models have done in the last seven days, over the whole studio."""
    offer = (await show.view(work)).offer
    return ModelStatsList(items=await show.stats(work, [model.id for model in offer.models]))


@router.get(
    "/models/{id:path}/stats", operation_id="get_model_stats", responses=problems.responses(ModelNotFound)
)
async def get_stats(id: ModelId, work: Reading) -> ModelStatsOut:
    """How a model has done in the last seven days, over the whole studio."""
    model = await show.one(work, id)
    return (await show.stats(work, [model.id]))[0]


@router.get(
    "/models/{id:path}",
    operation_id="get_model",
    responses=problems.responses(ModelNotFound),
    openapi_extra=WITHOUT_CREDENTIALS,
)
async def get_model(id: ModelId, work: Open) -> ModelOut:
    """One model with its parameters."""
    return await show.one(work, id)


@admin.put(
    "/models/{id:path}/toggle",
    operation_id="toggle_model",
    responses=problems.responses(ModelNotFound),
)
async def toggle(id: ModelId, body: ToggleIn, work: Administering) -> ModelOut:
    """Switch a model on or off, for everyone and at once. What waits in the queue is still made."""
    await administer.switch(work, id, body.active)
    return await show.one(work, id)


@admin.put(
    "/models/{id:path}",
    operation_id="change_model",
    responses=problems.responses(ModelNotFound),
)
async def change(id: ModelId, body: ModelChangeIn, work: Administering) -> ModelOut:
    """Feature a model, or set its price for what is submitted from now on."""
    await administer.change(work, id, body.model_dump(include=body.model_fields_set))
    return await show.one(work, id)


@router.get("/generate/styles", operation_id="list_styles")
async def list_styles() -> StyleList:
    """The style presets; each model says in its parameters which of them it takes."""
    return StyleList(items=show.styles())


async def _page(work: Work, query: ModelFilter) -> ModelList:
    seen = await show.view(work)
    models = seen.offer.models
    if query.cursor is not None:
        after = _place(query.cursor)
        models = [model for model in models if queries.place_of(model) > after]
    shown = show.matching([seen.show(model) for model in models], query)
    page = shown[: query.limit]
    more = len(shown) > len(page)
    return ModelList(
        items=page,
        default=work.studio.settings.default_model,
        next_cursor=_cursor(page[-1]) if more else None,
    )


def _cursor(model: ModelOut) -> str:
    return encode_key(_KIND, "featured" if model.featured else "", model.name.lower(), model.id)


def _place(cursor: str) -> tuple[bool, str, str]:
    words = decode_key(_KIND, cursor)
    if len(words) != 3:
        raise BadCursor
    featured, name, id = words
    return not featured, name, id
