"""Telling the owner of an account by mail, and the audit log, that the account is protected otherwise now."""

from __future__ import annotations

from typing import Final, Literal

from easel.core import audit, mail
from easel.core.work import Work

from ..models import User

Change = Literal[
    "second_factor.enabled",
    "second_factor.disabled",
    "recovery_codes.renewed",
    "recovery_code.used",
    "passkey.added",
    "passkey.removed",
    "identity.linked",
    "identity.unlinked",
]

_WORDS: Final[dict[Change, tuple[str, str]]] = {
    "second_factor.enabled": (
        "Two-step verification is on",
        "Logging in with the password now takes a code from your authenticator app as well.",
    ),
    "second_factor.disabled": (
        "Two-step verification is off",
        "Logging in takes the password alone again; the recovery codes are good no more.",
    ),
    "recovery_codes.renewed": (
        "You have new recovery codes",
        "New recovery codes were made; those before are good no more.",
    ),
    "recovery_code.used": (
        "A recovery code was used",
        "One of your recovery codes was used in place of the app's code; it is good no more.",
    ),
    "passkey.added": (
        "A passkey was added",
        "A passkey was added; one can log in with it and no password.",
    ),
    "passkey.removed": (
        "A passkey was removed",
        "A passkey was removed; nobody logs in with it any more.",
    ),
    "identity.linked": (
        "An account elsewhere was linked",
        "One can now log in with an account at another provider; the settings say which.",
    ),
    "identity.unlinked": (
        "An account elsewhere was unlinked",
        "An account at another provider was unlinked; nobody logs in with it any more.",
    ),
}


async def tell(work: Work, user: User, change: Change, *, name: str | None = None) -> None:
    """Record `change`, and write to its owner; `name` is what a passkey or a provider is called."""
    await audit.record(work, change, user_id=user.id, details={"name": name} if name else None)
    title, what = _WORDS[change]
    await mail.send(work, to=user.email, template="sign-in-changed", title=title, what=what)
