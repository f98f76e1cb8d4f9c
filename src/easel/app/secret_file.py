"""The secret that signs tokens and seals stored keys: the one given, or one made for the data folder.

The file ``secret`` there has the current secret in its first line. While a rotation is under way, the lines after
it hold the secrets before it; processes that run notice a new file by themselves.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from easel.app.postgres_home import make_data_folder
from easel.base.crypto import StudioSecret
from easel.base.settings import BadSettings, Settings


def ensure_secret(settings: Settings) -> StudioSecret:
    """``EASEL_SECRET``, or what ``secret`` in the data folder holds; that file is made if it is missing.

    Raises `BadSettings` when the file holds no usable secret.
    """
    previous = previous_secrets(settings)
    if settings.security.secret is not None:
        return StudioSecret(settings.security.secret.get_secret_value(), *previous)
    file = SecretFile(settings.data)
    if not file.path.exists():
        make_data_folder(settings.data)
        file.make()
    current, *older = file.read()
    return StudioSecret(current, *older, *previous, refresh=lambda: _with(file.changed(), previous))


def check_secret(settings: Settings) -> None:
    """Raises `BadSettings` when the secret was made already and cannot be used."""
    if settings.security.secret is None:
        with suppress(FileNotFoundError):
            SecretFile(settings.data).read()


def previous_secrets(settings: Settings) -> tuple[str, ...]:
    """The secrets of ``EASEL_PREVIOUS_SECRETS``."""
    return tuple(secret.get_secret_value() for secret in settings.security.previous_secrets)


def _with(changed: tuple[str, ...] | None, previous: tuple[str, ...]) -> tuple[str, ...] | None:
    return None if changed is None else (*changed, *previous)


class SecretFile:
    """The file ``secret`` of a data folder, which only its owner can read."""

    def __init__(self, data: Path) -> None:
        self.path = data / "secret"
        self._seen: tuple[int, int] | None = None

    def read(self) -> tuple[str, ...]:
        """The secrets, the current one first. Raises `BadSettings`, `FileNotFoundError`."""
        with self.path.open() as file:
            facts = os.fstat(file.fileno())
            lines = tuple(line.strip() for line in file if line.strip())
        if not lines or any(len(line) < 32 for line in lines):
            raise BadSettings(
                f"{self.path}: must hold at least 32 characters. Restore it from a backup: without it nobody stays "
                "signed in and stored provider keys cannot be opened. To begin with a new one, delete the file."
            )
        self._seen = (facts.st_ino, facts.st_mtime_ns)
        return lines

    def changed(self) -> tuple[str, ...] | None:
        """The secrets, if the file is another one than was read last; what cannot be read has not changed."""
        try:
            facts = self.path.stat()
            if (facts.st_ino, facts.st_mtime_ns) == self._seen:
                return None
            return self.read()
        except (OSError, BadSettings):
            return None

    def make(self) -> None:
        """Write a new secret if there is no file yet; of two processes at once the first one's stands."""
        new = self._written((secrets.token_hex(32),))
        with suppress(FileExistsError):
            os.link(new, self.path)
        new.unlink()

    def replace(self, *lines: str) -> None:
        """Write these secrets, the current one first, in the place of what is there; complete or not at all."""
        os.replace(self._written(lines), self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _written(self, lines: tuple[str, ...]) -> Path:
        new = self.path.with_name(f".secret-{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(descriptor)
        return new
