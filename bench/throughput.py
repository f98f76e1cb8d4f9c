"""How much one worker and one web process carry. Run: ``python -m bench.throughput [part …]``.

A real web process and a real worker process on an embedded PostgreSQL that keeps data safe, files on the disk, a
provider in the worker that answers at once with 64 × 64 pixels, or after a while. Parts: ``drive``, ``many``,
``long`` and ``streams``; all of them without a name.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psutil
import psycopg

from bench.pipeline import asked, percentile, submit
from bench.report import Report
from bench.studio import Running, Stopwatch, database, opened, running
from easel.base.db import conninfo
from easel.core.actor import Actor
from easel.features.generation.events import GenerationStarted

SEATS = 250
"""Calls in flight that the worker may have."""
STREAMS = 1000
USERS = 10
"""They take 20 seats each, as many as one user may have: some stay free for others."""
QUEUE = 100_000
_AT = re.compile(rb'"at":([0-9.]+)')
NOW, LATER, LONG = (model.id for model in Stopwatch.models)


class Scene:
    """What the parts measure: both processes, the database and the report."""

    def __init__(self, studio: Running, url: str, actor: Actor, report: Report) -> None:
        self.studio, self.client = studio, studio.client
        self.actor, self.report = actor, report
        self.web, self.worker = (psutil.Process(process.pid) for process in (studio.web, studio.worker))
        self.database = psycopg.connect(conninfo(url), autocommit=True)
        self.url = url
        (pid,) = self.one("SELECT pg_backend_pid()")
        postmaster = psutil.Process(pid).parent()
        assert postmaster is not None
        self.postgres = postmaster

    def one(self, statement: str, *values: object) -> tuple[Any, ...]:
        """The first row of a statement's result."""
        row = self.database.execute(statement.encode(), values).fetchone()
        assert row is not None
        return row

    async def batch(self, count: int, model: str) -> float:
        """Submit many prompts in one request; answers the seconds to the answer."""
        requests = [
            {"prompt": f"a red fox at dusk, number {number}", "model": model} for number in range(count)
        ]
        began = time.perf_counter()
        answer = await self.client.post("/api/generate/batch", json={"requests": requests})
        assert answer.status_code == 202, answer.text
        return time.perf_counter() - began

    async def until(self, statement: str, good: Callable[[int], bool]) -> int:
        """The number that a statement finds, as soon as it is good."""
        while True:
            (found,) = self.one(statement)
            assert isinstance(found, int)
            if good(found):
                return found
            await asyncio.sleep(0.1)

    async def drained(self) -> None:
        """Wait until everything submitted has ended and every picture has its thumbnails."""
        await self.until(
            "SELECT count(*) FROM generations WHERE status IN ('pending', 'processing')", lambda n: not n
        )
        await self.until(
            "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'media'", lambda n: not n
        )

    @contextmanager
    def processor(self) -> Iterator[dict[str, float]]:
        """Seconds of processor time that each process takes in the block, by its name."""

        def spent() -> dict[str, float]:
            families = {
                "web": [self.web],
                "worker": [self.worker],
                "PostgreSQL": [self.postgres, *self.postgres.children()],
            }
            return {name: sum(map(_seconds, family)) for name, family in families.items()}

        taken: dict[str, float] = {}
        before = spent()
        yield taken
        taken.update({name: after - before[name] for name, after in spent().items()})


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().uss) / 1e6


async def drive(scene: Scene) -> None:
    """Generations per second through the whole pipeline, thumbnails included."""
    await scene.batch(50, NOW)
    await scene.drained()
    accepted = [await scene.batch(1000, NOW)]
    with scene.processor() as taken:
        await scene.drained()
    seconds, count = scene.one(
        "SELECT extract(epoch FROM max(completed_at) - min(started_at))::float, count(*) FROM generations"
        " WHERE batch_id = (SELECT batch_id FROM generations ORDER BY created_at DESC LIMIT 1)"
        " AND status = 'completed'"
    )
    assert isinstance(seconds, float)
    assert count == 1000
    for _ in range(2):
        accepted.append(await scene.batch(1000, NOW))
        await scene.drained()
    scene.report.add("generations per second, one worker", 1000 / seconds, "1/s", least=50)
    for name, spent in taken.items():
        scene.report.add(f"processor time of a generation, {name}", spent, "ms")
    scene.report.add("1,000 generations in one request", min(accepted), "s", most=0.5)


async def many(scene: Scene) -> None:
    """Calls in flight in one worker, and what they take of memory."""
    before = _megabytes(scene.worker)
    users = []
    for number in range(SEATS // 20):
        await scene.studio.sign_up(f"many-{number}@example.com")
        users.append(scene.client.headers["Authorization"])
    for authorization in users:
        scene.client.headers["Authorization"] = authorization
        await scene.batch(20, LONG)
    # Until none waits for its start any more: the first may have ended by then, where starts take their time.
    flying, memory, waiting = 0, 0.0, 1
    while waiting:
        await asyncio.sleep(0.2)
        waiting, now = scene.one(
            "SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'processing')"
            " FROM generations WHERE status IN ('pending', 'processing')"
        )
        flying, memory = max(flying, now), max(memory, _megabytes(scene.worker))
    scene.report.add("provider calls in flight", flying, "", least=200)
    scene.report.add("memory of the worker with them", memory, "MB", most=300)
    scene.report.add("memory of the worker before", before, "MB")
    await scene.drained()


async def long(scene: Scene) -> None:
    """A new prompt of one user, with a long queue of others who have all the seats that they may have."""
    queuers = []
    for number in range(USERS):
        actor = await scene.studio.sign_up(f"queuer-{number}@example.com")
        queuers.append((actor.workspace_id, actor.user_id))
    await scene.studio.sign_up("new@example.com")
    with scene.database.cursor() as cursor:
        cursor.executemany(
            b"INSERT INTO generations (id, workspace_id, user_id, pool, operation, prompt, negative_prompt, model_id,"
            b" model_version, parameters, num_images, status, priority, attempt, retry_count, passing_errors, progress,"
            b" cost_credits) SELECT gen_random_uuid(), %s, %s, 'stopwatch', 'text-to-image', 'a fox in the queue', '',"
            b" %s, '1', jsonb_build_object('width', 64, 'height', 64, 'output_format', 'png', 'seed', number),"
            b" 1, 'pending', -10, 0, 0, 0, '{}', 0 FROM generate_series(1, %s) AS number",
            [(*queuer, LATER, QUEUE // USERS) for queuer in queuers],
        )
    scene.database.execute("ANALYZE generations")
    await scene.until(
        "SELECT count(*) FROM generations WHERE status = 'processing'", lambda n: n >= 18 * USERS
    )
    sent, answers = {}, []
    for _ in range(100):
        id, moment, seconds = await submit(scene.client, model=NOW)
        sent[id] = moment
        answers.append(seconds * 1000)
        await asyncio.sleep(0.1)
    while sent.keys() - (started := asked(scene.url)).keys():  # noqa: ASYNC110 - the end is in the database
        await asyncio.sleep(0.5)
    starts = [(started[id] - moment) * 1000 for id, moment in sent.items()]
    scene.report.add("queue of 100,000: submit → answer, p95", percentile(answers, 0.95), "ms")
    scene.report.add("queue of 100,000: submit → engine start, p50", percentile(starts, 0.5), "ms")
    scene.report.add("queue of 100,000: submit → engine start, p95", percentile(starts, 0.95), "ms", most=100)
    scene.database.execute(
        "UPDATE generations SET status = 'cancelled', completed_at = now() WHERE status = 'pending'"
    )
    await scene.drained()


async def streams(scene: Scene) -> None:
    """Event streams that all hear of everything: the members of one workspace."""
    actor = await scene.studio.sign_up("streams@example.com")
    before = _megabytes(scene.web)
    address = urlsplit(scene.studio.url)
    heard: list[float] = []

    class Listener(asyncio.Protocol):
        """As little as can be, so that what is measured is the server: this process hears a thousand times more."""

        def __init__(self) -> None:
            self.ready = asyncio.Event()

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(
                f"GET /api/events HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/event-stream\r\n"
                f"Authorization: {scene.client.headers['Authorization']}\r\n\r\n".encode()
            )

        def data_received(self, data: bytes) -> None:
            now = time.time()
            if b"retry:" in data:
                self.ready.set()
            heard.extend((now - float(at)) * 1000 for at in _AT.findall(data))

    async def listen(few: asyncio.Semaphore) -> asyncio.BaseTransport:
        async with few:
            transport, listener = await asyncio.get_running_loop().create_connection(
                Listener, address.hostname or "", address.port or 0
            )
            await listener.ready.wait()
            return transport

    few = asyncio.Semaphore(20)
    listening = await asyncio.gather(*(listen(few) for _ in range(STREAMS)))
    await asyncio.sleep(5)
    scene.report.add(
        f"memory of the web process with {STREAMS:,} event streams",
        _megabytes(scene.web) - before,
        "MB more",
        most=150,
    )
    with scene.processor() as taken:
        async with opened() as studio:
            for _ in range(20):
                async with studio.work(actor) as work:
                    await work.emit(
                        GenerationStarted(
                            subject_id=UUID(int=0),
                            workspace_id=actor.workspace_id,
                            user_id=actor.user_id,
                            data={"status": "processing", "at": time.time()},
                        )
                    )
                await asyncio.sleep(0.5)
    await asyncio.sleep(2)
    assert len(heard) == 20 * STREAMS, f"{len(heard)} of {20 * STREAMS} heard"
    scene.report.add("event → client, all of them hear it, p50", percentile(heard, 0.5), "ms")
    scene.report.add("event → client, all of them hear it, p95", percentile(heard, 0.95), "ms", most=150)
    scene.report.add("processor time of the web process to tell one", taken["web"] / len(heard) * 1e6, "µs")
    for one in listening:
        one.close()


PARTS: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "drive": drive,
    "many": many,
    "streams": streams,
    "long": long,
}


def main() -> None:
    os.environ["EASEL_WORKER_GENERATIONS"] = str(SEATS)
    for name in ("SIGN_IN", "USER", "ANONYMOUS"):
        os.environ[f"EASEL_LIMIT_{name}"] = "1000000"
    report = Report(
        "throughput",
        "One web process, one worker and the client on one machine; PostgreSQL commits to the disk, files are synced.",
    )
    with database() as (folder, url), running(folder) as studio:

        async def measure() -> None:
            actor = await studio.sign_up("bench@example.com")
            scene = Scene(studio, url, actor, report)
            for name in sys.argv[1:] or PARTS:
                await PARTS[name](scene)

        asyncio.run(measure())
    report.done()


if __name__ == "__main__":
    main()
