"""Small types that several rooms share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def storable(value: str) -> str:
    """`value`, if PostgreSQL can store it. Raises `ValueError` for NUL characters and lone surrogates."""
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode; it contains half of a surrogate pair") from None
    return value


PlainText = Annotated[str, AfterValidator(storable)]
"""Text that can be stored as it is."""
