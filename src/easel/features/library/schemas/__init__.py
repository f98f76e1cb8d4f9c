"""Bodies of the image routes."""

from __future__ import annotations

from .filters import Aspect, ImageFilter, SortedBy, Towards
from .gallery import Facets, Month, Months
from .pictures import ImageOut, ImagePage
from .tags import Tag

__all__ = (
    "Aspect",
    "Facets",
    "ImageFilter",
    "ImageOut",
    "ImagePage",
    "Month",
    "Months",
    "SortedBy",
    "Tag",
    "Towards",
)
