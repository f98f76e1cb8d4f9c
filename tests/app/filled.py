"""A studio with something of everything in it, made by the app itself, and all that is in its database as text."""

from __future__ import annotations

from collections.abc import Collection

import httpx
import psycopg

from easel.app.worker import working
from easel.base.db import conninfo
from tests.app.route_rows import ROWS, open_world
from tests.plugins.studio import Server

PERSON = {"email": "ada@example.com", "password": "a good long password"}


async def fill(server: Server) -> httpx.AsyncClient:
    """Make people, a team, and one of each thing that a team may own; answers Ada's client."""
    world = await open_world(server)
    for make in ROWS.values():
        await make(world)
    ada = await server.member(PERSON["email"])
    async with working(server.studio, grace=0.5):
        made = await ada.post(
            "/api/images/generate",
            json={"prompt": "a red fox"},
            headers={"Prefer": "wait=60", "Idempotency-Key": "once"},
        )
    assert made.json()["status"] == "completed", made.text
    await _more(ada, made.json()["images"][0]["id"])
    answer = await ada.post("/api/images/generate", json={"prompt": "a fox with \\ and \t and 'ünïcode' 🦊"})
    assert answer.status_code == 202, answer.text
    return ada


async def _more(ada: httpx.AsyncClient, image: str) -> None:
    async def post(path: str, body: dict[str, object], status: int) -> dict[str, str]:
        answer = await ada.post(path, json=body)
        assert answer.status_code == status, (path, answer.text)
        return answer.json() if answer.content else {}

    collection = await post("/api/collections", {"name": "Foxes"}, 201)
    await post(f"/api/collections/{collection['id']}/images", {"ids": [image]}, 200)
    settings = {"aspect_ratio": "1:1"}
    await post("/api/generate/presets", {"name": "Square", "settings": settings, "is_default": True}, 201)
    await post("/api/auth/login", {**PERSON, "password": "a wrong long password"}, 401)
    await post("/api/auth/2fa/setup", {}, 200)


def rows(url: str, *, but: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table, as text, in order."""
    with psycopg.connect(conninfo(url)) as connection:
        connection.execute("SET timezone = 'UTC'")
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {
            name: [
                row[0] for row in connection.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1'.encode())
            ]
            for (name,) in sorted(tables)
            if name not in but
        }
