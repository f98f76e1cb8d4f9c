"""What can go wrong with collections."""

from __future__ import annotations

from easel.base.errors import EaselError


class CollectionNotFound(EaselError):
    """There is no such collection; it may have been deleted."""

    status = 404
    code = "collection_not_found"


class CollectionIsSmart(EaselError):
    """A smart collection holds what its filter matches; nothing is put in, taken out or moved by hand."""

    status = 409
    code = "collection_is_smart"
