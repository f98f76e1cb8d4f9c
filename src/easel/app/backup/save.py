"""Writing a backup while the studio runs."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from easel import __version__
from easel.base.clock import now
from easel.base.errors import EaselError
from easel.core import keeping
from easel.storage.base import FileMissing, Storage

from . import tables
from .archive import FORMAT, HEAD, SECRET, Writer

Say = Callable[[str], None]
_PASSING = ("previews/", "ready")
"""Files of moments, which nobody would look for in a restored studio."""
_EVERY = 500


class BackupRunning(EaselError):
    """Another backup of this studio is being made."""

    status = 409
    code = "backup_running"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds; `missing` are files that pictures name and the store does not have."""

    rows: int
    files: int
    bytes: int
    missing: tuple[str, ...]


async def save(path: Path, url: str, storage: Storage, secret: str | None, say: Say) -> Saved:
    """Write everything into `path`: all tables as of one moment, and every file that they name.

    From before that moment to the end no original is removed from the store (`core.keeping`); files are never
    changed. Raises `BackupExists`, `BackupRunning`, `BadBackup`, and what the store and the database raise.
    """
    async with await tables.connect(url) as connection:
        held = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (keeping.LOCK,))).fetchone()
        if held is None or not held[0]:
            # Held alone by a backup, or shared for the moments of a removal.
            await connection.execute("SET lock_timeout = '30s'")
            try:
                await connection.execute("SELECT pg_advisory_lock(%s)", (keeping.LOCK,))
            except Exception as error:
                raise BackupRunning from error
        with Writer(path) as writer, tempfile.TemporaryDirectory() as folder:
            named = sqlite3.connect(Path(folder) / "named", isolation_level=None)
            named.execute("PRAGMA journal_mode = off")
            named.execute("CREATE TABLE named (key TEXT PRIMARY KEY) WITHOUT ROWID")
            try:
                rows = await _rows(writer, connection, named, secret, say)
                files, size = await _files(writer, storage, named, say)
                missing = tuple(
                    row[0] for row in named.execute("SELECT key FROM named ORDER BY key LIMIT 1000")
                )
            finally:
                named.close()
            # If this connection was lost meanwhile, so was the lock, and files may have been removed.
            await connection.execute("SELECT 1")
            facts = {"rows": rows, "files": files, "bytes": size, "missing": len(missing)}
            await asyncio.to_thread(lambda: writer.finish(**facts))
    return Saved(rows, files, size, missing)


async def _rows(
    writer: Writer, connection: tables.Connection, named: sqlite3.Connection, secret: str | None, say: Say
) -> int:
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    found = await tables.columns(connection)
    revision = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    head = {
        "format": FORMAT,
        "easel": __version__,
        "revision": revision[0] if revision else None,
        "created_at": now().isoformat(),
        "secret": secret is not None,
        "tables": found,
        "sequences": await tables.sequences(connection),
    }
    writer.add(HEAD, json.dumps(head, indent=1).encode())
    if secret is not None:
        writer.add(SECRET, secret.encode())
    total = 0
    for table, names in found.items():
        rows = await tables.count(connection, table)
        number = 0
        async for piece in tables.out(connection, table, names):
            number += 1
            await asyncio.to_thread(writer.add, f"tables/{table}/{number:04}.gz", piece)
        total += rows
        if rows:
            say(f"{table}: {rows:,} rows")
        if {"file_path", "content_hash"} <= set(names):
            async for key in tables.originals(connection, table):
                named.execute("INSERT OR IGNORE INTO named VALUES (?)", (key,))
    await connection.execute("COMMIT")
    return total


async def _files(writer: Writer, storage: Storage, named: sqlite3.Connection, say: Say) -> tuple[int, int]:
    count = size = 0
    async for file in storage.list(""):
        if file.key.startswith(_PASSING):
            continue
        pieces = storage.stream(file.key)
        async with aclosing(pieces):
            try:
                first = await anext(pieces, b"")
            except FileMissing:
                continue  # a part of an upload that has ended; what pictures name is looked for at the end
            writer.begin(f"files/{file.key}", file.size)
            await asyncio.to_thread(writer.write, first)
            async for piece in pieces:
                await asyncio.to_thread(writer.write, piece)
        writer.end()
        named.execute("DELETE FROM named WHERE key = ?", (file.key,))
        count, size = count + 1, size + file.size
        if count % _EVERY == 0:
            say(f"{count:,} files, {size / 1e9:.2f} GB")
    return count, size
