"""The identity of a file's bytes."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

_PIECE = 1 << 20


def content_hash(data: bytes | BinaryIO) -> str:
    """SHA-256 of `data`, bytes or an open file, 64 small hexadecimal digits."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    data.seek(0)
    digest = hashlib.sha256()
    while piece := data.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
