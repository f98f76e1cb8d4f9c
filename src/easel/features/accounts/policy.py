"""Which passwords are good enough, and how they and tokens are kept."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from easel.base.errors import InvalidInput

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
"""argon2id with OWASP's first recommended memory cost (46 MiB); two passes cost about 60 ms of one core."""

_DECOY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}$"
    f"{'A' * 22}${'A' * 43}"
)
"""The hash of no password: checking against it fails, and costs as much as checking a real one."""

_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
"""Hashing runs here, two at a time, so that a storm of log-ins takes neither the event loop nor all memory."""


@cache
def _common_passwords() -> frozenset[str]:
    packed = files("easel.features.accounts").joinpath("common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))


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
