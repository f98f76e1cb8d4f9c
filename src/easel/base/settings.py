"""Every setting of Easel, typed, in one place.

Values come from the environment, then from a file (``.env`` in the working folder, or the one that
``EASEL_CONFIG`` names), then from the defaults here. Settings are built once, in `app`, and passed; nothing
imports an instance. A bad value stops the start with the variable's name.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode

from easel.base.errors import EaselError
from easel.base.library_settings import LibrarySettings
from easel.base.local_settings import LocalModels
from easel.base.mail_settings import MailSettings
from easel.base.metrics_settings import MetricsSettings
from easel.base.own_servers import OwnServers
from easel.base.section import Section as _Section
from easel.base.service_settings import ServiceSettings
from easel.base.sign_in_settings import SignInSettings
from easel.base.trace_settings import TraceSettings
from easel.base.upload_settings import UploadSettings
from easel.base.web_settings import LimitSettings, Web


class BadSettings(EaselError):
    """A setting has a value that Easel cannot use."""

    status = 500
    code = "bad_settings"


def default_data_folder() -> Path:
    """Where data lives unless ``EASEL_DATA`` says otherwise.

    Root gets ``/var/lib/easel``, whose parents are open already: embedded PostgreSQL must run as a user of its
    own there. Others get their platform's folder for application data.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/easel")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Easel"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "easel"


class Database(_Section):
    """PostgreSQL: embedded under the data folder unless a URL is given."""

    url: SecretStr | None = Field(
        None, alias="DATABASE_URL", description="postgresql://… of an external server; empty: embedded."
    )
    pool_size: int = Field(
        10, alias="EASEL_DATABASE_POOL", ge=1, le=200, description="Connections a process holds."
    )

    @field_validator("url")
    @classmethod
    def _postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        scheme = urlsplit(value.get_secret_value()).scheme
        if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ValueError("must begin with postgresql://")
        return value


class StorageSettings(_Section):
    """Where files are kept."""

    url: str | None = Field(
        None,
        alias="STORAGE_URL",
        description="file:///folder, memory://, s3://bucket/prefix, gs://… or az://…; empty: the data folder.",
    )

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, value: str | None) -> str | None:
        if not value:
            return None
        if urlsplit(value).scheme not in ("file", "memory", "s3", "gs", "az"):
            raise ValueError("must begin with file://, memory://, s3://, gs:// or az://")
        return value


class Security(_Section):
    """Sign-in and secrets."""

    secret: SecretStr | None = Field(
        None,
        alias="EASEL_SECRET",
        description="Key for tokens and stored secrets; made on first start if absent.",
    )
    previous_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (),
        alias="EASEL_PREVIOUS_SECRETS",
        description="Earlier keys, separated by commas, until `easel secrets rotate` has re-sealed what they sealed.",
    )
    access_token_minutes: int = Field(
        15,
        alias="EASEL_ACCESS_TOKEN_MINUTES",
        ge=1,
        le=1440,
        description="How long an access token of the API is good.",
    )
    session_idle_days: float = Field(
        14,
        alias="EASEL_SESSION_IDLE_DAYS",
        gt=0,
        le=365,
        description="A session ends when nobody uses it for so long.",
    )
    session_max_days: float = Field(
        90,
        alias="EASEL_SESSION_MAX_DAYS",
        gt=0,
        le=3650,
        description="A session ends after so long, used or not.",
    )
    audit_days: float = Field(
        365,
        alias="EASEL_AUDIT_DAYS",
        gt=0,
        le=36500,
        description="How long the audit log is kept.",
    )
    delete_grace_days: float = Field(
        7,
        alias="EASEL_DELETE_GRACE_DAYS",
        ge=0,
        le=365,
        description="For so long after its deletion an account can be restored; then nothing is left of it.",
    )
    registration: bool = Field(True, alias="EASEL_REGISTRATION", description="Whether anyone may sign up.")

    @field_validator("previous_secrets", mode="before")
    @classmethod
    def _separated(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        if any(len(part) < 32 for part in value if isinstance(part, str)):
            raise ValueError("each must have at least 32 characters, as EASEL_SECRET had")
        return value

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if len(value.get_secret_value()) < 32:
            raise ValueError(
                "must have at least 32 characters; for example the output of: openssl rand -hex 32"
            )
        return value


class WorkerSettings(_Section):
    """How much a worker does at once."""

    generations: int = Field(
        16,
        alias="EASEL_WORKER_GENERATIONS",
        ge=1,
        le=1000,
        description="Provider calls in flight per worker.",
    )
    media: int = Field(
        2, alias="EASEL_WORKER_MEDIA", ge=1, le=64, description="Images rendered at once per worker."
    )
    cpu: int = Field(
        max(1, (os.cpu_count() or 2) - 1),
        alias="EASEL_WORKER_CPU",
        ge=1,
        le=256,
        description="Pictures that Sketch draws at once per worker; one core each.",
    )
    seats: Annotated[dict[str, int], NoDecode] = Field(
        default_factory=dict,
        alias="EASEL_SEATS",
        description="Calls in flight per provider over all workers, such as `fal=10,openai=5`; its own if absent.",
    )
    user_seats: int = Field(
        20,
        alias="EASEL_USER_SEATS",
        ge=1,
        le=10_000,
        description="Generations that one user runs at once per provider; the others wait for their turn.",
    )
    call_seconds: float = Field(
        900,
        alias="EASEL_CALL_SECONDS",
        gt=0,
        le=86_400,
        allow_inf_nan=False,
        description="How long one call of a provider may take; then the generation fails with `timeout`.",
    )
    grace_seconds: float = Field(
        20,
        alias="EASEL_WORKER_GRACE_SECONDS",
        ge=0,
        le=3600,
        description="How long a stopping worker may finish.",
    )

    @field_validator("seats", mode="before")
    @classmethod
    def _by_provider(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        seats = {}
        for part in filter(None, (part.strip() for part in value.split(","))):
            name, _, number = part.partition("=")
            if not name.strip() or not number.strip().isdecimal() or int(number) < 1:
                raise ValueError("must look like fal=10,openai=5")
            seats[name.strip()] = int(number)
        return seats


class Billing(_Section):
    """Credits: what pictures cost their workspace."""

    mode: Literal["off", "on"] = Field(
        "off",
        alias="EASEL_BILLING",
        description="`on`: pictures cost credits. `off`: nobody pays; what it would cost is recorded.",
    )
    grant_credits: Decimal = Field(
        Decimal(3),
        alias="EASEL_GRANT_CREDITS",
        ge=0,
        le=1_000_000,
        decimal_places=4,
        description="Credits that a new account is given where billing is on.",
    )
    grant_days: int = Field(
        0,
        alias="EASEL_GRANT_DAYS",
        ge=0,
        le=3650,
        description="Credits that were given, not bought, end after so many days; 0: never.",
    )

    @property
    def on(self) -> bool:
        """Whether pictures cost credits."""
        return self.mode == "on"


class Settings(_Section):
    """All sections together; build with `load`."""

    environment: Literal["development", "production"] = Field(
        "development",
        alias="EASEL_ENVIRONMENT",
        description="`production` sends cookies over HTTPS only and refuses placeholders.",
    )
    data: Path = Field(
        default_factory=default_data_folder, alias="EASEL_DATA", description="The data folder."
    )
    default_model: str = Field(
        "sketch/sketch-1",
        alias="EASEL_DEFAULT_MODEL",
        description="The model used where a request names none.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="EASEL_LOG_LEVEL", description="The least important lines to log."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", alias="EASEL_LOG_FORMAT", description="`auto`: coloured in a terminal, else JSON."
    )

    # NoDecode: a variable that happens to be called WEB or WORKER is not ours, and no JSON either.
    web: Annotated[Web, NoDecode] = Field(default_factory=Web)
    database: Annotated[Database, NoDecode] = Field(default_factory=Database)
    storage: Annotated[StorageSettings, NoDecode] = Field(default_factory=StorageSettings)
    limits: Annotated[LimitSettings, NoDecode] = Field(default_factory=LimitSettings)
    security: Annotated[Security, NoDecode] = Field(default_factory=Security)
    mail: Annotated[MailSettings, NoDecode] = Field(default_factory=MailSettings)
    sign_in: Annotated[SignInSettings, NoDecode] = Field(default_factory=SignInSettings)
    worker: Annotated[WorkerSettings, NoDecode] = Field(default_factory=WorkerSettings)
    billing: Annotated[Billing, NoDecode] = Field(default_factory=Billing)
    library: Annotated[LibrarySettings, NoDecode] = Field(default_factory=LibrarySettings)
    uploads: Annotated[UploadSettings, NoDecode] = Field(default_factory=UploadSettings)
    services: Annotated[ServiceSettings, NoDecode] = Field(default_factory=ServiceSettings)
    own_servers: Annotated[OwnServers, NoDecode] = Field(default_factory=OwnServers)
    metrics: Annotated[MetricsSettings, NoDecode] = Field(default_factory=MetricsSettings)
    traces: Annotated[TraceSettings, NoDecode] = Field(default_factory=TraceSettings)
    local: Annotated[LocalModels, NoDecode] = Field(default_factory=LocalModels)

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _production_is_meant(self) -> Settings:
        if self.environment == "production":
            secret = self.security.secret
            if secret and _looks_made_up(secret.get_secret_value()):
                raise ValueError("EASEL_SECRET: looks like a placeholder; production needs a random one")
        return self

    @model_validator(mode="after")
    def _links_lead_somewhere(self) -> Settings:
        if self.mail.smtp_url and not self.web.public_url:
            raise ValueError(
                "EASEL_PUBLIC_URL: must be set with EASEL_SMTP_URL, for links in mails lead there"
            )
        return self

    @property
    def storage_url(self) -> str:
        """The object store's URL: the one given, or the ``files`` folder under the data folder."""
        return self.storage.url or (self.data / "files").as_uri()


def _looks_made_up(secret: str) -> bool:
    words = ("change", "placeholder", "example", "secret", "password", "your")
    return len(set(secret)) < 8 or any(word in secret.lower() for word in words)


_SECTIONS: dict[str, type[_Section]] = {
    "web": Web,
    "database": Database,
    "storage": StorageSettings,
    "limits": LimitSettings,
    "security": Security,
    "mail": MailSettings,
    "sign_in": SignInSettings,
    "worker": WorkerSettings,
    "billing": Billing,
    "library": LibrarySettings,
    "uploads": UploadSettings,
    "services": ServiceSettings,
    "own_servers": OwnServers,
    "metrics": MetricsSettings,
    "traces": TraceSettings,
    "local": LocalModels,
}


def load() -> Settings:
    """Settings from the environment and the file. Raises `BadSettings`, naming every variable that is bad."""
    env_file = os.environ.get("EASEL_CONFIG", ".env")
    if "EASEL_CONFIG" in os.environ and not Path(env_file).is_file():
        raise BadSettings(f"EASEL_CONFIG: there is no file {env_file}")
    problems: list[str] = []
    sections: dict[str, Any] = {}
    for name, kind in _SECTIONS.items():
        try:
            sections[name] = kind(_env_file=env_file)
        except ValidationError as error:
            problems += _named(error)
            sections[name] = kind.model_construct()
    try:
        settings = Settings(_env_file=env_file, **sections)
    except ValidationError as error:
        problems += _named(error)
    if problems:
        raise BadSettings("; ".join(problems))
    return settings


def _named(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        message = problem["msg"].removeprefix("Value error, ")
        where = ".".join(str(part) for part in problem["loc"])
        lines.append(f"{where}: {message}" if where else message)
    return lines
