"""Machines whose clocks are a day off, or are set by a day at work: nothing is lost, made twice, or late by a day.

Each is a process under libfaketime, which sets the clock that it sees, and no count of seconds.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from easel import migrations
from easel.app.open import open_studio
from easel.base.settings import Settings, load
from easel.core.jobs import STALLED_AFTER_SECONDS
from easel.core.work import Studio
from easel.providers.registry import Providers
from tests.cluster.machines import ROOT, Postgres, free_port
from tests.features.generation.steps import ended, member, rows, submit, submitted, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = [pytest.mark.anyio, pytest.mark.faults, pytest.mark.timeout(300)]

OFF = ("+1d", "-1d")


class WrongClock:
    """A clock that processes see, by their `environment`; `set` sets it."""

    def __init__(self, folder: Path) -> None:
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        assert library, "install the package libfaketime"
        self._file = folder / "clock"
        self.set("+0")
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, off: str) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(off + "\n")
        new.chmod(0o644)
        new.rename(self._file)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may pass."""
    with tempfile.TemporaryDirectory(prefix="easel-clocks-", dir="/tmp") as name:
        Path(name).chmod(0o711 if os.geteuid() == 0 else 0o700)
        yield Path(name)


@pytest.fixture
def wrong(folder: Path) -> WrongClock:
    return WrongClock(folder)


@pytest.fixture
def processes() -> Iterator[ExitStack]:
    """What ends the processes that the test has started."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Several processes share a store only on the disk."""
    monkeypatch.setenv("STORAGE_URL", (tmp_path / "files").as_uri())
    return load()


def start(stack: ExitStack, module: str, *words: object, **environment: str) -> subprocess.Popen[bytes]:
    """A process of the tests' own, ended with the stack."""
    command = [sys.executable, "-m", f"tests.features.generation.{module}", *map(str, words)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


@pytest.mark.parametrize("off", OFF)
async def test_workers_with_wrong_clocks_lose_nothing_and_repeat_nothing(
    server: Server, wrong: WrongClock, processes: ExitStack, tmp_path: Path, database_url: str, off: str
) -> None:
    client = await server.member()
    begun = await database_time(server.studio)
    told = {"DATABASE_URL": database_url, **wrong.environment}
    start(processes, "painting_worker", tmp_path, "paid", **told)
    slow = await submit(client, "slow fox")
    await until(lambda: asyncio.to_thread((tmp_path / "slow").exists), seconds=60)
    # The clock of the one is set in the midst of its work; the other's is wrong from its beginning.
    wrong.set(off)
    start(processes, "painting_worker", tmp_path, "paid", **told)
    await until(
        lambda: rows(server.studio, "SELECT id FROM procrastinate_workers"),
        lambda found: len(found) == 2,
        seconds=60,
    )
    # These are tried again some tenths of a second later, which is not tomorrow.
    all_of_them = [slow, *[await submit(client, f"limit {number}") for number in range(6)]]
    for one in all_of_them[1:]:
        assert (await ended(client, one, seconds=60))["status"] == "completed"
    (tmp_path / "go").touch()
    assert (await ended(client, slow, seconds=60))["status"] == "completed"
    calls = Counter((tmp_path / "calls").read_text().splitlines())
    # Each of the two processes is at its limit once.
    assert calls.pop("generate slow fox") == 1
    assert len(calls) == 6
    assert set(calls.values()) <= {2, 3}
    times = "SELECT least(min(started_at), min(completed_at)), greatest(max(started_at), max(completed_at))"
    (found,) = await rows(server.studio, f"{times} FROM generations")
    assert begun <= found["least"] <= found["greatest"] <= await database_time(server.studio)


@pytest.mark.parametrize("off", OFF)
async def test_sessions_and_tokens_hold_at_a_web_process_with_a_wrong_clock(
    server: Server, wrong: WrongClock, processes: ExitStack, tmp_path: Path, database_url: str, off: str
) -> None:
    wrong.set(off)
    port = free_port("127.0.0.1")
    told = {"DATABASE_URL": database_url, **wrong.environment}
    start(processes, "halting_web", tmp_path, "nowhere", port, **told)
    here = await server.member()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as there:

        async def ready() -> bool:
            with suppress(httpx.TransportError):
                return (await there.get("/readyz")).status_code == 200
            return False

        await until(ready, seconds=60)
        me = await there.get("/api/auth/me", headers=here.headers)
        assert me.status_code == 200, me.text
        signed_in = await there.post(
            "/api/auth/login", json={"email": "ada@example.com", "password": "a good long password"}
        )
        assert signed_in.status_code == 200, signed_in.text
        bearer = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
        # The clock is set once more, back to what is right; and all hold at both.
        wrong.set("+0")
        for client in (there, server.client(), server.client(cookies=there.cookies)):
            answer = await client.get("/api/auth/me", headers={} if client.cookies else bearer)
            assert answer.status_code == 200, answer.text
    ends = await rows(
        server.studio,
        "SELECT expires_at - now() BETWEEN interval '13 days' AND interval '15 days'"
        " AND created_at BETWEEN now() - interval '5 min' AND now() AS good FROM sessions",
    )
    assert ends == [{"good": True}] * 2


@pytest.mark.parametrize("off", OFF)
async def test_the_databases_clock_is_set_and_nobody_is_taken_for_dead(
    settings: Settings, wrong: WrongClock, processes: ExitStack, folder: Path, tmp_path: Path, off: str
) -> None:
    postgres = Postgres(folder / "database", {**os.environ, **wrong.environment})
    postgres.start()
    processes.callback(postgres.stop)
    migrations.ensure_current(postgres.url)
    async with open_studio(settings, postgres.url, providers=Providers([Painter()])) as studio:
        await submitted(studio, await member(studio), "slow fox")
        for _ in range(2):
            start(processes, "painting_worker", tmp_path, "paid", DATABASE_URL=postgres.url)
        await until(lambda: asyncio.to_thread((tmp_path / "slow").exists), seconds=60)
        workers = "SELECT id FROM procrastinate_workers WHERE last_heartbeat BETWEEN {} AND {}"
        fresh = workers.format("now() - interval '4 s'", "now() + interval '4 s'")
        await until(lambda: rows(studio, fresh), lambda found: len(found) == 2, seconds=60)
        before = await database_time(studio)
        wrong.set(off)
        moved = abs(await database_time(studio) - before)
        assert timedelta(hours=23) < moved < timedelta(hours=25)
        await until(lambda: rows(studio, fresh), lambda found: len(found) == 2, seconds=60)
        # Until long after somebody would have judged.
        await asyncio.sleep(STALLED_AFTER_SECONDS + 3)
        (tmp_path / "go").touch()
        end = await until(
            lambda: rows(studio, "SELECT status, attempt, error_message FROM generations"),
            lambda found: found[0]["status"] not in ("pending", "processing"),
            seconds=60,
        )
    assert end == [{"status": "completed", "attempt": 1, "error_message": None}]
    assert (tmp_path / "calls").read_text() == "generate slow fox\n"


async def database_time(studio: Studio) -> datetime:
    found: datetime = (await rows(studio, "SELECT clock_timestamp() AS now"))[0]["now"]
    return found
