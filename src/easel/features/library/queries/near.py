"""By what pictures of one prompt, or alike to look at, are found; the indexes of `models.Image` have the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, cast, func, literal
from sqlalchemy.dialects.postgresql import ARRAY, BIT
from sqlalchemy.types import Integer, Text

from ..models import Image


def same_prompt(prompt: str) -> tuple[ColumnElement[bool], ...]:
    """Of a prompt: by its mark, for prompts are too long for an index, and then by itself."""
    return func.md5(Image.prompt) == func.md5(literal(prompt)), Image.prompt == prompt


def shares_look(hash: int | None, colors: list[str]) -> ColumnElement[bool]:
    """Whether a picture has a quarter of a perceptual hash, or the leading colour, in common with these."""
    kind: Any = ARRAY(Integer)
    mine = func.image_looks(Image.perceptual_hash, Image.colors, type_=kind)
    shared: ColumnElement[bool] = mine.overlap(func.image_looks(hash, cast(colors, ARRAY(Text)), type_=kind))
    return shared


def apart(hash: int) -> ColumnElement[int]:
    """In how many bits a picture's perceptual hash differs from this one."""
    return func.bit_count(cast(Image.perceptual_hash.op("#")(hash), BIT(64)))
