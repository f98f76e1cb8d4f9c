"""Signing in at a provider: there with a ticket in the browser's pocket, and back with an answer that fits it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from easel.base.clock import now
from easel.base.crypto import derive_key
from easel.core import audit
from easel.core.actor import Actor, Client
from easel.core.federation.code_flow import Flow, Provider
from easel.core.federation.errors import SignInRefused
from easel.core.work import Studio

from .. import policy
from ..errors import SignInCancelled, SignInExpired, UnknownProvider
from . import identities, sign_in
from .second_factor import SecondFactorNeeded
from .sessions import SignIn

TICKET_SECONDS = 600
"""So long may someone take at the provider."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the browser carries to the provider and back: which journey it is on, and where it is to end.

    With `user_id` the journey links the provider to that account; without, it signs in.
    """

    flow: Flow
    next: str
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and the signed ticket to send along."""

    url: str
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider sends the browser back with."""

    code: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
    error: str | None = None
    issuer: str | None = None


def provider_of(studio: Studio, provider_id: str) -> Provider:
    """A provider by its id. Raises `UnknownProvider` for one that this studio is not set up with."""
    provider = studio.federation.providers.get(provider_id)
    if provider is None:
        raise UnknownProvider
    return provider


async def depart(
    studio: Studio, provider_id: str, *, redirect_uri: str, next: str | None, user_id: UUID | None = None
) -> Departure:
    """Begin a journey to a provider: to sign in, or to link it to `user_id`.

    Raises `UnknownProvider`, `IssuerUnavailable`.
    """
    provider = provider_of(studio, provider_id)
    ticket = Ticket(Flow(redirect_uri), policy.safe_next(next), user_id)
    url = await provider.authorization_url(ticket.flow)
    return Departure(url, _signed(studio, provider_id, ticket))


def read_ticket(studio: Studio, provider_id: str, signed: str | None) -> Ticket:
    """The ticket that `depart` made for this provider. Raises `SignInExpired`."""
    try:
        claims = jwt.decode(signed or "", _key(studio), algorithms=["HS256"]).claims
        wanted = jwt.JWTClaimsRegistry(exp={"essential": True}, aud={"essential": True, "value": provider_id})
        wanted.validate(claims)
        flow = Flow(claims["redirect_uri"], claims["state"], claims["nonce"], claims["verifier"])
        user_id = UUID(claims["user_id"]) if claims["user_id"] else None
        return Ticket(flow, policy.safe_next(claims["next"]), user_id)
    except (JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise SignInExpired from error


async def arrive(
    studio: Studio, provider_id: str, ticket: Ticket, answer: Answer, actor: Actor, client: Client
) -> SignIn | SecondFactorNeeded | None:
    """End a journey: a new sign-in, or its first step, or None when the provider is linked to the acting account.

    Raises `SignInExpired`, `SignInCancelled`, `SignInRefused`, `UnknownProvider`, `IssuerUnavailable`, and what
    `identities` says of the person. No transaction is open while the provider is asked.
    """
    provider = provider_of(studio, provider_id)
    if not hmac.compare_digest((answer.state or "").encode(), ticket.flow.state.encode()):
        raise SignInExpired
    if ticket.user_id is not None and ticket.user_id != actor.user_id:
        # Someone else is logged in by now; what the ticket's user began is not theirs.
        raise SignInExpired
    if answer.error == "access_denied":
        raise SignInCancelled
    if answer.error is not None or not answer.code:
        raise SignInRefused
    person = await provider.person(ticket.flow, code=answer.code, issuer=answer.issuer)
    if ticket.user_id is not None:
        async with studio.work(actor) as work:
            await identities.link(work, provider_id, person)
        return None
    async with studio.work(Actor.anonymous(client)) as work:
        user = await identities.owner_of(work, provider_id, person)
        await audit.record(work, "identity.used", user_id=user.id, details={"provider": provider_id})
        return await sign_in.enter(work, user, client)


def _signed(studio: Studio, provider_id: str, ticket: Ticket) -> str:
    flow = ticket.flow
    claims = {
        "aud": provider_id,
        "exp": int(now().timestamp()) + TICKET_SECONDS,
        "state": flow.state,
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "redirect_uri": flow.redirect_uri,
        "next": ticket.next,
        "user_id": str(ticket.user_id) if ticket.user_id else None,
    }
    return jwt.encode({"alg": "HS256"}, claims, _key(studio))


def _key(studio: Studio) -> OctKey:
    return OctKey.import_key(derive_key(studio.secret, "tickets of signing in with others"))
