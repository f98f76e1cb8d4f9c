"""The authorization code flow with PKCE: to a provider and back, and who came back.

OpenID Connect Core 1.0, section 3.1, for issuers; for GitHub, which is none, its own API says who someone is.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import structlog

from .errors import SignInRefused, TokenRefused
from .issuer import Issuer
from .outside import Outside

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Flow:
    """One journey to a provider and back: what must be the same at both ends."""

    redirect_uri: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who someone is, as a provider says: `issuer` and `subject` name them for ever, the e-mail may change."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None


class Provider(Protocol):
    """Someone whose word on who a person is we take."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def issuer_url(self) -> str: ...

    async def authorization_url(self, flow: Flow) -> str:
        """Where to send the browser. Raises `IssuerUnavailable`."""

    async def person(self, flow: Flow, *, code: str, issuer: str | None) -> Person:
        """Who came back with `code`; `issuer` is who the answer says it is from, if it does.

        Raises `SignInRefused` when the provider does not confirm it, and `IssuerUnavailable`.
        """


@dataclass(frozen=True)
class Registration:
    """Our registration with a provider."""

    outside: Outside
    client_id: str
    client_secret: str = field(repr=False)

    def open(self, scope: str, auth_method: str) -> Any:
        return _client_class()(
            client_id=self.client_id,
            client_secret=self.client_secret,
            scope=scope,
            token_endpoint_auth_method=auth_method,
            code_challenge_method="S256",
            **self.outside.options(),
        )

    def url(self, endpoint: str, flow: Flow, scope: str, **more: str) -> str:
        url, _ = self.open(scope, "none").create_authorization_url(
            endpoint,
            state=flow.state,
            code_verifier=flow.verifier,
            redirect_uri=flow.redirect_uri,
            **more,
        )
        return str(url)

    async def token(self, endpoint: str, flow: Flow, scope: str, auth_method: str, code: str) -> Any:
        """The provider's answer to a code. Raises `SignInRefused` for one that is not good, or not any more."""
        client = self.open(scope, auth_method)
        async with self.outside.patience(endpoint), client:
            try:
                return await client.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    redirect_uri=flow.redirect_uri,
                    headers={"Accept": "application/json"},
                )
            except _oauth_error() as error:
                log.warning("federation.code_refused", at=endpoint, error=str(error))
                raise SignInRefused from error


@dataclass(frozen=True)
class OpenIdProvider:
    """An OpenID Connect issuer that Easel is registered with."""

    id: str
    name: str
    issuer: Issuer
    client: Registration
    trusts_email: bool = False
    """Whether its addresses count as verified though it does not say so."""
    scope: ClassVar[str] = "openid email profile"

    @property
    def issuer_url(self) -> str:
        return self.issuer.url

    async def authorization_url(self, flow: Flow) -> str:
        """See `Provider`."""
        metadata = await self.issuer.metadata()
        return self.client.url(metadata.authorization_endpoint, flow, self.scope, nonce=flow.nonce)

    async def person(self, flow: Flow, *, code: str, issuer: str | None) -> Person:
        """See `Provider`."""
        metadata = await self.issuer.metadata()
        # RFC 9207: a code of another provider must not be sent to this one.
        if issuer != metadata.issuer and (issuer is not None or metadata.names_itself):
            raise self._refused("the answer is another issuer's")
        token = await self.client.token(metadata.token_endpoint, flow, self.scope, metadata.auth_method, code)
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise self._refused("there is no ID token")
        try:
            claims = await self.issuer.verify(id_token, audience=self.client.client_id)
        except TokenRefused as error:
            raise self._refused(str(error)) from error
        if not hmac.compare_digest(str(claims.get("nonce", "")), flow.nonce):
            raise self._refused("the nonce is another one")
        if claims.get("azp", self.client.client_id) != self.client.client_id:
            raise self._refused("the ID token was given to another client")
        if "email" not in claims and metadata.userinfo_endpoint:
            more = await self._userinfo(metadata.userinfo_endpoint, token, claims["sub"])
            claims = {**more, **claims}
        return person_of(claims, self.issuer.url, trusts_email=self.trusts_email)

    async def _userinfo(self, url: str, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        said = await self.client.outside.get(url, token=str(token.get("access_token", "")))
        if not isinstance(said, dict) or said.get("sub") != subject:
            raise self._refused("its user info is about someone else")
        return said

    def _refused(self, reason: str) -> SignInRefused:
        log.warning("federation.refused", provider=self.id, reason=reason)
        return SignInRefused()


@dataclass(frozen=True)
class GitHubProvider:
    """GitHub, or an enterprise server of one's own at `url`."""

    url: str
    client: Registration
    id: ClassVar[str] = "github"
    name: ClassVar[str] = "GitHub"
    scope: ClassVar[str] = "read:user user:email"

    @property
    def issuer_url(self) -> str:
        return self.url

    @property
    def _api(self) -> str:
        return "https://api.github.com" if self.url == "https://github.com" else f"{self.url}/api/v3"

    async def authorization_url(self, flow: Flow) -> str:
        """See `Provider`."""
        return self.client.url(f"{self.url}/login/oauth/authorize", flow, self.scope)

    async def person(self, flow: Flow, *, code: str, issuer: str | None) -> Person:
        """See `Provider`. Of the addresses only the primary one counts."""
        endpoint = f"{self.url}/login/oauth/access_token"
        answer = await self.client.token(endpoint, flow, self.scope, "client_secret_post", code)
        token = answer.get("access_token")
        if not isinstance(token, str):
            raise SignInRefused
        accept = "application/vnd.github+json"
        user = await self.client.outside.get(f"{self._api}/user", token=token, accept=accept)
        emails = await self.client.outside.get(f"{self._api}/user/emails", token=token, accept=accept)
        if not isinstance(user, dict) or not isinstance(user.get("id"), int) or not isinstance(emails, list):
            log.warning("federation.refused", provider=self.id, reason="its API does not say who it is")
            raise SignInRefused
        primary = next((each for each in emails if isinstance(each, dict) and each.get("primary")), {})
        claims = {
            "sub": str(user["id"]),
            "name": user.get("name") or user.get("login"),
            "email": primary.get("email"),
            "email_verified": primary.get("verified"),
        }
        return person_of(claims, self.url)


def person_of(claims: Mapping[str, Any], issuer: str, *, trusts_email: bool = False) -> Person:
    """The person that verified claims tell of."""
    email = claims.get("email")
    name = claims.get("name") or claims.get("preferred_username")
    told = isinstance(email, str) and bool(email)
    return Person(
        issuer=issuer,
        subject=str(claims["sub"]),
        email=email if told else None,
        # Templates of hosted issuers can only write it as text.
        email_verified=told and (trusts_email or claims.get("email_verified") in (True, "true")),
        name=name if isinstance(name, str) else None,
    )


def _client_class() -> Any:
    return _authlib().AsyncOAuth2Client


def _oauth_error() -> Any:
    return _authlib().OAuthError


def _authlib() -> Any:
    # Loaded with the first sign-in: workers and commands do without.
    from authlib.integrations import httpx_client

    return httpx_client
