"""Settings of image servers that the operator runs."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from easel.base.section import Section


class OwnServers(Section):
    """Image servers of your own, which bring their models along."""

    comfyui: SecretStr | None = Field(
        None,
        alias="COMFYUI_URL",
        description="A ComfyUI server, such as `http://127.0.0.1:8188`; a user name and password may be in it.",
    )
    a1111: SecretStr | None = Field(
        None,
        alias="A1111_URL",
        description="An AUTOMATIC1111-compatible server started with `--api`, such as `http://127.0.0.1:7860`;"
        " a user name and password may be in it.",
    )

    @field_validator("comfyui", "a1111")
    @classmethod
    def _an_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        url = value.get_secret_value().strip().rstrip("/")
        try:
            parts = urlsplit(url)
            right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            right = False
        if not right or parts.query or parts.fragment:
            raise ValueError("must look like http://host:port")
        return SecretStr(url)
