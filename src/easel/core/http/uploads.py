"""The one door for files that people send: multipart parts called `file`, counted while they are read.

What comes through is on disk (small files in memory), is not longer than allowed, begins like one of the types
that the route takes, and has passed the virus scanner where there is one. It has not been decoded: that is
`media.isolated`'s. A file's name and its declared type are not looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from easel.base.errors import EaselError, FileTooLarge, InvalidInput
from easel.core import antivirus
from easel.core.antivirus import FileInfected, ScannerUnavailable
from easel.core.work import Studio
from easel.media.errors import NotAnImage
from easel.media.probe import format_of

PART: Final = "file"
_IN_MEMORY: Final = 1 << 20
_HEAD: Final = 512
"""First bytes of a file, enough to tell its type by."""


class NotMultipart(EaselError):
    """Send the file as multipart/form-data, in a part called `file`."""

    status = 415
    code = "not_multipart"


class BrokenUpload(EaselError):
    """The multipart body breaks off or is not well formed."""

    status = 400
    code = "broken_upload"


ERRORS: Final = (
    FileTooLarge,
    NotMultipart,
    BrokenUpload,
    InvalidInput,
    NotAnImage,
    FileInfected,
    ScannerUnavailable,
)
"""What `picture` raises, for a route's `responses`."""

BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "title": "FileUpload",
                    "required": [PART],
                    "properties": {
                        PART: {"type": "string", "format": "binary", "description": "The file's bytes."}
                    },
                },
            }
        },
    }
}
"""`openapi_extra` of a route that takes a file."""


@asynccontextmanager
async def picture(studio: Studio, request: Request) -> AsyncIterator[BinaryIO]:
    """The one picture in the body of `request`, as a file that is gone afterwards.

    Raises `ERRORS`. No transaction should be open: the sender takes the time that it likes.
    """
    settings = studio.settings.uploads
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        file = cast("BinaryIO", spooled)
        await save(request, file, limit=settings.max_bytes)
        await asyncio.to_thread(file.seek, 0)
        format_of(await asyncio.to_thread(file.read, _HEAD))
        await antivirus.scan(settings, file)
        yield file


async def save(request: Request, file: BinaryIO, *, limit: int) -> None:
    """Write the one file in the body of `request` to `file`, at most `limit` bytes, whatever they are.

    Raises `FileTooLarge`, `NotMultipart`, `BrokenUpload`, `InvalidInput`.
    """
    parts = _Parts(limit)

    async def write(pieces: list[tuple[int, bytes]]) -> None:
        await asyncio.to_thread(file.write, b"".join(data for _, data in pieces))

    await _read(request, parts, write)


@dataclass(slots=True)
class Sent:
    """One of several files: what its sender calls it, and its bytes, or none of them when there are too many."""

    name: str
    file: BinaryIO
    too_large: bool = False


@asynccontextmanager
async def several(request: Request, *, limit: int, most: int) -> AsyncIterator[list[Sent]]:
    """The files in the body of `request`, at most `most`, in their order; gone afterwards.

    Nothing is handed out before the body has ended, so one that breaks off leaves nothing. A file of more than
    `limit` bytes comes without them. Raises `NotMultipart`, `BrokenUpload`, `InvalidInput`.
    """
    parts = _Parts(limit, most=most)
    with ExitStack() as open_files:
        files: list[BinaryIO] = []

        async def write(pieces: list[tuple[int, bytes]]) -> None:
            while len(files) < len(parts.names):
                spooled = open_files.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY // 4))
                files.append(cast("BinaryIO", spooled))
            for number, data in pieces:
                await asyncio.to_thread(files[number].write, data)

        await _read(request, parts, write)
        await write([])
        yield [
            Sent(name, file, number in parts.too_large)
            for number, (name, file) in enumerate(zip(parts.names, files, strict=True))
        ]


async def _read(
    request: Request, parts: _Parts, write: Callable[[list[tuple[int, bytes]]], Awaitable[None]]
) -> None:
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise NotMultipart
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            if parts.data:
                await write(parts.data)
                parts.data = []
        parser.finalize()
    except (FormParserError, ClientDisconnect) as error:
        raise BrokenUpload from error
    if not parts.ended:
        raise BrokenUpload
    if not parts.names:
        raise InvalidInput.of(PART, "is missing: send the file in a part of this name", "missing")


class _Parts:
    """What the parser has read and nobody has written yet, and which parts there were."""

    def __init__(self, limit: int, *, most: int = 1) -> None:
        self.data: list[tuple[int, bytes]] = []
        self.names: list[str] = []
        self.too_large: set[int] = set()
        self.ended = False
        self._limit = limit
        self._most = most
        self._size = 0
        self._field = self._value = b""
        self._disposition = b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name != PART:
            raise InvalidInput.of(name[:100] or PART, f"is not known here: send one part, {PART}", "unknown")
        if len(self.names) >= self._most:
            told = "one file" if self._most == 1 else f"at most {self._most} files"
            raise InvalidInput.of(PART, f"is there too often: send {told}", "too_many")
        self.names.append(options.get(b"filename", b"").decode("utf-8", "replace"))
        self._size = 0

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        number = len(self.names) - 1
        if self._size <= self._limit:
            self.data.append((number, data[start:end]))
        elif self._most == 1:
            raise FileTooLarge.than(self._limit)
        else:
            self.too_large.add(number)

    def _end(self) -> None:
        self.ended = True
