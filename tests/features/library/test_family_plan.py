"""What a family costs among many: PostgreSQL's own plan for the statement as it is sent."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from easel.core.actor import Actor
from easel.features.library import queries
from easel.features.library.models import Image
from tests.features.library.test_gallery_plans import plans, touched
from tests.plugins.shelf import Shelf

pytestmark = pytest.mark.anyio

# Two thousand families of ten, each a root and what was made of it.
_FILL = """
WITH made AS (
    INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
        operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, created_at)
    SELECT gen_random_uuid(), :workspace, :user, 'originals/x', 'x' || n, 'png', 64, 64, 100, 'variation', 'fox ' || n,
        '', 'painter/fast', '1', '{}', '', now() - n * interval '1 minute'
    FROM generate_series(1, 20000) n RETURNING id, workspace_id, created_at
), numbered AS (
    SELECT *, (row_number() OVER (ORDER BY created_at) - 1) / 10 AS family FROM made
)
INSERT INTO lineage (image_id, parent_id, root_id, workspace_id, operation, created_at)
SELECT id, nullif(first_value(id) OVER line, id), first_value(id) OVER line, workspace_id, 'variation', created_at
FROM numbered WINDOW line AS (PARTITION BY family ORDER BY created_at)
"""


async def test_a_family_is_read_by_its_rows_alone(shelf: Shelf) -> None:
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(
            text(_FILL), {"workspace": shelf.actor.workspace, "user": shelf.actor.user}
        )
    async with shelf.studio.work(Actor.system()) as work:
        for table in ("images", "lineage"):
            await work.session.execute(text(f"ANALYZE {table}"))
    async with shelf.studio.work(shelf.actor) as work:
        child = await work.session.scalar(
            text("SELECT image_id FROM lineage WHERE parent_id IS NOT NULL ORDER BY created_at LIMIT 1")
        )
        image = await work.session.get(Image, child)
        assert image is not None
        nodes, more = await queries.family(work, image)
    assert (len(nodes), more) == (10, False)
    (plan,) = await plans(shelf, lambda work: queries.family(work, image), "FROM lineage")
    # Ten pictures of twenty thousand; a step of the plan never meets more than the family.
    assert touched(plan) <= 10
