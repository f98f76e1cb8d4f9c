"""HTTP of accounts: `/api/auth`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from easel.base.errors import InvalidInput
from easel.core.actor import Actor, NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import Manager, Managing, Open, Reader, Reading, StudioDep

from . import queries, service
from .errors import BadRefreshToken, EmailTaken, RegistrationClosed, SessionNotFound, WrongCredentials
from .schemas import (
    ChangePasswordIn,
    LoginIn,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    SessionOut,
    SessionPage,
    SignedIn,
    TokenFacts,
    UserOut,
)

router = APIRouter(prefix="/auth", tags=["auth"])


def _client(request: Request) -> service.Client:
    return service.Client(
        ip=request.client.host if request.client else None, user_agent=request.headers.get("user-agent")
    )


ClientDep = Annotated[service.Client, Depends(_client)]
SessionId = Annotated[UUID, Path(description="The session's id.")]


def _set_cookie(request: Request, response: Response, value: str) -> None:
    settings = request.app.state.studio.settings
    response.set_cookie(
        deps.SESSION_COOKIE,
        value,
        max_age=int(settings.security.session_max_days * 86400),
        httponly=True,
        samesite="lax",
        secure=settings.environment == "production" or request.url.scheme == "https",
        path="/",
    )


def _delete_cookie(response: Response) -> None:
    response.delete_cookie(deps.SESSION_COOKIE, path="/", httponly=True, samesite="lax")


def _signed_in(request: Request, response: Response, sign_in: service.SignIn) -> SignedIn:
    if sign_in.cookie:
        _set_cookie(request, response, sign_in.cookie)
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
    _delete_cookie(response)


@router.get("/me", operation_id="me", responses=problems.responses(NotSignedIn))
async def me(work: Reading) -> UserOut:
    """Who is signed in."""
    user = await queries.user_by_id(work, work.actor.user)
    if user is None:
        raise NotSignedIn
    return UserOut.model_validate(user)


@router.put("/profile", operation_id="update_profile", responses=problems.responses(NotSignedIn))
async def update_profile(body: ProfileIn, work: Managing) -> UserOut:
    """Change what others see of you. What the body leaves out stays as it is."""
    name = body.name if "name" in body.model_fields_set else None
    return UserOut.model_validate(await service.rename(work, name))


@router.put(
    "/change-password",
    status_code=204,
    operation_id="change_password",
    responses=problems.responses(NotSignedIn, InvalidInput),
)
async def change_password(
    body: ChangePasswordIn, studio: StudioDep, actor: Manager, request: Request, response: Response
) -> None:
    """Change your password. This session stays, with a new cookie; all others and their tokens end."""
    cookie = await service.change_password(
        studio, actor, current=body.current_password, new=body.new_password
    )
    _set_cookie(request, response, cookie)


@router.get("/sessions", operation_id="list_sessions", responses=problems.responses(NotSignedIn))
async def list_sessions(work: Reading) -> SessionPage:
    """Every browser and program that you are signed in with, the one in use last first; all on one page."""
    sessions = await queries.live_sessions(work, work.actor.user)
    items = [
        SessionOut(
            id=session.id,
            ip_address=session.ip_address,
            user_agent=session.user_agent,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            current=session.id == work.actor.session_id,
        )
        for session in sessions
    ]
    return SessionPage(items=items, next_cursor=None, total=len(items))


@router.delete(
    "/sessions",
    status_code=204,
    operation_id="end_other_sessions",
    responses=problems.responses(NotSignedIn),
)
async def end_other_sessions(work: Managing) -> None:
    """End all of your sessions but this one, and their tokens."""
    await service.end_other_sessions(work)


@router.delete(
    "/sessions/{id:uuid}",
    status_code=204,
    operation_id="end_session",
    responses=problems.responses(NotSignedIn, SessionNotFound),
)
async def end_session(id: SessionId, work: Managing, response: Response) -> None:
    """End one of your sessions and its tokens. Ending the one that you ask with logs you out."""
    await service.end_session(work, id)
    if id == work.actor.session_id:
        _delete_cookie(response)


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
