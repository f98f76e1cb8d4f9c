"""How often one may ask: by account where it is known, by address where it is not, and less often to sign in.

Counts slide over two windows (Cloudflare's approximation, the library's `SlidingWindowCounter`), in this process or
in a Redis or Valkey that all processes share. Told by ``RateLimit`` and ``RateLimit-Policy``, after
draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from easel.base.errors import EaselError
from easel.base.networks import network_of
from easel.base.web_settings import LimitSettings
from easel.core.http.deps import SESSION_COOKIE
from easel.core.http.problems import problem

if TYPE_CHECKING:
    from valkey.asyncio import ConnectionPool

log = structlog.get_logger("easel.http")

T = TypeVar("T")

_SIGN_IN_SECONDS = 15 * 60
_NO_SIGN_IN = frozenset({"/api/auth/logout", "/api/auth/refresh-token"})
_REMEMBERED = 20_000
_PATIENCE_SECONDS = 1.0
_RETRY_SHARED_SECONDS = 10.0
_FORGET_SECONDS = 30.0
_FORGOTTEN_AT_ONCE = 1000
_COOKIE = re.compile(rf"(?:^|;)\s*{SESSION_COOKIE}=([^;\s]+)")


class TooManyRequests(EaselError):
    """Too many requests; wait as long as `Retry-After` says."""

    status = 429
    code = "too_many_requests"


@dataclass(frozen=True, slots=True)
class Policy:
    """So many requests in a window of time, by the policy's name."""

    name: str
    item: RateLimitItem


@dataclass(frozen=True, slots=True)
class Charge:
    """What a request was charged to, and what is left there."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        item = self.policy.item
        return {
            "RateLimit-Policy": f'"{self.policy.name}";q={item.amount};w={item.get_expiry()}',
            "RateLimit": f'"{self.policy.name}";r={self.remaining};t={self.reset_seconds}',
        }


class Counters:
    """The counts, in the shared store if there is one; while that does not answer, in this process."""

    def __init__(self, url: str | None) -> None:
        self.memory = MemoryStorage()
        self._own = SlidingWindowCounterRateLimiter(self.memory)
        self._pool = _pool(url) if url else None
        self._shared = _shared(self._pool) if self._pool else None
        self._try_shared_at = 0.0

    async def charge(self, policy: Policy, who: str, *, cost: int = 1) -> Charge:
        """Count a request of `who`; without cost, only ask whether there is room for one more."""

        async def ask(limiter: SlidingWindowCounterRateLimiter) -> Charge:
            act = limiter.hit if cost else limiter.test
            allowed = await act(policy.item, policy.name, who)
            stats = await limiter.get_window_stats(policy.item, policy.name, who)
            remaining = max(0, math.floor(stats.remaining))
            reset = max(1, math.ceil(stats.reset_time - time.time()))
            return Charge(policy, allowed, remaining, reset)

        return await self._asked(ask)

    async def forget(self, *, every: float = _FORGET_SECONDS) -> None:
        """Forget what has run out, for ever, a little at a time.

        In the storage's `timer`, or it would look through all its keys with each request: an attacker makes many.
        """
        self.memory.timer = asyncio.current_task()
        while True:
            await asyncio.sleep(every)
            ends = self.memory.expirations
            for number, key in enumerate(list(ends)):
                if ends.get(key, math.inf) <= time.time():
                    await self.memory.clear(key)
                if number % _FORGOTTEN_AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def close(self) -> None:
        """Let go of the shared store's connections."""
        if self._pool is not None:
            await self._pool.disconnect()

    async def _asked(self, ask: Callable[[SlidingWindowCounterRateLimiter], Awaitable[T]]) -> T:
        if self._shared is not None and time.monotonic() >= self._try_shared_at:
            try:
                return await ask(self._shared)
            except Exception as error:
                # Never a reason to answer nobody, nor to ask for every request a store that is not there.
                self._try_shared_at = time.monotonic() + _RETRY_SHARED_SECONDS
                log.warning("limits.store_unavailable", error=type(error).__name__)
        return await ask(self._own)


def _pool(url: str) -> ConnectionPool:
    """Connections to the store at a redis:// or valkey:// URL; one client speaks to both."""
    from valkey.asyncio import ConnectionPool  # a tenth of the start, for those few who share counts

    pool: ConnectionPool = ConnectionPool.from_url(
        url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
    )
    return pool


def _shared(pool: ConnectionPool) -> SlidingWindowCounterRateLimiter:
    options: dict[str, Any] = {"connection_pool": pool}
    return SlidingWindowCounterRateLimiter(
        RedisStorage("async+valkey://", implementation="valkey", key_prefix="easel:limits", **options)
    )


class RateLimits:
    """Counts every request to the API and refuses those that are too many, before anything else is done for them.

    A credential counts for its account once a request with it was answered; until then, and if it is no good,
    the request counts for its address. The studio's own files and the health checks are free.
    """

    def __init__(self, app: ASGIApp, settings: LimitSettings) -> None:
        self.app = app
        url = settings.url.get_secret_value() if settings.url else None
        self.counters = Counters(url)
        self.signing_in = Policy("sign-in", RateLimitItemPerSecond(settings.sign_in, _SIGN_IN_SECONDS))
        self.by_user = Policy("account", RateLimitItemPerMinute(settings.user))
        self.by_address = Policy("address", RateLimitItemPerMinute(settings.anonymous))
        self._known: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            forgetting = asyncio.create_task(self.counters.forget(), name="limits")
            try:
                await self.app(scope, receive, send)
            finally:
                forgetting.cancel()
                await self.counters.close()
            return
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        credential = None if _signs_in(scope) else _credential(scope)
        charge, open_question = await self._charge(scope, credential)
        if not charge.allowed:
            error = TooManyRequests(
                f"Too many requests; the next one can be made in {charge.reset_seconds} seconds.",
                headers={"Retry-After": str(charge.reset_seconds), **charge.headers},
            )
            await _refuse(scope, receive, send, error)
            return

        async def send_with_counts(message: Message) -> None:
            nonlocal charge
            if message["type"] == "http.response.start":
                if open_question:
                    charge = await self._settle(scope, credential or b"")
                elif credential is not None and message["status"] == 401:
                    self._known.pop(credential, None)
                headers = MutableHeaders(scope=message)
                for name, value in charge.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_counts)

    async def _charge(self, scope: Scope, credential: bytes | None) -> tuple[Charge, bool]:
        """The charge of a request, and whether who it is for shows only when it has been answered."""
        place = _place(scope)
        if _signs_in(scope):
            return await self.counters.charge(self.signing_in, place), False
        if credential is None:
            return await self.counters.charge(self.by_address, place), False
        known = self._known.get(credential)
        if known is not None:
            self._known.move_to_end(credential)
            return await self.counters.charge(self.by_user, known), False
        return await self.counters.charge(self.by_address, place, cost=0), True

    async def _settle(self, scope: Scope, credential: bytes) -> Charge:
        actor = scope.get("actor")
        if actor is None or actor.user_id is None:
            return await self.counters.charge(self.by_address, _place(scope))
        who = self._known[credential] = str(actor.user_id)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return await self.counters.charge(self.by_user, who)


def _signs_in(scope: Scope) -> bool:
    path: str = scope["path"]
    by_password = path.startswith("/api/auth/") or path == "/api/users/me/restore"
    return scope["method"] == "POST" and by_password and path not in _NO_SIGN_IN


def _credential(scope: Scope) -> bytes | None:
    """A fingerprint of what the request proves itself with, as `get_actor` would choose it."""
    headers = Headers(scope=scope)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        match = _COOKIE.search(headers.get("cookie", ""))
        token = match[1] if match else ""
    return hashlib.sha256(token.encode()).digest() if token else None


def _place(scope: Scope) -> str:
    """The address that a request counts for; of IPv6 the network, for whoever has one address has all of it."""
    client = scope.get("client")
    return network_of(client[0], four=32, six=64) or "unknown" if client else "unknown"


async def _refuse(scope: Scope, receive: Receive, send: Send, error: EaselError) -> None:
    response = problem(
        Request(scope),
        status=error.status,
        code=error.code,
        title=error.title(),
        detail=error.detail,
        headers=error.headers,
    )
    await response(scope, receive, send)
