"""Traces by OpenTelemetry, sent over OTLP/HTTP. Loaded by `base.tracing` alone, and only where traces are on."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Engine, event

from easel import __version__
from easel.base.trace_settings import TraceSettings
from easel.base.tracing import Kind, Value

_KINDS: Final = {
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
    "internal": SpanKind.INTERNAL,
}
_PATIENCE: Final = 3.0
"""Seconds that a collector has for a batch, and that the process waits for it at its end."""
_LONGEST_STATEMENT: Final = 2000
_TABLE: Final = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?([a-z_][a-z0-9_]*)")
_SPACES: Final = re.compile(r"\s+")
_W3C: Final = TraceContextTextMapPropagator()


def open_tracer(settings: TraceSettings, process: str) -> Otlp:
    """A tracer for this process, which sees every statement of SQLAlchemy's engines too."""
    assert settings.endpoint is not None
    headers = None
    if settings.headers is not None:
        pairs = (part.partition("=") for part in settings.headers.get_secret_value().split(","))
        headers = {name.strip(): unquote(value.strip()) for name, _, value in pairs}
    exporter = OTLPSpanExporter(f"{settings.endpoint}/v1/traces", headers=headers, timeout=_PATIENCE)
    return Otlp(exporter, settings.share, process)


class Otlp:
    """Spans of one process."""

    def __init__(self, exporter: OTLPSpanExporter, share: float, process: str) -> None:
        about = {
            "service.version": __version__,
            "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
        }
        if "OTEL_SERVICE_NAME" not in os.environ:
            about["service.name"] = f"easel-{process}"
        # By the trace's id alone: every process decides alike, and no stranger's header decides for us.
        self._provider = TracerProvider(
            sampler=TraceIdRatioBased(share), resource=Resource.create(about), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("easel", __version__)
        event.listen(Engine, "before_cursor_execute", self._asked)
        event.listen(Engine, "after_cursor_execute", self._answered)
        event.listen(Engine, "handle_error", self._refused)

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None) -> Iterator[_Span]:
        above: Context | None = None
        if parent is not None:
            above = _W3C.extract({"traceparent": parent}, context=Context())
        with self._tracer.start_as_current_span(
            name, above, _KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as begun:
            span = _Span(begun)
            try:
                yield span
            except BaseException as error:
                span.fail(type(error).__name__)
                raise

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent")

    def close(self) -> None:
        for name, hear in (
            ("before_cursor_execute", self._asked),
            ("after_cursor_execute", self._answered),
            ("handle_error", self._refused),
        ):
            event.remove(Engine, name, hear)
        # It tries for as long as half a minute; what is not sent in time is lost.
        sending = threading.Thread(target=self._provider.shutdown, name="last traces", daemon=True)
        sending.start()
        sending.join(_PATIENCE)

    def _asked(self, connection: Any, _: object, statement: str, __: object, context: Any, ___: bool) -> None:
        # What nobody asked for, such as a worker's heartbeat, is no trace of its own.
        if context is None or not trace.get_current_span().is_recording():
            return
        text = _SPACES.sub(" ", statement).strip()
        verb = text.partition(" ")[0].upper()
        table = _TABLE.search(text)
        summary = f"{verb} {table[1]}" if table else verb
        # The statement with places for its parameters; the parameters stay here.
        context.easel_span = self._tracer.start_span(
            summary,
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": "postgresql",
                "db.operation.name": verb,
                "db.query.summary": summary,
                "db.query.text": text[:_LONGEST_STATEMENT],
            },
        )

    def _answered(self, _: object, __: object, ___: str, ____: object, context: Any, _____: bool) -> None:
        span = getattr(context, "easel_span", None)
        if span is not None:
            span.end()

    def _refused(self, refusal: Any) -> None:
        span = getattr(refusal.execution_context, "easel_span", None)
        if span is not None and span.is_recording():
            span.set_status(Status(StatusCode.ERROR, type(refusal.original_exception).__name__))
            span.end()


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def tell(self, facts: Mapping[str, Value | None]) -> None:
        self._span.set_attributes({name: value for name, value in facts.items() if value is not None})

    def fail(self, why: str) -> None:
        self._span.set_attribute("error.type", why)
        self._span.set_status(Status(StatusCode.ERROR, why))
