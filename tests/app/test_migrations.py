"""The schema's steps: up, down, up again, and several migrators at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from easel import migrations
from easel.base.db import conninfo
from tests.app import filled
from tests.plugins.studio import Server

_OBJECTS = """
SELECT 'relation ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S', 'p') AND c.relname <> 'alembic_version'
UNION ALL SELECT 'function ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public'
UNION ALL SELECT 'type ' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = 'public' AND t.typtype IN ('e', 'd')
"""
# A foreign key is covered by a whole (not partial) index that begins with its column.
_UNINDEXED_KEYS = """
SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.conrelid::regclass::text NOT LIKE 'procrastinate%' AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indkey[0] = c.conkey[1]
)
"""


def rows(url: str, query: str) -> set[str]:
    with psycopg.connect(conninfo(url)) as connection:
        return {row[0] for row in connection.execute(query.encode())}


def test_up_down_and_up_again(empty_database_url: str) -> None:
    url = empty_database_url
    assert migrations.current(url) is None
    migrations.ensure_current(url)
    first = rows(url, _OBJECTS)
    assert {"relation images", "relation procrastinate_jobs", "function count_images"} <= first
    assert migrations.current(url) == migrations.head()
    command.check(migrations._config(url))
    migrations.downgrade(url, "base")
    assert rows(url, _OBJECTS) == set()
    migrations.ensure_current(url)
    assert rows(url, _OBJECTS) == first
    migrations.ensure_current(url)


def test_every_step_goes_down_to_where_it_came_from(empty_database_url: str) -> None:
    script = ScriptDirectory.from_config(migrations._config(empty_database_url))
    before: dict[str, set[str]] = {}
    steps = list(reversed(list(script.walk_revisions())))
    for step in steps:
        before[step.revision] = rows(empty_database_url, _OBJECTS)
        migrations.upgrade(empty_database_url, step.revision)
    for step in reversed(steps):
        migrations.downgrade(empty_database_url, "-1")
        assert rows(empty_database_url, _OBJECTS) == before[step.revision]


def test_several_migrators_wait_for_each_other(empty_database_url: str) -> None:
    program = "import sys; from easel import migrations; migrations.ensure_current(sys.argv[1])"
    several = [
        subprocess.Popen([sys.executable, "-c", program, empty_database_url], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in several:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
    assert migrations.current(empty_database_url) == migrations.head()


def test_the_newest_revision_is_known_from_file_names() -> None:
    script = ScriptDirectory.from_config(migrations._config(""))
    assert script.get_heads() == [migrations.head()]
    for step in script.walk_revisions():
        assert Path(step.path).stem.startswith(f"{step.revision}_")


def test_every_foreign_key_has_an_index(database_url: str) -> None:
    assert rows(database_url, _UNINDEXED_KEYS) == set()


_FIRST_WITH_ROWS = "20261121_02"


@pytest.mark.anyio
async def test_goes_down_and_up_with_something_of_everything_in_it(server: Server, database_url: str) -> None:
    """What an older schema has no place for is lost on the way; the rest stays, and is a good studio again."""
    await filled.fill(server)
    before = filled.rows(database_url)
    await asyncio.to_thread(migrations.downgrade, database_url, _FIRST_WITH_ROWS)
    kept = {name for name, there in filled.rows(database_url).items() if there}
    assert {"users", "images", "generations", "procrastinate_jobs", "events"} <= kept
    await asyncio.to_thread(migrations.upgrade, database_url)
    after = filled.rows(database_url)
    assert {name: len(after[name]) for name in kept} == {name: len(before[name]) for name in kept}
    await asyncio.to_thread(command.check, migrations._config(database_url))
    await asyncio.to_thread(migrations.downgrade, database_url, "base")
