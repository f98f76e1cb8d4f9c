"""What can go wrong with presets."""

from __future__ import annotations

from easel.base.errors import EaselError, FieldProblem


class PresetNotFound(EaselError):
    """There is no such preset; it may have been deleted."""

    status = 404
    code = "preset_not_found"


class PresetNameTaken(EaselError):
    """The workspace has a preset of this name already."""

    status = 409
    code = "preset_name_taken"

    def __init__(self) -> None:
        super().__init__(errors=(FieldProblem("name", "is the name of another preset", "taken"),))


class TooManyPresets(EaselError):
    """The workspace has as many presets as it may have; delete one that is not needed any more."""

    status = 409
    code = "too_many_presets"
