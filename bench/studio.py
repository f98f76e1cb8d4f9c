"""A studio to measure: `easel serve`, or a web process and a worker whose provider notes the clock.

Everything lies in a folder of its own under ``/tmp`` and is removed at the end. One studio per script: what the
processes and this one read of settings stands in the environment.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import httpx
import pyvips
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from easel import migrations
from easel.app.embedded import EmbeddedPostgres
from easel.app.open import open_studio
from easel.app.supervised import exit_when_parent_dies
from easel.base.settings import load
from easel.core.actor import ALL_SCOPES, Actor, Level
from easel.core.work import Studio
from easel.features.library import service as library
from easel.providers.base import Call, Capability, Model, Options, Produced, Request, Result, Secret, Sizes
from easel.providers.errors import OutcomeUnknown
from easel.providers.registry import Providers
from easel.providers.sketch import Sketch

_LONGEST = 60
"""Seconds that a studio may take to be ready."""
_STALL = 0.05

ORIGIN = library.Origin(
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
"""Where pictures say they come from that a script puts into the library by itself."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """An empty folder that PostgreSQL's user may pass through, as it must under root."""
    folder = Path(tempfile.mkdtemp(prefix="easel-bench-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(data: Path) -> tuple[subprocess.Popen[bytes], str]:
    """`easel serve` on a data folder, once it is ready: its process and its address."""
    port = _free_port()
    environment = {**os.environ, "EASEL_DATA": str(data), "EASEL_PORT": str(port), "EASEL_LOG_LEVEL": "error"}
    # However the script ends, nothing of its studio stays.
    environment["EASEL_STOP_WITH_PARENT"] = "1"
    command = [sys.executable, "-m", "easel", "serve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(url, process)
    except BaseException:
        stop(process)
        raise
    return process, url


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """End processes and wait until they have."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(_LONGEST)


@contextmanager
def _kept(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield folder


@contextmanager
def database(keep: Path | None = None) -> Iterator[tuple[Path, str]]:
    """An embedded PostgreSQL that keeps data safe, with the current schema: the studio's folder, and its URL.

    What is in the folder `keep` stays there for the next run.
    """
    with _kept(keep) if keep else own_folder() as folder, _guarded(folder, remove=keep is None):
        server = EmbeddedPostgres(folder / "data")
        try:
            url = server.start()
            migrations.ensure_current(url)
            os.environ.update(
                DATABASE_URL=url, EASEL_DATA=str(folder), EASEL_DEFAULT_MODEL=Stopwatch.models[0].id
            )
            yield folder, url
        finally:
            server.stop()


@contextmanager
def _guarded(folder: Path, *, remove: bool) -> Iterator[None]:
    """A process that stops PostgreSQL, and may remove the folder, should this one be killed."""
    command = [sys.executable, "-m", "bench.studio", "guard", str(folder), *(["remove"] if remove else [])]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        guard.kill()
        guard.communicate()


class Stopwatch:
    """A provider that makes nothing of note and remembers when it was asked."""

    id: ClassVar[str] = "stopwatch"
    title: ClassVar[str] = "Stopwatch"
    description: ClassVar[str] = "For measurements."
    secrets: ClassVar[tuple[Secret, ...]] = ()
    waits: ClassVar[dict[str, float]] = {"stopwatch/now": 0, "stopwatch/later": 20, "stopwatch/long": 60}
    """Seconds that each model takes, give or take a half."""
    models: ClassVar[tuple[Model, ...]] = tuple(
        Model(
            id=id,
            name=id.rpartition("/")[2].capitalize(),
            description="For measurements.",
            version="1",
            capabilities=frozenset({Capability.TEXT_TO_IMAGE}),
            options=Options,
            sizes=Sizes(default=(64, 64)),
        )
        for id in waits
    )
    repeatable: ClassVar[bool] = True
    seats: int | None = None
    seats_per_worker: int | None = None

    async def generate(self, request: Request, call: Call) -> Result:
        asked = time.time()
        await asyncio.sleep(self.waits[request.model.id] * (0.5 + request.seed % 1000 / 1000))
        return Result((Produced(_DOT, request.seed, {"asked": asked}),))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        pass

    async def close(self) -> None:
        pass


_DOT: bytes = pyvips.Image.black(64, 64, bands=3).copy(interpretation="srgb").pngsave_buffer()


@asynccontextmanager
async def opened() -> AsyncIterator[Studio]:
    """The studio over `database` as its processes open it, for a script that goes past HTTP."""
    settings = load()
    assert settings.database.url is not None
    providers = Providers([Stopwatch(), Sketch(threads=settings.worker.cpu)])
    async with open_studio(settings, settings.database.url.get_secret_value(), providers=providers) as studio:
        yield studio


class Running:
    """Web processes and workers over `database`, as nice as under `easel serve`, and a client of the first."""

    def __init__(self, folder: Path, *, workers: int = 1, webs: int = 1) -> None:
        ports = [_free_port() for _ in range(webs)]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.url = self.urls[0]
        self._stalls = folder / "stalls"
        self.webs = [
            _own("web", EASEL_PORT=str(port), STALLS=f"{self._stalls}{number or ''}")
            for number, port in enumerate(ports)
        ]
        self.workers = [_own("worker") for _ in range(workers)]
        self.web, self.worker = self.webs[0], self.workers[0]
        self.client = httpx.AsyncClient(base_url=self.url, timeout=60)

    async def sign_up(self, email: str, password: str | None = None) -> Actor:
        """From here on the client is that of a new account; answers who that is."""
        self.client.headers.pop("Authorization", None)
        account = {"email": email, "password": password or secrets.token_urlsafe(), "name": "Bench"}
        answer = await self.client.post("/api/auth/register", json=account)
        assert answer.status_code == 201, answer.text
        return await self._act(answer)

    async def sign_in(self, email: str, password: str) -> Actor:
        """From here on the client is that of an account that is there; answers who that is."""
        self.client.headers.pop("Authorization", None)
        answer = await self.client.post("/api/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return await self._act(answer)

    async def _act(self, answer: httpx.Response) -> Actor:
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        facts = (await self.client.get("/api/auth/verify")).json()
        return Actor(
            "user",
            user_id=UUID(facts["user_id"]),
            workspace_id=UUID(facts["workspace_id"]),
            level=Level.ADMIN,
            scopes=ALL_SCOPES,
        )

    def stalls(self) -> list[float]:
        """The stalls of the web process's loop, in milliseconds, once it has ended."""
        return [float(line) for line in self._stalls.read_text().split()]


@contextmanager
def running(folder: Path, *, workers: int = 1, webs: int = 1) -> Iterator[Running]:
    """The processes, from ready to their end."""
    studio = Running(folder, workers=workers, webs=webs)
    processes = [*studio.webs, *studio.workers]
    try:
        for url in studio.urls:
            _await_ready(url, *processes)
        yield studio
    finally:
        stop(*processes)


def _own(part: str, **environment: str) -> subprocess.Popen[bytes]:
    """A process of this file, which ends with this one: standard input tells it."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.studio", part],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _await_ready(url: str, *processes: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _LONGEST
    with httpx.Client(base_url=url, timeout=1) as client:
        while time.monotonic() < deadline:
            for process in processes:
                assert process.poll() is None, "a process ended before it was ready; see above"
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
    raise AssertionError(f"not ready within {_LONGEST} seconds")


def _timed(app: ASGIApp) -> ASGIApp:
    """The application, which says of each answer how many milliseconds it took to begin."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = f"app;dur={(time.perf_counter() - began) * 1000:.3f}"
                message["headers"] = [*message["headers"], (b"server-timing", took.encode())]
            await send(message)

        await app(scope, receive, sent)

    return answer


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
        async with opened() as studio:
            watching = asyncio.create_task(watch())
            yield studio
            watching.cancel()
            told = "\n".join(f"{stall * 1000:.0f}" for stall in stalls)
            await asyncio.to_thread(Path(os.environ["STALLS"]).write_text, told)

    exit_when_parent_dies()
    settings = load()
    uvicorn.run(
        _timed(create_app(settings, watched)), port=settings.web.port, log_config=None, access_log=False
    )


def _worker() -> None:
    from easel.app.processes import run
    from easel.app.worker import be_nice, run_worker

    be_nice()
    exit_when_parent_dies()

    async def main() -> None:
        async with opened() as studio:
            await run_worker(studio, grace=1)

    run(main)


def _guard() -> None:
    folder = Path(sys.argv[2])
    while sys.stdin.buffer.read(1024):
        pass
    EmbeddedPostgres(folder / "data").stop()
    if "remove" in sys.argv:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    {"web": _web, "worker": _worker, "guard": _guard}[sys.argv[1]]()
