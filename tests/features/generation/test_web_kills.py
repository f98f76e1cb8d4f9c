"""A web process killed at every step of a request: asked again elsewhere, nothing is made or paid for twice.

The row without a mark runs with all tests, the others by ``make test-faults``.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from tests.features.activity.listening import listening
from tests.features.generation.halting_worker import PRICE, HaltingPainter
from tests.features.generation.steps import rows, until
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
CREDITS = 100
WISH = {"prompt": "slow fox", "num_images": 2, "seed": 3}


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Credits are charged."""
    monkeypatch.setenv("EASEL_BILLING", "on")
    monkeypatch.setenv("EASEL_GRANT_CREDITS", str(CREDITS))
    return load()


@pytest.fixture
def painter(tmp_path: Path) -> HaltingPainter:
    """A provider that is paid and has no ids: nothing of it may be asked for again."""
    return HaltingPainter(tmp_path, "paid")


@pytest.fixture
def doomed(
    studio: Studio, tmp_path: Path, database_url: str, point: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A web process to be killed, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "tests.features.generation.halting_web", str(tmp_path), point, port]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url})
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def there(
    server: Server, doomed: tuple[subprocess.Popen[bytes], str]
) -> AsyncIterator[httpx.AsyncClient]:
    """Someone at the process that is to die."""
    here = await server.member()
    process, url = doomed
    async with httpx.AsyncClient(base_url=url, headers=here.headers, timeout=60) as client:

        async def ready() -> bool:
            assert process.poll() is None, "it did not start"
            with suppress(httpx.TransportError):
                return (await client.get("/readyz")).status_code == 200
            return False

        await until(ready, seconds=60)
        yield client


@pytest.mark.parametrize(
    ("point", "made"),
    [
        pytest.param("commit", 0, id="before the commit", marks=pytest.mark.faults),
        pytest.param("answer", 1, id="committed and not answered"),
        pytest.param("waiting", 1, id="waited for", marks=pytest.mark.faults),
    ],
)
async def test_a_web_process_dies_and_what_was_asked_of_it_is_made_once(
    server: Server,
    studio: Studio,
    painter: HaltingPainter,
    tmp_path: Path,
    doomed: tuple[subprocess.Popen[bytes], str],
    there: httpx.AsyncClient,
    point: str,
    made: int,
) -> None:
    # The same person at a process that lives.
    here = server.client(headers=there.headers)
    asked: dict[str, Any] = {"json": WISH, "headers": {"Idempotency-Key": "one", "Prefer": "wait=60"}}

    async def purse() -> tuple[float, float]:
        found = (await here.get("/api/credits/balance")).json()
        return float(found["available"]), float(found["reserved"])

    async with working(studio, grace=0):
        async with listening(there) as listener:
            asking = asyncio.create_task(there.post("/api/images/generate", **asked))
            if point == "waiting":
                await asyncio.wait_for(painter.slow.wait(), 40)
                await listener.until_type("generation.started")
            else:
                await until(lambda: asyncio.to_thread((tmp_path / "halted").exists), seconds=40)
            doomed[0].kill()
            with pytest.raises(httpx.TransportError):
                await asking
            await asyncio.wait_for(listener.over.wait(), 40)
        assert await purse() == (CREDITS - 2 * PRICE * made, 2 * PRICE * made)
        assert len(await rows(studio, "SELECT id FROM generations")) == made
        # The stream goes on elsewhere after what was heard last, and so does the request.
        async with listening(here, listener.last_id) as onwards:
            again = asyncio.create_task(here.post("/api/images/generate", **asked))
            await asyncio.wait_for(painter.slow.wait(), 40)
            painter.go.set()
            answer = await again
            await onwards.until_type("generation.completed")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert [image["seed"] for image in await rows(studio, "SELECT seed FROM images ORDER BY seed")] == [3, 4]
    assert await rows(studio, "SELECT id::text FROM generations") == [{"id": answer.json()["id"]}]
    assert (tmp_path / "calls").read_text() == "generate slow fox\n"
    assert await purse() == (CREDITS - 2 * PRICE, 0)
    told = Counter(
        event.type
        for event in (*listener.heard, *onwards.heard)
        if event.data.get("id") == answer.json()["id"]
    )
    assert [told[f"generation.{word}"] for word in ("created", "started", "completed")] == [1, 1, 1]
