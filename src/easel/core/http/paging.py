"""Keyset pages: a cursor names the last row seen, so a page costs the same at any depth."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel, Field

from easel.base.errors import EaselError, FieldProblem

Item = TypeVar("Item", bound=BaseModel)


class BadCursor(EaselError):
    """The cursor is not one that this list gave out."""

    status = 422
    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__(errors=(FieldProblem("cursor", "is not a cursor of this list", "bad_cursor"),))


class Page(BaseModel, Generic[Item]):
    """One page of a list; each list names its own subclass."""

    items: list[Item] = Field(description="The items, in order.")
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null on the last one."
    )
    total: int | None = Field(description="How many there are in all; null unless asked with `count=true`.")


def encode_cursor(kind: str, moment: datetime, id: UUID) -> str:
    """A cursor for lists ordered by time and id; `kind` names the list and its order."""
    return encode_key(kind, moment.isoformat(), str(id))


def decode_cursor(kind: str, cursor: str) -> tuple[datetime, UUID]:
    """What `encode_cursor` wrote. Raises `BadCursor` for anything else, another list's cursor included."""
    try:
        moment, id = decode_key(kind, cursor)
        when = datetime.fromisoformat(moment)
        if when.tzinfo is None:
            raise BadCursor
        return when, UUID(id)
    except ValueError as error:
        raise BadCursor from error


def encode_key(kind: str, *words: str) -> str:
    """A cursor for lists in an order of their own: the words that say where a row stands in it."""
    raw = json.dumps([kind, *words], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_key(kind: str, cursor: str) -> list[str]:
    """What `encode_key` wrote. Raises `BadCursor` for anything else, another list's cursor included."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        said, *words = cast("list[str]", raw)
        if said != kind or not all(isinstance(word, str) for word in words):
            raise BadCursor
        return words
    except (binascii.Error, ValueError, TypeError, RecursionError, UnicodeError) as error:
        raise BadCursor from error
