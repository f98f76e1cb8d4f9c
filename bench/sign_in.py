"""What signing in costs, what it costs to be signed in, and what a flood of log-ins from one address does to others.

One process serves real HTTP on loopback over the embedded PostgreSQL; this one asks.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.report import Report
from easel.features.accounts import policy

_PORT = 8399
_URL = f"http://127.0.0.1:{_PORT}"
_PASSWORD = "a good long password"
_FLOOD_SECONDS = 15
_LONGEST = 60
"""Seconds that all of it may take; a studio slower than that fails."""
_PER_SECOND = 1000 / 60


def hash_cost(runs: int = 15) -> float:
    """The median processor time of one argon2id hash, in milliseconds."""
    taken = []
    for _ in range(runs):
        started = time.process_time()
        asyncio.run(policy.hash_password(_PASSWORD))
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


async def latency(client: httpx.AsyncClient, path: str, seconds: float) -> list[float]:
    """The milliseconds of requests one after the other, for so long."""
    taken = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        started = time.perf_counter()
        answer = await client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.text
        await asyncio.sleep(0.02)
    return taken


async def flood(client: httpx.AsyncClient, seconds: float) -> list[int]:
    """Log-ins with wrong passwords at 1,000 a minute; their status codes."""

    async def attempt(number: int) -> int:
        body = {"email": f"victim{number % 50}@example.com", "password": "guess"}
        return (await client.post("/api/auth/login", json=body)).status_code

    attempts = []
    for number in range(int(seconds * _PER_SECOND)):
        attempts.append(asyncio.create_task(attempt(number)))
        await asyncio.sleep(1 / _PER_SECOND)
    return await asyncio.gather(*attempts)


def high(taken: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20)[-1]


async def measure(report: Report) -> None:
    """Asks a running studio, and adds what came of it."""
    async with (
        httpx.AsyncClient(base_url=_URL, timeout=60) as user,
        httpx.AsyncClient(base_url=_URL, timeout=60) as foe,
    ):
        await _ready(user)
        sent = {"email": "ada@example.com", "password": _PASSWORD, "name": "Ada"}
        assert (await user.post("/api/auth/register", json=sent)).status_code == 201
        # The same route with and without a session: what is between is the look at the session.
        await latency(user, "/api/auth/me", 1)
        with_session = await latency(user, "/api/auth/me", 5)
        without = await latency(foe, "/healthz", 5)
        added = statistics.median(with_session) - statistics.median(without)
        report.add(
            "a signed-in request more than one that asks the database nothing, median", added, "ms", most=10
        )
        quiet = high(with_session)
        flooding = asyncio.create_task(flood(foe, _FLOOD_SECONDS))
        during = high(await latency(user, "/api/auth/me", _FLOOD_SECONDS))
        statuses = await flooding
    report.add("another user's request with nothing else going on, 95th percentile", quiet, "ms")
    report.add(
        "another user's request during 1,000 log-ins a minute from one address, 95th percentile",
        during,
        "ms",
        most=150,
    )
    report.add(
        "of these log-ins, refused before a password was hashed",
        100 * statuses.count(429) / len(statuses),
        "%",
    )


async def _ready(client: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.2)


def main() -> int:
    report = Report(
        "sign_in", "Processor time for hashing, which other work does not blur; the rest over loopback."
    )
    report.add("one argon2id hash, processor time", hash_cost(), "ms", most=80)
    with tempfile.TemporaryDirectory(prefix="easel-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711 if os.geteuid() == 0 else 0o700)
        environment = {
            **os.environ,
            "EASEL_DATA": f"{folder}/data",
            "EASEL_PORT": str(_PORT),
            "EASEL_LOG_LEVEL": "error",
        }
        studio = subprocess.Popen(
            [sys.executable, "-m", "easel", "serve"], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            asyncio.run(asyncio.wait_for(measure(report), _LONGEST))
        finally:
            studio.terminate()
            studio.wait(60)
    report.done()
    return 0


if __name__ == "__main__":
    sys.exit(main())
