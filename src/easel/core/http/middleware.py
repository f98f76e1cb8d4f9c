"""What every request passes through: an id, a limit on the body, a check of its origin, headers on the answer.

Plain ASGI, so that streams are neither buffered nor slowed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, unbind_contextvars

from easel.base.errors import EaselError
from easel.base.ids import new_id
from easel.core.http.counting import Counted
from easel.core.http.problems import problem

log = structlog.get_logger("easel.http")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_QUIET = ("/healthz", "/readyz", "/metrics", "/assets/")


class TooLarge(EaselError):
    """The body is larger than this studio takes."""

    status = 413
    code = "body_too_large"


class ForeignOrigin(EaselError):
    """The request comes from another site and was refused."""

    status = 403
    code = "foreign_origin"


class RequestContext:
    """Gives each request its id (taken from `X-Request-ID` or made), puts it in the log and the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
        scope["request_id"] = request_id
        quiet = scope["path"].startswith(_QUIET)
        with bound_contextvars(request_id=request_id), Counted(scope, traced=not quiet) as counted:

            async def send_with_id(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = MutableHeaders(scope=message)
                    headers["X-Request-ID"] = request_id
                    counted.begins(message["status"], headers)
                await send(message)

            try:
                await self.app(scope, receive, send_with_id)
            finally:
                if not quiet:
                    log.info(
                        "http.request",
                        method=scope["method"],
                        path=_without_token(scope),
                        status=counted.status,
                        ms=round(counted.seconds * 1000, 1),
                    )
                unbind_contextvars("workspace_id")


def _without_token(scope: Scope) -> str:
    """The path as the log may have it: a token in it is a secret."""
    path: str = scope["path"]
    token = scope.get("path_params", {}).get("token")
    return path.replace(token, "[hidden]") if token else path


class BodyLimit:
    """Refuses bodies above `limit` bytes, by their declared length at once, by their real length while reading.

    `larger` names the paths that take more; one that ends in a slash stands for all right below it. Whatever the
    application makes of a body that breaks off, the answer to one that is too long is 413.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            await _refuse(scope, receive, send, _too_large(limit))
            return
        seen = 0
        answered = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        async def send_or_refuse(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                if seen > limit:
                    await _refuse(scope, receive, send, _too_large(limit))
                    return
                answered = True
            if answered:
                await send(message)

        await self.app(scope, counted, send_or_refuse)

    def _limit_of(self, path: str) -> int:
        return self.larger.get(path) or self.larger.get(f"{path.rpartition('/')[0]}/", self.limit)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is larger than the {limit:,} bytes that this studio takes.")


class SameOrigin:
    """Refuses state-changing requests that another site's page sends with the visitor's cookie (CSRF).

    Browsers name the sender in `Sec-Fetch-Site` and `Origin`; programs send neither. A request with a bearer
    token carries no ambient authority and passes. After OWASP's cheat sheet on CSRF, "Fetch Metadata".
    """

    def __init__(self, app: ASGIApp, public_url: str | None, friends: Sequence[str] = ()) -> None:
        self.app = app
        self.public_host = urlsplit(public_url).netloc if public_url else None
        # Under "*" anyone may ask, but nobody with the visitor's cookie.
        self.friends = frozenset(friends) - {"*"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and self._foreign(Headers(scope=scope)):
            await _refuse(scope, receive, send, ForeignOrigin())
            return
        await self.app(scope, receive, send)

    def _foreign(self, headers: Headers) -> bool:
        if headers.get("authorization", "").lower().startswith("bearer "):
            return False
        if headers.get("origin") in self.friends:
            return False
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return False
        try:
            return urlsplit(origin).netloc not in (headers.get("host"), self.public_host)
        except ValueError:  # not an address at all
            return True


def cross_origin(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """Lets pages of these `origins` use the API (CORS); with the visitor's cookie only where they are named."""
    everyone = "*" in origins
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_credentials=not everyone,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "Last-Event-ID",
            "Prefer",
            "X-Request-ID",
        ],
        expose_headers=[
            *(
                "Content-Disposition",
                "ETag",
                "Location",
                "Preference-Applied",
                "RateLimit",
                "RateLimit-Policy",
            ),
            *("Retry-After", "X-Request-ID"),
        ],
        max_age=600,
    )


def content_security_policy(*inline_styles: str) -> str:
    """What a page of ours may load: nothing from elsewhere, nothing inline but the style elements given."""
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in inline_styles
    )
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self'{hashes}; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class SecurityHeaders:
    """Puts the protective headers on every answer that does not bring its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": content_security_policy(),
        }
        if https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_protected)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: EaselError) -> None:
    response = problem(
        Request(scope), status=error.status, code=error.code, title=error.title(), detail=error.detail
    )
    await response(scope, receive, send)
