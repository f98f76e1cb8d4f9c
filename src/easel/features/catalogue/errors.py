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


class ProviderKeyMissing(ModelUnavailable):
    """The model's provider needs a key. Enter yours in the settings; `settings_url` leads there."""

    code = "provider_key_missing"

    @classmethod
    def of(cls, provider_id: str, detail: str) -> ProviderKeyMissing:
        """The error for a provider, with the way to where its key is entered."""
        return cls(
            detail,
            extra={"provider": provider_id, "settings_url": f"/app/settings?tab=providers#{provider_id}"},
        )
