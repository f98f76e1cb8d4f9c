"""What signing in costs, what it costs to be signed in, and what a flood of log-ins from one address does to others.

One process serves real HTTP on loopback over the embedded PostgreSQL; this one asks.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from contextlib import suppress

import httpx
import psutil

from bench.report import Report
from bench.studio import own_folder, start, stop
from easel.features.accounts import policy

_PASSWORD = "a good long password"
_FLOOD_SECONDS = 15
_IN_A_ROW = 10
_LONGEST = 300
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


async def session_check(
    studio: psutil.Process, user: httpx.AsyncClient, stranger: httpx.AsyncClient, rounds: int = 40
) -> tuple[float, float]:
    """What a session adds to a request for a route that itself asks nothing, in milliseconds.

    By the clock, as the medians' difference, and in processor time of all the studio's processes, the database's
    included. The two take turns, so that whatever else the machine does meets both.
    """
    waited: dict[httpx.AsyncClient, list[float]] = {user: [], stranger: []}
    worked = dict.fromkeys(waited, 0.0)
    for _ in range(rounds):
        for client, milliseconds in waited.items():
            before = processor_time(studio)
            for _ in range(_IN_A_ROW):
                started = time.perf_counter()
                answer = await client.get("/api/models/categories")
                milliseconds.append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200, answer.text
            worked[client] += processor_time(studio) - before
    each = {client: worked[client] * 1000 / (rounds * _IN_A_ROW) for client in worked}
    return statistics.median(waited[user]) - statistics.median(waited[stranger]), each[user] - each[stranger]


def processor_time(studio: psutil.Process) -> float:
    """The seconds of processor time that a process and all below it have taken."""
    taken = 0.0
    for process in (studio, *studio.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            taken += times.user + times.system
    return taken


async def measure(studio: psutil.Process, url: str, report: Report) -> None:
    """Asks a running studio, and adds what came of it."""
    async with (
        httpx.AsyncClient(base_url=url, timeout=60) as user,
        httpx.AsyncClient(base_url=url, timeout=60) as foe,
    ):
        sent = {"email": "ada@example.com", "password": _PASSWORD, "name": "Ada"}
        assert (await user.post("/api/auth/register", json=sent)).status_code == 201
        await session_check(studio, user, foe, 3)
        waited, worked = await session_check(studio, user, foe)
        report.add("what the check of its session adds to a request, by the clock", waited, "ms", most=1)
        report.add("the same, processor time of all processes", worked, "ms", most=1)
        with_session = await latency(user, "/api/auth/me", 5)
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


def main() -> int:
    report = Report(
        "sign_in", "Processor time for hashing, which other work does not blur; the rest over loopback."
    )
    report.add("one argon2id hash, processor time", hash_cost(), "ms", most=80)
    with own_folder() as folder:
        studio, url = start(folder / "data")
        try:
            asyncio.run(asyncio.wait_for(measure(psutil.Process(studio.pid), url, report), _LONGEST))
        finally:
            stop(studio)
    report.done()
    return 0


if __name__ == "__main__":
    sys.exit(main())
