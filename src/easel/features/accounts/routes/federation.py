"""Signing in at a provider, and the account's links to providers."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from easel.base.errors import EaselError
from easel.core.actor import Actor, NotSignedIn
from easel.core.federation.errors import IssuerUnavailable
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Person, Personal, StudioDep

from ..errors import IdentityNotFound, LastWayIn, UnknownProvider
from ..schemas.federation import IdentityOut, IdentityPage, Journey, LinkIn, ProviderOut, SignInMethods
from ..service import federation, identities
from ..service.second_factor import SecondFactorNeeded
from .answers import is_secure, set_cookie

router = APIRouter()

TICKET_COOKIE = "easel_sign_in"
_HOME = "/api/auth/oauth"

ProviderId = Annotated[Literal["google", "github", "oidc"], Path(description="The provider's id.")]
Next = Annotated[
    str | None,
    Query(description="Where to go then: a page of this studio. Anything else leads to its first page."),
]


@router.get("/providers", operation_id="list_sign_in_methods", openapi_extra=deps.WITHOUT_CREDENTIALS)
async def list_sign_in_methods(studio: StudioDep) -> SignInMethods:
    """How people sign in to this studio."""
    return SignInMethods(
        passwords=studio.settings.sign_in.passwords,
        providers=[
            ProviderOut(id=provider.id, name=provider.name)
            for provider in studio.federation.providers.values()
        ],
    )


_REDIRECT: dict[int | str, dict[str, Any]] = {
    303: {"description": "On to the provider, or back to a page of the studio."}
}


@router.get(
    "/oauth/{provider}/login",
    status_code=303,
    operation_id="begin_provider_sign_in",
    response_class=RedirectResponse,
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses={**_REDIRECT, **problems.responses(UnknownProvider)},
)
async def begin_provider_sign_in(
    provider: ProviderId, studio: StudioDep, request: Request, next: Next = None
) -> RedirectResponse:
    """Send the browser to a provider to sign in there."""
    federation.provider_of(studio, provider)
    try:
        departure = await federation.depart(
            studio, provider, redirect_uri=_redirect_uri(request, provider), next=next
        )
    except IssuerUnavailable as error:
        return _refused(error, provider, "/app/log-in", {"next": next} if next else {})
    response = _to(departure.url)
    _set_ticket(request, response, provider, departure.ticket)
    return response


@router.get(
    "/oauth/{provider}/callback",
    status_code=303,
    operation_id="end_provider_sign_in",
    response_class=RedirectResponse,
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses={**_REDIRECT, **problems.responses(UnknownProvider)},
)
async def end_provider_sign_in(
    provider: ProviderId,
    studio: StudioDep,
    request: Request,
    client: ClientDep,
    actor: Annotated[Actor, Depends(deps.get_actor)],
    ticket: Annotated[str | None, Cookie(alias=TICKET_COOKIE, include_in_schema=False)] = None,
    code: Annotated[str | None, Query(description="The provider's code.")] = None,
    state: Annotated[str | None, Query(description="What we sent along.")] = None,
    error: Annotated[str | None, Query(description="Why the provider refuses.")] = None,
    iss: Annotated[str | None, Query(description="Who the provider is (RFC 9207).")] = None,
) -> RedirectResponse:
    """Where a provider sends the browser back to; goes on to the studio, signed in or with the reason why not."""
    federation.provider_of(studio, provider)
    page, search = "/app/log-in", {}
    try:
        journey = federation.read_ticket(studio, provider, ticket)
        if journey.user_id is not None:
            page, search = "/app/settings", {"tab": "account"}
        else:
            search = {"next": journey.next}
        answer = federation.Answer(code, state, error, iss)
        sign_in = await federation.arrive(studio, provider, journey, answer, actor, client)
    except EaselError as refusal:
        response = _refused(refusal, provider, page, search)
    else:
        if isinstance(sign_in, SecondFactorNeeded):
            # After the #, where neither logs nor other sites see it; the log-in page takes it out of the address.
            begun = urlencode({"challenge": sign_in.challenge, "methods": ",".join(sign_in.methods)})
            response = _to(f"{page}?{urlencode(search)}#{begun}")
        elif sign_in is None:
            response = _to(f"{page}?{urlencode({**search, 'linked': provider})}")
        else:
            response = _to(journey.next)
            set_cookie(request, response, sign_in.cookie)
    # It has been used, for better or worse.
    response.delete_cookie(TICKET_COOKIE, path=f"{_HOME}/{provider}", httponly=True, samesite="lax")
    return response


@router.get("/identities", operation_id="list_identities", responses=problems.responses(NotSignedIn))
async def list_identities(work: Personal) -> IdentityPage:
    """Your accounts at providers that you can sign in with, the oldest link first; all on one page."""
    names = {each.id: each.name for each in work.studio.federation.providers.values()}
    items = [
        IdentityOut(
            id=identity.id,
            provider=identity.provider,
            name=names.get(identity.provider, identity.provider),
            email=identity.email,
            created_at=identity.created_at,
            last_used_at=identity.last_used_at,
            removable=removable,
        )
        for identity, removable in await identities.mine(work)
    ]
    return IdentityPage(items=items, next_cursor=None, total=len(items))


@router.post(
    "/identities",
    operation_id="link_identity",
    responses=problems.responses(NotSignedIn, UnknownProvider, IssuerUnavailable),
)
async def link_identity(
    body: LinkIn, studio: StudioDep, actor: Person, request: Request, response: Response
) -> Journey:
    """Begin to link a provider to your account: open the address that is answered in the same browser.

    A page elsewhere cannot do this in your name, as it could with an address to open alone.
    """
    departure = await federation.depart(
        studio,
        body.provider,
        redirect_uri=_redirect_uri(request, body.provider),
        next=None,
        user_id=actor.user,
    )
    _set_ticket(request, response, body.provider, departure.ticket)
    return Journey(url=departure.url)


@router.delete(
    "/identities/{id:uuid}",
    status_code=204,
    operation_id="unlink_identity",
    responses=problems.responses(NotSignedIn, IdentityNotFound, LastWayIn),
)
async def unlink_identity(
    id: Annotated[UUID, Path(description="The identity's id.")], work: Personal
) -> None:
    """Unlink an account at a provider. The last way into your account stays."""
    await identities.unlink(work, id)


def _redirect_uri(request: Request, provider: str) -> str:
    origin = request.app.state.studio.settings.web.public_url or str(request.base_url).rstrip("/")
    return f"{origin}{_HOME}/{provider}/callback"


def _set_ticket(request: Request, response: Response, provider: str, ticket: str) -> None:
    # Lax, not strict: it must come along when the provider sends the browser back.
    response.set_cookie(
        TICKET_COOKIE,
        ticket,
        max_age=federation.TICKET_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path=f"{_HOME}/{provider}",
    )


def _refused(error: EaselError, provider: str, page: str, search: dict[str, str]) -> RedirectResponse:
    return _to(f"{page}?{urlencode({**search, 'refused': error.code, 'provider': provider})}")


def _to(url: str) -> RedirectResponse:
    return RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})
