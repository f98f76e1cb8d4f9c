"""Spans: what a request, a job, a call of a provider and each statement took, and which of them began which.

Off unless settings say where traces go. Then, and only then, `base.otlp` and with it OpenTelemetry is loaded; until
then a span is one look at a variable. What spans say are ids, names and codes of our own: never a prompt, an address,
a key or the value of a parameter, and of an error its kind alone, for its words may quote any of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

from easel.base.settings import BadSettings
from easel.base.trace_settings import TraceSettings

Kind = Literal["server", "consumer", "client", "internal"]
Value = str | int | float | bool


class Span(Protocol):
    """A piece of work, while it lasts."""

    def rename(self, name: str) -> None:
        """Call it otherwise, now that more is known."""

    def tell(self, facts: Mapping[str, Value | None]) -> None:
        """Add attributes; those that are None are left out."""

    def fail(self, why: str) -> None:
        """Say that it went wrong, by a code or a kind of error."""


class Tracer(Protocol):
    """What makes spans: `base.otlp`, where traces are on."""

    def span(self, name: str, kind: Kind, parent: str | None) -> AbstractContextManager[Span]: ...
    def traceparent(self) -> str | None: ...
    def close(self) -> None: ...


class _Nothing:
    def rename(self, name: str) -> None:
        pass

    def tell(self, facts: Mapping[str, Value | None]) -> None:
        pass

    def fail(self, why: str) -> None:
        pass


OFF: AbstractContextManager[Span] = nullcontext(_Nothing())
"""The span of what is not traced."""
_tracer: Tracer | None = None


def begin(settings: TraceSettings, process: str) -> None:
    """Send this process's traces from now on, if settings say where.

    Raises `BadSettings` where OpenTelemetry is not installed.
    """
    global _tracer
    if settings.endpoint is None or _tracer is not None:
        return
    try:
        from easel.base import otlp
    except ImportError as error:
        raise BadSettings(
            "OTEL_EXPORTER_OTLP_ENDPOINT: traces need packages that are not installed; run: make traces"
        ) from error
    _tracer = otlp.open_tracer(settings, process)


def end() -> None:
    """Send what is left, and make no more spans."""
    global _tracer
    if _tracer is not None:
        tracer, _tracer = _tracer, None
        tracer.close()


def span(name: str, kind: Kind = "internal", *, parent: str | None = None) -> AbstractContextManager[Span]:
    """A span for the block, below the one that runs now, or below `parent` of another process."""
    return OFF if _tracer is None else _tracer.span(name, kind, parent)


def traceparent() -> str | None:
    """The span that runs now, as other processes name it (W3C Trace Context); None where there is none."""
    return None if _tracer is None else _tracer.traceparent()


def ids(arguments: Mapping[str, object]) -> dict[str, str]:
    """Those of a job's arguments that a trace may have: ids of our own."""
    return {f"easel.{name}": str(value) for name, value in arguments.items() if name.endswith("_id")}
