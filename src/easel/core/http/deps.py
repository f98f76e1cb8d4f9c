"""What a route asks for: its transaction, and with it the statement of who may call it.

`Reading`, `Generating`, `Managing`, `Administering` and `Open` are the door's keys: a route's `work` parameter
says which. A route that takes none of them cannot reach a row. The transaction commits *before* the response
is sent (`scope="function"`), so a failed commit is an error and not a 200.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from easel.core.actor import Actor, Client, NotAllowed, Scope
from easel.core.work import Studio, Work

SESSION_COOKIE = "easel_session"

_bearer = HTTPBearer(auto_error=False, description="An access token.", scheme_name="bearer")
_cookie = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, description="The studio's session.", scheme_name="session"
)

Authenticate = Callable[[Studio, str | None, str | None], Awaitable[Actor]]
"""`(studio, session cookie, bearer token) -> Actor`; composed in `app`, which knows the features."""


def get_studio(request: Request) -> Studio:
    return cast("Studio", request.app.state.studio)


StudioDep = Annotated[Studio, Depends(get_studio)]


def get_client(request: Request) -> Client:
    """Where the request comes from: its address, and the start of what the program calls itself."""
    return Client(
        ip=request.client.host if request.client else None,
        user_agent=request.headers.get("user-agent", "")[:500] or None,
    )


ClientDep = Annotated[Client, Depends(get_client)]


async def get_actor(
    request: Request,
    studio: StudioDep,
    client: ClientDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Actor:
    """Whoever the request's credentials name; anonymous without any.

    Raises `NotSignedIn` for a credential that is not valid: a bad token is never taken for none.
    """
    authenticate = cast("Authenticate", request.app.state.authenticate)
    actor = await authenticate(studio, cookie, bearer.credentials if bearer else None)
    actor = replace(actor, client=client)
    request.scope["actor"] = actor
    return actor


def _may(scope: Scope | None, *, admin: bool = False) -> Callable[[Actor], Actor]:
    def check(actor: Annotated[Actor, Depends(get_actor)]) -> Actor:
        if scope is not None:
            actor.require(scope)
        if admin and actor.role != "admin":
            raise NotAllowed("This is for administrators.")
        return actor

    return check


def _work(scope: Scope | None, *, admin: bool = False) -> Callable[..., AsyncIterator[Work]]:
    allowed = Depends(_may(scope, admin=admin))

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
Administering = Annotated[Work, Depends(_work(Scope.MANAGE, admin=True), scope="function")]

Reader = Annotated[Actor, Depends(_may(Scope.READ))]
"""The actor alone, for routes that stream or wait and open their own transactions."""
Generator = Annotated[Actor, Depends(_may(Scope.GENERATE))]
Manager = Annotated[Actor, Depends(_may(Scope.MANAGE))]

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
