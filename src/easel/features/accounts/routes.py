"""HTTP of accounts: `/api/auth`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from easel.base.errors import InvalidInput
from easel.core.actor import Actor, NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import Open, Reader, Reading, StudioDep

from . import queries, service
from .errors import BadRefreshToken, EmailTaken, RegistrationClosed, WrongCredentials
from .schemas import LoginIn, RefreshIn, RegisterIn, SignedIn, TokenFacts, UserOut

router = APIRouter(prefix="/auth", tags=["auth"])


def _client(request: Request) -> service.Client:
    return service.Client(
        ip=request.client.host if request.client else None, user_agent=request.headers.get("user-agent")
    )


ClientDep = Annotated[service.Client, Depends(_client)]


def _signed_in(request: Request, response: Response, sign_in: service.SignIn) -> SignedIn:
    settings = request.app.state.studio.settings
    if sign_in.cookie:
        response.set_cookie(
            deps.SESSION_COOKIE,
            sign_in.cookie,
            max_age=int(settings.security.session_max_days * 86400),
            httponly=True,
            samesite="lax",
            secure=settings.environment == "production" or request.url.scheme == "https",
            path="/",
        )
    return SignedIn(
        user=UserOut.model_validate(sign_in.user),
        access_token=sign_in.access_token,
        refresh_token=sign_in.refresh_token,
        token_type="bearer",  # noqa: S106 - the type's name, not a secret
        expires_in=sign_in.expires_in,
    )


@router.post(
    "/register",
    status_code=201,
    operation_id="register",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(EmailTaken, RegistrationClosed),
)
async def register(
    body: RegisterIn, work: Open, client: ClientDep, request: Request, response: Response
) -> SignedIn:
    """Make an account and sign in. The studio's first account becomes its administrator."""
    sign_in = await service.register(
        work, email=body.email, password=body.password, name=body.name, client=client
    )
    return _signed_in(request, response, sign_in)


@router.post(
    "/login",
    operation_id="login",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(WrongCredentials),
)
async def log_in(
    body: LoginIn, studio: StudioDep, client: ClientDep, request: Request, response: Response
) -> SignedIn:
    """Sign in by e-mail and password: sets the session cookie, answers tokens for programs."""
    sign_in = await service.log_in(studio, email=body.email, password=body.password, client=client)
    return _signed_in(request, response, sign_in)


@router.post("/logout", status_code=204, operation_id="logout", responses=problems.responses(NotSignedIn))
async def log_out(work: Reading, response: Response) -> None:
    """End this session and its tokens."""
    await service.log_out(work)
    response.delete_cookie(deps.SESSION_COOKIE, path="/", httponly=True, samesite="lax")


@router.get("/me", operation_id="me", responses=problems.responses(NotSignedIn))
async def me(work: Reading) -> UserOut:
    """Who is signed in."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    return UserOut.model_validate(user)


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
    async with studio.work(Actor.anonymous()) as work:
        sign_in = await service.refresh(work, token, client)
    if sign_in is None:
        raise BadRefreshToken("This refresh token was used before; its session has been ended. Log in again.")
    return _signed_in(request, response, sign_in)
