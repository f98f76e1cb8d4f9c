"""What can go wrong with accounts."""

from __future__ import annotations

from easel.base.errors import EaselError, FieldProblem


class EmailTaken(EaselError):
    """There is an account with this e-mail already; log in instead."""

    status = 409
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__(errors=(FieldProblem("email", "has an account already; log in instead", "taken"),))


class WrongCredentials(EaselError):
    """The e-mail or the password is wrong."""

    status = 401
    code = "wrong_credentials"


class BadRefreshToken(EaselError):
    """The refresh token is not valid any more; log in again."""

    status = 401
    code = "bad_refresh_token"


class SessionNotFound(EaselError):
    """You have no such session; it may have ended."""

    status = 404
    code = "session_not_found"


class RegistrationClosed(EaselError):
    """This studio takes no new accounts; ask its administrator for one."""

    status = 403
    code = "registration_closed"


class AvatarNotFound(EaselError):
    """There is no such user, or no avatar."""

    status = 404
    code = "avatar_not_found"
