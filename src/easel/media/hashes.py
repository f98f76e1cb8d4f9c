"""The identity of a file's bytes."""

from __future__ import annotations

import hashlib


def content_hash(data: bytes) -> str:
    """SHA-256 of `data`, 64 small hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
