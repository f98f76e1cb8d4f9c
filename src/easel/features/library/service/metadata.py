"""What is known of pictures, as one JSON document or CSV table, streamed by stretches."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, Literal
from uuid import UUID

from easel.core.actor import Actor
from easel.core.work import Studio

from .. import queries
from ..models import Image
from ..schemas import Selection
from .showing import show

COLUMNS: Final = (
    "id", "created_at", "title", "prompt", "negative_prompt", "model", "model_version", "operation", "seed",
    "width", "height", "format", "file_size", "content_hash", "tags", "rating", "is_favorite", "is_public",
    "project_id", "generation_id", "parent_image_id", "cost_credits", "generation_time", "alt_text", "notes",
    "parameters", "download_url",
)  # fmt: skip
_STRETCH: Final = 500
_RUN_BY_SHEETS: Final = ("=", "+", "-", "@", "\t", "\r")


async def written(
    studio: Studio, actor: Actor, which: Selection, form: Literal["json", "csv"]
) -> AsyncIterator[bytes]:
    """The records of pictures: those of the acting workspace alone, in the order of ids that were named."""
    async with studio.work(actor) as work:
        ids = await queries.some_ids(work, which.filter, None) if which.filter else which.ids or []
    yield b"[" if form == "json" else _line(COLUMNS)
    first = True
    for start in range(0, len(ids), _STRETCH):
        records = await _records(studio, actor, ids[start : start + _STRETCH])
        if form == "csv":
            yield b"".join(_line([_cell(record[name]) for name in COLUMNS]) for record in records)
        else:
            parts = [json.dumps(record, ensure_ascii=False) for record in records]
            if parts:
                yield (("" if first else ",") + "\n" + ",\n".join(parts)).encode()
                first = False
    if form == "json":
        yield b"\n]\n"


async def _records(studio: Studio, actor: Actor, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    async with studio.work(actor) as work:
        rows = await work.session.scalars(queries.visible_to(actor).where(Image.id.in_(ids)))
        images = {image.id: image for image in rows}
    return [show(images[id]).model_dump(mode="json") for id in ids if id in images]


def _line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    """A value as text; what a spreadsheet would run as a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(value)
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    elif not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_RUN_BY_SHEETS) else value
