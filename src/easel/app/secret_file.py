"""The secret that signs tokens and seals stored keys: the one given, or one made for the data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from easel.app.postgres_home import make_data_folder
from easel.base.settings import BadSettings, Settings


def ensure_secret(settings: Settings) -> str:
    """``EASEL_SECRET``, or what ``secret`` in the data folder holds; that file is made if it is missing.

    Raises `BadSettings` when the file holds no usable secret.
    """
    secret = read_secret(settings)
    if secret is None:
        make_data_folder(settings.data)
        _write(settings.data / "secret", secrets.token_hex(32))
        secret = read_secret(settings)
    assert secret is not None
    return secret


def read_secret(settings: Settings) -> str | None:
    """The secret, if it was given or made already. Raises `BadSettings`."""
    if settings.security.secret is not None:
        return settings.security.secret.get_secret_value()
    path = settings.data / "secret"
    try:
        secret = path.read_text().strip()
    except FileNotFoundError:
        return None
    if len(secret) < 32:
        raise BadSettings(
            f"{path}: must hold at least 32 characters. Restore it from a backup: without it nobody stays "
            "signed in and stored provider keys cannot be opened. To begin with a new one, delete the file."
        )
    return secret


def _write(path: Path, secret: str) -> None:
    # Complete under its name or not there at all; of two processes at once the first one's stands.
    new = path.with_name(f".secret-{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(descriptor)
    with suppress(FileExistsError):
        os.link(new, path)
    new.unlink()
