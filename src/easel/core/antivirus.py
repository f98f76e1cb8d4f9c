"""Asking a ClamAV daemon whether a file holds malware, before anything else looks at it.

Speaks clamd's own protocol (clamd(8), command INSTREAM) over TCP or a Unix socket. Without `EASEL_CLAMAV_URL`
nothing is asked and every file passes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import structlog

from easel.base.errors import EaselError, Unavailable
from easel.base.upload_settings import UploadSettings

log = structlog.get_logger(__name__)

_CHUNK: Final = 64 * 1024
_CONNECT_SECONDS: Final = 5.0
_SCAN_SECONDS: Final = 60.0


class FileInfected(EaselError):
    """The virus scanner found malware in the file; it was not kept."""

    status = 422
    code = "file_infected"


class ScannerUnavailable(Unavailable):
    """The virus scanner that every upload goes through does not answer. Nothing was kept; try again soon."""

    status = 503
    code = "scanner_unavailable"


async def scan(settings: UploadSettings, file: BinaryIO) -> None:
    """Have `file` scanned, from its beginning, if a scanner is set up.

    Raises `FileInfected`, and `ScannerUnavailable` unless the settings let files pass then.
    """
    if settings.clamav_url is None:
        return
    try:
        verdict = await _ask(settings.clamav_url, file)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        verdict = f"{type(error).__name__} ERROR"
    if verdict.endswith(" FOUND"):
        signature = verdict.removeprefix("stream: ").removesuffix(" FOUND")
        log.warning("upload.infected", signature=signature)
        raise FileInfected(f"The virus scanner found {signature} in the file; it was not kept.")
    if not verdict.endswith(" OK"):
        log.error("upload.not_scanned", verdict=verdict[:200])
        if settings.clamav_away == "refuse":
            raise ScannerUnavailable


async def _ask(url: str, file: BinaryIO) -> str:
    """clamd's verdict, such as ``stream: OK``."""
    parts = urlsplit(url)
    async with asyncio.timeout(_CONNECT_SECONDS):
        if parts.scheme == "unix":
            reader, writer = await asyncio.open_unix_connection(parts.path)
        else:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        async with asyncio.timeout(_SCAN_SECONDS):
            # A daemon that has seen enough, by its own limit of size, answers and hangs up: its words are read still.
            with suppress(ConnectionError):
                await _send(writer, file)
            return (await reader.readuntil(b"\0")).rstrip(b"\0").decode(errors="replace")
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, file: BinaryIO) -> None:
    writer.write(b"zINSTREAM\0")
    await asyncio.to_thread(file.seek, 0)
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        writer.write(len(chunk).to_bytes(4, "big") + chunk)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
