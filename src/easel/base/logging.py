"""Structured logs: one line an event, with the request's and the generation's ids.

Lines go to standard error, as JSON in production or where no terminal is attached, coloured in a terminal.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from easel.base.settings import Settings

_HIDDEN = ("password", "token", "secret", "authorization", "cookie", "api_key", "key")


def _without_secrets(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: object, value: Any) -> Any:
    """A value as a log may have it: nothing under a telling name, at any depth."""
    plain = str(name).lower().replace("-", "_")
    if any(plain == hidden or plain.endswith("_" + hidden) for hidden in _HIDDEN):
        return "[hidden]"
    if isinstance(value, dict):
        return {key: _shown(key, part) for key, part in value.items()}
    return value


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
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in ("procrastinate", "httpx", "httpcore", "pyvips", "asyncio", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(process=process)
