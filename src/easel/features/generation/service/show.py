"""Generations as the API shows them: with their pictures, place in the queue and estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library import service as library_service
from easel.features.library.models import Image

from .. import queries
from ..models import Generation
from ..schemas import GenerationError, GenerationOut, LinksOut, ProgressOut
from .inputs import ADJUSTED
from .live import shown_progress
from .places import Place, places


async def show(work: Work, rows: Sequence[Generation]) -> list[GenerationOut]:
    """The records of `rows`, in their order; a few queries for all of them."""
    images = await library.of_generations(work, [row.id for row in rows if row.status == "completed"])
    images |= await _edited(work, rows)
    waiting = await places(work, rows)
    usual_seconds = await queries.usual_seconds(work, rows)
    shown = []
    for row in rows:
        place = waiting.get(row.id)
        usual = usual_seconds.get(row.model_id)
        eta = _estimate(row, place, usual) if row.status in queries.UNFINISHED else None
        shown.append(
            _record(
                row,
                images.get(row.id, ()),
                progress=shown_progress(row.id, row.progress),
                position=place.before if place else None,
                eta_seconds=eta,
            )
        )
    return shown


async def _edited(work: Work, rows: Sequence[Generation]) -> dict[UUID, list[Image]]:
    """The pictures of finished edits: those that they began with, in another version now."""
    edits = {
        row.id: row.parent_image_id
        for row in rows
        if row.operation == ADJUSTED and row.status == "completed" and row.parent_image_id
    }
    if not edits:
        return {}
    found = await work.session.scalars(
        library.visible_to(work.actor).where(Image.id.in_(set(edits.values())), Image.deleted_at.is_(None))
    )
    by_id = {image.id: image for image in found}
    return {id: [by_id[image_id]] for id, image_id in edits.items() if image_id in by_id}


def _record(
    row: Generation,
    images: Sequence[Image],
    *,
    progress: dict[str, Any],
    position: int | None,
    eta_seconds: float | None,
) -> GenerationOut:
    if row.status == "completed":
        progress = {**progress, "percent": 100, "preview_url": None}
    self_url = f"/api/generate/queue/{row.id}/status"
    return GenerationOut(
        id=row.id,
        status=row.status,
        operation=row.operation,
        model=row.model_id,
        asked_model=row.asked_model_id,
        model_reason=row.model_reason,
        failover=row.failover,
        prompt=row.prompt,
        negative_prompt=row.negative_prompt,
        parameters=row.parameters,
        num_images=row.num_images,
        parent_image_id=row.parent_image_id,
        mask_id=row.inputs.get("mask_id"),
        progress=ProgressOut(**progress),
        position=position,
        eta_seconds=eta_seconds,
        waits_until=row.scheduled_at if row.status == "pending" and row.held_at else None,
        retry_count=row.retry_count,
        cost_credits=float(row.cost_credits),
        error=GenerationError(code=row.error_code, message=row.error_message or "")
        if row.error_code
        else None,
        images=[library_service.show(image) for image in images],
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        links=LinksOut(self=self_url, cancel=f"/api/generate/queue/{row.id}", events="/api/events"),
    )


def _estimate(row: Generation, place: Place | None, usual: float | None) -> float | None:
    """Seconds until the end: the model's usual time, once for each round that goes before, less what is done."""
    if usual is None:
        return None
    if place is not None:
        return round(usual * (place.rounds + 1), 1)
    done = float(row.progress.get("percent", 0)) / 100
    return round(usual * (1 - done), 1)
