"""How pictures are found."""

from __future__ import annotations

from .filters import Filter
from .gallery import count, page
from .layout import BLOCK, Shapes, shapes
from .pictures import get_image, not_rendered, of_generations, shows, visible_to
from .projects import analytics, in_project, page_of_project

__all__ = (
    "BLOCK",
    "Filter",
    "Shapes",
    "analytics",
    "count",
    "get_image",
    "in_project",
    "not_rendered",
    "of_generations",
    "page",
    "page_of_project",
    "shapes",
    "shows",
    "visible_to",
)
