"""The API as commands reach it: a server elsewhere, or this machine's data folder with a worker of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from easel import __version__, migrations
from easel.app import worker
from easel.app.api import build
from easel.app.embedded import database
from easel.app.in_process import InProcess
from easel.app.open import open_studio
from easel.base.logging import configure_logging
from easel.base.settings import load
from easel.core.actor import Actor, Credentials
from easel.core.commands import CommandFailed
from easel.core.work import Studio
from easel.features.workspaces.service import acting

_AGENT = f"easel/{__version__}"


@asynccontextmanager
async def connect(
    *, url: str | None, token: str | None, user: str | None
) -> AsyncIterator[httpx.AsyncClient]:
    """See `easel.core.commands.Connect`. Raises `CommandFailed` when the studio at `url` cannot be reached."""
    if url is None:
        async with _local(user) as client:
            yield client
        return
    headers = {"User-Agent": _AGENT, **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
            yield client
    except httpx.TransportError as error:
        raise CommandFailed(f"{url} cannot be reached: {error}") from error


@asynccontextmanager
async def _local(user: str | None) -> AsyncIterator[httpx.AsyncClient]:
    settings = load()
    configure_logging(settings.model_copy(update={"log_level": "error"}), "command")
    with database(settings) as url:
        migrations.ensure_current(url)
        async with open_studio(settings, url) as studio:
            async with studio.work(Actor.system()) as work:
                actor = await acting.local_actor(work, user)

            async def as_owner(_: Studio, __: Credentials) -> Actor:
                return actor

            app = build()
            app.state.studio = studio
            app.state.authenticate = as_owner
            transport = InProcess(app)
            async with (
                worker.working(studio, grace=1.0),
                httpx.AsyncClient(transport=transport, base_url="http://easel", timeout=600) as client,
            ):
                yield client
