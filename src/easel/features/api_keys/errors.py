"""What can go wrong with API keys."""

from __future__ import annotations

from easel.base.errors import EaselError


class ApiKeyNotFound(EaselError):
    """You have no such API key; it may have been revoked."""

    status = 404
    code = "api_key_not_found"


class TooManyApiKeys(EaselError):
    """You have as many API keys as one may have; revoke one that is not needed any more."""

    status = 409
    code = "too_many_api_keys"
