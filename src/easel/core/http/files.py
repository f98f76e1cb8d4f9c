"""Answering with a file from the store: conditional, in ranges, streamed.

Holds the HTTP of it (RFC 9110, RFC 6266); who may see the file and which key it has is the caller's.
Starlette's own `FileResponse` reads from a local path only, so ranges and conditions are here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from easel.storage.base import FileMissing, Storage

FOREVER: Final = "private, max-age=31536000, immutable"

_RANGE: Final = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_OPAQUE: Final = re.compile(r"[\x21\x23-\x7e]+")
_ATTR_CHARS: Final = "!#$&+-.^_`|~"  # RFC 5987's attr-char besides letters and digits
_LONGEST_NAME: Final = 180


async def file_response(
    request: Request,
    *,
    storage: Storage,
    key: str,
    size: int,
    media_type: str,
    etag: str,
    filename: str | None = None,
    attachment: bool = False,
    cache: str = FOREVER,
    last_modified: datetime | None = None,
) -> Response:
    """The answer to a GET or HEAD for the file `key`, which has `size` bytes; see `bytes_response`.

    `filename` may be any text; it cannot break the header.
    """
    headers = {"cache-control": cache, "x-content-type-options": "nosniff"}
    if filename is not None or attachment:
        headers["content-disposition"] = content_disposition(filename, attachment=attachment)
    if request.method == "HEAD" and not not_modified(request, etag, last_modified):
        await storage.head(key)
    return await bytes_response(
        request,
        lambda start, end: storage.stream(key, start=start, end=end),
        size=size,
        media_type=media_type,
        etag=etag,
        headers=headers,
        last_modified=last_modified,
    )


async def bytes_response(
    request: Request,
    pieces: Callable[[int, int], AsyncGenerator[bytes, None]],
    *,
    size: int,
    media_type: str,
    etag: str,
    headers: Mapping[str, str],
    last_modified: datetime | None = None,
) -> Response:
    """The answer to a GET or HEAD for `size` bytes, of which `pieces(start, end)` gives those before `end`.

    `etag` is the opaque tag without quotes; it must change when the bytes do. Answers 304 to a condition that
    holds, 206 to one range of bytes (whole file for several), 416 to one past the end, else 200.
    `last_modified` is an aware time.

    The first bytes are fetched before this returns, so `FileMissing` and `StorageUnavailable` are raised, not
    sent as a broken 200. What fails later breaks the connection: the length was promised.
    """
    if not _OPAQUE.fullmatch(etag):
        raise ValueError(f"not an opaque tag: {etag!r}")
    validators = {"etag": f'"{etag}"'}
    if last_modified is not None:
        validators["last-modified"] = format_datetime(last_modified.astimezone(UTC), usegmt=True)
    if not_modified(request, etag, last_modified):
        kept = {name: value for name, value in headers.items() if name == "cache-control"}
        return Response(status_code=304, headers={**validators, **kept})

    told = {**validators, **headers, "accept-ranges": "bytes"}
    if request.method == "HEAD":  # a range has no meaning there: RFC 9110, 14.2
        return Response(headers={**told, "content-length": str(size)}, media_type=media_type)

    start, end, status = 0, size, 200
    wanted = _wanted_range(request, size)
    if wanted is not None and _range_applies(request, validators):
        start, end, status = *wanted, 206
        if start >= end:
            return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
        told["content-range"] = f"bytes {start}-{end - 1}/{size}"
    stream = pieces(start, end)
    first = await anext(stream, b"")
    if not first and start < end:
        raise FileMissing("A file in the store is shorter than it should be.")
    if len(first) == end - start:
        await stream.aclose()
        return Response(first, status_code=status, headers=told, media_type=media_type)
    told["content-length"] = str(end - start)
    return StreamingResponse(joined(first, stream), status_code=status, headers=told, media_type=media_type)


def content_disposition(filename: str | None, *, attachment: bool) -> str:
    """The value of Content-Disposition (RFC 6266): plain ASCII, and UTF-8 beside it where that differs.

    Folders in `filename`, control characters and whatever could end the header are replaced.
    """
    kind = "attachment" if attachment else "inline"
    if filename is None:
        return kind
    name = "".join(
        "_" if char in "/\\" else char for char in filename if unicodedata.category(char) not in _UNSEEN
    )
    name = _shortened(name.strip().lstrip(".")) or "file"
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = "".join(char if " " <= char <= "~" and char not in '"%\\' else "_" for char in plain)
    if plain == name:
        return f'{kind}; filename="{plain}"'
    exact = quote(name, safe=_ATTR_CHARS)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"


# Control, format (such as the mark that turns writing around), surrogate, line and paragraph separator.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        return name[:_LONGEST_NAME]
    return stem[: _LONGEST_NAME - len(suffix) - 1] + dot + suffix


async def joined(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """A stream whose first piece was taken already."""
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


def not_modified(request: Request, etag: str, last_modified: datetime | None = None) -> bool:
    """Whether the client has these bytes already (RFC 9110, 13.2.2: tags win over times)."""
    tags = request.headers.getlist("if-none-match")
    if tags:
        text = ",".join(tags)
        return text.strip() == "*" or etag in _TAG.findall(text)
    since = request.headers.get("if-modified-since")
    if since is None or last_modified is None:
        return False
    try:
        return last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # not a date, or one without a zone
        return False


def _range_applies(request: Request, headers: dict[str, str]) -> bool:
    """Whether If-Range, where sent, names these bytes; a weak tag never does (RFC 9110, 13.1.5)."""
    condition = request.headers.get("if-range")
    return condition is None or condition.strip() in (headers["etag"], headers.get("last-modified"))


def _wanted_range(request: Request, size: int) -> tuple[int, int] | None:
    """The range asked for, end exclusive; None: the whole file; an empty one: nothing there satisfies it."""
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if match is None or not (match[1] or match[2]):
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    start = int(first)
    end = min(size, int(last) + 1) if last else size
    if last and int(last) < start:
        return None  # not a range at all, so not asked for
    return (start, end) if start < size else (size, size)
