"""Providers to sign in with, on loopback: an OpenID Connect issuer and GitHub, over real HTTP.

What is asked of them and what they answer is up to the test; codes are good once, and only with the right client,
address and verifier, as at the real ones.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "easel-here", "hush-hush"
AUDIENCE = "https://easel.example.com"
ADA = {"sub": "ada-1815", "email": "ada@example.com", "email_verified": True, "name": "Ada Lovelace"}

Claims = dict[str, Any]


@cache
def key(name: str) -> RSAKey:
    """A key pair; the same name gives the same key."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class Grant:
    """What a code stands for, until it is used."""

    redirect_uri: str
    challenge: str
    nonce: str | None
    scope: str


@dataclass
class IdProvider:
    """The state of both providers, to be changed by the test."""

    url: str = ""
    person: Claims = field(default_factory=lambda: dict(ADA))
    """Who signs in next; an e-mail left out of the ID token is told by `userinfo`."""
    more: Claims = field(default_factory=dict)
    """Claims of the next ID tokens that take the place of the right ones; None leaves one out."""
    userinfo: Claims | None = None
    key_name: str = "first"
    published: list[str] = field(default_factory=lambda: ["first"])
    sign: Callable[[Claims], str] | None = None
    """How ID tokens are signed, if not with the current key."""
    asks: bool = False
    """Whether the authorization page waits for a click."""
    refuses: str | None = None
    """The error that the authorization page sends back."""
    down: set[str] = field(default_factory=set)
    github_user: Claims = field(default_factory=lambda: {"id": 1815, "login": "ada", "name": None})
    github_emails: list[Claims] = field(
        default_factory=lambda: [
            {"email": "other@example.com", "verified": True, "primary": False},
            {"email": "ada@example.com", "verified": True, "primary": True},
        ]
    )
    grants: dict[str, Grant] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)

    def rotate(self, name: str) -> None:
        """Sign with another key from now on; the old one is published no more."""
        self.key_name, self.published = name, [name]

    def token(self, *, header: Claims | None = None, **claims: Any) -> str:
        """A token of this issuer's for our audience; claims that are None are left out."""
        moment = int(time.time())
        right = {"iss": self.url, "aud": AUDIENCE, "iat": moment, "exp": moment + 300, **self.person}
        wanted = {name: value for name, value in (right | claims).items() if value is not None}
        return jwt.encode(
            {"alg": "RS256", "kid": self.key_name, **(header or {})}, wanted, key(self.key_name)
        )

    def id_token(self, grant: Grant) -> str:
        claims = {"aud": CLIENT_ID, "nonce": grant.nonce, **self.more}
        if self.sign is None:
            return self.token(**claims)
        moment = int(time.time())
        right = {"iss": self.url, "iat": moment, "exp": moment + 300, **self.person}
        return self.sign(right | claims)

    def app(self) -> Starlette:
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/authorize", self._authorize),
            Route("/login/oauth/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/login/oauth/access_token", self._token, methods=["POST"]),
            Route("/userinfo", self._userinfo),
            Route("/jwks", self._jwks),
            Route("/api/v3/user", self._github_user),
            Route("/api/v3/user/emails", self._github_emails),
            Route("/huge", self._huge),
            Route("/elsewhere", self._elsewhere),
        ]
        return Starlette(routes=routes)

    def _answer(self, request: Request, body: Any) -> Response:
        self.asked[request.url.path] += 1
        if request.url.path in self.down:
            return JSONResponse({"error": "server_error"}, 503)
        return JSONResponse(body)

    async def _discovery(self, request: Request) -> Response:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "authorization_response_iss_parameter_supported": True,
        }
        return self._answer(request, said)

    async def _jwks(self, request: Request) -> Response:
        return self._answer(request, {"keys": [key(name).as_dict(private=False) for name in self.published]})

    async def _authorize(self, request: Request) -> Response:
        self.asked[request.url.path] += 1
        asked = request.query_params
        if asked.get("client_id") != CLIENT_ID or asked.get("response_type") != "code":
            return Response("unknown client", 400)
        back = {"state": asked["state"]}
        if "nonce" in asked:
            back["iss"] = self.url
        if self.refuses:
            return _back(asked["redirect_uri"], back | {"error": self.refuses})
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(
            asked["redirect_uri"], asked["code_challenge"], asked.get("nonce"), asked["scope"]
        )
        where = _back(asked["redirect_uri"], back | {"code": code})
        if not self.asks:
            return where
        page = (
            f"<h1>The provider</h1><a href='{where.headers['location'].replace('&', '&amp;')}'>It is me</a>"
        )
        return HTMLResponse(page)

    async def _token(self, request: Request) -> Response:
        self.asked[request.url.path] += 1
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        client = (sent.get("client_id"), sent.get("client_secret"))
        if "authorization" in request.headers:
            basic = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
            client = (basic.split(":")[0], basic.split(":")[1])
        if client != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.grants.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if grant is None or grant.redirect_uri != sent.get("redirect_uri") or grant.challenge != challenge:
            # GitHub says so with 200, issuers with 400.
            status = 200 if "oauth" in request.url.path else 400
            return JSONResponse({"error": "invalid_grant"}, status)
        token = secrets.token_urlsafe(16)
        self.access_tokens.add(token)
        body = {"access_token": token, "token_type": "bearer", "scope": grant.scope}
        return JSONResponse(body if grant.nonce is None else body | {"id_token": self.id_token(grant)})

    async def _userinfo(self, request: Request) -> Response:
        return self._for_token(request, {"sub": self.person["sub"], **(self.userinfo or {})})

    async def _github_user(self, request: Request) -> Response:
        return self._for_token(request, self.github_user)

    async def _github_emails(self, request: Request) -> Response:
        return self._for_token(request, self.github_emails)

    def _for_token(self, request: Request, body: Any) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.access_tokens:
            return JSONResponse({"message": "Bad credentials"}, 401)
        return self._answer(request, body)

    async def _huge(self, request: Request) -> Response:
        return JSONResponse({"keys": "x" * 2_000_000})

    async def _elsewhere(self, request: Request) -> Response:
        return RedirectResponse(f"{self.url}/jwks")


def _back(redirect_uri: str, query: dict[str, str]) -> RedirectResponse:
    return RedirectResponse(f"{redirect_uri}?{urlencode(query)}", 302)


@contextmanager
def serving_provider() -> Iterator[IdProvider]:
    """Both providers at one address, served by a thread of their own."""
    provider = IdProvider()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # from now on nobody is refused, but waits until the server is at work
        provider.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(provider.app(), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="provider")
        thread.start()
        try:
            # A first answer says that it is.
            httpx.get(f"{provider.url}/jwks", timeout=30)
            provider.asked.clear()
            yield provider
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def id_provider() -> Iterator[IdProvider]:
    """Providers for one test."""
    with serving_provider() as provider:
        yield provider


def environment(provider: IdProvider) -> dict[str, str]:
    """The settings of a studio where people sign in with these providers, and with the issuer's tokens."""
    return {
        "EASEL_OIDC_ISSUER": provider.url,
        "EASEL_OIDC_CLIENT_ID": CLIENT_ID,
        "EASEL_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "EASEL_OIDC_NAME": "House account",
        "EASEL_GITHUB_URL": provider.url,
        "EASEL_GITHUB_CLIENT_ID": CLIENT_ID,
        "EASEL_GITHUB_CLIENT_SECRET": CLIENT_SECRET,
        "EASEL_JWT_ISSUER": provider.url,
        "EASEL_JWT_AUDIENCE": AUDIENCE,
    }


@pytest.fixture
def federated(id_provider: IdProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use it by `pytest.mark.usefixtures` before the studio is opened."""
    for name, value in environment(id_provider).items():
        monkeypatch.setenv(name, value)
