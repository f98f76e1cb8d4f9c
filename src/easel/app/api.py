"""The web application: routers, error handlers, middleware, the built studio, health."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any

import anyio
import anyio.lowlevel
from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from easel import __version__
from easel.app import health, metrics_route, openapi, studio_files
from easel.app.metrics import StudioNumbers
from easel.app.routers import ROUTERS
from easel.base.settings import Settings
from easel.core.http import middleware, problems
from easel.core.http.client_address import ClientAddress
from easel.core.http.limits import RateLimits
from easel.core.work import Studio
from easel.features.api_keys.service import authenticate
from easel.features.catalogue.service.synchronise import synchronise

OpenStudio = Callable[[], AbstractAsyncContextManager[Studio]]

_DESCRIPTION = """\
Everything the studio does, for programs.

**Credentials**: `Authorization: Bearer <access token>` from `POST /api/auth/login`, the session cookie, or an API key
from `POST /api/settings/api-keys` as `Authorization: Bearer <API key>` or `X-API-Key`.
**Workspaces**: `X-Workspace` names the one to act in; absent, it is the key's own or your personal one.
**Errors** are `application/problem+json` (RFC 9457). **Lists** are keyset pages: pass `next_cursor` back as `cursor`.
**Progress** comes as server-sent events from `GET /api/events`.
"""


def create_app(settings: Settings, open_studio: OpenStudio) -> ASGIApp:
    """The ASGI application; `open_studio` is entered when the server starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_studio() as studio:
            app.state.studio = studio
            app.state.numbers = StudioNumbers(studio)
            await synchronise(studio)
            listener = asyncio.create_task(studio.hub.run(), name="events")
            # Not by `to_thread`, which takes along what the caller runs under: an event loop of its own runs there.
            loading = asyncio.get_running_loop().run_in_executor(None, _load_the_rest)
            try:
                yield
            finally:
                studio.hub.close()
                listener.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listener
                await loading

    app = build(lifespan)
    studio_files.install(app, settings)
    # A full garbage collection looks at all code that is loaded, again and again, unless told that it stays.
    if gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()
    return wrap(app, settings)


@cache
def _load_the_rest() -> None:
    """Load, beside the loop, what the first requests need and the start does not: all others would wait for it."""
    anyio.run(anyio.lowlevel.checkpoint)
    importlib.import_module("jinja2")


@cache
def _routes() -> Sequence[BaseRoute]:
    """The features' routes, worked out: most of a second, so once in a process, however many applications it has."""
    frame = APIRouter(responses=openapi.EVERYWHERE)
    for router in ROUTERS:
        # Each with the prefix, or the framework works all of them out a second time to look for empty paths.
        frame.include_router(router, prefix="/api")
    frame.include_router(health.router)
    frame.include_router(metrics_route.router)
    # Now, not when the first request is matched, which would hold up the loop.
    for route in frame.routes:
        route.matches({"type": "http", "path": "/", "root_path": "", "method": "GET", "headers": []})
    return frame.routes


def build(lifespan: Any = None) -> FastAPI:
    """The application without its protective layers; enough for the OpenAPI document."""
    app = FastAPI(
        title="Easel",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        routes=[*_routes()],
        separate_input_output_schemas=False,
        redirect_slashes=False,
        # Its own spans have addresses and queries in them, and with these tokens; ours are `base.tracing`.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.authenticate = authenticate
    problems.install(app)
    openapi.install(app)
    return app


def wrap(app: ASGIApp, settings: Settings) -> ASGIApp:
    """The application behind its protective layers, the outermost last."""
    web = settings.web
    # A form is a little longer than the files in it.
    picture = settings.uploads.max_picture_bytes
    larger = {
        "/api/users/import": web.max_import_bytes + 100_000,
        "/api/images/upload": max(web.max_body_bytes, 10 * picture) + 100_000,
        "/api/images/uploads/": max(web.max_body_bytes, picture),
    }
    app = middleware.BodyLimit(app, web.max_body_bytes, larger)
    app = RateLimits(app, settings.limits)
    app = middleware.SameOrigin(app, web.public_url, web.cors_origins)
    if web.cors_origins:
        app = middleware.cross_origin(app, web.cors_origins)
    plain = (web.public_url or "").startswith("http:")
    app = middleware.SecurityHeaders(app, https=settings.environment == "production" and not plain)
    app = ClientAddress(app, web.trusted_proxies, web.proxy_header)
    return middleware.RequestContext(app)
