"""What several routes of accounts share: the cookie, and what a sign-in answers."""

from __future__ import annotations

from fastapi import Request, Response

from easel.core.http import deps
from easel.core.http.deps import ClientDep as ClientDep

from ..schemas import SecondFactorNeededOut, SignedIn, UserOut
from ..service.second_factor import SecondFactorNeeded
from ..service.sessions import SignIn


def set_cookie(request: Request, response: Response, value: str) -> None:
    settings = request.app.state.studio.settings
    response.set_cookie(
        deps.SESSION_COOKIE,
        value,
        max_age=int(settings.security.session_max_days * 86400),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )


def is_secure(request: Request) -> bool:
    """Whether cookies may be sent over HTTPS only."""
    settings = request.app.state.studio.settings
    return settings.environment == "production" or request.url.scheme == "https"


def delete_cookie(response: Response) -> None:
    response.delete_cookie(deps.SESSION_COOKIE, path="/", httponly=True, samesite="lax")


def signed_in(request: Request, response: Response, sign_in: SignIn) -> SignedIn:
    if sign_in.cookie:
        set_cookie(request, response, sign_in.cookie)
    return SignedIn(
        user=UserOut.model_validate(sign_in.user),
        access_token=sign_in.access_token,
        refresh_token=sign_in.refresh_token,
        token_type="bearer",  # noqa: S106 - the type's name, not a secret
        expires_in=sign_in.expires_in,
    )


def entered(
    request: Request, response: Response, outcome: SignIn | SecondFactorNeeded
) -> SignedIn | SecondFactorNeededOut:
    """The answer to a first factor: a sign-in, or the question for the second factor."""
    if isinstance(outcome, SecondFactorNeeded):
        return SecondFactorNeededOut(second_factor=list(outcome.methods), challenge=outcome.challenge)
    return signed_in(request, response, outcome)
