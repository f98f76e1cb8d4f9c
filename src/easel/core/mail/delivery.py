"""Handing mails to the mail server: the job, its patience, and the chore that forgets."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from uuid import UUID

import structlog

from easel.base.addresses import wire_address
from easel.base.clock import now
from easel.base.smtp_url import SmtpServer
from easel.core.actor import Actor
from easel.core.jobs import Periodic, Task
from easel.core.mail import DELIVER, outbox
from easel.core.mail.outbox import OutboxMail
from easel.core.work import Studio

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=pause) for pause in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
"""The pauses between attempts; after the last one a mail has waited for some seven hours and is given up."""

_PATIENCE_SECONDS = 30


async def deliver(studio: Studio, *, mail_id: str) -> None:
    """Send a mail that waits; when the mail server is away, try again later. Quiet if it was sent or is gone.

    A worker that dies between the server's yes and the commit sends twice, under one Message-ID: better than
    not at all.
    """
    server = studio.settings.mail.server
    async with studio.work(Actor.system()) as work:
        mail = await outbox.mail_by_id(work, UUID(mail_id))
    if mail is None or mail.state != "pending" or server is None:
        return
    error = await _hand_in(server, mail, studio.settings.mail.sender)
    async with studio.work(Actor.system()) as work:
        row = await outbox.mail_by_id(work, mail.id, lock=True)
        if row is None or row.state != "pending":
            return
        row.attempts += 1
        row.last_error = str(error)[:500] if error else None
        if error is None:
            row.state, row.sent_at, row.text, row.html = "sent", now(), "", ""
        elif _is_final(error) or row.attempts > len(PAUSES):
            row.state = "failed"
            log.warning("mail.failed", mail_id=mail_id, attempts=row.attempts, error=type(error).__name__)
        else:
            await work.defer(DELIVER, at=next_attempt(row.attempts), mail_id=mail_id)
            log.info("mail.delayed", mail_id=mail_id, attempts=row.attempts, error=type(error).__name__)


def next_attempt(attempts: int) -> datetime:
    """When a mail is tried again after so many attempts."""
    return now() + PAUSES[attempts - 1]


def compose(mail: OutboxMail, sender: str) -> EmailMessage:
    """A row of the outbox as a message (RFC 5322), for mail readers with HTML and without.

    Raises `ValueError` for what would break a line of its head.
    """
    to = wire_address(mail.to)
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{message['From'].addresses[0].domain}>"
    # Keeps answering machines quiet (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message


async def _hand_in(server: SmtpServer, mail: OutboxMail, sender: str) -> Exception | None:
    """What went wrong; None when the server took the mail."""
    import aiosmtplib  # where there is a mail server, not at every start

    try:
        await aiosmtplib.send(
            compose(mail, sender),
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls == "wrapped",
            start_tls={"wrapped": False, "required": True, "offered": None, "off": False}[server.tls],
            timeout=_PATIENCE_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return error
    return None


def _is_final(error: Exception) -> bool:
    """Whether no later attempt will do: the mail cannot be written, or the server will never take it.

    That is a reply of 500 or above (RFC 5321, 4.2.1), but not to a log-in, which is about us and may be mended.
    """
    import aiosmtplib

    if isinstance(error, ValueError):
        return True
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refusal.code >= 500 for refusal in error.recipients)
    refused = isinstance(error, aiosmtplib.SMTPDataError | aiosmtplib.SMTPSenderRefused)
    return refused and getattr(error, "code", 0) >= 500


async def _forget(studio: Studio) -> None:
    async with studio.work(Actor.system()) as work:
        await outbox.forget_old(work)


TASKS = (Task(DELIVER, deliver),)
PERIODIC = (Periodic("mail.forget", 3600, _forget),)
