"""What can go wrong with pictures."""

from __future__ import annotations

from easel.base.errors import EaselError


class ImageNotFound(EaselError):
    """There is no such image."""

    status = 404
    code = "image_not_found"
