"""The form of a backup: a plain tar file that any `tar` opens, written and read in one go, whatever its size.

easel.json          what it is: format, program, schema's revision, tables with their columns, sequences
secret              the studio's secret, unless it was left out
tables/NAME/0001.gz rows as PostgreSQL's COPY writes them, in pieces
files/KEY           the store's files
hashes.txt          SHA-256 and name of every entry before it: `sha256sum -c hashes.txt`
complete.json       the hash of `hashes.txt`: without this entry the backup is not whole
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from easel.base.errors import EaselError

FORMAT = 1
HEAD, SECRET, HASHES, COMPLETE = "easel.json", "secret", "hashes.txt", "complete.json"
_PIECE = 1 << 20
_BLOCK = 512


class BadBackup(EaselError):
    """The file is no whole backup of Easel."""

    status = 422
    code = "bad_backup"


class BackupExists(EaselError):
    """There is a file of this name already."""

    status = 409
    code = "backup_exists"


class Writer:
    """Writes a backup beside its place and moves it there when it is whole; a context manager.

    Blocking, a piece at a time. Raises `BackupExists`, `OSError`.
    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise BackupExists(f"{path} exists already; nothing is written over.")
        self._path = path
        self._part = path.with_name(f".{path.name}.part-{os.getpid()}")
        self._hashes = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end
        # It holds people's pictures and maybe the secret.
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._hash = hashlib.sha256()
        self._name, self._left, self._size = "", 0, 0

    def __enter__(self) -> Writer:
        return self

    def begin(self, name: str, size: int) -> None:
        """The head of an entry; `size` bytes follow by `write`, then `end`."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._file.write(info.tobuf(tarfile.PAX_FORMAT))
        self._hash = hashlib.sha256()
        self._name, self._left, self._size = name, size, size

    def write(self, piece: bytes) -> None:
        """Some bytes of the entry."""
        self._left -= len(piece)
        if self._left < 0:
            raise BadBackup(f"{self._name} grew while it was read.")
        self._hash.update(piece)
        self._file.write(piece)

    def end(self) -> None:
        """The entry's last byte was written."""
        if self._left:
            raise BadBackup(f"{self._name} shrank while it was read.")
        self._file.write(b"\0" * (-self._size % _BLOCK))
        self._hashes.write(f"{self._hash.hexdigest()}  {self._name}\n".encode())

    def add(self, name: str, data: bytes) -> None:
        """A whole small entry."""
        self.begin(name, len(data))
        self.write(data)
        self.end()

    def finish(self, **facts: Any) -> None:
        """Hashes, the last entry with `facts`, and the file in its place, durable."""
        size = self._hashes.tell()
        self._hashes.seek(0)
        self.begin(HASHES, size)
        while piece := self._hashes.read(_PIECE):
            self.write(piece)
        digest = self._hash.hexdigest()
        self.end()
        self.add(COMPLETE, json.dumps({**facts, "hashes": digest}).encode())
        self._file.write(b"\0" * 2 * _BLOCK)
        self._file.flush()
        os.fsync(self._file.fileno())
        # As a link, so that a file that came meanwhile is not written over; some systems have none.
        try:
            os.link(self._part, self._path)
        except FileExistsError:
            raise BackupExists(f"{self._path} exists already; nothing is written over.") from None
        except OSError:
            os.rename(self._part, self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._hashes.close()
        with suppress(FileNotFoundError):
            self._part.unlink()


class Reader:
    """Reads a backup from its beginning to its end, once, checking every hash."""

    def __init__(self, path: Path) -> None:
        """Raises `BadBackup` for a file that is none, or a newer program's."""
        try:
            self._tar = tarfile.open(path, "r|", bufsize=_PIECE)  # noqa: SIM115 - closed by `close`
            first = self._tar.next()
        except tarfile.TarError as error:
            raise BadBackup(f"{path} is no backup of Easel: {error}.") from error
        if first is None or first.name != HEAD:
            raise BadBackup(f"{path} is no backup of Easel.")
        self._seen = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by `close`
        data = b"".join(self.pieces(first))
        self.head: dict[str, Any] = json.loads(data)
        if self.head.get("format") != FORMAT:
            raise BadBackup("The backup has a form that this Easel does not know; use a newer one.")
        self.complete: dict[str, Any] = {}

    def entries(self) -> Iterator[tuple[str, BinaryIO, int]]:
        """Every entry of content: its name, a file to read it from now, its size. Whole when this has ended.

        Raises `BadBackup` at the end where a hash is wrong or something is missing.
        """
        hashes: str | None = None
        try:
            while (info := self._tar.next()) is not None:
                if info.name == HASHES:
                    hashes = self._compare(info)
                elif info.name == COMPLETE:
                    self.complete = json.loads(b"".join(self.pieces(info, note=False)))
                else:
                    entry = io.BufferedReader(_Entry(self.pieces(info)), _PIECE)
                    yield info.name, entry, info.size
                    while entry.read(_PIECE):
                        pass
        except tarfile.TarError as error:
            raise BadBackup(f"The backup breaks off: {error}.") from error
        if hashes is None or self.complete.get("hashes") != hashes:
            raise BadBackup("The backup breaks off; it is not whole.")

    def pieces(self, info: tarfile.TarInfo, *, note: bool = True) -> Iterator[bytes]:
        """An entry's bytes; its hash is noted at the end."""
        source = self._tar.extractfile(info)
        if source is None:
            raise BadBackup(f"{info.name} is no file.")
        digest = hashlib.sha256()
        while piece := source.read(_PIECE):
            digest.update(piece)
            yield piece
        if note:
            self._seen.write(f"{digest.hexdigest()}  {info.name}\n".encode())

    def _compare(self, info: tarfile.TarInfo) -> str:
        self._seen.seek(0)
        digest = hashlib.sha256()
        rest = b""
        for piece in self.pieces(info, note=False):
            digest.update(piece)
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if self._seen.readline() != line + b"\n":
                    raise BadBackup(f"{line.partition(b'  ')[2].decode()} is not as it was written.")
        if rest or self._seen.readline():
            raise BadBackup("The backup holds more than was written.")
        return digest.hexdigest()

    def close(self) -> None:
        """Let the file go."""
        self._tar.close()
        self._seen.close()


class _Entry(io.RawIOBase):
    """An entry as a file that is read from its beginning."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
