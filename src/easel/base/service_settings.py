"""Settings of the services that make pictures: where they are, and which other servers speak their language."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic_settings import NoDecode

from easel.base.section import Section

_Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\w.:@-]+(/[\w.:@-]+)*$")]


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be like https://api.example.com/v1")
    return value.rstrip("/")


class CompatibleModel(BaseModel):
    """A model of a compatible server: its name there, and which of OpenAI's it is like, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Name
    title: str | None = Field(None, min_length=1, max_length=100)
    like: str | None = None


class CompatibleServer(BaseModel):
    """A server that speaks OpenAI's images API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    title: str = Field(min_length=1, max_length=100)
    base_url: str
    key_variable: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    models: tuple[CompatibleModel, ...] = Field(min_length=1)

    _base_url = field_validator("base_url")(_address)

    @field_validator("models", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """A model may be given by its name alone."""
        if not isinstance(value, (list, tuple)):
            return value
        return [{"id": each} if isinstance(each, str) else each for each in value]

    @field_validator("models")
    @classmethod
    def _different(cls, value: tuple[CompatibleModel, ...]) -> tuple[CompatibleModel, ...]:
        if len({model.id for model in value}) < len(value):
            raise ValueError("names a model twice")
        return value


class ServiceSettings(Section):
    """Where the services are. Their keys are read from the environment at each call and are no settings."""

    fal_url: str | None = Field(
        None,
        alias="EASEL_FAL_URL",
        description="Another address for all of fal.ai (queue, storage, keys), as of a test server; empty: fal.ai.",
    )
    openai_url: str = Field(
        "https://api.openai.com/v1", alias="OPENAI_BASE_URL", description="Where OpenAI's API is."
    )
    openai_servers: Annotated[tuple[CompatibleServer, ...], NoDecode] = Field(
        (),
        alias="EASEL_OPENAI_SERVERS",
        description="Servers that speak OpenAI's images API: a JSON list of id, title, base_url, key_variable, models.",
    )

    stability_url: str = Field(
        "https://api.stability.ai", alias="STABILITY_BASE_URL", description="Where Stability AI's API is."
    )
    replicate_url: str = Field(
        "https://api.replicate.com", alias="REPLICATE_BASE_URL", description="Where Replicate's API is."
    )
    google_url: str = Field(
        "https://generativelanguage.googleapis.com",
        alias="GEMINI_BASE_URL",
        description="Where Google's Gemini API is.",
    )

    _urls = field_validator("openai_url", "stability_url", "replicate_url", "google_url")(_address)

    @field_validator("fal_url")
    @classmethod
    def _elsewhere(cls, value: str | None) -> str | None:
        return _address(value) if value else None

    @field_validator("openai_servers", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            listed = json.loads(value)
            servers = tuple(CompatibleServer.model_validate(each) for each in listed)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise ValueError(f"{where}: {problem['msg']}") from None
        except (ValueError, TypeError):
            raise ValueError("must be a JSON list of servers") from None
        if len({server.id for server in servers}) < len(servers):
            raise ValueError("names a server twice")
        return servers
