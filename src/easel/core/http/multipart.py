"""One file of a multipart form, streamed to disk as it comes: memory stays flat however large it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from easel.base.errors import InvalidInput
from easel.core.http.middleware import TooLarge
from easel.core.http.problems import BadRequest

_MOST_HEADERS = 16_000
_WRITE_AT = 1 << 20


async def save_part(request: Request, name: str, path: Path, *, most: int) -> int:
    """Write the file part `name` of a multipart form to `path`; answers its size.

    Other parts are passed over. Raises `InvalidInput` when there is no such file or there are several,
    `TooLarge` for one above `most` bytes, `BadRequest` for a body that breaks off or is no form.
    """
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if media_type != b"multipart/form-data" or not boundary:
        raise InvalidInput.of(name, "is missing: send it as a part of multipart/form-data", "missing")
    with path.open("wb") as file:
        reader = _Reader(name, file, most)
        parser = MultipartParser(boundary, callbacks=reader.callbacks())
        try:
            async for piece in request.stream():
                parser.write(piece)
                if reader.waiting >= _WRITE_AT:
                    await asyncio.to_thread(reader.flush)
            parser.finalize()
        except (FormParserError, ClientDisconnect) as error:
            raise BadRequest("The upload broke off before its end, or is no multipart form.") from error
        await asyncio.to_thread(reader.flush)
    if not reader.ended:
        if reader.found:
            raise BadRequest("The upload broke off before its end.")
        raise InvalidInput.of(name, "is missing: send it as a part of multipart/form-data", "missing")
    return reader.size


class _Reader:
    """What the parser calls; the part's bytes wait here until they are written."""

    def __init__(self, name: str, file: IO[bytes], most: int) -> None:
        self.size = 0
        self.waiting = 0
        self.found = False
        self.ended = False
        self._name = name
        self._file = file
        self._most = most
        self._pieces: list[bytes] = []
        self._field, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._wanted = False

    def callbacks(self) -> Any:
        calls: dict[str, Callable[..., None]] = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }
        return calls

    def flush(self) -> None:
        self._file.writelines(self._pieces)
        self._pieces.clear()
        self.waiting = 0

    def _begin(self) -> None:
        self._headers, self._wanted = {}, False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._check_headers()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_headers()

    def _check_headers(self) -> None:
        if len(self._field) + len(self._value) > _MOST_HEADERS:
            raise BadRequest("A part's headers are too long.")

    def _header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._wanted = options.get(b"name", b"") == self._name.encode()
        if self._wanted and self.found:
            raise InvalidInput.of(self._name, "is there twice: send one file", "several")
        self.found = self.found or self._wanted

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._wanted:
            return
        self.size += end - start
        if self.size > self._most:
            raise TooLarge(f"The file is larger than the {self._most:,} bytes that this studio takes.")
        self._pieces.append(data[start:end])
        self.waiting += end - start

    def _end(self) -> None:
        self.ended = self.ended or self._wanted
