"""An OpenID Connect issuer: what it says of itself, its keys, and whether a token is one of its own."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jws import JWSRegistry

from easel.base.safe_url import is_here, is_safe

from .errors import IssuerUnavailable, TokenRefused
from .keys import SigningKey, pick, read_keys
from .outside import Clock, Outside

log = structlog.get_logger(__name__)

FRESH_SECONDS = 3600.0
"""After so long, what an issuer says of itself and its keys are fetched again."""
STALE_SECONDS = 86400.0
"""For so long the old ones are good while the issuer does not answer."""
PAUSE_SECONDS = 30.0
"""Between two fetches for a key that is not known, or after one that failed."""
LEEWAY_SECONDS = 60
"""By how much clocks may differ."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an issuer says of itself (OpenID Connect Discovery 1.0); without discovery, all but the keys is empty."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    userinfo_endpoint: str = ""
    auth_method: str = "client_secret_basic"
    names_itself: bool = False
    """Whether it says who it is when it sends the browser back (RFC 9207)."""


class Issuer:
    """One issuer, known by its address; fetched things are kept for the life of the process."""

    def __init__(
        self, url: str, outside: Outside, *, jwks_url: str | None = None, clock: Clock = time.monotonic
    ) -> None:
        self.url = url.rstrip("/")
        self._outside = outside
        self._clock = clock
        self._metadata = _Kept[Metadata]()
        self._keys = _Kept[tuple[SigningKey, ...]]()
        self._lock = asyncio.Lock()
        self._searched = float("-inf")
        if jwks_url is not None:
            self._metadata.put(Metadata(issuer=url, jwks_uri=jwks_url), float("inf"))

    def is_of(self, token: str) -> bool:
        """Whether a token claims to be this issuer's. Nothing is verified: it only says who is to do that."""
        try:
            payload = token.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return bool(claims["iss"].rstrip("/") == self.url)
        except (IndexError, KeyError, TypeError, ValueError, AttributeError):
            return False

    async def metadata(self) -> Metadata:
        """What the issuer says of itself. Raises `IssuerUnavailable`."""
        async with self._lock:
            return await self._known_metadata()

    async def verify(self, token: str, *, audience: str) -> Mapping[str, Any]:
        """The claims of a token, once its signature, issuer, audience and time are right.

        Raises `TokenRefused`, or `IssuerUnavailable` when the keys cannot be had.
        """
        kid, algorithm = _header(token)
        async with self._lock:
            metadata = await self._known_metadata()
            key = await self._key(kid, algorithm)
        try:
            # Headers that we do not know are harmless, but for those that "crit" names.
            registry = JWSRegistry(algorithms=list(key.algorithms), strict_check_header=False)
            claims = jwt.decode(token, key.key, algorithms=list(key.algorithms), registry=registry).claims
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefused("its signature is not the issuer's") from error
        _check(claims, metadata.issuer, audience)
        return claims

    async def _known_metadata(self) -> Metadata:
        url = f"{self.url}/.well-known/openid-configuration"
        return await self._metadata.get(self._clock, lambda: self._discover(url))

    async def _discover(self, url: str) -> Metadata:
        said = await self._outside.get(url)
        try:
            return _read_metadata(said, self.url)
        except ValueError as error:
            log.warning("federation.bad_metadata", at=url, error=str(error))
            raise IssuerUnavailable("The sign-in provider's own description is not right.") from error

    async def _fetch_keys(self) -> tuple[SigningKey, ...]:
        url = (await self._known_metadata()).jwks_uri
        try:
            return read_keys(await self._outside.get(url))
        except ValueError as error:
            log.warning("federation.bad_keys", at=url, error=str(error))
            raise IssuerUnavailable("The sign-in provider's keys cannot be read.") from error

    async def _key(self, kid: str | None, algorithm: str) -> SigningKey:
        keys = await self._keys.get(self._clock, self._fetch_keys)
        found = pick(keys, kid, algorithm)
        # An issuer that changes its keys signs with a new one at once; whoever makes ids up must not have
        # us ask for it each time.
        if found is None and self._clock() - self._searched >= PAUSE_SECONDS:
            self._searched = self._clock()
            self._keys.expire()
            found = pick(await self._keys.get(self._clock, self._fetch_keys), kid, algorithm)
        if found is None:
            raise TokenRefused("no key of the issuer's fits its header")
        return found


class _Kept(Generic[T]):
    """Something fetched, kept while it is fresh, and longer while fetching fails."""

    def __init__(self) -> None:
        self._value: T | None = None
        self._until = self._dead = self._again = float("-inf")

    def put(self, value: T, until: float) -> None:
        self._value, self._until, self._dead = value, until, until

    def expire(self) -> None:
        self._until = float("-inf")

    async def get(self, clock: Clock, fetch: Callable[[], Awaitable[T]]) -> T:
        """The value, fetched if need be. Raises `IssuerUnavailable` when there is none that is good enough."""
        moment = clock()
        usable = self._value if moment < self._dead else None
        if usable is not None and moment < max(self._until, self._again):
            return usable
        if moment < self._again:
            raise IssuerUnavailable
        try:
            value = await fetch()
        except IssuerUnavailable:
            self._again = clock() + (PAUSE_SECONDS if usable is not None else 1)
            if usable is None:
                raise
            return usable
        self._value, self._again = value, float("-inf")
        self._until, self._dead = clock() + FRESH_SECONDS, clock() + STALE_SECONDS
        return value


def _header(token: str) -> tuple[str | None, str]:
    try:
        part = token.split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        kid, algorithm = header.get("kid"), header["alg"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TokenRefused("it has no header that can be read") from error
    if not isinstance(algorithm, str) or not isinstance(kid, str | None):
        raise TokenRefused("it has no header that can be read")
    return kid, algorithm


def _check(claims: Mapping[str, Any], issuer: str, audience: str) -> None:
    if claims.get("iss") != issuer:
        raise TokenRefused("it is another issuer's")
    audiences = claims.get("aud")
    if audience not in (audiences if isinstance(audiences, list) else [audiences]):
        raise TokenRefused("it is meant for another audience")
    try:
        jwt.JWTClaimsRegistry(leeway=LEEWAY_SECONDS, exp={"essential": True}).validate(dict(claims))
    except ExpiredTokenError as error:
        raise TokenRefused("it has expired") from error
    except JoseError as error:
        raise TokenRefused("its times are not right: it is not valid yet, or has none") from error
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise TokenRefused("it names nobody")


def _read_metadata(said: object, issuer: str) -> Metadata:
    if not isinstance(said, dict) or not isinstance(said.get("issuer"), str):
        raise ValueError("it is no description of an issuer")
    if said["issuer"].rstrip("/") != issuer:
        raise ValueError(f"it describes {said['issuer']}")
    found: dict[str, str] = {}
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        url = said.get(name, "")
        if url == "" and name != "jwks_uri":
            found[name] = ""
            continue
        # An issuer elsewhere must not have us talk to this machine.
        if not is_safe(url) or (_is_local(url) and not _is_local(issuer)):
            raise ValueError(f"its {name} is no address that can be trusted")
        found[name] = str(url)
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = not isinstance(methods, list) or "client_secret_basic" in methods
    return Metadata(
        issuer=said["issuer"],
        auth_method="client_secret_basic" if basic else "client_secret_post",
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        **found,
    )


def _is_local(url: Any) -> bool:
    return is_here(urlsplit(url).hostname or "")
