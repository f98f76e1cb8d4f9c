"""Why a provider's webhook is not taken."""

from __future__ import annotations

from easel.base.errors import EaselError


class WebhookNotKnown(EaselError):
    """Nothing here waits for this webhook."""

    status = 404
    code = "webhook_not_known"


class WebhookForged(EaselError):
    """The webhook does not come from the provider, or came too late."""

    status = 403
    code = "webhook_forged"


class WebhookNotChecked(EaselError):
    """The webhook could not be checked just now; send it again later."""

    status = 503
    code = "webhook_not_checked"


class WebhookTooLarge(EaselError):
    """The webhook is larger than any that the provider sends."""

    status = 413
    code = "webhook_too_large"
