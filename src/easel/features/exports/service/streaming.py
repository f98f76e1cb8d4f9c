"""The bytes of an export's ZIP, from anywhere in it to anywhere, made anew each time and always the same.

What comes before the first wanted byte is not read. A checksum is needed before its file's bytes and once more in
the directory; each is noted when its file was first read, so that the directory costs nothing then. Small files are
read a few ahead of their turn, large ones in pieces, so memory does not grow with what the ZIP holds.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, NoReturn

from easel.core.actor import Actor
from easel.core.work import Studio
from easel.storage.base import FileMissing

from .. import queries
from ..errors import ExportFailed, ExportNotFound, ExportOutdated
from ..models import Export
from ..queries import Packed
from . import zip_format

_WHOLE: Final = 4 << 20
"""Files of up to so many bytes are read at once."""
_AHEAD: Final = 4
_PIECE: Final = 1 << 18
_BIG: Final = 1 << 17
"""Bytes that are worth a thread for their checksum."""
_LOOK_SECONDS: Final = 0.2


async def check(studio: Studio, actor: Actor, export: Export) -> None:
    """See that an export can be had. Raises `ExportFailed`; `ExportOutdated` if pictures of it are gone."""
    if export.status == "failed":
        raise ExportFailed(export.error_message)
    async with studio.work(actor) as work:
        gone = export.status == "outdated" or await queries.lacks_pictures(work, export.id)
    if gone:
        await _outdate(studio, actor, export)


async def settled(studio: Studio, actor: Actor, export: Export, *, seconds: float | None = None) -> Export:
    """The export once it is not `preparing` any more, or after so many seconds as it is then.

    Raises `ExportNotFound` when it is gone.
    """
    loop = asyncio.get_running_loop()
    until = None if seconds is None else loop.time() + seconds
    while export.status == "preparing" and (until is None or loop.time() < until):
        await asyncio.sleep(_LOOK_SECONDS)
        async with studio.work(actor) as work:
            found = await queries.state(work, export.id)
        if found is None:
            raise ExportNotFound
        export = found
    return export


async def stream(
    studio: Studio, actor: Actor, export: Export, start: int = 0, end: int | None = None
) -> AsyncGenerator[bytes, None]:
    """The bytes from `start` to before `end`, None: all that there are.

    Of an export that is being prepared its originals come at once, and the rest when it is ready. Raises
    `ExportOutdated` where a file is not as it was, after noting that.
    """
    left = end - start if end is not None else None
    waiting: list[bytes] = []
    number = 0
    # The first bytes go out at once; then there are fewer and larger pieces.
    least = 1
    async with aclosing(_Run(studio, actor, export).pieces(start)) as pieces:
        async for made in pieces:
            piece = made if left is None else made[:left]
            if left is not None:
                left -= len(piece)
            waiting.append(piece)
            number += len(piece)
            if number >= least or left == 0:
                yield b"".join(waiting)
                waiting, number, least = [], 0, _PIECE
            if left == 0:
                return
    if number:
        yield b"".join(waiting)


class _Run:
    """One way through the ZIP."""

    def __init__(self, studio: Studio, actor: Actor, export: Export) -> None:
        self._studio = studio
        self._actor = actor
        self._export = export
        self._sums: dict[int, int] = {}

    async def pieces(self, start: int) -> AsyncGenerator[bytes, None]:
        export = self._export
        if export.directory_at is None or start < export.directory_at:
            number = 0
            if start > 0:
                async with self._studio.work(self._actor) as work:
                    number = await queries.first_at(work, export.id, start)
            async with aclosing(self._files(number, start)) as files:
                async for piece in files:
                    yield piece
        skipped = max(0, start - (self._export.directory_at or 0))
        async with aclosing(self._directory()) as directory:
            async for piece in directory:
                if len(piece) > skipped:
                    yield piece[skipped:]
                skipped = max(0, skipped - len(piece))

    async def _files(self, number: int, start: int) -> AsyncGenerator[bytes, None]:
        while True:
            page = await self._page(number)
            async with aclosing(self._loaded(page)) as loaded:
                async for file, data in loaded:
                    skip = max(0, start - file.starts_at)
                    async with aclosing(self._file(file, data, skip)) as pieces:
                        async for piece in pieces:
                            yield piece
            await self._note()
            if page:
                number = page[-1].number + 1
            elif not await self._went_on():
                return

    async def _went_on(self) -> bool:
        """Wait until the export is ready; whether there may be more files now."""
        if self._export.status != "preparing":
            return False
        found = await settled(self._studio, self._actor, self._export)
        if found.status == "failed":
            raise ExportFailed(found.error_message)
        if found.status != "ready" or found.revision != self._export.revision:
            raise ExportOutdated("Files of this export are not in the store. Download it again.")
        self._export = found
        return True

    async def _page(self, number: int) -> Sequence[Packed]:
        async with self._studio.work(self._actor) as work:
            page = await queries.files_from(work, self._export.id, number)
        if any(file.gone for file in page):
            await _outdate(self._studio, self._actor, self._export)
        return page

    async def _loaded(self, files: Sequence[Packed]) -> AsyncGenerator[tuple[Packed, bytes | None], None]:
        """The files in their order, small ones with their bytes."""
        tasks: deque[tuple[Packed, asyncio.Task[bytes] | None]] = deque()
        coming = iter(files)
        storage = self._studio.storage
        try:
            while True:
                while len(tasks) < _AHEAD and (file := next(coming, None)) is not None:
                    small = file.size <= _WHOLE
                    tasks.append((file, asyncio.create_task(storage.get(file.key)) if small else None))
                if not tasks:
                    return
                file, task = tasks[0]
                data = None
                if task is not None:
                    try:
                        data = await task
                    except FileMissing:
                        await self._lost()
                tasks.popleft()
                yield file, data
        finally:
            begun = [task for _, task in tasks if task is not None]
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)

    async def _file(self, file: Packed, data: bytes | None, skip: int) -> AsyncGenerator[bytes, None]:
        """A file's header and bytes, but for so many of them."""
        before = zip_format.local_size(file.path, file.size)
        if data is not None:
            found = await _crc32(data)
            if len(data) != file.size or file.crc32 not in (None, found):
                await self._lost()
            self._sums[file.number] = found
        if skip < before:
            crc32 = await self._sum_of(file)
            yield zip_format.local_header(file.path, file.size, crc32, self._export.created_at)[skip:]
        begin = max(0, skip - before)
        if data is not None:
            yield data[begin:] if begin else data
            return
        left = file.size - begin
        async with aclosing(self._studio.storage.stream(file.key, start=begin, end=file.size)) as pieces:
            try:
                async for piece in pieces:
                    left -= len(piece)
                    yield piece
            except FileMissing:
                await self._lost()
        if left:
            await self._lost()

    async def _directory(self) -> AsyncGenerator[bytes, None]:
        number = 0
        moment = self._export.created_at
        while page := await self._page(number):
            entries = [
                zip_format.central_header(
                    file.path, file.size, await self._sum_of(file), file.starts_at, moment
                )
                for file in page
            ]
            yield b"".join(entries)
            await self._note()
            number = page[-1].number + 1
        async with self._studio.work(self._actor) as work:
            yield zip_format.end(*await queries.totals(work, self._export.id))

    async def _sum_of(self, file: Packed) -> int:
        """A file's checksum: as noted, or read now."""
        if file.crc32 is not None:
            return int(file.crc32)
        if file.number not in self._sums:
            crc32, size = 0, 0
            try:
                async with aclosing(self._studio.storage.stream(file.key)) as pieces:
                    async for piece in pieces:
                        crc32, size = await _crc32(piece, crc32), size + len(piece)
            except FileMissing:
                size = -1
            if size != file.size:
                await self._lost()
            self._sums[file.number] = crc32
        return self._sums[file.number]

    async def _note(self) -> None:
        if self._sums:
            async with self._studio.work(self._actor) as work:
                await queries.note_sums(work, self._export.id, self._sums)
            self._sums.clear()

    async def _lost(self) -> NoReturn:
        """A file is not what it was: of a ready export nothing can be had any more. Raises `ExportOutdated`."""
        if self._export.status == "preparing":  # which notices it too, and leaves the file out
            raise ExportOutdated("Files of this export are not in the store. Download it again.")
        await _outdate(self._studio, self._actor, self._export)


async def _outdate(studio: Studio, actor: Actor, export: Export) -> NoReturn:
    """Note that an export cannot be had any more, and raise `ExportOutdated`."""
    async with studio.work(actor) as work:
        found = await queries.state(work, export.id, locked=True)
        if found is not None:
            found.status = "outdated"
    raise ExportOutdated


async def _crc32(data: bytes, before: int = 0) -> int:
    if len(data) < _BIG:
        return zlib.crc32(data, before)
    return await asyncio.to_thread(zlib.crc32, data, before)
