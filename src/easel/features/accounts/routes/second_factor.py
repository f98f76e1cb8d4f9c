"""Two-step verification: `/api/auth/2fa`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from easel.base.errors import InvalidInput
from easel.core.actor import NotSignedIn
from easel.core.http import deps, problems
from easel.core.http.deps import ClientDep, Open, Person, Personal, StudioDep

from ..errors import (
    ChallengeEnded,
    NoPasskeysHere,
    ProofNeeded,
    SecondFactorOff,
    SecondFactorOn,
    TooManyCodes,
    WrongCode,
    WrongPasskey,
)
from ..schemas import (
    ChallengeIn,
    CodeIn,
    DisableSecondFactorIn,
    EnrolmentOut,
    PasskeyFactorIn,
    PasskeyOptions,
    ProofIn,
    RecoveryCodesOut,
    SecondFactorIn,
    SecondFactorOut,
    SignedIn,
)
from ..service import passkeys, second_factor
from .answers import set_cookie, signed_in
from .site import SiteDep

router = APIRouter(prefix="/2fa")


@router.get("", operation_id="second_factor", responses=problems.responses(NotSignedIn))
async def show(work: Personal) -> SecondFactorOut:
    """How your account is protected, besides by its password."""
    status = await second_factor.status(work)
    return SecondFactorOut(
        enabled_at=status.enabled_at,
        recovery_codes=status.recovery_codes,
        has_password=status.has_password,
        fresh=status.fresh,
    )


@router.post(
    "/setup",
    operation_id="set_up_second_factor",
    responses=problems.responses(NotSignedIn, ProofNeeded, SecondFactorOn, InvalidInput),
)
async def set_up(body: ProofIn, studio: StudioDep, actor: Person) -> EnrolmentOut:
    """Get a secret for an authenticator app. Nothing is on yet: `enable` it with a code from the app."""
    enrolment = await second_factor.set_up(studio, actor, password=body.password)
    return EnrolmentOut(secret=enrolment.secret, otpauth_uri=enrolment.uri, qr_svg=enrolment.qr_svg)


@router.post(
    "/enable",
    operation_id="enable_second_factor",
    responses=problems.responses(NotSignedIn, InvalidInput, TooManyCodes, SecondFactorOn, SecondFactorOff),
)
async def enable(
    body: CodeIn, studio: StudioDep, actor: Person, request: Request, response: Response
) -> RecoveryCodesOut:
    """Turn two-step verification on, by a code from the app; answers ten recovery codes, this once.

    Your sessions stay; this one gets a new cookie.
    """
    fresh = await second_factor.enable(studio, actor, code=body.code)
    set_cookie(request, response, fresh.cookie)
    return RecoveryCodesOut(recovery_codes=fresh.codes)


@router.post(
    "/disable",
    status_code=204,
    operation_id="disable_second_factor",
    responses=problems.responses(NotSignedIn, TooManyCodes, ProofNeeded, SecondFactorOff, InvalidInput),
)
async def disable(
    body: DisableSecondFactorIn, studio: StudioDep, actor: Person, request: Request, response: Response
) -> None:
    """Turn two-step verification off, by your password and a code. This session gets a new cookie."""
    cookie = await second_factor.disable(studio, actor, password=body.password, code=body.code)
    set_cookie(request, response, cookie)


@router.post(
    "/recovery-codes",
    operation_id="renew_recovery_codes",
    responses=problems.responses(NotSignedIn, ProofNeeded, SecondFactorOff, InvalidInput),
)
async def renew_codes(
    body: ProofIn, studio: StudioDep, actor: Person, request: Request, response: Response
) -> RecoveryCodesOut:
    """Get ten new recovery codes, shown this once; those before are good no more."""
    fresh = await second_factor.renew_codes(studio, actor, password=body.password)
    set_cookie(request, response, fresh.cookie)
    return RecoveryCodesOut(recovery_codes=fresh.codes)


@router.post(
    "/login",
    operation_id="login_by_code",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(ChallengeEnded, WrongCode, TooManyCodes),
)
async def log_in_by_code(
    body: SecondFactorIn, studio: StudioDep, client: ClientDep, request: Request, response: Response
) -> SignedIn:
    """Take the second step of a log-in, by a code of the app or a recovery code.

    No code is good twice. Wrong ones are counted for the account: after a few, each makes the wait longer.
    """
    fresh = await second_factor.finish(studio, challenge=body.challenge, code=body.code, client=client)
    return signed_in(request, response, fresh)


@router.post(
    "/passkey/options",
    operation_id="passkey_factor_options",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(ChallengeEnded, NoPasskeysHere),
)
async def passkey_options(body: ChallengeIn, work: Open, site: SiteDep) -> PasskeyOptions:
    """What to ask of the browser, to take the second step of a log-in by a passkey."""
    return PasskeyOptions(options=await passkeys.second_factor_options(work, site, challenge=body.challenge))


@router.post(
    "/passkey",
    operation_id="login_by_passkey_factor",
    openapi_extra=deps.WITHOUT_CREDENTIALS,
    responses=problems.responses(ChallengeEnded, WrongPasskey, NoPasskeysHere),
)
async def log_in_by_passkey_factor(
    body: PasskeyFactorIn,
    studio: StudioDep,
    client: ClientDep,
    site: SiteDep,
    request: Request,
    response: Response,
) -> SignedIn:
    """Take the second step of a log-in, by one of the account's passkeys."""
    fresh = await passkeys.finish(
        studio, site, challenge=body.challenge, credential=body.credential.plain(), client=client
    )
    return signed_in(request, response, fresh)
