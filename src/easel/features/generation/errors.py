"""What can go wrong with generations."""

from __future__ import annotations

from easel.base.errors import EaselError


class GenerationNotFound(EaselError):
    """There is no such generation."""

    status = 404
    code = "generation_not_found"


class AlreadyEnded(EaselError):
    """The generation has ended already and cannot be cancelled."""

    status = 409
    code = "already_ended"


class NotRetryable(EaselError):
    """Only a failed or cancelled generation can be tried again."""

    status = 409
    code = "not_retryable"


class PreviewGone(EaselError):
    """This preview is not there any more."""

    status = 404
    code = "preview_gone"
