"""Bodies of the administration routes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from easel.core.http.paging import Page
from easel.core.mail.outbox import MailState


class MailOut(BaseModel):
    """A mail that this studio wrote."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The mail's id.")
    to: str = Field(description="Whom it is for.")
    subject: str = Field(description="Its subject.")
    template: str = Field(description="Which kind of mail it is.")
    state: MailState = Field(
        description="`pending`: waits for the mail server; `kept`: there is none; `failed`: given up."
    )
    attempts: int = Field(description="How often the mail server was tried.")
    last_error: str | None = Field(description="Why the last attempt failed, if it did.")
    created_at: datetime = Field(description="When it was written.")
    sent_at: datetime | None = Field(description="When the mail server took it.")


class OpenMailOut(MailOut):
    """A mail with its words."""

    text: str = Field(description="The text; empty once it is sent, for it may be a way into an account.")
    html: str = Field(description="The same as HTML; empty once it is sent.")


class MailPage(Page[MailOut]):
    """Mails, the newest first."""
