"""What stands still when a part is away: 503 with its name, and everything works again when it is back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url

from easel.app.api import build, wrap
from easel.app.open import open_studio
from easel.base.db import conninfo
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.library.models import Image
from easel.providers.registry import Providers
from easel.storage.base import open_storage
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def without_database(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a studio whose database nobody serves."""
    with socket.socket() as taken:  # bound but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql://easel@127.0.0.1:{taken.getsockname()[1]}/easel?sslmode=disable"
        async with open_studio(settings, url, providers=Providers([Painter()])) as studio:
            app = build()
            app.state.studio = studio
            transport = httpx.ASGITransport(wrap(app, settings), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                yield client


async def test_no_database_is_503_everywhere(without_database: httpx.AsyncClient) -> None:
    client = without_database
    login = {"email": "a@example.com", "password": "some password"}
    problem = problem_of(await client.post("/api/auth/login", json=login), 503, "database_unavailable")
    assert "postgresql" not in problem.detail
    cookie = {"Cookie": "easel_session=x"}
    problem_of(await client.get("/api/images", headers=cookie), 503, "database_unavailable")
    problem_of(await client.get("/api/models"), 503, "database_unavailable")
    assert (await client.get("/api/generate/styles")).status_code == 200
    assert (await client.get("/healthz")).status_code == 200
    ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["storage"] == "ok"
    assert "database" in ready.json()["checks"]["database"]


async def test_a_server_comes_back_when_its_database_does(
    server: Server, database_url: str, postgres_url: str
) -> None:
    client = await server.member()
    name = make_url(database_url).database or ""
    with psycopg.connect(conninfo(postgres_url), autocommit=True) as other:
        # No new connections, and none of the old ones: what a restart looks like from outside.
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        answers = await asyncio.gather(*(client.get("/api/images") for _ in range(5)))
        for answer in answers:
            problem_of(answer, 503, "database_unavailable")
        answer = await client.post("/api/images/generate", json={"prompt": "a fox"})
        problem_of(answer, 503, "database_unavailable")
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    answers = await asyncio.gather(*(client.get("/api/images") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await client.post("/api/images/generate", json={"prompt": "a fox"})).status_code == 202


async def test_a_file_that_is_gone_or_out_of_reach(server: Server, studio: Studio, worker: None) -> None:
    client = await server.member()
    sent = {"prompt": "a fox"}
    made = await client.post("/api/images/generate", json=sent, headers={"Prefer": "wait=20"})
    image = made.json()["images"][0]
    paths = (image["url"], image["download_url"], f"{image['download_url']}?format=jpeg")
    remote = open_storage(
        "s3://bucket",
        config={"endpoint": "http://127.0.0.1:9", "access_key_id": "a", "secret_access_key": "b"},
    )
    good = studio.storage
    object.__setattr__(studio, "storage", remote)
    for path in paths:
        problem = problem_of(await client.get(path), 503, "storage_unavailable")
        assert "127.0.0.1" not in problem.detail
    ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert "file store" in ready.json()["checks"]["storage"]
    object.__setattr__(studio, "storage", good)
    await remote.close()
    async with studio.work(Actor.system()) as work:
        row = await work.session.get_one(Image, image["id"])
    await studio.storage.delete(row.file_path)
    for path in paths:
        problem_of(await client.get(path), 404, "file_missing")
    assert (await client.get(f"/api/images/{image['id']}")).status_code == 200
