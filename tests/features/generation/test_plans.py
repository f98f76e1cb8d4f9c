"""What the lists cost at a hundred thousand generations: PostgreSQL's own plans for the queries as they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio, Work
from easel.features.generation import queries
from easel.features.generation.service import places as waiting
from tests.features.generation.steps import member, rows

pytestmark = pytest.mark.anyio

_FILL = """
    INSERT INTO generations (id, workspace_id, user_id, pool, operation, prompt, negative_prompt, model_id,
        model_version, parameters, num_images, status, priority, attempt, retry_count, passing_errors, progress,
        cost_credits, created_at, updated_at, started_at, completed_at)
    SELECT gen_random_uuid(), CASE WHEN n % 4 = 0 THEN CAST(:theirs AS uuid) ELSE CAST(:mine AS uuid) END,
        :user, 'painter', 'text-to-image',
        (ARRAY['a red fox', 'a lighthouse', 'an old harbour', 'a bowl of pears'])[1 + n % 4] || ' number ' || n, '',
        'painter/' || n % 10, '1', '{}', 1,
        CASE WHEN n % 50 = 0 THEN 'pending' WHEN n % 503 = 0 THEN 'processing' WHEN n % 7 = 0 THEN 'failed'
             ELSE 'completed' END,
        n % 3, 1, 0, 0, '{}', 0, moment, moment, moment, moment + interval '1 s'
    FROM generate_series(1, 100000) AS n, LATERAL (SELECT now() - n * interval '1 s' AS moment) AS at
"""


@pytest.fixture
async def ada(studio: Studio) -> Actor:
    """Someone whose workspace has 75,000 of the 100,000 generations."""
    ada, ben = await member(studio), await member(studio, "ben@example.com")
    # Filling is quicker without the search index, which is made again afterwards.
    await rows(studio, "DROP INDEX ix_generations_prompt_words")
    await rows(studio, _FILL, mine=ada.workspace, theirs=ben.workspace, user=ada.user)
    await rows(
        studio,
        "CREATE INDEX ix_generations_prompt_words ON generations USING gin (to_tsvector('simple', prompt))",
    )
    await rows(studio, "ANALYZE generations")
    return ada


async def plans(studio: Studio, actor: Actor, ask: Callable[[Work], Awaitable[object]]) -> list[Any]:
    """The plans, as run, of the statements that `ask` sends."""
    sent: list[tuple[str, Any]] = []
    async with studio.work(actor) as work:
        engine = work.session.get_bind()

        def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
            sent.append((statement, values))

        event.listen(engine, "before_cursor_execute", note)
        await ask(work)
        event.remove(engine, "before_cursor_execute", note)
        connection = await work.session.connection()
        found = []
        for statement, values in sent:
            explained = await connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values
            )
            found.append(explained.scalar_one()[0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan's steps, all of them."""
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def check(plan: dict[str, Any], *, most_rows: int, index: str | None = None) -> None:
    """The plan uses `index` where one is named, reads no table whole, and touches few rows."""
    steps = nodes(plan)
    assert index is None or index in {step.get("Index Name") for step in steps}, plan
    assert "Seq Scan" not in {step["Node Type"] for step in steps}, plan
    touched = max(
        step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
        for step in steps
        if "Scan" in step["Node Type"]
    )
    assert touched <= most_rows, plan


async def test_lists_use_their_indexes(studio: Studio, ada: Actor) -> None:
    everything = queries.Filter()

    first = await plans(studio, ada, lambda work: queries.page(work, everything, limit=21, after=None))
    check(first[0], index="ix_generations_workspace_newest", most_rows=21)

    middle = (
        await rows(studio, "SELECT created_at, id FROM generations ORDER BY created_at LIMIT 1 OFFSET 50000")
    )[0]
    after = (middle["created_at"], middle["id"])
    deep = await plans(studio, ada, lambda work: queries.page(work, everything, limit=21, after=after))
    check(deep[0], index="ix_generations_workspace_newest", most_rows=22)

    waiting = queries.Filter(statuses=queries.UNFINISHED)
    queue = await plans(studio, ada, lambda work: queries.page(work, waiting, limit=21, after=None))
    steps = nodes(queue[0])
    assert "Seq Scan" not in {step["Node Type"] for step in steps}, queue

    search = queries.Filter(q="lighthouse 4711")
    found = await plans(studio, ada, lambda work: queries.page(work, search, limit=21, after=None))
    assert "Seq Scan" not in {step["Node Type"] for step in nodes(found[0])}, found


async def test_places_and_estimates_use_their_indexes(studio: Studio, ada: Actor) -> None:
    async def places(work: Work) -> None:
        newest = await queries.page(work, queries.Filter(statuses=("pending",)), limit=20, after=None)
        await waiting.places(work, newest)
        await queries.usual_seconds(work, newest)

    found = await plans(studio, ada, places)
    check(found[1], most_rows=2500)
    check(found[2], most_rows=2500)
    recent = [node for node in nodes(found[-1]) if node.get("Index Name") == "ix_generations_model_recent"]
    assert [node["Actual Rows"] for node in recent] == [20], found[-1]

    lost = await plans(studio, ada, lambda work: queries.without_job(work, now(), 100))
    assert "ix_generations_seated" in {step.get("Index Name") for step in nodes(lost[0])}, lost
