"""Generations as the API shows them: with their pictures, place in the queue and estimate."""

from __future__ import annotations

from collections.abc import Sequence

from easel.core.work import Work
from easel.features.library import queries as library

from .. import queries
from ..models import Generation
from ..schemas import GenerationOut
from .live import shown_progress


async def show(work: Work, rows: Sequence[Generation]) -> list[GenerationOut]:
    """The records of `rows`, in their order; two queries for all, and some for those that are unfinished."""
    images = await library.of_generations(work, [row.id for row in rows if row.status == "completed"])
    usual: dict[str, float | None] = {}
    shown = []
    for row in rows:
        position = await queries.position(work, row)
        eta = None
        if row.status in queries.UNFINISHED:
            if row.model_id not in usual:
                usual[row.model_id] = await queries.usual_seconds(work, row.model_id)
            eta = _estimate(row, position, usual[row.model_id])
        shown.append(
            GenerationOut.of(
                row,
                images.get(row.id, ()),
                progress=shown_progress(row.id, row.progress),
                position=position,
                eta_seconds=eta,
            )
        )
    return shown


def _estimate(row: Generation, position: int | None, usual: float | None) -> float | None:
    """Seconds until the end: the model's usual time, once for each that waits before, less what is done."""
    if usual is None:
        return None
    if position is not None:
        return round(usual * (position + 1), 1)
    done = float(row.progress.get("percent", 0)) / 100
    return round(usual * (1 - done), 1)
