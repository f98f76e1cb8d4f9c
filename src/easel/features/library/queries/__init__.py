"""How pictures are found."""

from __future__ import annotations

from .filters import Filter
from .gallery import count, page
from .pictures import get_image, not_rendered, of_generations, shows, visible_to

__all__ = ("Filter", "count", "get_image", "not_rendered", "of_generations", "page", "shows", "visible_to")
