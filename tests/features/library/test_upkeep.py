"""What the library looks after by itself, and that lists of 100,000 pictures use their indexes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.library import queries, service
from easel.features.library.models import Image
from easel.features.library.schemas import ImageFilter
from tests.plugins.shelf import Shelf

pytestmark = pytest.mark.anyio

_MANY = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, created_at, deleted_at)
SELECT gen_random_uuid(), :workspace, :user, 'originals/x', 'x' || n, 'png', 64, 64, 100,
    'text-to-image', 'a fox', '', 'painter/fast', '1', '{}', '', now() - n * interval '1 minute',
    CASE WHEN n % 10 = 0 THEN now() END
FROM generate_series(1, 100000) n
"""


async def waiting(studio: Studio) -> list[str]:
    """The images that jobs wait to render."""
    async with studio.work(Actor.system()) as work:
        found = await work.session.scalars(
            text(
                "SELECT args->>'image_id' FROM procrastinate_jobs WHERE task_name = 'library.render' ORDER BY id"
            )
        )
        return [str(row) for row in found]


async def test_what_was_never_rendered_is_deferred_again(shelf: Shelf, studio: Studio) -> None:
    fresh, overdue, done = [await shelf.add(seed=n) for n in range(3)]
    await service.make_renditions(studio, done.id)
    old = now() - timedelta(minutes=3)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(text("DELETE FROM procrastinate_jobs"))
        aged = update(Image).where(Image.id.in_([overdue.id, done.id])).values(created_at=old)
        await work.session.execute(aged)
    await service.render_overdue(studio)
    assert await waiting(studio) == [str(overdue.id)]
    await service.make_renditions(studio, overdue.id)
    await service.make_renditions(studio, fresh.id)
    await service.make_renditions(studio, uuid4())
    assert [file.key async for file in studio.storage.list("renditions")]


async def test_long_lists_are_read_from_their_indexes(shelf: Shelf, studio: Studio) -> None:
    async with studio.work(Actor.system()) as work:
        owner = {"workspace": shelf.actor.workspace_id, "user": shelf.actor.user_id}
        await work.session.execute(text(_MANY), owner)
        await work.session.execute(text("ANALYZE images"))
    middle = (datetime.now(UTC) - timedelta(minutes=50_000), uuid4())
    for wanted, order, index in (
        (ImageFilter(), queries.Order(), "ix_images_workspace_newest"),
        (ImageFilter(), queries.Order(order="asc"), "ix_images_workspace_newest"),
        (ImageFilter(trashed=True), queries.Order(), "ix_images_workspace_trash"),
    ):
        for after in (None, middle):
            plan = await explained(shelf, wanted, order, after)
            assert index in plan, plan
            for word in ("Seq Scan", "Sort", "Bitmap"):
                assert word not in plan, plan
    assert await shelf.image_count() == 90_000


async def explained(shelf: Shelf, wanted: ImageFilter, order: queries.Order, after: Any) -> str:
    """The plan of the very statement that the list runs."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "FROM images" in statement and not statement.startswith("EXPLAIN"):
            sent.append((statement, parameters))

    engine = shelf.studio.sessions.kw["bind"]
    assert isinstance(engine, AsyncEngine)
    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        async with shelf.studio.work(shelf.actor) as work:
            rows = await queries.page(work, wanted, order, limit=21, after=after)
            assert len(rows) == 21
            ((statement, parameters),) = sent
            connection = await work.session.connection()
            plan = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            return json.dumps(plan.scalar_one())
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
