"""Registering, logging in and out, tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from easel.base.errors import InvalidInput
from easel.core.actor import Actor, NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Open, Personal, Reader, StudioDep

from ..errors import (
    BadRefreshToken,
    EmailTaken,
    PasswordsOff,
    RegistrationClosed,
    TooBusy,
    TooManyTries,
    WrongCredentials,
)
from ..schemas import LoginIn, RefreshIn, RegisterIn, SecondFactorNeededOut, SignedIn, TokenFacts
from ..service import sessions, sign_in
from .answers import delete_cookie, entered, signed_in

router = APIRouter()


@router.post(
    "/register",
    status_code=201,
    operation_id="register",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(EmailTaken, RegistrationClosed, PasswordsOff, TooBusy),
)
async def register(
    body: RegisterIn, work: Open, client: ClientDep, request: Request, response: Response
) -> SignedIn:
    """Make an account and sign in. The studio's first account becomes its administrator."""
    fresh = await sign_in.register(
        work, email=body.email, password=body.password, name=body.name, client=client
    )
    return signed_in(request, response, fresh)


@router.post(
    "/login",
    operation_id="login",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(WrongCredentials, TooManyTries, PasswordsOff, TooBusy),
)
async def log_in(
    body: LoginIn, studio: StudioDep, client: ClientDep, request: Request, response: Response
) -> SignedIn | SecondFactorNeededOut:
    """Sign in by e-mail and password: sets the session cookie, answers tokens for programs.

    Where two-step verification is on it does neither yet, but says which second factors will do.
    """
    outcome = await sign_in.log_in(studio, email=body.email, password=body.password, client=client)
    return entered(request, response, outcome)


@router.post("/logout", status_code=204, operation_id="logout", responses=problems.responses(NotSignedIn))
async def log_out(work: Personal, response: Response) -> None:
    """End this session and its tokens."""
    await sessions.end_acting(work)
    delete_cookie(response)


@router.get("/verify", operation_id="verify_token", responses=problems.responses(NotSignedIn))
async def verify(actor: Reader) -> TokenFacts:
    """Whether the credential sent is valid, whose it is and what it may do."""
    return _facts(actor)


def _facts(actor: Actor) -> TokenFacts:
    return TokenFacts(
        valid=True,
        user_id=actor.user,
        workspace_id=actor.workspace,
        role=actor.role,
        scopes=sorted(actor.scopes),
    )


_refresh_bearer = HTTPBearer(auto_error=False, scheme_name="refresh", description="A refresh token.")


@router.post(
    "/refresh-token",
    operation_id="refresh_token",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(BadRefreshToken),
)
async def refresh_token(
    studio: StudioDep,
    client: ClientDep,
    request: Request,
    response: Response,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_refresh_bearer)],
    body: RefreshIn | None = None,
) -> SignedIn:
    """Exchange a refresh token, sent as bearer or in the body, for new tokens.

    Each refresh token is good once. One that comes a second time was stolen from someone: its whole session ends.
    """
    token = bearer.credentials if bearer else body.refresh_token if body else None
    if not token:
        raise InvalidInput.of("refresh_token", "is missing: send it as bearer or in the body", "missing")
    async with studio.work(Actor.anonymous(client)) as work:
        fresh = await sessions.refresh(work, token)
    if fresh is None:
        raise BadRefreshToken("This refresh token was used before; its session has been ended. Log in again.")
    return signed_in(request, response, fresh)
