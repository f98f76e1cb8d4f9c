"""How long a prompt takes to its engine and a picture to the gallery. Run: ``python -m bench.pipeline``.

A real web process and a real worker process (as nice as under `easel serve`) on an embedded PostgreSQL that keeps
data safe, files on the disk. A provider of this script notes the clock when it is called, Sketch makes the pictures.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import httpx
import psycopg
import pyvips

from bench.report import Report
from easel import migrations
from easel.app.embedded import EmbeddedPostgres
from easel.app.open import open_studio
from easel.base.db import conninfo
from easel.base.settings import load
from easel.core.actor import ALL_SCOPES, Actor, Level
from easel.core.work import Studio
from easel.features.library import service as library
from easel.providers.base import Call, Capability, Model, Options, Produced, Request, Result, Secret, Sizes
from easel.providers.registry import Providers
from easel.providers.sketch import Sketch

_STALL = 0.05
_PORT = 8765


class Stopwatch:
    """A provider that makes nothing of note and remembers when it was asked."""

    id: ClassVar[str] = "stopwatch"
    title: ClassVar[str] = "Stopwatch"
    description: ClassVar[str] = "For measurements."
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = (
        Model(
            id="stopwatch/now",
            name="Now",
            description="For measurements.",
            version="1",
            capabilities=frozenset({Capability.TEXT_TO_IMAGE}),
            options=Options,
            sizes=Sizes(default=(64, 64)),
        ),
    )
    repeatable: ClassVar[bool] = True
    seats: int | None = None
    seats_per_worker: int | None = None

    async def generate(self, request: Request, call: Call) -> Result:
        return Result((Produced(_DOT, request.seed, {"asked": time.time()}),))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        raise NotImplementedError

    async def cancel(self, request_id: str) -> None:
        pass

    async def close(self) -> None:
        pass


_DOT: bytes = pyvips.Image.black(64, 64, bands=3).copy(interpretation="srgb").pngsave_buffer()


@asynccontextmanager
async def _opened() -> AsyncIterator[Studio]:
    settings = load()
    assert settings.database.url is not None
    providers = Providers([Stopwatch(), Sketch(threads=settings.worker.cpu)])
    async with open_studio(settings, settings.database.url.get_secret_value(), providers=providers) as studio:
        yield studio


def _web() -> None:
    """The web process; on its end it leaves the stalls of its loop in the file named by STALLS."""
    import uvicorn

    from easel.app.api import create_app

    stalls: list[float] = []

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            late = time.perf_counter() - began - 0.005
            if late > _STALL:
                stalls.append(late)

    @asynccontextmanager
    async def watched() -> AsyncIterator[Studio]:
        async with _opened() as studio:
            watching = asyncio.create_task(watch())
            yield studio
            watching.cancel()
            told = "\n".join(f"{stall * 1000:.0f}" for stall in stalls)
            await asyncio.to_thread(Path(os.environ["STALLS"]).write_text, told)

    uvicorn.run(create_app(load(), watched), port=_PORT, log_config=None, access_log=False)


def _worker() -> None:
    from easel.app.processes import run
    from easel.app.worker import be_nice, run_worker

    be_nice()

    async def main() -> None:
        async with _opened() as studio:
            await run_worker(studio, grace=1)

    run(main)


class Bench:
    """The processes and a client that is signed in."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "EASEL_DATA": str(folder),
            "EASEL_DEFAULT_MODEL": "stopwatch/now",
            "STALLS": str(folder / "stalls"),
        }
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.pipeline", part],
                env=self.environment,
                stdout=subprocess.DEVNULL,
            )
            for part in ("web", "worker")
        ]
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{_PORT}", timeout=60)

    async def ready(self) -> None:
        for _ in range(600):
            for process in self.processes:
                assert process.poll() is None, "a process ended; see its log"
            try:
                if (await self.client.get("/readyz")).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
        account = {"email": "bench@example.com", "password": secrets.token_urlsafe(), "name": "Bench"}
        answer = await self.client.post("/api/auth/register", json=account)
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def submit(self, **body: Any) -> tuple[str, float, float]:
        """A generation's id, the moment its request was sent and the seconds to the answer."""
        sent, began = time.time(), time.perf_counter()
        answer = await self.client.post("/api/images/generate", json={"prompt": "a red fox at dusk", **body})
        assert answer.status_code == 202, answer.text
        return answer.json()["id"], sent, time.perf_counter() - began

    async def visible(self, id: str) -> float:
        """The moment a picture of the generation is in the gallery."""
        while True:
            listed = (await self.client.get("/api/images", params={"limit": 5})).json()["items"]
            if any(image["generation_id"] == id for image in listed):
                return time.time()
            await asyncio.sleep(0.005)

    async def ended(self) -> None:
        while True:
            if not (await self.client.get("/api/generate/queue", params={"limit": 1})).json()["items"]:
                return
            await asyncio.sleep(0.1)

    def asked(self) -> dict[str, float]:
        """When the provider was asked, by generation."""
        with psycopg.connect(conninfo(self.url)) as connection:
            rows = connection.execute("SELECT generation_id, metadata->>'asked' FROM images")
            return {str(id): float(moment) for id, moment in rows if moment}

    def stop(self) -> list[float]:
        """Ends the processes; answers the stalls of the web process in milliseconds."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)
        return [float(line) for line in (self.folder / "stalls").read_text().split()]


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


async def timed(step: Callable[[], Awaitable[Any]], times: int, pause: float = 0) -> list[float]:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        await step()
        seconds.append(time.perf_counter() - began)
        await asyncio.sleep(pause)
    return seconds


async def measure(bench: Bench, report: Report) -> None:
    await bench.ready()
    for _ in range(10):
        await bench.submit()
    await bench.ended()

    sent: dict[str, float] = {}
    answers = []
    for _ in range(100):
        id, moment, seconds = await bench.submit()
        sent[id] = moment
        answers.append(seconds)
        await asyncio.sleep(0.1)
    await bench.ended()
    asked = bench.asked()
    starts = [(asked[id] - moment) * 1000 for id, moment in sent.items()]
    report.add("submit → answer, p50", statistics.median(answers) * 1000, "ms")
    report.add("submit → engine start, p50", statistics.median(starts), "ms", most=10)
    report.add("submit → engine start, p95", percentile(starts, 0.95), "ms", most=50)

    shown = []
    for _ in range(9):
        id, moment, _ = await bench.submit(model="sketch/sketch-1", size="1024x1024")
        shown.append(await bench.visible(id) - moment)
        await asyncio.sleep(0.8)
    report.add("submit → visible, Sketch 1024², p50", statistics.median(shown[1:]), "s", most=1.2)

    async def gallery() -> None:
        assert (await bench.client.get("/api/images", params={"limit": 30})).status_code == 200

    await asyncio.sleep(2)
    idle = percentile(await timed(gallery, 200, 0.01), 0.95) * 1000
    for _ in range(24):
        await bench.submit(model="sketch/sketch-1", size="1024x1024")
    await asyncio.sleep(1)
    busy = percentile(await timed(gallery, 200, 0.01), 0.95) * 1000
    waiting = (await bench.client.get("/api/generate/queue", params={"limit": 1, "count": True})).json()[
        "total"
    ]
    assert waiting, "the worker was not busy to the end"
    report.add("gallery page, idle, p95", idle, "ms")
    report.add("gallery page, worker saturated, p95", busy, "ms")
    report.add("the second to the first", busy / idle, "×", most=2)


async def store(url: str, report: Report) -> None:
    """Bytes in hand → a committed picture, in a process of its own."""
    settings = load()
    async with open_studio(settings, url, providers=Providers([Stopwatch()])) as studio:
        with psycopg.connect(conninfo(url)) as connection:
            row = connection.execute("SELECT id, owner_id FROM workspaces").fetchone()
        assert row is not None
        actor = Actor("user", user_id=row[1], workspace_id=row[0], level=Level.ADMIN, scopes=ALL_SCOPES)
        origin = library.Origin(
            operation="text-to-image",
            prompt="a measurement",
            negative_prompt="",
            model_id="stopwatch/now",
            model_version="1",
            parameters={},
            generation_id=None,
            generation_time=None,
            cost_credits=Decimal(0),
        )
        seconds = []
        for number in range(24):
            noise = pyvips.Image.gaussnoise(816, 816, sigma=60, seed=number).bandjoin(
                [pyvips.Image.gaussnoise(816, 816, sigma=60, seed=number + 100 * band) for band in (1, 2)]
            )
            data = noise.cast("uchar").copy(interpretation="srgb").pngsave_buffer(compression=1)
            began = time.perf_counter()
            original = await library.keep(studio, data)
            async with studio.work(actor) as work:
                await library.add_image(work, original, replace(origin), seed=None, facts={})
            seconds.append(time.perf_counter() - began)
        report.add(
            f"{len(data) / 1e6:.1f} MB in hand → committed, p50",
            statistics.median(seconds[4:]) * 1000,
            "ms",
            most=40,
        )


def main() -> None:
    report = Report(
        "pipeline",
        "Web, worker and client are processes on one machine; PostgreSQL commits to the disk, files are synced.",
    )
    folder = Path(tempfile.mkdtemp(prefix="easel-bench-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    server = EmbeddedPostgres(folder / "data")
    try:
        url = server.start()
        migrations.ensure_current(url)
        bench = Bench(folder, url)
        try:
            asyncio.run(measure(bench, report))
        finally:
            stalls = bench.stop()
        os.environ.update(bench.environment)
        asyncio.run(store(url, report))
        report.add("stalls of the web process over 50 ms", len(stalls), "", most=0)
        report.add("the longest of them", max(stalls, default=0), "ms")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report.done()


if __name__ == "__main__":
    {"web": _web, "worker": _worker}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
