"""Counting and timing requests by their route's template."""

from __future__ import annotations

import time
from types import TracebackType

from starlette.datastructures import Headers
from starlette.types import Scope

from easel.base import metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template(scope: Scope) -> str:
    """The address of the route that answered, as declared; `studio` for its files and what is nowhere."""
    # Where routers lie in routers, the route itself knows only its own end.
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(found, "path_format", "studio"))


class Counted:
    """One request, from its head to its answer's end."""

    def __init__(self, scope: Scope) -> None:
        self.status = 500
        self._scope = scope
        self._started = time.perf_counter()
        self._gauge = metrics.HTTP_IN_PROGRESS
        self._streams = False

    @property
    def seconds(self) -> float:
        """Since the request came."""
        return time.perf_counter() - self._started

    def __enter__(self) -> Counted:
        self._gauge.inc()
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
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        route = template(self._scope)
        metrics.HTTP_REQUESTS.labels(method, route, str(self.status)).inc()
        if not self._streams:
            metrics.HTTP_SECONDS.labels(method, route).observe(self.seconds)
