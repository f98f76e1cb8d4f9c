"""The base of every section of the settings."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class Section(BaseSettings):
    """Some settings that belong together, each known by its variable."""

    # Only the aliases count: by their own names the fields would listen to HOST, PORT, URL and SECRET.
    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, validate_default=True, env_ignore_empty=True
    )
