"""Settings of traces: where they are sent, and how many."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from easel.base.section import Section


class TraceSettings(Section):
    """Traces for OpenTelemetry. None are made unless the first says where they go; see `make traces`."""

    endpoint: str | None = Field(
        None,
        alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where traces are sent, by OTLP over HTTP: `http://collector:4318`. Needs the packages that "
        "`make traces` installs.",
    )
    headers: SecretStr | None = Field(
        None,
        alias="OTEL_EXPORTER_OTLP_HEADERS",
        repr=False,
        description="Headers to send them with, such as `authorization=Bearer%20…`; several with commas.",
    )
    share: float = Field(
        1.0,
        alias="EASEL_TRACE_SHARE",
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="How many of the requests are traced: 1 all, 0.1 every tenth. By the trace's id, so all or nothing "
        "of each.",
    )

    @field_validator("endpoint")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError("must look like http://collector:4318")
        return value.rstrip("/")

    @field_validator("headers")
    @classmethod
    def _pairs(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        if not all("=" in part for part in value.get_secret_value().split(",")):
            raise ValueError("must look like name=value,name=value")
        return value
