"""How pictures are found."""

from __future__ import annotations

from .filters import Filter
from .gallery import count, page
from .layout import BLOCK, Shapes, shapes
from .pictures import get_image, not_rendered, of_generations, shows, visible_to

__all__ = (
    "BLOCK",
    "Filter",
    "Shapes",
    "count",
    "get_image",
    "not_rendered",
    "of_generations",
    "page",
    "shapes",
    "shows",
    "visible_to",
)
