"""Settings of mail: who takes it, whom it is from, where its links may lead."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from easel.base.section import Section
from easel.base.smtp_url import SmtpServer, parse_smtp_url
from easel.base.web_settings import origin_of


class MailSettings(Section):
    """The mail server and how Easel writes to people."""

    smtp_url: SecretStr | None = Field(
        None,
        alias="EASEL_SMTP_URL",
        description="smtp://user:password@host:port or smtps://…; `?starttls` demands encryption. "
        "Empty: mail stays in the outbox.",
    )
    sender: str = Field(
        "Easel <easel@localhost>", alias="EASEL_MAIL_FROM", description="Who mail is from: Name <address>."
    )
    require_verified_email: bool | None = Field(
        None,
        alias="EASEL_REQUIRE_VERIFIED_EMAIL",
        description="Whether generating needs a confirmed address; empty: where there is a mail server.",
    )
    handle_origins: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        alias="EASEL_HANDLE_ORIGINS",
        description="Other origins whose pages links in mails may open (`handleUrl`), with commas.",
    )

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        parse_smtp_url(value.get_secret_value())
        return value

    @field_validator("sender")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        address = r"[^<>@,\s]+@[^<>@,\s]+"
        found = re.fullmatch(rf"[^<>@,]+<({address})>|({address})", value)
        if not value.isprintable() or not found or not (found[1] or found[2]).isascii():
            raise ValueError("must be like Easel <easel@example.com>")
        return value

    @field_validator("handle_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> frozenset[str]:
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        return frozenset(origin_of(part) for part in parts)

    @property
    def server(self) -> SmtpServer | None:
        """Where mail is handed in, if anywhere."""
        return parse_smtp_url(self.smtp_url.get_secret_value()) if self.smtp_url else None

    @property
    def verified_email_is_required(self) -> bool:
        """Whether generating needs a proven address: as set, or else where there is a server to prove it by."""
        return self.server is not None if self.require_verified_email is None else self.require_verified_email
