"""The one door for files that people send: one multipart part called `file`, counted while it is read.

What comes through is on disk (small files in memory), is not longer than allowed, begins like one of the types
that the route takes, and has passed the virus scanner where there is one. It has not been decoded: that is
`media.isolated`'s. A file's name and its declared type are not looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from easel.base.errors import EaselError, InvalidInput
from easel.core import antivirus
from easel.core.antivirus import FileInfected, ScannerUnavailable
from easel.core.work import Studio
from easel.media.errors import NotAnImage
from easel.media.probe import format_of

PART: Final = "file"
_IN_MEMORY: Final = 1 << 20
_HEAD: Final = 512
"""First bytes of a file, enough to tell its type by."""


class FileTooLarge(EaselError):
    """The file is larger than this studio takes."""

    status = 413
    code = "file_too_large"


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
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise NotMultipart
    parts = _Parts(limit)
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            if parts.data:
                await asyncio.to_thread(file.write, b"".join(parts.data))
                parts.data.clear()
        parser.finalize()
    except (FormParserError, ClientDisconnect) as error:
        raise BrokenUpload from error
    if not parts.ended:
        raise BrokenUpload
    if not parts.seen:
        raise InvalidInput.of(PART, "is missing: send the file in a part of this name", "missing")


class _Parts:
    """What the parser has read and nobody has written yet, and which parts there were."""

    def __init__(self, limit: int) -> None:
        self.data: list[bytes] = []
        self.seen = False
        self.ended = False
        self._limit = limit
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
        if self.seen:
            raise InvalidInput.of(PART, "is there more than once: send one file", "too_many")
        self.seen = True

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._limit:
            raise FileTooLarge(f"The file is larger than the {self._limit:,} bytes that this studio takes.")
        self.data.append(data[start:end])

    def _end(self) -> None:
        self.ended = True
