"""Small types that several rooms share."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that set the direction of what follows, beyond the text that they stand in."""


def storable(value: str) -> str:
    """`value`, if PostgreSQL can store it. Raises `ValueError` for NUL characters and lone surrogates."""
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode; it contains half of a surrogate pair") from None
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("must be a time with its zone, such as 2026-01-31T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_no_number)]
"""A time with its zone, in ISO 8601; seconds since 1970, which Pydantic takes too, are refused."""

PlainText = Annotated[str, AfterValidator(storable)]
"""Text that can be stored as it is."""


def _one_line(value: str) -> str:
    kinds = {unicodedata.category(character) for character in value}
    if kinds & {"Cc", "Zl", "Zp"}:
        raise ValueError("must be one line without control characters")
    if not _TURNS.isdisjoint(value):
        raise ValueError("must not contain characters that turn the direction of the text around it")
    if not any(kind[0] in "LNPS" for kind in kinds):
        raise ValueError("must contain something to be seen")
    return value


Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True),
    AfterValidator(storable),
    AfterValidator(_one_line),
]
"""What people call a thing: one line that shows as it is, wherever it stands."""
