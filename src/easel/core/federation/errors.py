"""What can go wrong between Easel and an issuer."""

from __future__ import annotations

from easel.base.errors import EaselError


class IssuerUnavailable(EaselError):
    """The sign-in provider does not answer as it should at the moment; try again soon."""

    status = 503
    code = "issuer_unavailable"


class SignInRefused(EaselError):
    """The sign-in provider did not confirm who you are; start again from the log-in page."""

    status = 400
    code = "sign_in_refused"


class TokenRefused(Exception):
    """A signed token is not one that may be believed; the text says why, for the log and for programs."""
