"""What can go wrong with provider keys."""

from __future__ import annotations

from easel.base.errors import EaselError


class NoSuchProvider(EaselError):
    """No provider of this studio has this id and takes a key, or can be tested."""

    status = 404
    code = "provider_not_found"
