"""What can go wrong with pictures."""

from __future__ import annotations

from easel.base.errors import EaselError, FieldProblem


class ImageNotFound(EaselError):
    """There is no such image."""

    status = 404
    code = "image_not_found"


class CursorOfAnotherList(EaselError):
    """The cursor belongs to another filter or order. Begin this list without a cursor."""

    status = 422
    code = "cursor_of_another_list"

    def __init__(self) -> None:
        problem = FieldProblem("cursor", "belongs to another filter or order", self.code)
        super().__init__(errors=(problem,))


class UndoNotFound(EaselError):
    """There is no such change to take back, or it is taken back already."""

    status = 404
    code = "undo_not_found"


class FilterNameTaken(EaselError):
    """There is a saved filter of this name already."""

    status = 409
    code = "filter_name_taken"


class SavedFilterNotFound(EaselError):
    """There is no such saved filter."""

    status = 404
    code = "saved_filter_not_found"


class TooManySavedFilters(EaselError):
    """The workspace has as many saved filters as it may have. Delete one first."""

    status = 409
    code = "too_many_saved_filters"


class QuotaExceeded(EaselError):
    """The workspace's pictures take all the room that they may. Delete some and empty the trash."""

    status = 403
    code = "quota_exceeded"


class VersionNotFound(EaselError):
    """There is no such version of this image."""

    status = 404
    code = "version_not_found"


class VersionInUse(EaselError):
    """This version is needed and cannot be deleted."""

    status = 409
    code = "version_in_use"


class MaskNotFound(EaselError):
    """There is no such mask."""

    status = 404
    code = "mask_not_found"
