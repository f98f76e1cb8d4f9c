"""What can go wrong with starting from a picture."""

from __future__ import annotations

from easel.base.errors import EaselError


class SourceInTrash(EaselError):
    """The picture is in the trash. Restore it to start from it."""

    status = 409
    code = "source_in_trash"


class NoModelFor(EaselError):
    """No model of this studio can do this."""

    status = 409
    code = "no_model"
