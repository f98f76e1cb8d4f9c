"""Structured logs: one line an event, with the request's and the generation's ids.

Lines go to standard error, as JSON in production or where no terminal is attached, coloured in a terminal.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog

from easel.base.settings import Settings

_HIDDEN = (
    *("password", "passwd", "passphrase", "token", "secret", "authorization", "cookie", "api_key", "key"),
    *("credential", "credentials", "private_key", "code", "otp", "signature"),
)
_SHOWN = frozenset({"code", "status_code", "error_code", "exit_code"})
"""Names that end as a secret's would and are none in a log of ours: the names of errors."""

_NAMES = "|".join(
    (
        *("password", "passwd", "passphrase", "secret", "token", "api[_-]?key", "apikey", "access[_-]?key"),
        *("authorization", "cookie", "easel_session", "credential", "private[_-]?key", "signature", "sig"),
    )
)
_NAMED = rf"""\b[\w.-]*?(?:{_NAMES})\\?["']?\s*(?:=>|[=:])\s*"""
_KEYS = "sk|pk|rk|easel|ghp|gho|ghs|github_pat|xox[abp]|AKIA|whsec|r8|hf"
_I = re.IGNORECASE
_IN_TEXT = (
    # Authorization: Bearer …, and the scheme with its credential wherever else it stands.
    (re.compile(r"\b(bearer|basic|digest|token|apikey)\s+[A-Za-z0-9._~+/=:-]{8,}", _I), r"\1 [hidden]"),
    # https://name:password@host
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]*@", _I), r"\1[hidden]@"),
    # "api_key": "…", password='…'; the quotation marks stay, so that JSON stays JSON.
    (re.compile(rf"""({_NAMED}(?P<mark>\\?["']))(?!\[hidden\])(?:(?!(?P=mark)).)+""", _I), r"\1[hidden]"),
    # password=…, ?access_token=…, Set-Cookie: easel_session=…
    (re.compile(rf"""({_NAMED})(?!\[hidden\])[^\s,;&"'<>)}}\]\\]+""", _I), r"\1[hidden]"),
    # JSON Web Tokens, keys of providers and of Easel, which say what they are by how they begin.
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*"), "[hidden]"),
    (re.compile(rf"\b(?:{_KEYS})[-_][A-Za-z0-9_-]{{12,}}"), "[hidden]"),
)


def _without_secrets(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: object, value: Any) -> Any:
    """A value as a log may have it: nothing under a telling name, nothing that looks like a secret, at any depth."""
    plain = str(name).lower().replace("-", "_")
    if plain not in _SHOWN and any(plain == hidden or plain.endswith("_" + hidden) for hidden in _HIDDEN):
        return "[hidden]"
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, bytes | bytearray):
        return without_secrets(bytes(value).decode(errors="replace"))
    if isinstance(value, Mapping):
        return {key: _shown(key, part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", part) for part in value]
    return value


def without_secrets(text: str) -> str:
    """A text without what looks like a secret in it: credentials of headers and addresses, tokens, named values."""
    for pattern, instead in _IN_TEXT:
        text = pattern.sub(instead, text)
    return text


class _Filtered(logging.Formatter):
    """The last look at a line: also at what a library put into its message, and at tracebacks."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(self._inner.format(record))


def configure_logging(settings: Settings, process: str) -> None:
    """Send structlog and the standard library's loggers to one place; call once per process."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        # A traceback with local variables, the renderer's own choice, would print secrets.
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Filtered(formatter))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in ("procrastinate", "httpx", "httpcore", "pyvips", "asyncio", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(process=process)
