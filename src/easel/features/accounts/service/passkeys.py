"""Passkeys (WebAuthn): added by someone signed in, then good for signing in without a password, or as second factor.

After W3C Web Authentication Level 3, sections 7.1 and 7.2; the library `webauthn` verifies, this room keeps.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from easel.base.clock import now
from easel.base.crypto import new_token, token_hash
from easel.core import audit
from easel.core.actor import Actor, Client
from easel.core.work import Studio, Work

from .. import policy, queries
from ..errors import (
    ChallengeEnded,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    TooManyPasskeys,
    WrongPasskey,
)
from ..models import Passkey
from . import challenges, sessions
from .notice import tell
from .proof import confirm, renew
from .second_factor import CHALLENGE_FAILURES
from .sessions import SignIn

MOST = 20
"""How many passkeys an account may have."""

_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error)
"""What the library raises for what is no credential, or does not hold."""

Options = dict[str, Any]
"""What a browser is asked, in WebAuthn's own JSON."""
Credential = dict[str, Any]
"""What a browser answers, in WebAuthn's own JSON."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom browsers sign for: the studio's host name, and the one origin that it is used from."""

    id: str
    origin: str


async def registration_options(
    studio: Studio, actor: Actor, site: RelyingParty, *, password: str | None
) -> Options:
    """What to ask of the browser to add a passkey. Raises `ProofNeeded`, `InvalidInput`, `TooManyPasskeys`."""
    await confirm(studio, actor, password)
    async with studio.work(actor) as work:
        user, _ = await sessions.acting(work)
        known = await queries.passkeys_of(work, user.id)
        if len(known) >= MOST:
            raise TooManyPasskeys
        token = await challenges.issue(work, "passkey_registration", user.id)
        return _json(
            generate_registration_options(
                rp_id=site.id,
                rp_name="Easel",
                user_id=user.id.bytes,
                user_name=user.email,
                user_display_name=user.name,
                challenge=base64url_to_bytes(token),
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=_descriptors(known),
            )
        )


async def register(
    studio: Studio, actor: Actor, site: RelyingParty, *, name: str, credential: Credential
) -> tuple[Passkey, str]:
    """Add the passkey that a browser made; answers it, and the acting session's new cookie.

    Raises `PasskeyRefused`, `PasskeyKnown`.
    """
    signed = _signed(credential, or_raise=PasskeyRefused)
    async with studio.work(actor) as work:
        user, session = await sessions.acting(work)
        if not await challenges.spend(work, "passkey_registration", signed, user.id):
            raise PasskeyRefused("This took too long; begin again.")
        verified = _registered(credential, signed, site)
        if verified is not None:
            passkey = Passkey(
                user_id=user.id,
                name=name,
                credential_id=verified.credential_id,
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                transports=credential["response"].get("transports") or [],
                backed_up=verified.credential_backed_up,
            )
            work.session.add(passkey)
            try:
                await work.session.flush()
            except IntegrityError as error:
                raise PasskeyKnown from error
            await tell(work, user, "passkey.added", name=name)
            return passkey, renew(session)
    raise PasskeyRefused


async def sign_in_options(work: Work, site: RelyingParty) -> Options:
    """What to ask of the browser to sign in by a passkey alone, whosever it is. Raises `PasswordsOff`."""
    policy.require_own_door(work.studio.settings)
    token = await challenges.issue(work, "passkey_sign_in")
    return _json(
        generate_authentication_options(
            rp_id=site.id,
            challenge=base64url_to_bytes(token),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


async def sign_in(studio: Studio, site: RelyingParty, *, credential: Credential, client: Client) -> SignIn:
    """Sign in by a passkey that has verified its owner, by a finger or a PIN; that is two factors at once.

    Raises `ChallengeEnded`, `WrongPasskey`, `PasswordsOff`.
    """
    policy.require_own_door(studio.settings)
    signed = _signed(credential)
    async with studio.work(Actor.anonymous(client)) as work:
        if not await challenges.spend(work, "passkey_sign_in", signed):
            raise ChallengeEnded
        found = await queries.owned_passkey(work, _bytes(credential["id"]))
        if found is not None:
            user, passkey = found
            owner = _bytes(credential["response"].get("userHandle") or "") == user.id.bytes
            known = user.is_active or user.closed_at is not None  # `begin` tells the owner of a closed one
            if owner and known and _used(passkey, credential, signed, site, verify_user=True):
                return await sessions.begin(work, user, client)
        await audit.record(work, "log_in.failed", user_id=found[0].id if found else None)
    raise WrongPasskey


async def second_factor_options(work: Work, site: RelyingParty, *, challenge: str) -> Options:
    """What to ask of the browser as second step of a sign-in. Raises `ChallengeEnded`."""
    found = await queries.waiting_sign_in(work, token_hash(challenge))
    if found is None:
        raise ChallengeEnded
    user, waiting = found
    nonce = new_token()
    waiting.nonce = token_hash(nonce)
    return _json(
        generate_authentication_options(
            rp_id=site.id,
            challenge=base64url_to_bytes(nonce),
            allow_credentials=_descriptors(await queries.passkeys_of(work, user.id)),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


async def finish(
    studio: Studio, site: RelyingParty, *, challenge: str, credential: Credential, client: Client
) -> SignIn:
    """Sign in by a passkey after the first step. Raises `ChallengeEnded`, `WrongPasskey`."""
    signed = _signed(credential)
    async with studio.work(Actor.anonymous(client)) as work:
        found = await queries.waiting_sign_in(work, token_hash(challenge))
        if found is None or found[1].nonce != token_hash(signed):
            raise ChallengeEnded
        user, waiting = found
        waiting.nonce = None
        owned = await queries.owned_passkey(work, _bytes(credential["id"]))
        if (
            owned is not None
            and owned[0].id == user.id
            and _used(owned[1], credential, signed, site, verify_user=False)
        ):
            await work.session.delete(waiting)
            return await sessions.begin(work, user, client)
        waiting.failures += 1
        if waiting.failures >= CHALLENGE_FAILURES:
            await work.session.delete(waiting)
        await audit.record(work, "second_factor.failed", user_id=user.id)
    raise WrongPasskey


async def rename(work: Work, passkey_id: UUID, name: str) -> Passkey:
    """Call one of the acting user's passkeys by another name. Raises `PasskeyNotFound`."""
    passkey = await queries.passkey(work, work.actor.user, passkey_id)
    if passkey is None:
        raise PasskeyNotFound
    passkey.name = name
    return passkey


async def remove(work: Work, passkey_id: UUID) -> str:
    """Take one of the acting user's passkeys away; answers the acting session's new cookie.

    Raises `PasskeyNotFound`.
    """
    user, session = await sessions.acting(work)
    passkey = await queries.passkey(work, user.id, passkey_id)
    if passkey is None:
        raise PasskeyNotFound
    await work.session.delete(passkey)
    await tell(work, user, "passkey.removed", name=passkey.name)
    return renew(session)


def _json(options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions) -> Options:
    read: Options = json.loads(options_to_json(options))
    return read


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    known = {transport.value for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(name) for name in passkey.transports if name in known],
        )
        for passkey in passkeys
    ]


def _signed(
    credential: Credential, *, or_raise: type[ChallengeEnded | PasskeyRefused] = ChallengeEnded
) -> str:
    """The challenge that a credential says it answers. Raises `or_raise` for what says none."""
    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        challenge = client_data["challenge"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise or_raise from error
    if not isinstance(challenge, str) or len(challenge) > 200 or not challenge.isascii():
        raise or_raise
    return challenge


def _bytes(value: str) -> bytes:
    try:
        return base64url_to_bytes(value)
    except ValueError:
        return b""


def _registered(credential: Credential, signed: str, site: RelyingParty) -> VerifiedRegistration | None:
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(signed),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _BROKEN:
        return None


def _used(
    passkey: Passkey, credential: Credential, signed: str, site: RelyingParty, *, verify_user: bool
) -> bool:
    """Whether a passkey signed what it was asked to; notes its use. A counter that goes back is a copy's."""
    try:
        verified: VerifiedAuthentication = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(signed),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=verify_user,
        )
    except _BROKEN:
        return False
    passkey.sign_count = verified.new_sign_count
    passkey.backed_up = verified.credential_backed_up
    passkey.last_used_at = now()
    return True
