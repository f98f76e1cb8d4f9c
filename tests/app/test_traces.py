"""Traces: one from the browser's request through job and provider to each statement, and nothing secret in it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import SecretStr

from easel.base import tracing
from easel.base.trace_settings import TraceSettings
from easel.core.work import Studio
from tests.features.generation.steps import rows, until
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector:
    """What an OpenTelemetry collector was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[bytes] = []
        self.keys: set[str | None] = set()

    def spans(self) -> list[Span]:
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                (name,) = [pair.value for pair in resource.resource.attributes if pair.key == "service.name"]
                assert name.string_value == "easel-test"
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector on loopback, and traces on their way to it."""
    received = Collector()

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            received.keys.add(self.headers["X-Key"])
            received.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        received.url = f"http://127.0.0.1:{server.server_address[1]}"
        settings = TraceSettings().model_copy(
            update={"endpoint": received.url, "headers": SecretStr("x-key=one%20two")}
        )
        tracing.begin(settings, "test")
        try:
            yield received
        finally:
            tracing.end()
            server.shutdown()


async def test_one_trace_from_the_request_to_the_statements(
    collector: Collector, server: Server, studio: Studio, worker: None
) -> None:
    ada = await server.member("ada.lovelace@example.com")
    answer = await ada.post(
        "/api/images/generate?unknown=marmalade",
        json={"prompt": "an unmistakable zebra"},
        headers={"traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-ID": "mine", "Prefer": "wait=60"},
    )
    assert answer.json()["status"] == "completed", answer.text
    await ada.post("/api/auth/forgot-password", json={"email": "ada.lovelace@example.com"})
    missing = await ada.get(f"/api/images/{answer.json()['id']}", headers={"traceparent": "00-nonsense"})
    assert missing.status_code == 404
    await until(
        lambda: rows(studio, "SELECT id FROM procrastinate_jobs"), lambda left: left == [], seconds=30
    )
    tracing.end()

    assert collector.keys == {"one two"}
    spans = collector.spans()
    (request,) = [span for span in spans if span.name == "POST /api/images/generate"]
    (job,) = [span for span in spans if span.name == "generation.run"]
    (call,) = [span for span in spans if span.name == "call painter"]
    (render,) = [span for span in spans if span.name == "library.render"]
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == SPAN
    assert job.parent_span_id == request.span_id
    assert call.parent_span_id == job.span_id
    assert render.parent_span_id == job.span_id
    assert {span.trace_id for span in (request, job, call, render)} == {request.trace_id}
    said = {pair.key: pair.value for pair in request.attributes}
    assert said["easel.request_id"].string_value == "mine"
    assert said["http.response.status_code"].int_value == 200
    assert said["http.route"].string_value == "/api/images/generate"
    for name, above in (("INSERT generations", request), ("UPDATE generations", job)):
        found = [span for span in spans if span.name == name]
        assert above.span_id in {span.parent_span_id for span in found}, name
    # A header that is none begins a trace of its own, and the worker's own chores are in none.
    (other,) = [span for span in spans if span.name == "GET /api/images/{id}"]
    assert other.parent_span_id == b""
    assert all(span.parent_span_id for span in spans if span.kind == Span.SPAN_KIND_CLIENT)

    sent = b"".join(collector.bodies)
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    for secret in ("zebra", "lovelace", "good long password", "marmalade", token, "one two"):
        assert secret.encode() not in sent, secret


def test_without_them_nothing_of_it_is_loaded() -> None:
    program = (
        "import sys, easel.app.api, easel.app.worker, easel.app.processes, easel.base.tracing as tracing\n"
        "with tracing.span('x') as span: span.fail('y')\n"
        "assert not {'easel.base.otlp', 'opentelemetry.sdk', 'requests', 'google.protobuf'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
