"""Access tokens of another issuer as bearer tokens: whoever they name has an account from first sight."""

from __future__ import annotations

from easel.core.actor import NotSignedIn
from easel.core.federation.code_flow import Person, person_of
from easel.core.federation.errors import TokenRefused
from easel.core.work import Studio, Work

from ..models import User
from . import identities

_PROVIDER = "external"


def is_external(studio: Studio, token: str) -> bool:
    """Whether a bearer token claims to be the external issuer's, and so is for `read` to verify."""
    bearers = studio.federation.bearers
    return bearers is not None and bearers.issuer.is_of(token)


async def read(studio: Studio, token: str) -> Person:
    """The person whom a token of the external issuer names. No transaction may be open: it may ask for keys.

    Raises `NotSignedIn`, `IssuerUnavailable`.
    """
    bearers = studio.federation.bearers
    assert bearers is not None
    try:
        claims = await bearers.issuer.verify(token, audience=bearers.audience)
    except TokenRefused as error:
        raise NotSignedIn(f"The access token of {bearers.issuer.url} is not accepted: {error}.") from error
    return person_of(claims, bearers.issuer.url)


async def account_of(work: Work, person: Person) -> User:
    """The person's account, made at first sight. Raises as `identities.owner_of`."""
    return await identities.owner_of(work, _PROVIDER, person, can_be_asked=False)
