"""Durable writes into a local folder.

obstore renames a finished temporary file into place, which is atomic, but never calls fsync: after a power
cut an acknowledged file may be empty or gone. So writing a local folder is done here; reading, listing and
deleting stay with obstore.

Blocking: callers run these methods in a thread.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
import time
from pathlib import Path
from typing import IO, Final

INCOMING: Final = ".incoming"
_ABANDONED_AFTER: Final = 86_400.0  # seconds; a write that takes longer than a day has died
_PIECE: Final = 1 << 20
_REMEMBERED: Final = 200_000  # folders


class Folder:
    """A folder that files are put into so that they survive a power cut."""

    def __init__(self, root: Path) -> None:
        """Open `root`, an absolute path; make it and its parents, with mode 0700, where they are missing."""
        self.root = root
        self._durable: set[Path] = set()
        self._lock = threading.Lock()
        make_folders(root)
        make_folders(root / INCOMING)
        self._sweep()

    def put(self, key: str, data: bytes | IO[bytes]) -> None:
        """Write `data` under `key` (checked by the caller); durable and visible at once when this returns.

        `data` is bytes, or a file that is read from where it stands. Raises `OSError`; what was under `key`
        before is then still there, whole.
        """
        target = self.root.joinpath(*key.split("/"))
        # obstore leaves names that end in # and digits out of its listings: they are its own unfinished
        # uploads.
        temporary = self.root / INCOMING / f"{os.getpid()}-{secrets.token_hex(8)}#0"
        try:
            _write(temporary, data)
            try:
                self._prepare(target.parent)
                temporary.replace(target)
            except FileNotFoundError:  # somebody removed the empty folder behind our back
                self._forget(target.parent)
                self._prepare(target.parent)
                temporary.replace(target)
            _sync_folder(target.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def make_durable(self, key: str) -> None:
        """Wait until the name `key`, put by somebody else a moment ago, survives a power cut too."""
        parent = self.root.joinpath(*key.split("/")).parent
        self._prepare(parent)
        _sync_folder(parent)

    def check(self) -> None:
        """Write and remove one small file; raises the `OSError` that any write would meet."""
        if not self.root.is_dir():
            raise FileNotFoundError(2, os.strerror(2))
        probe = self.root / INCOMING / f"{os.getpid()}-{secrets.token_hex(8)}#0"
        try:
            probe.write_bytes(b"ready")
        finally:
            with contextlib.suppress(FileNotFoundError):
                probe.unlink()

    def _prepare(self, folder: Path) -> None:
        """Make `folder` and see to it, once per process, that its name and those above it are on the disk."""
        missing = [p for p in (folder, *folder.parents) if p.is_relative_to(self.root) and p != self.root]
        for path in reversed(missing):
            if path in self._durable:
                continue
            with contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
            _sync_folder(path.parent)
            with self._lock:
                if len(self._durable) >= _REMEMBERED:
                    self._durable.clear()
                self._durable.add(path)

    def _forget(self, folder: Path) -> None:
        make_folders(self.root / INCOMING)
        with self._lock:
            self._durable.difference_update((folder, *folder.parents))

    def _sweep(self) -> None:
        """Remove what writes that died have left."""
        old = time.time() - _ABANDONED_AFTER
        for path in (self.root / INCOMING).iterdir():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()


def make_folders(path: Path) -> None:
    """Make `path` and its missing parents, each with mode 0700."""
    for folder in reversed((path, *path.parents)):
        if not folder.is_dir():
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)


def _write(path: Path, data: bytes | IO[bytes]) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    try:
        for piece in [data] if isinstance(data, bytes) else iter(lambda: data.read(_PIECE), b""):
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # fsync alone leaves the data in the drive's cache there.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # NTFS journals names by itself and has no call for it
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
