"""Whether the process says truly that it lives and is ready."""

from __future__ import annotations

import psycopg
import pytest

from easel import migrations
from easel.base.db import conninfo
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def test_lives_and_is_ready(server: Server) -> None:
    client = server.client()
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    parts = ("database", "schema", "storage", "events")
    expected = {"ready": True, "checks": dict.fromkeys(parts, "ok"), "workers": 0}
    assert (ready.status_code, ready.json()) == (200, expected)


async def test_is_not_ready_on_another_schema(server: Server, database_url: str) -> None:
    with psycopg.connect(conninfo(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '20200101_01'")
    ready = await server.client().get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert "20200101_01" in ready.json()["checks"]["schema"]
    assert migrations.head() in ready.json()["checks"]["schema"]


async def test_is_ready_while_an_upgrade_is_ahead_of_it(server: Server, database_url: str) -> None:
    with psycopg.connect(conninfo(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '99991231_01'")
    assert (await server.client().get("/readyz")).status_code == 200


async def test_is_not_ready_before_it_listens(server: Server) -> None:
    server.studio.hub.listening.clear()
    ready = await server.client().get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["events"]) == (503, "not listening to the database yet")
