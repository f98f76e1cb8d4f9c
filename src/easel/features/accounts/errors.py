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


class TooManyTries(EaselError):
    """Too many tries with a wrong password; wait as long as `Retry-After` says."""

    status = 429
    code = "too_many_tries"

    def __init__(self, seconds: int) -> None:
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(
            f"Too many tries with a wrong password. Try again in {seconds} {unit}.",
            headers={"Retry-After": str(seconds)},
        )


class TooBusy(EaselError):
    """Too many people are logging in at this moment; try again in a few seconds."""

    status = 503
    code = "too_busy"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "10"})


class PasswordsOff(EaselError):
    """Nobody signs in by password or passkey here; use the studio's sign-in provider."""

    status = 403
    code = "passwords_off"


class UnknownProvider(EaselError):
    """This studio has no such sign-in provider."""

    status = 404
    code = "unknown_provider"


class SignInExpired(EaselError):
    """This sign-in took too long, or was begun elsewhere; start again from the log-in page."""

    status = 400
    code = "sign_in_expired"


class SignInCancelled(EaselError):
    """The sign-in was cancelled at the provider."""

    status = 400
    code = "sign_in_cancelled"


class ProviderEmailMissing(EaselError):
    """The sign-in provider did not say what your e-mail address is; a new account needs one."""

    status = 403
    code = "provider_email_missing"


class ProviderEmailUnverified(EaselError):
    """The sign-in provider has not verified your e-mail address; verify it there, then try again."""

    status = 403
    code = "provider_email_unverified"


class LinkFirst(EaselError):
    """Your e-mail address has an account here; log in to it, then link the provider in the settings."""

    status = 403
    code = "link_first"


class AccountSuspended(EaselError):
    """This account is suspended; ask the studio's administrator."""

    status = 403
    code = "account_suspended"


class IdentityTaken(EaselError):
    """That account at the provider is linked to another account here."""

    status = 409
    code = "identity_taken"


class IdentityNotFound(EaselError):
    """You have no such sign-in method."""

    status = 404
    code = "identity_not_found"


class LastWayIn(EaselError):
    """This is the only way into your account; add another one, or a password, first."""

    status = 409
    code = "last_way_in"


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


class ProofNeeded(EaselError):
    """Confirm this with your password, or log in again first."""

    status = 403
    code = "proof_needed"


class WrongCode(EaselError):
    """The code is wrong or was used before; enter the one that is shown now."""

    status = 401
    code = "wrong_code"


class TooManyCodes(EaselError):
    """Too many wrong codes; wait before you try again."""

    status = 429
    code = "too_many_codes"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many wrong codes; wait {seconds} seconds before you try again.",
            headers={"Retry-After": str(seconds)},
        )


class ChallengeEnded(EaselError):
    """This took too long or was used already; begin again."""

    status = 401
    code = "challenge_ended"


class SecondFactorOn(EaselError):
    """Two-step verification is on already; turn it off first to set it up anew."""

    status = 409
    code = "second_factor_on"


class SecondFactorOff(EaselError):
    """Two-step verification is not set up."""

    status = 409
    code = "second_factor_off"


class WrongPasskey(EaselError):
    """The passkey was not accepted; use another one, or another way to log in."""

    status = 401
    code = "wrong_passkey"


class PasskeyRefused(EaselError):
    """The passkey could not be added: what the browser sent does not hold."""

    status = 422
    code = "passkey_refused"


class PasskeyKnown(EaselError):
    """This passkey is in use already."""

    status = 409
    code = "passkey_known"


class TooManyPasskeys(EaselError):
    """You have as many passkeys as an account may have; remove one first."""

    status = 409
    code = "too_many_passkeys"


class PasskeyNotFound(EaselError):
    """You have no such passkey."""

    status = 404
    code = "passkey_not_found"


class NoPasskeysHere(EaselError):
    """Passkeys do not work at this address; open the studio at its own address."""

    status = 400
    code = "no_passkeys_here"


class BadMailToken(EaselError):
    """This link is not good any more: it was used, has expired or was replaced. Ask for a new mail."""

    status = 400
    code = "bad_mail_token"


class EmailNotVerified(EaselError):
    """Confirm your e-mail address first: open the link in the mail that you got, or have it sent again."""

    status = 403
    code = "email_not_verified"


class AccountClosed(EaselError):
    """This account was deleted by its owner. It can be restored for a while, with its e-mail and password."""

    status = 403
    code = "account_closed"


class LastAdministrator(EaselError):
    """You are the last administrator of a studio that others use. Make another one an administrator first."""

    status = 409
    code = "last_administrator"


class FreshSignInNeeded(EaselError):
    """This account has no password to confirm with. Log out, log in again, and do it within ten minutes."""

    status = 403
    code = "fresh_sign_in_needed"
