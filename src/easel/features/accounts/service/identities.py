"""Whose account it is when a provider says who someone is; linking and unlinking.

An address alone proves nothing: it leads to an account only where the provider has verified it *and* the account
has. Otherwise a provider that lets people write any address, or an account that someone made ahead of time
with another's address, would open the door.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from easel.base.addresses import normal_address
from easel.base.clock import now
from easel.base.types import storable
from easel.core import audit
from easel.core.federation.code_flow import Person
from easel.core.work import Studio, Work

from .. import queries
from ..errors import (
    AccountSuspended,
    IdentityNotFound,
    IdentityTaken,
    LastWayIn,
    LinkFirst,
    ProviderEmailMissing,
    ProviderEmailUnverified,
)
from ..models import Identity, User
from . import closed, second_factor, sessions, sign_in
from .notice import tell

_LONGEST_NAME = 100
_TOUCH = timedelta(minutes=5)


async def owner_of(work: Work, provider: str, person: Person, *, can_be_asked: bool = True) -> User:
    """The account of a person whom a provider vouches for: theirs, one to link by its address, or a new one.

    Who cannot be asked for a second factor does not get to an account that has one by an address alone.

    Raises `AccountSuspended`, `LinkFirst`, `RegistrationClosed`, `ProviderEmailMissing`,
    `ProviderEmailUnverified`.
    """
    known = await queries.identity(work, person.issuer, person.subject)
    if known is None:
        email = _address_of(person)
        if email is None:
            raise ProviderEmailMissing
        if not person.email_verified:
            raise ProviderEmailUnverified
        user = await queries.locked_user_by_email(work, email)
        if user is None:
            return await _join(work, provider, person, email)
        if not user.email_verified or not _same(user.email, email):
            raise LinkFirst
        if not can_be_asked and await second_factor.is_on(work, user):
            raise LinkFirst
        known = await _add(work, user, provider, person), user
        await tell(work, user, "identity.linked", name=_called(work, provider))
    identity, user = known
    await closed.admit(work, user)
    if not user.is_active:
        raise AccountSuspended
    if now() - identity.last_used_at > _TOUCH or identity.email != person.email:
        identity.last_used_at, identity.email = now(), _address_of(person)
    return user


async def _join(work: Work, provider: str, person: Person, email: str) -> User:
    first = await sign_in.may_join(work)
    # Two first requests of one person arrive at once; the later one waited for the earlier in `may_join`.
    known = await queries.identity(work, person.issuer, person.subject)
    if known is not None:
        return known[1]
    if await queries.user_by_email(work, email) is not None:
        raise LinkFirst
    name = _name_of(person) or email.split("@")[0]
    user = await sign_in.add_user(
        work, email=email, name=name[:_LONGEST_NAME], password_hash=None, admin=first
    )
    user.email_verified = True
    await _add(work, user, provider, person)
    await audit.record(work, "identity.linked", user_id=user.id, details={"name": _called(work, provider)})
    return user


async def link(work: Work, provider: str, person: Person) -> None:
    """Let the acting user sign in as this person from now on. Raises `IdentityTaken`, `NotSignedIn`."""
    user, _ = await sessions.acting(work)
    known = await queries.identity(work, person.issuer, person.subject)
    if known is None:
        await _add(work, user, provider, person)
        await tell(work, user, "identity.linked", name=_called(work, provider))
    elif known[1].id != user.id:
        raise IdentityTaken


async def unlink(work: Work, identity_id: UUID) -> None:
    """Take a way in from the acting user. Raises `IdentityNotFound`, `LastWayIn`, `NotSignedIn`."""
    user, _ = await sessions.acting(work)
    mine = await queries.identities_of(work, user.id)
    identity = next((each for each in mine if each.id == identity_id), None)
    if identity is None:
        raise IdentityNotFound
    if not await _has_way_in(work, user, [each for each in mine if each is not identity]):
        raise LastWayIn
    await work.session.delete(identity)
    await tell(work, user, "identity.unlinked", name=_called(work, identity.provider))


async def mine(work: Work) -> list[tuple[Identity, bool]]:
    """The acting user's identities, each with whether it may be unlinked. Raises `NotSignedIn`."""
    user = await queries.user_by_id(work, work.actor.user)
    assert user is not None
    found = await queries.identities_of(work, user.id)
    return [
        (each, await _has_way_in(work, user, [other for other in found if other is not each]))
        for each in found
    ]


async def _has_way_in(work: Work, user: User, identities: list[Identity]) -> bool:
    """Whether a user can still sign in with these identities alone beside what else they have."""
    if user.password_hash is not None and work.studio.settings.sign_in.passwords:
        return True
    if work.studio.settings.sign_in.passwords and await queries.passkeys_of(work, user.id):
        return True
    usable = _issuers(work.studio)
    return any(identity.issuer in usable for identity in identities)


def _issuers(studio: Studio) -> set[str]:
    found = {provider.issuer_url for provider in studio.federation.providers.values()}
    if studio.federation.bearers is not None:
        found.add(studio.federation.bearers.issuer.url)
    return found


async def _add(work: Work, user: User, provider: str, person: Person) -> Identity:
    identity = Identity(
        user_id=user.id,
        provider=provider,
        issuer=person.issuer,
        subject=person.subject,
        email=_address_of(person),
        last_used_at=now(),
    )
    work.session.add(identity)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise IdentityTaken from error
    return identity


def _called(work: Work, provider_id: str) -> str:
    """What people call a provider."""
    provider = work.studio.federation.providers.get(provider_id)
    return provider.name if provider else provider_id


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox beyond doubt; that people would mix them up is not enough."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def _address_of(person: Person) -> str | None:
    try:
        return normal_address(person.email) if person.email else None
    except ValueError:
        return None


def _name_of(person: Person) -> str | None:
    try:
        return storable((person.name or "").strip()) or None
    except ValueError:
        return None
