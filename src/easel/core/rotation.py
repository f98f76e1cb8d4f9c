"""Re-sealing what is sealed at rest with the studio's current secret, while Easel runs.

Sealed columns are found by their type, `base.db.Sealed`, in every table that is declared; a feature has nothing
to register. Where secrets come from and when earlier ones may be forgotten is `app`'s.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, func, select, text, tuple_

from easel.base.crypto import SealBroken, seal, seal_prefix, unseal
from easel.base.db import Base, Sealed
from easel.core.actor import Actor
from easel.core.work import Studio

BATCH = 200
"""Rows re-sealed in one transaction."""
_POLL_SECONDS = 0.1
_MOMENT = text("SELECT clock_timestamp()")
# Each transaction of Easel's own that may still write what it sealed with the secret it knew when it began.
_OLDER = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND application_name LIKE 'easel%' AND xact_start < :moment"
)


@dataclass(slots=True)
class Resealed:
    """How many values were sealed anew, and how many no known secret opens, by ``table.column``."""

    done: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)


def sealed_columns() -> Iterator[tuple[Table, Column[bytes], str]]:
    """Every column that holds sealed values, with its table and the purpose that it is sealed for."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield table, column, column.type.purpose


async def reseal(studio: Studio) -> Resealed:
    """Seal everything with the current secret that another one sealed; what is so already is left alone.

    Safe beside a running studio, beside another of its kind, and to be cut off and run again. Ends with a look at
    what transactions wrote that were under way when it began, so afterwards earlier secrets open nothing more.
    """
    async with studio.work(Actor.system()) as work:
        moment = await work.session.scalar(_MOMENT)
    report = await _pass(studio)
    while True:
        async with studio.work(Actor.system()) as work:
            if not await work.session.scalar(_OLDER, {"moment": moment}):
                break
        await asyncio.sleep(_POLL_SECONDS)
    last = await _pass(studio)
    return Resealed(report.done + last.done, last.unreadable)


async def _pass(studio: Studio) -> Resealed:
    report = Resealed()
    for table, column, purpose in sealed_columns():
        after: tuple[Any, ...] | None = None
        while True:
            after = await _batch(studio, report, table, column, purpose, after)
            if after is None:
                break
    return report


async def _batch(
    studio: Studio,
    report: Resealed,
    table: Table,
    column: Column[bytes],
    purpose: str,
    after: tuple[Any, ...] | None,
) -> tuple[Any, ...] | None:
    """Seal up to `BATCH` rows beyond the primary key `after`; answers the last one's, None at the end."""
    secret, name = studio.secret, f"{table.name}.{column.name}"
    prefix = seal_prefix(secret.current)
    key = tuple(table.primary_key.columns)
    others = (
        select(*key, column)
        .where(column.is_not(None), func.substring(column, 1, len(prefix)) != prefix)
        .order_by(*key)
        .limit(BATCH)
        .with_for_update()
    )
    if after is not None:
        others = others.where(tuple_(*key) > after)
    async with studio.work(Actor.system()) as work:
        rows = (await work.session.execute(others)).all()
        for *identity, sealed in rows:
            try:
                again = seal(secret, unseal(secret, sealed, purpose), purpose)
            except SealBroken:
                report.unreadable[name] += 1
                continue
            # What a row says of its last change stays: nobody changed anything.
            kept = {other: other for other in table.columns if other.onupdate is not None}
            where = [part == value for part, value in zip(key, identity, strict=True)]
            await work.session.execute(table.update().where(*where).values({column: again, **kept}))
            report.done[name] += 1
    return tuple(rows[-1][:-1]) if rows else None
