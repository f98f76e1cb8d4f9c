"""A studio that sends mail: a mail server on loopback, and the settings that lead there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from easel.base.settings import Settings, load
from tests.servers.smtp import MailServer, mail_server

PUBLIC_URL = "https://studio.example.com"


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with mail_server() as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, smtp: MailServer, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The studio's settings, with the mail server; a module that sends mail makes its `settings` of them."""
    monkeypatch.setenv("EASEL_SMTP_URL", smtp.url)
    monkeypatch.setenv("EASEL_PUBLIC_URL", PUBLIC_URL)
    monkeypatch.setenv("EASEL_MAIL_FROM", "Easel <studio@studio.example.com>")
    return load()
