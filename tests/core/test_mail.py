"""Mail: written in the transaction, handed in by a job that does not give up soon, safe whatever is in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.clock import now
from easel.base.settings import Settings, load
from easel.core import mail
from easel.core.actor import Actor
from easel.core.mail import delivery, outbox
from easel.core.mail.outbox import OutboxMail
from easel.core.mail.rendering import render
from easel.core.work import Studio
from easel.providers.registry import Providers
from tests.plugins.mail import PUBLIC_URL
from tests.plugins.painter import Painter
from tests.servers.smtp import MailServer, certificate, mail_server

pytestmark = pytest.mark.anyio
LINK = f"{PUBLIC_URL}/app/verify-email?token=abc&user_id=1"


@pytest.fixture
async def sending(mailing: Settings, database_url: str) -> AsyncIterator[Studio]:
    """A studio with a mail server."""
    async with opened(mailing, database_url) as studio:
        yield studio


def opened(settings: Settings, url: str) -> AbstractAsyncContextManager[Studio]:
    return open_studio(settings, url, providers=Providers([Painter()]))


async def write(studio: Studio, to: str = "ada@example.com", **values: str) -> UUID:
    async with studio.work(Actor.system()) as work:
        return await mail.send(work, to=to, template="verify-email", **{"link": LINK, "hours": "24"} | values)


async def row(studio: Studio, id: UUID) -> OutboxMail:
    async with studio.work(Actor.system()) as work:
        return await work.session.get_one(OutboxMail, id)


async def waiting(studio: Studio) -> list[object]:
    """When each waiting job may begin."""
    async with studio.work(Actor.system()) as work:
        found = await work.session.execute(
            text("SELECT scheduled_at FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        )
        return list(found.scalars())


async def test_a_mail_arrives_with_text_and_html(sending: Studio, smtp: MailServer) -> None:
    async with working(sending, grace=0.5):
        id = await write(sending)
        came = await smtp.mail("ada@example.com")
    assert came.sender == "studio@studio.example.com"
    assert came.message["From"] == "Easel <studio@studio.example.com>"
    assert came.message["Subject"] == "Confirm your e-mail address"
    assert came.message["Message-ID"] == f"<{id}@studio.example.com>"
    assert LINK in came.part("plain")
    assert LINK.replace("&", "&amp;") in came.part("html")
    assert "prefers-color-scheme: dark" in came.part("html")


async def test_once_sent_the_outbox_forgets_the_words(sending: Studio, smtp: MailServer) -> None:
    id = await write(sending)
    assert LINK in (await row(sending, id)).text
    await delivery.deliver(sending, mail_id=str(id))
    sent = await row(sending, id)
    assert (sent.state, sent.text, sent.html, sent.attempts) == ("sent", "", "", 1)
    assert sent.sent_at is not None
    await delivery.deliver(sending, mail_id=str(id))
    assert len(smtp.mails) == 1


async def test_without_a_mail_server_the_outbox_keeps_it(studio: Studio) -> None:
    id = await write(studio)
    kept = await row(studio, id)
    assert (kept.state, LINK in kept.text) == ("kept", True)
    assert await waiting(studio) == []


async def test_what_is_rolled_back_is_never_sent(sending: Studio) -> None:
    async def break_off() -> None:
        async with sending.work(Actor.system()) as work:
            await mail.send(work, to="ada@example.com", template="verify-email", link=LINK, hours=24)
            raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        await break_off()
    assert await waiting(sending) == []
    async with sending.work(Actor.system()) as work:
        assert await work.session.scalar(select(func.count()).select_from(OutboxMail)) == 0


async def test_a_mail_waits_for_a_server_that_is_away(
    mailing: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server() as gone:
        port = gone.port
    monkeypatch.setenv("EASEL_SMTP_URL", f"smtp://127.0.0.1:{port}")
    async with opened(load(), database_url) as studio:
        id = await write(studio)
        await delivery.deliver(studio, mail_id=str(id))
        delayed = await row(studio, id)
        assert (delayed.state, delayed.attempts) == ("pending", 1)
        assert delayed.last_error
        later = (await waiting(studio))[-1]
        assert later is not None
        async with mail_server(port=port) as back:
            await delivery.deliver(studio, mail_id=str(id))
            assert (await back.mail("ada@example.com")).receivers == ["ada@example.com"]
        sent = await row(studio, id)
        assert (sent.state, sent.attempts, sent.last_error) == ("sent", 2, None)


async def test_what_the_server_puts_off_is_tried_again_and_what_it_refuses_is_not(
    sending: Studio, smtp: MailServer
) -> None:
    smtp.refusals += ["451 Come back later", "554 We do not like this"]
    id = await write(sending)
    states = []
    for _ in range(2):
        await delivery.deliver(sending, mail_id=str(id))
        found = await row(sending, id)
        states.append((found.state, found.attempts))
    assert states == [("pending", 1), ("failed", 2)]
    assert "We do not like this" in ((await row(sending, id)).last_error or "")
    assert LINK in (await row(sending, id)).text
    assert smtp.mails == []


async def test_after_the_last_pause_a_mail_is_given_up(sending: Studio, smtp: MailServer) -> None:
    id = await write(sending)
    async with sending.work(Actor.system()) as work:
        await work.session.execute(update(OutboxMail).values(attempts=len(delivery.PAUSES)))
    smtp.refusals.append("451 Come back later")
    await delivery.deliver(sending, mail_id=str(id))
    assert (await row(sending, id)).state == "failed"


@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_a_log_in_goes_over_tls(
    tmp_path: Path,
    mailing: Settings,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with mail_server(login=("easel", "right"), tls=context) as server:
        monkeypatch.setenv("EASEL_SMTP_URL", f"smtp://easel:{password}@127.0.0.1:{server.port}?starttls")
        async with opened(load(), database_url) as studio:
            id = await write(studio)
            await delivery.deliver(studio, mail_id=str(id))
            found = await row(studio, id)
    if password == "right":
        assert (found.state, server.mails[0].encrypted) == ("sent", True)
    else:
        assert (found.state, server.mails) == ("pending", [])
        assert "wrong" not in (found.last_error or "")


async def test_encryption_that_is_demanded_and_not_there_keeps_the_mail(
    mailing: Settings, database_url: str, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_SMTP_URL", f"{smtp.url}?starttls")
    async with opened(load(), database_url) as studio:
        id = await write(studio)
        await delivery.deliver(studio, mail_id=str(id))
        assert ((await row(studio, id)).state, smtp.mails) == ("pending", [])


EVIL = "Ada\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>\u2028"


async def test_no_value_adds_a_header_a_line_or_markup(sending: Studio, smtp: MailServer) -> None:
    async with sending.work(Actor.system()) as work:
        id = await mail.send(work, to="ada@example.com", template="email-changed", new_email=EVIL)
        await work.session.execute(
            update(OutboxMail).where(OutboxMail.id == id).values(subject="Sub\r\nBcc: eve@evil.example")
        )
    await delivery.deliver(sending, mail_id=str(id))
    assert ((await row(sending, id)).state, smtp.mails) == ("failed", [])
    async with sending.work(Actor.system()) as work:
        await work.session.execute(update(OutboxMail).values(subject="Hello", state="pending"))
    await delivery.deliver(sending, mail_id=str(id))
    came = await smtp.mail("ada@example.com")
    assert came.receivers == ["ada@example.com"]
    assert came.message["Bcc"] is None
    assert "\nBcc" not in came.part("plain")
    assert "<script>" not in came.part("html")


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.com\r\nBcc: eve@evil.example",
        "ada@example.com, eve@evil.example",
        "ada",
        "A <a@b.example>",
    ],
)
async def test_what_is_no_address_gets_no_mail(studio: Studio, to: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        await write(studio, to=to)


async def test_addresses_in_other_scripts_are_reached(sending: Studio, smtp: MailServer) -> None:
    for to in ("ada@bücher.example", "ärla@example.com"):
        await delivery.deliver(sending, mail_id=str(await write(sending, to=to)))
    assert [mail.receivers for mail in smtp.mails] == [["ada@xn--bcher-kva.example"], ["ärla@example.com"]]


async def test_old_mail_is_forgotten(studio: Studio) -> None:
    old, new = await write(studio), await write(studio)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == old)
            .values(created_at=now() - outbox.KEEP - timedelta(minutes=1))
        )
        await outbox.forget_old(work)
        assert (await work.session.scalars(select(OutboxMail.id))).all() == [new]


VALUES: dict[str, str | int | datetime] = {
    "studio_url": PUBLIC_URL,
    "link": LINK,
    "hours": 24,
    "minutes": 60,
    "new_email": "grace@example.com",
    "title": "A passkey was added",
    "what": "A passkey was added.",
    "inviter": "Grace",
    "team": "Posters",
    "may": "look at",
    "days": 7,
}


@pytest.mark.parametrize(
    "template",
    ["verify-email", "reset-password", "change-email", "email-changed", "sign-in-changed", "invitation"],
)
def test_a_mail_says_the_same_in_both_forms(template: str) -> None:
    made = render(template, VALUES)
    assert made.subject
    assert made.subject in made.html
    assert PUBLIC_URL in made.text
    assert "http" in made.html
    assert "<script" not in made.html
    assert "{{" not in made.text + made.html


def test_every_mail_has_both_forms() -> None:
    folder = Path(mail.__file__).parent / "templates"
    texts = {path.stem for path in folder.glob("*.txt")}
    pages = {path.stem for path in folder.glob("*.html")} - {"parts"}
    assert texts == pages
