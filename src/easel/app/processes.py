"""The two kinds of process that serve: the web server and the worker. Each loads only what it needs."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from easel.app.embedded import database
from easel.app.open import open_studio, ready_providers
from easel.app.supervised import exit_when_parent_dies, wait_for_word
from easel.base import tracing
from easel.base.errors import EaselError
from easel.base.logging import configure_logging
from easel.base.settings import BadSettings, load
from easel.core.work import Studio

T = TypeVar("T")

_SUPERVISED_GRACE = 1.0
"""Seconds that a worker's jobs get to finish when all of Easel stops; what is left goes on at the next start."""

WEB = "Start a web server alone, on an external database; `easel serve` starts everything."
WORKER = "Start a worker: runs generations and renders thumbnails. As many as you like, on any machine."


def command(name: str, arguments: Sequence[str]) -> int:
    """Runs `easel web` or `easel worker` with its flags; the exit code, 2 for bad settings."""
    parser = argparse.ArgumentParser(prog=f"easel {name}", description=WEB if name == "web" else WORKER)
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    if name == "worker":
        parser.add_argument("--queues", default="", help="only these queues, separated by commas")
    given = parser.parse_args(arguments)
    try:
        if name == "web":
            web(supervised=given.supervised)
        else:
            worker(queues=given.queues, supervised=given.supervised)
    except EaselError as error:
        sys.stderr.write(f"easel: {error.detail}\n")
        return 2 if isinstance(error, BadSettings) else 1
    finally:
        tracing.end()
    return 0


def web(*, supervised: bool) -> None:
    """Serve HTTP until a signal comes."""
    import uvicorn

    from easel.app.api import create_app

    if supervised:
        _begin()
    settings = load()
    configure_logging(settings, "web")
    tracing.begin(settings.traces, "web")
    providers = ready_providers(settings)
    with database(settings) as url:

        @asynccontextmanager
        async def opened() -> AsyncIterator[Studio]:
            async with open_studio(settings, url, providers=providers) as studio:
                yield studio
            # Here, for uvicorn ends the process by the signal that stopped it.
            await asyncio.to_thread(tracing.end)

        app = create_app(settings, opened)
        _loaded()
        uvicorn.run(
            app,
            host=settings.web.host,
            port=settings.web.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=65,
        )


def worker(*, queues: str, supervised: bool) -> None:
    """Work on all queues, or on those named, until a signal comes."""
    from easel.app.worker import be_nice, run_worker

    if supervised:
        _begin()
        be_nice()
    settings = load()
    configure_logging(settings, "worker")
    tracing.begin(settings.traces, "worker")
    only = frozenset(name.strip() for name in queues.split(",") if name.strip()) or None
    grace = _SUPERVISED_GRACE if supervised else settings.worker.grace_seconds

    async def work(url: str) -> None:
        async with open_studio(settings, url) as studio:
            await run_worker(studio, grace=grace, only=only)

    with database(settings) as url:
        _loaded()
        run(lambda: work(url))


def _begin() -> None:
    """Waits, all modules loaded, until the supervisor says where the database is."""
    os.environ["DATABASE_URL"] = wait_for_word()
    exit_when_parent_dies()


def _loaded() -> None:
    """Look for garbage from here on, but not among what was loaded: that stays."""
    gc.freeze()
    gc.enable()


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on uvloop where there is one."""
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(main())
    return uvloop.run(main())
