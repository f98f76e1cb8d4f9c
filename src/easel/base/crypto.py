"""Random tokens, their stored form, and keys derived from the studio's one secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """An unguessable URL-safe token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a random token: its SHA-256 (32 bytes). A random 256-bit token needs no salt."""
    return hashlib.sha256(token.encode()).digest()


def derive_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: HKDF-Expand with SHA-256, one block (RFC 5869, section 2.3)."""
    return hmac.new(secret.encode(), purpose.encode() + b"\x01", hashlib.sha256).digest()
