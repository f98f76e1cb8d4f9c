"""What a route asks for: its transaction, and with it the statement of who may call it.

`Reading`, `Generating`, `Managing`, `Personal`, `Administering` and `Open` are the door's keys: a route's `work`
parameter says which. A route that takes none of them cannot reach a row. The transaction commits *before* the
response is sent (`scope="function"`), so a failed commit is an error and not a 200.

Every key acts in one workspace: the one that `X-Workspace` names, an API key's own, else the personal one.

All of them are coroutines, also those that wait for nothing: FastAPI calls plain functions in a thread of a pool.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, cast
from uuid import UUID

import structlog
from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from easel.core.actor import Actor, Client, Credentials, NotAllowed, Scope
from easel.core.work import Studio, Work

SESSION_COOKIE = "easel_session"

_bearer = HTTPBearer(auto_error=False, description="An access token or an API key.", scheme_name="bearer")
_api_key = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="An API key, `easel_…`.", scheme_name="api_key"
)
_cookie = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, description="The studio's session.", scheme_name="session"
)

_ABOUT_WORKSPACE = "The id of the workspace to act in; absent, it is the API key's own or your personal one."
WorkspaceHeader = Annotated[UUID | None, Header(alias="X-Workspace", description=_ABOUT_WORKSPACE)]


Authenticate = Callable[[Studio, Credentials], Awaitable[Actor]]
"""Whose a request's credentials are, and where they act; composed in `app`, which knows the features."""


async def get_studio(request: Request) -> Studio:
    return cast("Studio", request.app.state.studio)


StudioDep = Annotated[Studio, Depends(get_studio)]


async def get_client(request: Request) -> Client:
    """Where the request comes from: its address, and the start of what the program calls itself."""
    return Client(
        ip=request.client.host if request.client else None,
        user_agent=request.headers.get("user-agent", "")[:500] or None,
    )


ClientDep = Annotated[Client, Depends(get_client)]


async def get_credentials(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    api_key: Annotated[str | None, Security(_api_key)],
    cookie: Annotated[str | None, Security(_cookie)],
    workspace: WorkspaceHeader = None,
) -> Credentials:
    """What the request says of who sends it."""
    return Credentials(cookie, bearer.credentials if bearer else None, api_key, workspace)


CredentialsDep = Annotated[Credentials, Depends(get_credentials)]


async def get_actor(
    request: Request, studio: StudioDep, client: ClientDep, credentials: CredentialsDep
) -> Actor:
    """Whoever the request's credentials name; anonymous without any.

    Raises `NotSignedIn` for a credential that is not valid: a bad token is never taken for none. Raises
    `WorkspaceNotFound` for a workspace that they are no member of.
    """
    authenticate = cast("Authenticate", request.app.state.authenticate)
    actor = replace(await authenticate(studio, credentials), client=client)
    request.scope["actor"] = actor
    if actor.workspace_id is not None:
        structlog.contextvars.bind_contextvars(workspace_id=str(actor.workspace_id))
    return actor


async def get_fetching_actor(
    request: Request,
    studio: StudioDep,
    client: ClientDep,
    credentials: CredentialsDep,
    workspace: Annotated[
        UUID | None, Query(description="As `X-Workspace`, for clients that cannot set the header.")
    ] = None,
) -> Actor:
    """As `get_actor`, for what a browser fetches by itself: it may read in all workspaces if none is named."""
    named = credentials.workspace or workspace
    credentials = replace(credentials, workspace=named, everywhere=named is None)
    return await get_actor(request, studio, client, credentials)


def _may(
    scope: Scope | None,
    *,
    admin: bool = False,
    person: bool = False,
    of: Callable[..., Awaitable[Actor]] = get_actor,
) -> Callable[[Actor], Awaitable[Actor]]:
    resolved = Depends(of)

    async def check(actor: Actor = resolved) -> Actor:
        if person:
            actor.require_person()
        if scope is not None:
            actor.require(scope)
        if admin and actor.role != "admin":
            raise NotAllowed("This is for administrators.")
        return actor

    return check


def _work(
    scope: Scope | None, *, admin: bool = False, person: bool = False
) -> Callable[..., AsyncIterator[Work]]:
    allowed = Depends(_may(scope, admin=admin, person=person))

    async def open_work(studio: StudioDep, actor: Actor = allowed) -> AsyncIterator[Work]:
        async with studio.work(actor) as work:
            yield work

    return open_work


WITHOUT_CREDENTIALS: dict[str, Any] = {"security": [{}]}
"""`openapi_extra` of routes that credentials may be left out of: none at all stands beside the others."""

Open = Annotated[Work, Depends(_work(None), scope="function")]
Reading = Annotated[Work, Depends(_work(Scope.READ), scope="function")]
Generating = Annotated[Work, Depends(_work(Scope.GENERATE), scope="function")]
Managing = Annotated[Work, Depends(_work(Scope.MANAGE), scope="function")]
Personal = Annotated[Work, Depends(_work(None, person=True), scope="function")]
"""What is a person's own, such as the account, its sessions and keys, and the teams: whatever their level in the
workspace they act in, and never with an API key."""
Administering = Annotated[Work, Depends(_work(None, admin=True, person=True), scope="function")]
"""The whole studio, for its administrators, whatever workspace they act in; never with an API key."""

Reader = Annotated[Actor, Depends(_may(Scope.READ))]
"""The actor alone, for routes that stream or wait and open their own transactions."""
Generator = Annotated[Actor, Depends(_may(Scope.GENERATE))]
Manager = Annotated[Actor, Depends(_may(Scope.MANAGE))]
Person = Annotated[Actor, Depends(_may(None, person=True))]
"""As `Personal`, without the transaction."""
Fetcher = Annotated[Actor, Depends(_may(Scope.READ, of=get_fetching_actor))]
"""As `Reader`, for pictures, downloads and streams: browsers fetch those by an address alone, which may name the
workspace as `?workspace=` and, without a name, may lead into any workspace of the person."""

IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text of your own. The same key and body within 24 hours get the first answer again.",
    ),
]
"""For routes that cost something; see `idempotency`."""

PreferHeader = Annotated[
    str | None,
    Header(
        alias="Prefer",
        max_length=200,
        description="`wait=N` waits up to N seconds (at most 120) and answers 200 if it ends in time.",
    ),
]
