"""One import on its way: whose it is, how far it has come, and what came in by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy import insert

from easel.base.db import Base
from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.background import service as background

from ... import queries
from ...errors import BadTakeOut
from ...schemas import BROUGHT_IN, Listing
from ..archive import Archive

ROWS: Final = 200

R = TypeVar("R", bound=BaseModel)


@dataclass
class Totals:
    """What an import did."""

    images: int = 0
    generations: int = 0
    projects: int = 0
    collections: int = 0
    presets: int = 0
    saved_filters: int = 0
    versions: int = 0
    masks: int = 0
    comparisons: int = 0
    already_there: int = 0
    missing: int = 0


class Course:
    """One import. What came in since `began` came in by it, whichever worker carried it."""

    def __init__(self, studio: Studio, actor: Actor, job_id: UUID, began: datetime, archive: Archive) -> None:
        self.studio = studio
        self.actor = actor
        self.archive = archive
        self.began = began
        self.totals = Totals()
        self._job_id = job_id
        self._done = 0
        self._total = max(1, sum(archive.manifest.counts.get(each.counted, 0) for each in BROUGHT_IN))

    @property
    def owner(self) -> dict[str, Any]:
        """Whose every row becomes."""
        return {"workspace_id": self.actor.workspace, "user_id": self.actor.user}

    def same(self, id: UUID | None) -> UUID | None:
        """What rows have in common that came in together, as it is called here."""
        return id and uuid5(self.actor.workspace, str(id))

    async def batches(self, listing: Listing[R], size: int = ROWS) -> AsyncIterator[list[R]]:
        """The records of a list."""
        records = self.archive.records(listing)
        while batch := await asyncio.to_thread(lambda: list(islice(records, size))):
            yield batch

    async def go_on(self, work: Work, amount: int = 0) -> None:
        """Hold the job's row to the end of the transaction, so that one worker at a time brings rows in."""
        if await background.take(work, self._job_id) is None:
            raise BadTakeOut("ended", "The import was ended.")
        self._done += amount
        await background.forward(
            work, self._job_id, stage="importing", done=min(self._done, self._total), total=self._total
        )

    async def fresh(self, work: Work, kind: str, id: queries.Kind, ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """Rows that these records became in this import, by original id."""
        return await queries.rows_of(work, kind, id, ids, since=self.began)


async def add(work: Work, kind: str, model: type[Base], rows: dict[UUID, dict[str, Any]]) -> int:
    """Insert rows by their records' original ids, each under a new id, and note what became of them."""
    if not rows:
        return 0
    ids = {original: new_id() for original in rows}
    await work.session.execute(insert(model), [{**row, "id": ids[one]} for one, row in rows.items()])
    await queries.remember(work, kind, ids)
    return len(ids)
