"""The most that is taken from a file's metadata, and values made fit to be stored."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

LONGEST_TEXT: Final = 4_000_000
"""Characters of one text in a file; the graphs of large workflows have some hundred thousand."""
LONGEST_PROMPT: Final = 20_000
_LONGEST_VALUE: Final = 500
_LONGEST_NAME: Final = 60
MOST_PARAMETERS: Final = 60
MOST_TAGS: Final = 50
LONGEST_TAG: Final = 64
_LARGEST: Final = (1 << 63) - 1

Scalar: TypeAlias = str | int | float | bool


def clean(value: object, most: int = _LONGEST_VALUE) -> str:
    """`value`, if it is text, as the database takes it, without space around it and cut at `most`; else ``""``."""
    if not isinstance(value, str):
        return ""
    text = value[: most * 2].replace("\0", "").encode("utf-8", "ignore").decode()
    return text.strip()[:most].rstrip()


def scalar(value: object) -> Scalar | None:
    """`value` as a parameter: text, a number that JSON has, or a truth; else None."""
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST else str(value)[:40]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None


def number(text: str) -> Scalar:
    """`text` as the number that it is written like, else as it is."""
    short = text.strip()
    if len(short) <= 30 and short.isascii():
        for kind in (int, float):
            try:
                found = scalar(kind(short))
            except ValueError:
                continue
            if found is not None:
                return found
    return clean(text)


def seed_of(value: object) -> int | None:
    """`value` as a seed that the library can keep: 0 to 2⁶³ - 1."""
    if isinstance(value, str):
        value = number(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        value = int(value)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
    return value if fits and isinstance(value, int) else None


def parameters_of(values: Mapping[str, object]) -> dict[str, Scalar]:
    """`values` as parameters: short names in snake case, scalars only, not more than a screenful."""
    found: dict[str, Scalar] = {}
    for name, value in values.items():
        key = "_".join(clean(name, _LONGEST_NAME).lower().replace("-", " ").split())
        kept = scalar(value)
        if key and kept is not None and len(found) < MOST_PARAMETERS:
            found.setdefault(key, kept)
    return found


def tags_of(values: object) -> tuple[str, ...]:
    """`values` as tags, each once whatever its case."""
    found: dict[str, str] = {}
    for value in values if isinstance(values, list | tuple) else ():
        tag = " ".join(clean(value, LONGEST_TAG).split())
        if tag and len(found) < MOST_TAGS:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def json_object(text: str) -> dict[str, Any] | None:
    """The JSON object that `text` is; None for anything else, however deep or broken."""
    if text.lstrip()[:1] != "{" or len(text) > LONGEST_TEXT:
        return None
    try:
        # Some programs write Python's NaN into their graphs.
        found = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
