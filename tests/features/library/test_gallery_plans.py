"""What the gallery costs at a hundred thousand pictures: PostgreSQL's own plans for the statements as they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.library import queries
from easel.features.library.queries import Order
from easel.features.library.schemas import ImageFilter
from tests.plugins.shelf import Shelf

pytestmark = pytest.mark.anyio

# One in ten thousand is rare; half of all have a tag and a word in common, but none of the newest has "old".
_FILL = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, tags, is_favorite, rating,
    created_at)
SELECT gen_random_uuid(), :workspace, :user, 'originals/x', 'x' || n, 'png', CASE WHEN n % 10000 = 0 THEN 5000
    ELSE 64 END, 64, 100,
    CASE WHEN n % 10000 = 0 THEN 'outpaint' ELSE 'text-to-image' END,
    CASE WHEN n % 10000 = 0 THEN 'a zeppelin' WHEN n % 2 = 0 THEN 'a fox' ELSE 'a wolf' END, '',
    CASE WHEN n % 10000 = 0 THEN 'rare/model' ELSE 'painter/fast' END, '1', '{}', '',
    CASE WHEN n % 10000 = 0 THEN ARRAY['rare'] WHEN n % 2 = 0 THEN ARRAY['common'] ELSE '{}' END,
    n % 50 = 0, CASE WHEN n % 9 = 0 THEN 1 + n % 5 END, now() - n * interval '1 minute'
FROM generate_series(1, 100000) n
"""
_GIN = ("words", "tags", "looks")


async def plans(
    shelf: Shelf, ask: Callable[[Work], Awaitable[object]], about: str = "FROM images"
) -> list[dict[str, Any]]:
    """The plans, as run, of the statements on pictures that `ask` sends, or of those with `about` in them."""
    sent: list[tuple[str, Any]] = []
    async with shelf.studio.work(shelf.actor) as work:
        engine = work.session.get_bind()

        def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
            sent.append((statement, values))

        event.listen(engine, "before_cursor_execute", note)
        await ask(work)
        event.remove(engine, "before_cursor_execute", note)
        connection = await work.session.connection()
        found = []
        for statement, values in sent:
            if about in statement:
                explained = await connection.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values
                )
                found.append(explained.scalar_one()[0]["Plan"])
    return found


def touched(plan: dict[str, Any]) -> int:
    """How many rows of a table a plan looked at."""
    steps = [plan]
    most = 0
    while steps:
        step = steps.pop()
        steps += step.get("Plans", ())
        assert step["Node Type"] != "Seq Scan", plan
        if "Scan" in step["Node Type"]:
            most = max(most, step["Actual Rows"] + step.get("Rows Removed by Filter", 0))
    return most


def walks(plan: dict[str, Any]) -> list[str]:
    """By which indexes a plan reads pictures, each as often as it does."""
    here = [plan["Index Name"]] if plan.get("Relation Name") == "images" else []
    return here + [name for step in plan.get("Plans", ()) for name in walks(step)]


async def test_pages_read_few_rows_whatever_they_are_narrowed_by(shelf: Shelf, studio: Studio) -> None:
    async with studio.work(Actor.system()) as work:
        found = await work.session.execute(
            text("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY (:names)"),
            {"names": [f"ix_images_{name}" for name in _GIN]},
        )
        gone = found.all()
        for name, _ in gone:  # filling is quicker without them
            await work.session.execute(text(f"DROP INDEX {name}"))
        owner = {"workspace": shelf.actor.workspace_id, "user": shelf.actor.user_id}
        await work.session.execute(text(_FILL), owner)
        for _, definition in gone:
            await work.session.execute(text(definition))
        await work.session.execute(text("ANALYZE images"))
    rare: tuple[dict[str, Any], ...] = (
        {"q": "zeppelin"},
        {"tags": ["rare"]},
        {"model": "rare/model"},
        {"provider": "rare"},
        {"operation": "outpaint"},
        {"width_min": 4000},
        {"tags": ["nobody-has-it"]},
        {"q": '"fox zeppelin"'},
    )
    frequent: tuple[dict[str, Any], ...] = ({}, {"q": "fox"}, {"tags": ["common"]}, {"favorite": True})
    anyhow = (Order(), Order("name", "asc"), Order("size"))
    cases = [(values, order, 2_000) for values in (*rare, *frequent) for order in anyhow]
    # Conditions that an index takes together with the order: a page is read, and no more.
    old = {"created_to": now() - timedelta(days=60)}
    cases += [
        (old, Order("rating"), 21),
        (old, Order("model", "asc"), 21),
        (old, Order("likes"), 21),
        ({"rated": True}, Order("rating", "asc"), 21),
        ({"rated": False}, Order("rating"), 21),
        ({"provider": "painter"}, Order("model"), 21),
    ]
    for values, order, most in cases:
        wanted = ImageFilter.model_validate(values)

        async def ask(work: Work, wanted: ImageFilter = wanted, order: Order = order) -> object:
            return await queries.page(work, wanted, order, limit=21, after=None)

        for plan in await plans(shelf, ask):
            assert touched(plan) <= most, (values, order, plan)

    # Facets of all kinds come from one walk through the pictures, in the order in which the table has them.
    (plan,) = await plans(shelf, lambda work: queries.facets(work, ImageFilter()))
    assert walks(plan) == ["ix_images_workspace_newest"]
