"""A ZIP made piece by piece: what is written comes out at once, and nothing of it is kept but names and hashes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime
from io import RawIOBase
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ..schemas import ManifestFile

_SMALL = 1 << 16  # bytes; less is hashed faster than a thread is asked


class _Outlet(RawIOBase):
    """A file that only grows, and hands out what was written since the last time."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer, as the interface allows
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class Packer:
    """Makes the ZIP. `files` lists what it holds so far; the bytes come from `add` and `end`."""

    def __init__(self, moment: datetime) -> None:
        self.files: list[ManifestFile] = []
        self._moment = moment.timetuple()[:6]
        self._outlet = _Outlet()
        self._zip = ZipFile(self._outlet, "w", allowZip64=True)

    async def add(
        self, path: str, pieces: AsyncIterator[bytes], *, compressed: bool
    ) -> AsyncGenerator[bytes, None]:
        """Put a file in; gives the ZIP's bytes as they come."""
        info = ZipInfo(path, self._moment)
        info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        info.external_attr = 0o100644 << 16
        digest, size = hashlib.sha256(), 0

        def write(piece: bytes) -> None:
            digest.update(piece)
            member.write(piece)

        with self._zip.open(info, "w", force_zip64=True) as member:
            async for piece in pieces:
                size += len(piece)
                if len(piece) < _SMALL:
                    write(piece)
                else:
                    await asyncio.to_thread(write, piece)
                if made := self._outlet.take():
                    yield made
        self.files.append(ManifestFile(path=path, size=size, sha256=digest.hexdigest()))
        if made := self._outlet.take():
            yield made

    def end(self) -> bytes:
        """Close the ZIP; its last bytes. Safe to call when something went wrong before."""
        self._zip.close()
        return self._outlet.take()


async def joined(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    """A stream whose first piece was taken already."""
    async with aclosing(rest):
        if first:
            yield first
        async for piece in rest:
            yield piece
