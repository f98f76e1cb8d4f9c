"""Settings of the web server: where it listens, whom it believes, how often it may be asked."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from easel.base.section import Section


def origin_of(value: str) -> str:
    """`value` as an origin, written as browsers do. Raises `ValueError` for what is none, or more than one."""
    parts = urlsplit(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise ValueError("must be an origin like https://studio.example.com")
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _parts(value: Any) -> Any:
    """What a variable lists, with commas or spaces between."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class Web(Section):
    """The web server and how the world sees it."""

    host: str = Field("127.0.0.1", alias="EASEL_HOST", description="Address to listen on.")
    port: int = Field(8000, alias="EASEL_PORT", ge=1, le=65535, description="TCP port to listen on.")
    public_url: str | None = Field(
        None,
        alias="EASEL_PUBLIC_URL",
        description="The studio's own origin as browsers see it, behind a proxy.",
    )
    studio: Path | None = Field(
        None, alias="EASEL_STUDIO", description="Folder of the built studio; found by itself in a checkout."
    )
    max_body_bytes: int = Field(
        30_000_000, alias="EASEL_MAX_BODY_BYTES", ge=1_000, description="Largest body."
    )
    max_import_bytes: int = Field(
        20_000_000_000,
        alias="EASEL_MAX_IMPORT_BYTES",
        ge=1_000,
        description="Largest take-out that may be imported; it may unpack to twice as much.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        alias="EASEL_TRUSTED_PROXIES",
        description="Networks of the proxies in front, with commas: `10.0.0.0/8, ::1`. Only they are believed whose "
        "address a request comes from.",
    )
    proxy_header: Literal["x-forwarded-for", "forwarded"] = Field(
        "x-forwarded-for",
        alias="EASEL_PROXY_HEADER",
        description="The header in which the trusted proxies name the client.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="EASEL_CORS_ORIGINS",
        description="Other origins whose pages may use the API, with commas; `*`: all, but without cookies.",
    )

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, value: str | None) -> str | None:
        if value is None or value == "":
            return None
        return origin_of(value)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        try:
            return tuple(ip_network(part) for part in _parts(value))
        except ValueError:
            raise ValueError("must be addresses and networks like 127.0.0.1, 10.0.0.0/8") from None

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> tuple[str, ...]:
        value = _parts(value)
        if "*" in value and len(value) > 1:
            raise ValueError("must be `*` alone, or origins without it")
        return tuple(origin if origin == "*" else origin_of(origin) for origin in value)

    @property
    def origin(self) -> str:
        """Where links in mails lead. Never taken from a request, whose `Host` anyone may write."""
        if self.public_url:
            return self.public_url
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


class LimitSettings(Section):
    """How often one may ask."""

    url: SecretStr | None = Field(
        None,
        alias="EASEL_LIMITS_URL",
        description="redis://… or valkey://… where all web servers count together; empty: each for itself.",
    )
    sign_in: int = Field(
        100,
        alias="EASEL_LIMIT_SIGN_IN",
        ge=1,
        description="Attempts to sign in, sign up and the like, from one address in 15 minutes.",
    )
    user: int = Field(
        6_000, alias="EASEL_LIMIT_USER", ge=1, description="Requests of one account in a minute."
    )
    anonymous: int = Field(
        1_200,
        alias="EASEL_LIMIT_ANONYMOUS",
        ge=1,
        description="Requests without an account from one address in a minute.",
    )
    free_tries: int = Field(
        5,
        alias="EASEL_LIMIT_FREE_TRIES",
        ge=1,
        description="Wrong passwords for one account before the next try has to wait, longer each time.",
    )

    @field_validator("url")
    @classmethod
    def _a_store(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if urlsplit(value.get_secret_value()).scheme not in ("redis", "rediss", "valkey", "valkeys", "unix"):
            raise ValueError("must begin with redis://, rediss://, valkey://, valkeys:// or unix://")
        return value
