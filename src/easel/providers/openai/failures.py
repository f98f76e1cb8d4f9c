"""What OpenAI's client raises, in Easel's vocabulary.

Only what the service surely has not begun is said to be so: a call that was cut off on the way may have been paid.
"""

from __future__ import annotations

import openai

from ..errors import (
    BadRequest,
    ContentRefused,
    NotConfigured,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Unavailable,
)

_REFUSED = ("moderation_blocked", "content_policy_violation", "content_filter")
_NO_MONEY = ("billing_hard_limit_reached", "insufficient_quota", "billing_not_active")
_NEVER_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "InvalidURL")


def understood(error: openai.OpenAIError, key: str) -> ProviderError:
    """The error that stands for what the client raised; `key` is kept out of its words."""
    said = _words(error).replace(key, "…") if key else _words(error)
    if isinstance(error, openai.APIStatusError):
        return _answered(error, said)
    if isinstance(error, openai.APIConnectionError):
        if type(error.__cause__).__name__ in _NEVER_SENT:
            return Unavailable("The service cannot be reached.", taken=False)
        return OutcomeUnknown()
    if isinstance(error, openai.APIError):
        # Said in a stream that had begun with 200.
        return _told(error, said) or ProviderError(said)
    return ProviderError(said)


def _answered(error: openai.APIStatusError, said: str) -> ProviderError:
    if known := _told(error, said):
        return known
    status = error.status_code
    if status in (401, 403):
        return NotConfigured(said)
    if status == 402:
        return OutOfCredit(said)
    if status == 429:
        return RateLimited(said, retry_after=_retry_after(error))
    if status == 404:
        return Unavailable(said)
    if status == 503:
        return Unavailable(said, retry_after=_retry_after(error), taken=False)
    if status in (408, 502, 504):
        return OutcomeUnknown()
    if status >= 500:
        return Unavailable(said)
    return BadRequest(said)


def _told(error: openai.APIError, said: str) -> ProviderError | None:
    code = error.code or getattr(error, "type", None)
    if code in _REFUSED or error.code in _REFUSED:
        return ContentRefused(said)
    if code in _NO_MONEY:
        return OutOfCredit(said)
    return None


def _words(error: openai.OpenAIError) -> str:
    """The service's own words: of a body that is an error object its message, never a page of HTML."""
    body = getattr(error, "body", None)
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])[:1000]
    if isinstance(error, openai.APIStatusError):
        return f"The service answered with {error.status_code}."
    return str(error)[:1000] or "The service answered with an error."


def _retry_after(error: openai.APIStatusError) -> float | None:
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(error.response.headers[name]) * scale)
        except (KeyError, ValueError):
            continue
    return None
