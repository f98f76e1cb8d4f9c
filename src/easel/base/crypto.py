"""Random tokens, their stored form, keys derived from the studio's secret, and what is sealed with them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from easel.base.errors import EaselError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_KEY_ID: Final = 8  # bytes
_NONCE: Final = 12
_TAG: Final = 16
_OVERHEAD: Final = len(_VERSION) + _KEY_ID + _NONCE + _TAG


class SealBroken(EaselError):
    """A stored secret cannot be opened: the studio's own secret is another one than sealed it, or it is damaged."""

    status = 500
    code = "seal_broken"


class StudioSecret:
    """The studio's secret, and those before it that stored values may still be sealed with.

    `refresh` is asked before every use: it answers other secrets, the current one first, when they have
    changed since it was last asked, and None otherwise.
    """

    def __init__(
        self, current: str, *previous: str, refresh: Callable[[], tuple[str, ...] | None] | None = None
    ) -> None:
        self._known = (current, *previous)
        self._refresh = refresh

    @property
    def known(self) -> tuple[str, ...]:
        """The current secret, then those before it."""
        changed = self._refresh() if self._refresh is not None else None
        if changed is not None:
            self._known = changed
        return self._known

    @property
    def current(self) -> str:
        """The secret that makes tokens and seals new values."""
        return self.known[0]

    def __repr__(self) -> str:
        return "StudioSecret(…)"


def new_token() -> str:
    """An unguessable URL-safe token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a random token: its SHA-256 (32 bytes). A random 256-bit token needs no salt."""
    return hashlib.sha256(token.encode()).digest()


def derive_key(secret: str | StudioSecret, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: HKDF-Expand with SHA-256, one block (RFC 5869, section 2.3)."""
    current = secret.current if isinstance(secret, StudioSecret) else secret
    return hmac.new(current.encode(), purpose.encode() + b"\x01", hashlib.sha256).digest()


def seal(secret: str | StudioSecret, plaintext: bytes, purpose: str) -> bytes:
    """`plaintext`, to be opened only by `unseal` with the same secret and purpose: AES-256-GCM (NIST SP 800-38D).

    The sealed bytes say which secret opens them, so that secrets can be rotated: one byte of version, eight of
    the secret's id, twelve of nonce, then the ciphertext and its tag.
    """
    current = secret.current if isinstance(secret, StudioSecret) else secret
    nonce = secrets.token_bytes(_NONCE)
    ciphertext = _cipher(current, purpose).encrypt(nonce, plaintext, purpose.encode())
    return seal_prefix(current) + nonce + ciphertext


def unseal(secret: str | StudioSecret, sealed: bytes, purpose: str) -> bytes:
    """What `seal` was given. Raises `SealBroken` for another purpose, an unknown secret, or damage."""
    from cryptography.exceptions import InvalidTag

    known = secret.known if isinstance(secret, StudioSecret) else (secret,)
    if len(sealed) < _OVERHEAD:
        raise SealBroken
    start = len(_VERSION) + _KEY_ID
    for candidate in known:
        if hmac.compare_digest(sealed[:start], seal_prefix(candidate)):
            nonce, ciphertext = sealed[start : start + _NONCE], sealed[start + _NONCE :]
            try:
                return _cipher(candidate, purpose).decrypt(nonce, ciphertext, purpose.encode())
            except InvalidTag as error:
                raise SealBroken from error
    raise SealBroken


def seal_prefix(secret: str) -> bytes:
    """What everything sealed with `secret` begins with: the version, and the secret's id, which tells nothing of it."""
    return _VERSION + derive_key(secret, "seal id")[:_KEY_ID]


def _cipher(secret: str, purpose: str) -> AESGCM:
    # Loaded here: what plans the start of Easel reads the secret and never seals.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    # Extract and expand (RFC 5869): unlike tokens' keys, from secrets that people may have written.
    info = f"easel seal {purpose}".encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=info).derive(secret.encode()))
