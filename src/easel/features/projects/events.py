"""What projects tell others.

The subscribers of `ProjectCreated` and `ProjectChanged` also check what names things above projects, such as the
cover: what they raise undoes the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class ProjectCreated(Event):
    """There is a new project.

    `data` has `fields`, the names of what was said of it, not copied, and `images_of`, the project whose pictures
    it is to have copies of, or null.
    """

    type: ClassVar[str] = "project.created"


@dataclass(frozen=True, slots=True)
class ProjectChanged(Event):
    """A project is another now; `data` has `fields`, the names of what was changed."""

    type: ClassVar[str] = "project.changed"


@dataclass(frozen=True, slots=True)
class ProjectDeleted(Event):
    """A project is gone; its pictures are in none now."""

    type: ClassVar[str] = "project.deleted"
