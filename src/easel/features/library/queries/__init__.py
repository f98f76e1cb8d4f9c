"""How pictures are found."""

from __future__ import annotations

from .changes import locked_change, size_of_change, some_ids
from .families import Node, family
from .filters import Order, conditions
from .gallery import Placed, Position, count, facets, months, page, tags_like, weight
from .layout import BLOCK, Shapes, shapes
from .pictures import get_image, not_rendered, of_generations, shows, visible_to
from .projects import analytics, in_project, page_of_project

__all__ = (
    "BLOCK",
    "Node",
    "Order",
    "Placed",
    "Position",
    "Shapes",
    "analytics",
    "conditions",
    "count",
    "facets",
    "family",
    "get_image",
    "in_project",
    "locked_change",
    "months",
    "not_rendered",
    "of_generations",
    "page",
    "page_of_project",
    "shapes",
    "shows",
    "size_of_change",
    "some_ids",
    "tags_like",
    "visible_to",
    "weight",
)
