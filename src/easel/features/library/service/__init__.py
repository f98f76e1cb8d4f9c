"""What happens to pictures: they come in as bytes, are rendered, go to the trash and come back.

Higher features call these by `library.service`; each lies in the file that its name leads to.
"""

from __future__ import annotations

from . import masks, versions
from .actions import restore, trash
from .originals import (
    Origin,
    Original,
    add_image,
    discard_original,
    hold_originals,
    keep,
)
from .projects import add_to_project, check_cover, complete_project, remove_from_project
from .rendering import make_renditions, render_overdue, rendition_key
from .showing import show
from .storage import require_room, used
from .trash_can import doom, remove_doomed

__all__ = (
    "Origin",
    "Original",
    "add_image",
    "add_to_project",
    "check_cover",
    "complete_project",
    "discard_original",
    "doom",
    "hold_originals",
    "keep",
    "make_renditions",
    "masks",
    "remove_doomed",
    "remove_from_project",
    "render_overdue",
    "rendition_key",
    "require_room",
    "restore",
    "show",
    "trash",
    "used",
    "versions",
)
