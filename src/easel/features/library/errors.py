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
