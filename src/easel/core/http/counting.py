"""Counting, timing and tracing requests by their route's template."""

from __future__ import annotations

import time
from types import TracebackType

from starlette.datastructures import Headers
from starlette.types import Scope

from easel.base import metrics, tracing

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template(scope: Scope) -> str:
    """The address of the route that answered, as declared; `studio` for its files and what is nowhere."""
    # Where routers lie in routers, the route itself knows only its own end.
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(found, "path_format", "studio"))


class Counted:
    """One request, from its head to its answer's end."""

    def __init__(self, scope: Scope, *, traced: bool = True) -> None:
        self.status = 500
        self._scope = scope
        self._started = time.perf_counter()
        self._gauge = metrics.HTTP_IN_PROGRESS
        self._streams = False
        self._method = scope["method"] if scope["method"] in _METHODS else "other"
        self._traced = tracing.OFF
        if traced:
            self._traced = tracing.span(
                self._method, "server", parent=Headers(scope=scope).get("traceparent")
            )

    @property
    def seconds(self) -> float:
        """Since the request came."""
        return time.perf_counter() - self._started

    def __enter__(self) -> Counted:
        self._gauge.inc()
        self._span = self._traced.__enter__()
        return self

    def begins(self, status: int, headers: Headers) -> None:
        """The answer's head is sent. An event stream, open for minutes, is counted apart from here on."""
        self.status = status
        self._streams = headers.get("content-type", "").startswith("text/event-stream")
        if self._streams:
            self._gauge.dec()
            self._gauge = metrics.EVENT_STREAMS
            self._gauge.inc()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gauge.dec()
        route = template(self._scope)
        metrics.HTTP_REQUESTS.labels(self._method, route, str(self.status)).inc()
        if not self._streams:
            metrics.HTTP_SECONDS.labels(self._method, route).observe(self.seconds)
        actor = self._scope.get("actor")
        self._span.rename(f"{self._method} {route}")
        self._span.tell(
            {
                "http.request.method": self._method,
                "http.route": route,
                "http.response.status_code": self.status,
                "easel.request_id": self._scope.get("request_id"),
                "easel.workspace_id": str(actor.workspace_id) if actor and actor.workspace_id else None,
            }
        )
        if self.status >= 500:
            self._span.fail(str(self.status))
        self._traced.__exit__(kind, error, trace)
