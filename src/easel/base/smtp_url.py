"""A mail server as a URL: ``smtp://user:password@host:port``, ``smtps://…``, and how much TLS it is to speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from easel.base.safe_url import is_here

_FORM = "must be like smtp://user:password@mail.example.com:587 or smtps://mail.example.com"
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in.

    `tls`: `wrapped` from the first byte, `required` by STARTTLS, `offered` where the server knows it, or `off`.
    """

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    tls: Literal["wrapped", "required", "offered", "off"]


def parse_smtp_url(url: str) -> SmtpServer:
    """Read a mail server's URL. Raises `ValueError`, which never quotes it: it may hold a password.

    ``?starttls`` demands encryption and ``?starttls=off`` does without. A password is never sent in the clear,
    but to this machine itself.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(_FORM) from None
    options = parse_qs(parts.query, keep_blank_values=True)
    starttls = options.pop("starttls", ["offered"])[-1] or "required"
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(_FORM)
    if options or starttls not in ("offered", "required", "off"):
        raise ValueError("knows ?starttls and ?starttls=off, and nothing else after the question mark")
    host = parts.hostname
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (username is None) != (password is None):
        raise ValueError("must name a user and a password, or neither")
    tls = starttls
    if parts.scheme == "smtps":
        tls = "wrapped"
    elif username and not is_here(host):
        if tls == "off":
            raise ValueError("must not send a password in the clear; leave out starttls=off")
        tls = "required"
    return SmtpServer(host, port or _PORTS[parts.scheme], username, password, tls)  # type: ignore[arg-type]
