"""A studio for tests, built of real parts: PostgreSQL, HTTP on loopback, a worker; files in memory.

Models come from `Painter`, a provider whose behaviour a prompt chooses, so that no test waits for pixels.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
import uvicorn

from easel.app.api import create_app
from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from easel.providers.registry import Providers
from tests.plugins.painter import Painter


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Logs without colours, and tracebacks without every local variable: those take a second to draw."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a studio of the test's own."""
    monkeypatch.setenv("EASEL_DATA", str(tmp_path))
    monkeypatch.setenv("STORAGE_URL", "memory://")
    monkeypatch.setenv("EASEL_DEFAULT_MODEL", "painter/fast")
    monkeypatch.setenv("EASEL_LOG_LEVEL", "warning")
    # All tests come from one address, and some try many passwords.
    for name in ("SIGN_IN", "USER", "ANONYMOUS", "FREE_TRIES"):
        monkeypatch.setenv(f"EASEL_LIMIT_{name}", "1000000")
    return load()


@pytest.fixture
def painter(request: pytest.FixtureRequest) -> Painter:
    """The provider behind the studio's models; a test says by an indirect parameter if it is another kind."""
    return Painter(**getattr(request, "param", {}))


@pytest.fixture
async def studio(settings: Settings, database_url: str, painter: Painter) -> AsyncIterator[Studio]:
    """An open studio without a web server or a worker."""
    async with open_studio(settings, database_url, providers=Providers([painter])) as opened:
        yield opened


@pytest.fixture
async def worker(studio: Studio) -> AsyncIterator[None]:
    """A worker on the studio's queues, for the time of the test."""
    async with working(studio, grace=0.5):
        yield


@dataclass
class Server:
    """A web server on loopback."""

    url: str
    studio: Studio
    clients: list[httpx.AsyncClient]

    def client(self, **options: Any) -> httpx.AsyncClient:
        """A client without credentials; closed at the end of the test."""
        client = httpx.AsyncClient(base_url=self.url, timeout=20, **options)
        self.clients.append(client)
        return client

    async def member(self, email: str = "ada@example.com", name: str = "Ada") -> httpx.AsyncClient:
        """A client with the access token of an account made for it."""
        client = self.client()
        answer = await client.post(
            "/api/auth/register", json={"email": email, "password": "a good long password", "name": name}
        )
        assert answer.status_code == 201, answer.text
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client


Opened = Callable[[], AbstractAsyncContextManager[Studio]]


@asynccontextmanager
async def serving(settings: Settings, studio: Studio) -> AsyncIterator[Server]:
    """A real web server over `studio`, on a free port of loopback."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Studio]:
        yield studio

    # Named as TCP, or asyncio leaves Nagle's algorithm on, which holds answers back for 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            create_app(settings, opened),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if task.done():
                await task  # what went wrong at the start is raised here
                raise AssertionError("the server ended before it had started")
            await asyncio.sleep(0.01)
        await asyncio.wait_for(studio.hub.listening.wait(), 10)
        running = Server(f"http://127.0.0.1:{listening.getsockname()[1]}", studio, [])
        try:
            yield running
        finally:
            for client in running.clients:
                await client.aclose()
            server.should_exit = True
            await task


@pytest.fixture
async def server(settings: Settings, studio: Studio) -> AsyncIterator[Server]:
    """A web server over the test's studio."""
    async with serving(settings, studio) as running:
        yield running
