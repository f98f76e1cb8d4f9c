"""What the library tells others, and the jobs it leaves to workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event
from easel.core.jobs import Job

RENDER = Job("library.render", queue="media")
"""Make an image's thumbnails, hashes and colours; argument `image_id`."""

BULK = Job("library.bulk", queue="media")
"""Change many pictures; argument `job_id`, which is also the change's."""
EMPTY_TRASH = Job("library.empty_trash", queue="media")
"""Remove what is in a workspace's trash; argument `job_id`."""
EMPTYING = "empty-trash"
"""The kind of background jobs that do."""
KIND = "bulk"
"""The kind of those background jobs."""


@dataclass(frozen=True, slots=True)
class ImageCreated(Event):
    """A picture is in the library; its thumbnails follow."""

    type: ClassVar[str] = "image.created"


@dataclass(frozen=True, slots=True)
class ImageRendered(Event):
    """A picture's thumbnails, hashes and colours are there."""

    type: ClassVar[str] = "image.rendered"


@dataclass(frozen=True, slots=True)
class ImageDeleted(Event):
    """A picture went to the trash."""

    type: ClassVar[str] = "image.deleted"


@dataclass(frozen=True, slots=True)
class ImageRestored(Event):
    """A picture came back from the trash."""

    type: ClassVar[str] = "image.restored"


@dataclass(frozen=True, slots=True)
class ImageUpdated(Event):
    """What is said of a picture changed, or the file it shows; `data` names the `fields`."""

    type: ClassVar[str] = "image.updated"


@dataclass(frozen=True, slots=True)
class ImagesChanged(Event):
    """Many pictures changed at once; `data` has the `action`, how many it `changed`, and `ids` where they are few."""

    type: ClassVar[str] = "images.changed"
