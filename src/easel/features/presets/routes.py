"""HTTP of presets: `/api/generate/presets`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from easel.base.errors import InvalidInput
from easel.core.http import problems
from easel.core.http.deps import Managing, Reading
from easel.core.http.paging import BadCursor, decode_cursor, encode_cursor
from easel.features.catalogue.errors import ModelNotFound, ModelUnavailable

from . import queries, service
from .errors import PresetNameTaken, PresetNotFound, TooManyPresets
from .models import Preset
from .schemas import PresetIn, PresetOut, PresetPage

router = APIRouter(prefix="/generate/presets", tags=["generation"])

PresetId = Annotated[UUID, Path(description="The preset's id.")]


class PresetQuery(BaseModel):
    """Which presets to list; an unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    count: bool = Field(False, description="Whether to answer `total` too.")


@router.get("", operation_id="list_presets", responses=problems.responses(BadCursor))
async def list_presets(work: Reading, query: Annotated[PresetQuery, Query()]) -> PresetPage:
    """The presets of the workspace, the newest first."""
    after = decode_cursor("presets", query.cursor) if query.cursor else None
    rows = await queries.page(work, limit=query.limit + 1, after=after)
    shown, more = rows[: query.limit], len(rows) > query.limit
    default = await queries.default_of(work)
    return PresetPage(
        items=[_shown(row, default) for row in shown],
        next_cursor=encode_cursor("presets", shown[-1].created_at, shown[-1].id) if more else None,
        total=await queries.count(work) if query.count else None,
    )


@router.post(
    "",
    status_code=201,
    operation_id="create_preset",
    responses=problems.responses(
        ModelNotFound, ModelUnavailable, InvalidInput, PresetNameTaken, TooManyPresets
    ),
)
async def create_preset(body: PresetIn, work: Managing) -> PresetOut:
    """Keep settings under a name, for everyone in the workspace. They are checked as if they were submitted."""
    preset = await service.create(work, body)
    return _shown(preset, await queries.default_of(work))


@router.put(
    "/{id:uuid}",
    operation_id="update_preset",
    responses=problems.responses(
        PresetNotFound, ModelNotFound, ModelUnavailable, InvalidInput, PresetNameTaken
    ),
)
async def update_preset(id: PresetId, body: PresetIn, work: Managing) -> PresetOut:
    """Replace a preset's name, its settings, and whether it is your own default."""
    preset = await service.change(work, id, body)
    return _shown(preset, await queries.default_of(work))


@router.delete(
    "/{id:uuid}", status_code=204, operation_id="delete_preset", responses=problems.responses(PresetNotFound)
)
async def delete_preset(id: PresetId, work: Managing) -> None:
    """Delete a preset; what was made with it stays."""
    await service.remove(work, id)


def _shown(preset: Preset, default: UUID | None) -> PresetOut:
    return PresetOut(
        id=preset.id,
        name=preset.name,
        settings=service.settings_of(preset),
        is_default=preset.id == default,
        created_at=preset.created_at,
        updated_at=preset.updated_at,
    )
