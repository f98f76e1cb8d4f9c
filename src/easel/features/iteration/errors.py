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


class TooManySteps(EaselError):
    """This branch has too many steps to be made again at once."""

    status = 409
    code = "too_many_steps"


class NothingToReplay(EaselError):
    """Nothing was made from this picture in the studio, so there is nothing to make again."""

    status = 409
    code = "nothing_to_replay"


class ReplayNotFound(EaselError):
    """There is no such replay."""

    status = 404
    code = "replay_not_found"
