"""Passkeys: `/api/auth/passkeys`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from easel.base.errors import InvalidInput
from easel.core.actor import NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Open, Person, Personal, StudioDep

from .. import queries
from ..errors import (
    ChallengeEnded,
    NoPasskeysHere,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    ProofNeeded,
    TooManyPasskeys,
    WrongPasskey,
)
from ..schemas import (
    PasskeyIn,
    PasskeyNameIn,
    PasskeyOptions,
    PasskeyOut,
    PasskeyPage,
    PasskeySignInIn,
    ProofIn,
    SignedIn,
)
from ..service import passkeys
from .answers import set_cookie, signed_in
from .site import SiteDep

router = APIRouter(prefix="/passkeys")

PasskeyId = Annotated[UUID, Path(description="The passkey's id.")]


@router.get("", operation_id="list_passkeys", responses=problems.responses(NotSignedIn))
async def list_passkeys(work: Personal) -> PasskeyPage:
    """Your passkeys, the oldest first; all on one page."""
    found = await queries.passkeys_of(work, work.actor.user)
    items = [PasskeyOut.model_validate(passkey) for passkey in found]
    return PasskeyPage(items=items, next_cursor=None, total=len(items))


@router.post(
    "/register/options",
    operation_id="passkey_registration_options",
    responses=problems.responses(NotSignedIn, ProofNeeded, TooManyPasskeys, NoPasskeysHere, InvalidInput),
)
async def registration_options(
    body: ProofIn, studio: StudioDep, actor: Person, site: SiteDep
) -> PasskeyOptions:
    """What to ask of the browser, to make a passkey for your account."""
    return PasskeyOptions(
        options=await passkeys.registration_options(studio, actor, site, password=body.password)
    )


@router.post(
    "/register",
    status_code=201,
    operation_id="register_passkey",
    responses=problems.responses(NotSignedIn, PasskeyKnown, PasskeyRefused, NoPasskeysHere),
)
async def register(
    body: PasskeyIn,
    studio: StudioDep,
    actor: Person,
    site: SiteDep,
    request: Request,
    response: Response,
) -> PasskeyOut:
    """Add the passkey that the browser made. This session gets a new cookie."""
    passkey, cookie = await passkeys.register(
        studio, actor, site, name=body.name, credential=body.credential.plain()
    )
    set_cookie(request, response, cookie)
    return PasskeyOut.model_validate(passkey)


@router.post(
    "/login/options",
    operation_id="passkey_login_options",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(NoPasskeysHere),
)
async def log_in_options(work: Open, site: SiteDep) -> PasskeyOptions:
    """What to ask of the browser, to log in by a passkey alone."""
    return PasskeyOptions(options=await passkeys.sign_in_options(work, site))


@router.post(
    "/login",
    operation_id="login_by_passkey",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(ChallengeEnded, WrongPasskey, NoPasskeysHere),
)
async def log_in_by_passkey(
    body: PasskeySignInIn,
    studio: StudioDep,
    client: ClientDep,
    site: SiteDep,
    request: Request,
    response: Response,
) -> SignedIn:
    """Log in by a passkey, without e-mail and password: it has verified its owner, so nothing else is asked."""
    fresh = await passkeys.sign_in(studio, site, credential=body.credential.plain(), client=client)
    return signed_in(request, response, fresh)


@router.patch(
    "/{id:uuid}",
    operation_id="rename_passkey",
    responses=problems.responses(NotSignedIn, PasskeyNotFound),
)
async def rename(id: PasskeyId, body: PasskeyNameIn, work: Personal) -> PasskeyOut:
    """Call a passkey by another name."""
    return PasskeyOut.model_validate(await passkeys.rename(work, id, body.name))


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="remove_passkey",
    responses=problems.responses(NotSignedIn, PasskeyNotFound),
)
async def remove(id: PasskeyId, work: Personal, request: Request, response: Response) -> None:
    """Take a passkey away: nobody logs in with it any more. This session gets a new cookie."""
    set_cookie(request, response, await passkeys.remove(work, id))
