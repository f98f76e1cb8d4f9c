"""A mail server for tests: real SMTP on loopback, which keeps what it is given and refuses what it is told to."""

from __future__ import annotations

import asyncio
import datetime
import email
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Delivered:
    """A mail as it came over the wire."""

    sender: str
    receivers: list[str]
    raw: bytes
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=default)

    def part(self, kind: str) -> str:
        """The words of its part `plain` or `html`."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(cast("EmailMessage", body).get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """A mail server that runs; `refusal` is what it answers instead of taking a mail, for one time or for ever."""

    port: int
    mails: list[Delivered] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def mail(self, to: str, subject: str = "", *, number: int = 1) -> Delivered:
        """The mail to `to` whose subject has `subject` in it, the `number`th of them; waits until it is there."""

        def those() -> list[Delivered]:
            return [
                mail
                for mail in self.mails
                if to in mail.receivers and subject in str(mail.message["Subject"])
            ]

        async with asyncio.timeout(60), self.came:
            await self.came.wait_for(lambda: len(those()) >= number)
        return those()[number - 1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        assert isinstance(envelope.content, bytes)
        async with self.came:
            self.mails.append(
                Delivered(
                    envelope.mail_from or "",
                    envelope.rcpt_tos,
                    envelope.content,
                    encrypted=session.ssl is not None,
                )
            )
            self.came.notify_all()
        return "250 Taken"


@asynccontextmanager
async def mail_server(
    *, port: int = 0, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """A mail server on loopback; with `login` it takes mail only after that, with `tls` only over STARTTLS."""
    running = MailServer(port)

    def authenticate(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and login is not None
        right = right and (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=right, handled=False)

    def session() -> SMTP:
        return SMTP(
            running,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=authenticate if login else None,
            auth_required=login is not None,
            auth_require_tls=tls is not None,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(session, "127.0.0.1", port)
    running.port = listening.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        listening.close()
        await listening.wait_closed()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for 127.0.0.1, and the file of the certificate that clients must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, public
