"""What may be a tag."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator

from easel.base.types import PlainText

LONGEST: Final = 64
_JOINERS: Final = "\u200c\u200d"  # written within words of several scripts, and within emoji


def visible(text: str) -> str:
    """`text` in its composed form. Raises `ValueError` where it holds what nobody sees: controls, direction marks."""
    text = unicodedata.normalize("NFC", text)
    for character in text:
        unseen = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in _JOINERS
        if unseen:
            raise ValueError(f"must not contain the invisible character U+{ord(character):04X}")
    return text


def _tag(text: str) -> str:
    text = " ".join(visible(text).split())
    if not text:
        raise ValueError("must not be empty")
    if len(text) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    return text


Tag = Annotated[PlainText, AfterValidator(_tag)]
"""A tag as it is stored: what a person sees of it is all there is."""
