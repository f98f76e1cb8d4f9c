"""What can go wrong at a provider, in one vocabulary.

An adapter turns whatever its service says into one of these and keeps the service's own words in `detail`.
`retryable` says whether the same request may pass later; whether repeating it is *safe* is another question,
which the pipeline answers (a paid call whose outcome is unknown is never repeated).
"""

from __future__ import annotations

from typing import ClassVar


class ProviderError(Exception):
    """The provider answered with an error that has no better name."""

    code: ClassVar[str] = "unknown"
    retryable: ClassVar[bool] = False
    taken: ClassVar[bool] = True
    """Whether the provider may have begun, and so may want its money; an instance may know better."""

    def __init__(
        self, detail: str | None = None, *, retry_after: float | None = None, taken: bool | None = None
    ) -> None:
        self.detail = detail or (self.__doc__ or "").strip().splitlines()[0]
        self.retry_after = retry_after
        self.was_taken = self.taken if taken is None else taken
        super().__init__(self.detail)


class NotConfigured(ProviderError):
    """The provider has no key; enter one in the settings."""

    code = "not_configured"


class BadRequest(ProviderError):
    """The provider refused the input as invalid."""

    code = "invalid_input"


class ContentRefused(ProviderError):
    """The provider's safety rules refused the content."""

    code = "content_refused"


class RateLimited(ProviderError):
    """The provider's rate limit was reached."""

    code = "rate_limited"
    retryable = True
    taken = False


class OutOfCredit(ProviderError):
    """The provider account has no credit left."""

    code = "out_of_credit"


class OutOfMemory(ProviderError):
    """The machine has too little memory for this; a smaller picture or model may fit."""

    code = "out_of_memory"


class TimedOut(ProviderError):
    """The provider did not answer in time."""

    code = "timeout"
    retryable = True


class Unavailable(ProviderError):
    """The provider cannot be reached or is out of order."""

    code = "unavailable"
    retryable = True


class Cancelled(ProviderError):
    """The generation was cancelled at the provider."""

    code = "cancelled"


class WebhookRefused(ProviderError):
    """This webhook was not signed by the provider."""

    code = "webhook_refused"


class OutcomeUnknown(ProviderError):
    """The call was cut off and its outcome is not known; it was not repeated, so as not to pay twice."""

    code = "unknown"
