"""Settings of signing in with others, and with their tokens."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from easel.base.safe_url import is_safe
from easel.base.section import Section


class SignInSettings(Section):
    """Who else may say who someone is. A provider is there once its client id is set."""

    google_client_id: str | None = Field(
        None, alias="EASEL_GOOGLE_CLIENT_ID", description="Client id of “Continue with Google”."
    )
    google_client_secret: SecretStr | None = Field(
        None, alias="EASEL_GOOGLE_CLIENT_SECRET", description="The secret that Google gave with it."
    )
    github_client_id: str | None = Field(
        None, alias="EASEL_GITHUB_CLIENT_ID", description="Client id of “Continue with GitHub”."
    )
    github_client_secret: SecretStr | None = Field(
        None, alias="EASEL_GITHUB_CLIENT_SECRET", description="The secret that GitHub gave with it."
    )
    github_url: str = Field(
        "https://github.com", alias="EASEL_GITHUB_URL", description="Another address for GitHub Enterprise."
    )
    oidc_issuer: str | None = Field(
        None, alias="EASEL_OIDC_ISSUER", description="Any OpenID Connect issuer, such as a Keycloak realm."
    )
    oidc_client_id: str | None = Field(
        None, alias="EASEL_OIDC_CLIENT_ID", description="Easel's client id at that issuer."
    )
    oidc_client_secret: SecretStr | None = Field(
        None, alias="EASEL_OIDC_CLIENT_SECRET", description="The secret that the issuer gave with it."
    )
    oidc_name: str = Field(
        "single sign-on", alias="EASEL_OIDC_NAME", description="What the button says: Continue with …"
    )
    oidc_trust_email: bool = Field(
        False,
        alias="EASEL_OIDC_TRUST_EMAIL",
        description="Whether every address of that issuer counts as verified though it does not say so.",
    )
    jwt_issuer: str | None = Field(
        None, alias="EASEL_JWT_ISSUER", description="Issuer whose access tokens are taken as bearer tokens."
    )
    jwt_audience: str | None = Field(
        None, alias="EASEL_JWT_AUDIENCE", description="The audience that those tokens must be meant for."
    )
    jwt_jwks_url: str | None = Field(
        None, alias="EASEL_JWT_JWKS_URL", description="That issuer's keys; empty: where its discovery says."
    )
    only: Literal["external"] | None = Field(
        None, alias="EASEL_SIGN_IN_ONLY", description="`external`: nobody signs in by password any more."
    )

    @field_validator("google_client_id", "github_client_id", "oidc_client_id", "jwt_audience")
    @classmethod
    def _one_word(cls, value: str | None) -> str | None:
        if value and (not value.isprintable() or " " in value):
            raise ValueError("must have no blanks in it")
        return value or None

    @field_validator("google_client_secret", "github_client_secret", "oidc_client_secret")
    @classmethod
    def _one_secret_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            cls._one_word(value.get_secret_value())
        return value if value and value.get_secret_value() else None

    @field_validator("github_url", "oidc_issuer", "jwt_issuer", "jwt_jwks_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not is_safe(value) or urlsplit(value).query:
            raise ValueError("must be an address like https://id.example.com (http for this machine only)")
        return value

    @field_validator("github_url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str:
        return (value or "https://github.com").rstrip("/")

    @field_validator("oidc_name")
    @classmethod
    def _a_name(cls, value: str) -> str:
        value = value.strip()
        if not 0 < len(value) <= 40 or not value.isprintable():
            raise ValueError("must have 1 to 40 characters")
        return value

    @model_validator(mode="after")
    def _complete(self) -> SignInSettings:
        together: tuple[tuple[str, ...], ...] = (
            ("google_client_id", "google_client_secret"),
            ("github_client_id", "github_client_secret"),
            ("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
            ("jwt_issuer", "jwt_audience"),
        )
        for names in together:
            there = [name for name in names if getattr(self, name) is not None]
            if there and len(there) < len(names):
                missing = next(name for name in names if name not in there)
                raise ValueError(f"{_variable(missing)}: must be set with {_variable(there[0])}")
        if self.jwt_jwks_url and not self.jwt_issuer:
            raise ValueError("EASEL_JWT_ISSUER: must be set with EASEL_JWT_JWKS_URL")
        if self.only and not any(getattr(self, names[0]) for names in together):
            raise ValueError(
                "EASEL_SIGN_IN_ONLY: needs a provider or EASEL_JWT_ISSUER, or nobody could sign in"
            )
        return self

    @property
    def passwords(self) -> bool:
        """Whether people may sign up and log in by password."""
        return self.only is None


def _variable(name: str) -> str:
    return str(SignInSettings.model_fields[name].alias)
