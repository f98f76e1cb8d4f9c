"""Which passwords are good enough and how they are kept; which one-time codes are right; where links in mails may
lead.
"""

from __future__ import annotations

import asyncio
import gzip
import hmac
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

import argon2
import pyotp
from argon2.exceptions import InvalidHashError, VerificationError

from easel.base.errors import InvalidInput
from easel.base.settings import Settings

from .errors import PasswordsOff, TooBusy

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
"""argon2id with OWASP's first recommended memory cost (46 MiB); two passes cost about 60 ms of one core."""

_DECOY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}$"
    f"{'A' * 22}${'A' * 43}"
)
"""The hash of no password: checking against it fails, and costs as much as checking a real one."""

_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""Hashing runs here, two at a time, so that a storm of log-ins takes neither the event loop nor all memory."""

_LONGEST_LINE = 200
_line = 0
"""How many are in line for a hash; the last of them waits about six seconds on two cores."""


@contextmanager
def in_line() -> Iterator[None]:
    """A place among those whom strangers' requests make hash a password for. Raises `TooBusy` when none is left.

    Take it before anything else is done for the request: what would not be answered in time should cost nothing.
    """
    global _line
    if _line >= _LONGEST_LINE:
        raise TooBusy
    _line += 1
    try:
        yield
    finally:
        _line -= 1


@cache
def _common_passwords() -> frozenset[str]:
    packed = files("easel.features.accounts").joinpath("common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))


_FIRST_PAGE = "/app/generate"
_DOORS = ("/app/log-in", "/app/sign-up")


def require_own_door(settings: Settings) -> None:
    """Raises `PasswordsOff` where people sign in at a provider only."""
    if not settings.sign_in.passwords:
        raise PasswordsOff


def safe_next(path: str | None) -> str:
    """Where to go after a sign-in: `path` if it is a page of the studio, else the first one.

    Never elsewhere, whatever browsers may read into odd characters.
    """
    if not path or len(path) > 2000 or not path.isprintable() or any(sign in path for sign in ' \\"<>^`{|}'):
        return _FIRST_PAGE
    try:
        parts = urlsplit(path)
    except ValueError:
        return _FIRST_PAGE
    inside = parts.path == "/app" or parts.path.startswith("/app/")
    odd = parts.scheme or parts.netloc or ".." in unquote(parts.path) or "//" in parts.path
    return _FIRST_PAGE if odd or not inside or parts.path.startswith(_DOORS) else path


def check_password(password: str, email: str, *, field: str = "password") -> None:
    """Raises `InvalidInput` for a password that is blank, among the 10,000 commonest, or equals the e-mail.

    `field` is what the password is called in the input.
    """
    lowered = password.strip().lower()
    if not lowered:
        raise InvalidInput.of(field, "must not be blank", "password_blank")
    if lowered in (email.lower(), email.lower().split("@")[0]):
        raise InvalidInput.of(field, "must not be your e-mail address", "password_is_email")
    if lowered in _common_passwords():
        raise InvalidInput.of(field, "is among the commonest passwords; choose another", "password_common")


async def hash_password(password: str) -> str:
    """The argon2id hash of a password, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, _hasher.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. Costs the same when there is none, so timing tells nothing."""
    loop = asyncio.get_running_loop()
    matches = await loop.run_in_executor(_POOL, _verify, stored or _DECOY, password)
    return matches and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps an authenticator app's clock may be off, either way (RFC 6238, section 5.2)."""

RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter looks like a digit. Sixteen of them are 80 bits, too many to try out."""
_MISREAD = str.maketrans("oil", "011")

FREE_FAILURES = 4
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(minutes=15)


def matching_step(secret: str, code: str, moment: datetime, *, after: int | None) -> int | None:
    """The time step whose TOTP code (RFC 6238) is `code`, at most one off `moment` and later than `after`."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(moment.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and (after is None or step > after):
            found = step
    return found


def delay_after(failures: int) -> timedelta:
    """How long to wait after so many wrong codes in a row: nothing at first, then twice as long each time."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES - 1, 10)
    return min(_FIRST_DELAY * (1 << doublings), _LONGEST_DELAY)


def new_recovery_codes() -> list[str]:
    """Ten codes like `4f2k-9xq1-m7ta-0vbe`."""
    return ["-".join(_four() for _ in range(4)) for _ in range(RECOVERY_CODES)]


def _four() -> str:
    return "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(4))


def plain_recovery_code(typed: str) -> str:
    """A recovery code as it is hashed: small letters and digits alone, whatever was typed between them."""
    return "".join(c for c in typed.lower() if c.isalnum()).translate(_MISREAD)


def plain_totp_code(typed: str) -> str | None:
    """The six digits of a typed code, with or without spaces; None if it is something else."""
    code = "".join(typed.split())
    return code if len(code) == 6 and code.isascii() and code.isdecimal() else None


def check_handle_url(settings: Settings, url: str) -> str:
    """`url`, if links in our mails may lead there: the studio's own origin, or one that the operator allowed.

    Raises `InvalidInput`. What browsers and libraries read in different ways (backslashes, user names, spaces,
    letters of other scripts) is refused whatever it may mean.
    """
    odd = not url.isascii() or not url.isprintable() or any(sign in url for sign in ' \\"<>^`{|}')
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        odd = True
    else:
        odd = odd or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        default = {"http": 80, "https": 443}.get(parts.scheme)
        origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")
    if odd or origin not in {settings.web.origin, *settings.mail.handle_origins}:
        raise InvalidInput.of(
            "handleUrl", "must be a page of this studio, or of an origin it allows", "foreign_url"
        )
    return url
