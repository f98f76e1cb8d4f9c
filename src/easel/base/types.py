"""Small types that several rooms share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator


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
