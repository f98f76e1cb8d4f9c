"""Settings of metrics: who may read them, and where workers show theirs."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from easel.base.section import Section


class MetricsSettings(Section):
    """Metrics for Prometheus. Nobody may read them until one of the first two says who."""

    token: SecretStr | None = Field(
        None,
        alias="EASEL_METRICS_TOKEN",
        description="Who sends it as `Authorization: Bearer …` may read `/metrics`; at least 16 characters.",
    )
    readers: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        alias="EASEL_METRICS_FROM",
        description="Networks from which `/metrics` may be read without a token, with commas: `127.0.0.1, 10.0.0.0/8`. "
        "Only for requests that come straight from there, through no proxy.",
    )
    port: int | None = Field(
        None,
        alias="EASEL_METRICS_PORT",
        ge=1,
        le=65535,
        description="Where a worker shows its own `/metrics` and `/healthz`; empty: nowhere. The web server shows "
        "its own where it listens.",
    )
    host: str = Field(
        "127.0.0.1", alias="EASEL_METRICS_HOST", description="The address that a worker shows them on."
    )

    @field_validator("token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if len(value.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return value

    @field_validator("readers", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        try:
            return tuple(ip_network(str(part).strip()) for part in parts if str(part).strip())
        except ValueError:
            raise ValueError("must be addresses and networks like 127.0.0.1, 10.0.0.0/8") from None

    @model_validator(mode="after")
    def _someone_may_read(self) -> MetricsSettings:
        if self.port is not None and not self.offered:
            raise ValueError(
                "EASEL_METRICS_PORT: say who may read them with EASEL_METRICS_TOKEN or EASEL_METRICS_FROM"
            )
        return self

    @property
    def offered(self) -> bool:
        """Whether there is anyone who may read metrics."""
        return self.token is not None or bool(self.readers)
