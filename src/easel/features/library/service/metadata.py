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
# Also as full-width letters, which some spreadsheets take for the same, and after a line that seems empty.
_RUN_BY_SHEETS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Record = dict[str, Any]
"""What is known of a picture, as `GET /images/{id}` tells it."""


async def written(
    studio: Studio, actor: Actor, which: Selection, form: Literal["json", "csv"]
) -> AsyncIterator[bytes]:
    """The records of pictures: those of the acting workspace alone, in the order of ids that were named."""
    async with studio.work(actor) as work:
        ids = await queries.some_ids(work, which.filter, None) if which.filter else which.ids or []
    array = JsonArray()
    yield array.head if form == "json" else row(COLUMNS)
    for start in range(0, len(ids), _STRETCH):
        stretch = await records(studio, actor, ids[start : start + _STRETCH])
        if form == "csv":
            yield b"".join(row([record[name] for name in COLUMNS]) for record in stretch)
        else:
            yield b"".join(array.item(record) for record in stretch)
    if form == "json":
        yield array.foot


async def records(studio: Studio, actor: Actor, ids: Sequence[UUID]) -> list[Record]:
    """The records of some pictures, in this order; ids that there is no picture for are left out."""
    async with studio.work(actor) as work:
        rows = await work.session.scalars(queries.visible_to(actor).where(Image.id.in_(ids)))
        images = {image.id: image for image in rows}
    return [show(images[id]).model_dump(mode="json") for id in ids if id in images]


class JsonArray:
    """A list of records as JSON, a line for each, written piece by piece: `head`, each `item`, `foot`."""

    head: Final = b"["
    foot: Final = b"\n]\n"

    def __init__(self) -> None:
        self._first = True

    def item(self, record: Record) -> bytes:
        """The next one."""
        mark = "\n" if self._first else ",\n"
        self._first = False
        return (mark + json.dumps(record, ensure_ascii=False)).encode()


def row(values: Sequence[Any]) -> bytes:
    """A line of a table for spreadsheets; what they would run as a formula gets an apostrophe in front."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in values])
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(value)
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    elif not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_RUN_BY_SHEETS) else value
