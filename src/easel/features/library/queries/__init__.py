"""How pictures are found."""

from __future__ import annotations

from .filters import Order, conditions
from .gallery import Placed, Position, count, facets, months, page
from .layout import BLOCK, Shapes, shapes
from .pictures import get_image, not_rendered, of_generations, shows, visible_to
from .projects import analytics, in_project, page_of_project

__all__ = (
    "BLOCK",
    "Order",
    "Placed",
    "Position",
    "Shapes",
    "analytics",
    "conditions",
    "count",
    "facets",
    "get_image",
    "in_project",
    "months",
    "not_rendered",
    "of_generations",
    "page",
    "page_of_project",
    "shapes",
    "shows",
    "visible_to",
)
