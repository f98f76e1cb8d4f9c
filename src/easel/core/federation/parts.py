"""What a process knows of others who say who someone is, built from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from easel.base.sign_in_settings import SignInSettings

from .code_flow import GitHubProvider, OpenIdProvider, Provider, Registration
from .issuer import Issuer
from .outside import Outside

GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True)
class BearerIssuer:
    """The issuer whose access tokens are taken as bearer tokens, and for whom they must be meant."""

    issuer: Issuer
    audience: str


@dataclass(frozen=True)
class Federation:
    """The providers that people may sign in with, by id, and the issuer of bearer tokens."""

    providers: Mapping[str, Provider] = field(default_factory=dict)
    bearers: BearerIssuer | None = None

    @classmethod
    def of(
        cls, settings: SignInSettings, outside: Outside | None = None, *, google: str = GOOGLE
    ) -> Federation:
        """Those that the settings name; `google` is where Google is."""
        outside = outside or Outside()
        providers: list[Provider] = []
        if settings.google_client_id:
            client = _registered(outside, settings.google_client_id, settings.google_client_secret)
            providers.append(OpenIdProvider("google", "Google", Issuer(google, outside), client))
        if settings.github_client_id:
            client = _registered(outside, settings.github_client_id, settings.github_client_secret)
            providers.append(GitHubProvider(settings.github_url, client))
        if settings.oidc_client_id and settings.oidc_issuer:
            client = _registered(outside, settings.oidc_client_id, settings.oidc_client_secret)
            issuer = Issuer(settings.oidc_issuer, outside)
            providers.append(
                OpenIdProvider("oidc", settings.oidc_name, issuer, client, settings.oidc_trust_email)
            )
        bearers = None
        if settings.jwt_issuer and settings.jwt_audience:
            bearers = BearerIssuer(
                Issuer(settings.jwt_issuer, outside, jwks_url=settings.jwt_jwks_url), settings.jwt_audience
            )
        return cls({provider.id: provider for provider in providers}, bearers)


def _registered(outside: Outside, client_id: str, secret: SecretStr | None) -> Registration:
    return Registration(outside, client_id, secret.get_secret_value() if secret else "")
