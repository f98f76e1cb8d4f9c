"""What can go wrong with models."""

from __future__ import annotations

from easel.base.errors import EaselError


class ModelNotFound(EaselError):
    """There is no such model in this studio."""

    status = 404
    code = "model_not_found"


class ModelUnavailable(EaselError):
    """The model is switched off, or its service has ended it. Choose another one."""

    status = 409
    code = "model_unavailable"
