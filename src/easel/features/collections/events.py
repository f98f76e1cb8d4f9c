"""What collections tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from easel.core.events import Event


@dataclass(frozen=True, slots=True)
class CollectionCreated(Event):
    """There is a new collection."""

    type: ClassVar[str] = "collection.created"


@dataclass(frozen=True, slots=True)
class CollectionChanged(Event):
    """A collection is another now; `data` has `fields`, the names of what was changed, `images` among them."""

    type: ClassVar[str] = "collection.changed"


@dataclass(frozen=True, slots=True)
class CollectionDeleted(Event):
    """A collection is gone; its pictures stay."""

    type: ClassVar[str] = "collection.deleted"
