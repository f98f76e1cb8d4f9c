"""Which pictures a filter matches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select

from ..models import Image


@dataclass(frozen=True, slots=True)
class Filter:
    """Which pictures a list shows; None leaves a field out of account."""

    trashed: bool = False
    model: str | None = None
    operation: str | None = None
    aspect: Literal["square", "landscape", "portrait"] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    order: Literal["asc", "desc"] = "desc"


def filtered(found: Select[Image], wanted: Filter) -> Select[Image]:
    found = found.where(Image.deleted_at.is_not(None) if wanted.trashed else Image.deleted_at.is_(None))
    if wanted.model is not None:
        found = found.where(Image.model_id == wanted.model)
    if wanted.operation is not None:
        found = found.where(Image.operation == wanted.operation)
    if wanted.aspect == "square":
        found = found.where(Image.width == Image.height)
    elif wanted.aspect == "landscape":
        found = found.where(Image.width > Image.height)
    elif wanted.aspect == "portrait":
        found = found.where(Image.width < Image.height)
    if wanted.created_from is not None:
        found = found.where(Image.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found = found.where(Image.created_at <= wanted.created_to)
    return found
