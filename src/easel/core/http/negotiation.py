"""What a client takes, as its `Accept…` headers say (RFC 9110, 12.5)."""

from __future__ import annotations

import re

_NEVER = re.compile(r"q\s*=\s*0(?:\.0{0,3})?", re.IGNORECASE)


def accepted_names(header: str) -> frozenset[str]:
    """The names in a header such as ``Accept-Encoding: br;q=0.8, gzip``, in small letters; ``q=0`` means not."""
    accepted = set()
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name and not any(_NEVER.fullmatch(parameter) for parameter in parameters):
            accepted.add(name.lower())
    return frozenset(accepted)
