"""Settings of uploads."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from easel.base.section import Section


class UploadSettings(Section):
    """Files that people send, and what may be spent on one."""

    max_bytes: int = Field(
        20_000_000, alias="EASEL_MAX_UPLOAD_BYTES", ge=1_000, description="Largest file of an upload."
    )
    max_picture_bytes: int = Field(
        100_000_000,
        alias="EASEL_MAX_PICTURE_BYTES",
        ge=1_000,
        description="Largest picture that is brought into the library.",
    )
    max_files: int = Field(
        100, alias="EASEL_MAX_UPLOAD_FILES", ge=1, le=10_000, description="Most pictures in one upload."
    )
    unfinished_hours: float = Field(
        24,
        alias="EASEL_UPLOAD_HOURS",
        gt=0,
        le=720,
        description="How long an upload that broke off can be resumed.",
    )
    decoders: int = Field(
        2, alias="EASEL_DECODERS", ge=1, le=64, description="Uploads decoded at once per web process."
    )
    decoder_memory_mb: int = Field(
        2_048,
        alias="EASEL_DECODER_MEMORY_MB",
        ge=64,
        le=65_536,
        description="Memory that decoding one upload may take (held to on Linux).",
    )
    decoder_seconds: float = Field(
        30,
        alias="EASEL_DECODER_SECONDS",
        gt=0,
        le=600,
        description="How long decoding one upload may take.",
    )
    clamav_url: str | None = Field(
        None,
        alias="EASEL_CLAMAV_URL",
        description="clamd://host:port or unix:///path of a ClamAV daemon that scans every upload.",
    )
    clamav_away: Literal["refuse", "pass"] = Field(
        "refuse",
        alias="EASEL_CLAMAV_AWAY",
        description="What to do with uploads while the scanner does not answer.",
    )

    @field_validator("clamav_url")
    @classmethod
    def _a_daemon(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme == "clamd" and parts.hostname and parts.port and parts.path in ("", "/"):
            return value
        if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
            return value
        raise ValueError("must be clamd://host:port or unix:///path/of/clamd.ctl")
