"""What can go wrong with a take-out."""

from __future__ import annotations

from easel.base.errors import EaselError, FieldProblem


class BadTakeOut(EaselError):
    """The file is no take-out that can be imported. Nothing of it was kept."""

    status = 422
    code = "bad_take_out"

    def __init__(self, reason: str, message: str) -> None:
        """`reason` is the kind of fault for programs, such as `hash_mismatch`; `message` a sentence."""
        self.reason = reason
        super().__init__(message, errors=(FieldProblem("file", message, reason),))


class ImportRunning(EaselError):
    """An import of yours is under way already; wait until it has ended."""

    status = 409
    code = "import_running"
