"""The trail of a request: what ties work in the background to the request that asked for it.

A trail is a small object of JSON. Jobs carry it, and rows that wait before they get one; whoever goes on with the work
follows it, so that its log lines say the request's id and what it defers carries the trail on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars, get_contextvars

Trail = Mapping[str, str]


def here() -> dict[str, str]:
    """The trail of what runs now; empty where no request is behind it."""
    request_id = get_contextvars().get("request_id")
    return {"request_id": request_id} if isinstance(request_id, str) else {}


@contextmanager
def followed(trail: Trail | None) -> Iterator[None]:
    """Go on, in this block, with the work that `trail` comes from."""
    known = {name: trail[name] for name in ("request_id",) if name in trail} if trail else {}
    with bound_contextvars(**known):
        yield
