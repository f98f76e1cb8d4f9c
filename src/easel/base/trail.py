"""The trail of a request: what ties work in the background to the request that asked for it.

A trail is a little JSON: the request's id and, where traces are on, its span. Jobs carry it, and rows that wait
before they get one; whoever goes on with the work follows it, so that log lines say the request's id and what is
deferred carries the trail on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars, get_contextvars

from easel.base import tracing

Trail = Mapping[str, str]


def here() -> dict[str, str]:
    """The trail of what runs now; empty where no request is behind it."""
    found = {"request_id": get_contextvars().get("request_id"), "traceparent": tracing.traceparent()}
    return {name: value for name, value in found.items() if isinstance(value, str)}


@contextmanager
def followed(trail: Trail | None) -> Iterator[None]:
    """Go on, in this block, with the work that `trail` comes from."""
    known = {"request_id": trail["request_id"]} if trail and "request_id" in trail else {}
    with bound_contextvars(**known):
        yield
