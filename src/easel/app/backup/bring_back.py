"""Making a studio of a backup, in an empty place; and looking whether a backup is whole."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psycopg

from easel import migrations
from easel.app.secret_file import SecretFile
from easel.base.errors import EaselError
from easel.base.settings import Settings
from easel.storage.base import Storage

from . import tables
from .archive import SECRET, BadBackup, Reader

Say = Callable[[str], None]
_TABLE = re.compile(r"tables/([a-z_0-9]+)/[0-9]+\.gz")
_EVERY = 500
_IN_MEMORY = 16 << 20


class NotEmpty(EaselError):
    """A backup is restored only where no studio is yet."""

    status = 409
    code = "not_empty"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `secret` says whether the studio's secret was in the backup and is in place now."""

    revision: str
    created_at: str
    files: int
    secret: bool


def verify(path: Path) -> dict[str, int | str]:
    """Read a backup to its end and answer its facts. Raises `BadBackup`."""
    reader = Reader(path)
    try:
        for _ in reader.entries():
            pass
        return {
            "revision": reader.head["revision"],
            "created_at": reader.head["created_at"],
            **reader.complete,
        }
    finally:
        reader.close()


async def bring_back(path: Path, settings: Settings, url: str, storage: Storage, say: Say) -> Restored:
    """Restore `path` into an empty database and an empty store; the rows appear at the end, all at once.

    Raises `BadBackup`, `NotEmpty`; nothing is left of a restore that failed, unless the machine died.
    """
    reader = await asyncio.to_thread(Reader, path)
    try:
        revision = str(reader.head["revision"])
        if revision > migrations.head():
            raise BadBackup(
                f"The backup's schema is {revision}, newer than this Easel's {migrations.head()}; use the Easel "
                f"that made it ({reader.head['easel']}) or a newer one."
            )
        if not re.fullmatch(r"[0-9]{8}_[0-9]{2}", revision):
            raise BadBackup("The backup does not say of which schema it is.")
        async with await tables.connect(url) as connection:
            if not await tables.is_unused(connection):
                raise NotEmpty(
                    "The database has accounts already. A backup is restored only into an empty one."
                )
            async for file in storage.list(""):
                if file.key != "ready":
                    raise NotEmpty(f"The file store is not empty ({file.key}).")
            await asyncio.to_thread(_fresh_schema, url, revision)
            try:
                restored = await _fill(reader, connection, settings, storage, say)
            except BaseException:
                with suppress(psycopg.Error):
                    await connection.execute("ROLLBACK")
                async for file in storage.list(""):  # all of it is this restore's
                    await storage.delete(file.key)
                raise
        await asyncio.to_thread(migrations.ensure_current, url)
        return restored
    finally:
        reader.close()


def _fresh_schema(url: str, revision: str) -> None:
    there = migrations.current(url)
    if there == revision:
        return
    if there is not None:
        migrations.downgrade(url, "base")
    migrations.upgrade(url, revision)


async def _fill(
    reader: Reader,
    connection: tables.Connection,
    settings: Settings,
    storage: Storage,
    say: Say,
) -> Restored:
    head = reader.head
    if set(await tables.columns(connection)) != set(head["tables"]):
        raise BadBackup("The backup's tables are not those of its schema.")
    await connection.execute("BEGIN")
    filling = tables.Filling(connection, head["tables"])
    await filling.begin()
    secret, files = b"", 0
    entries = reader.entries()
    while (entry := await asyncio.to_thread(next, entries, None)) is not None:
        name, source, size = entry
        if name == SECRET:
            secret = source.read()
        elif found := _TABLE.fullmatch(name):
            if found[1] not in head["tables"]:
                raise BadBackup(f"The backup holds a table {found[1]} that its schema does not have.")
            await filling.add(found[1], await asyncio.to_thread(source.read))
        elif name.startswith("files/"):
            key = name.removeprefix("files/")
            await _put(storage, key, source, size)
            files += 1
            if files % _EVERY == 0:
                say(f"{files:,} files")
        else:
            raise BadBackup(f"The backup holds {name}, which does not belong there.")
    await filling.end(head["sequences"])
    placed = await asyncio.to_thread(_place_secret, settings, secret.decode().split()) if secret else False
    await connection.execute("COMMIT")
    return Restored(head["revision"], head["created_at"], files, placed)


async def _put(storage: Storage, key: str, source: BinaryIO, size: int) -> None:
    if size > _IN_MEMORY:
        await storage.put_rest(key, source)
    else:
        await storage.put(key, await asyncio.to_thread(source.read))


def _place_secret(settings: Settings, lines: list[str]) -> bool:
    if settings.security.secret is not None:
        return False
    file = SecretFile(settings.data)
    if file.path.exists() and list(file.read()) != lines:
        raise NotEmpty(f"{file.path} holds another secret. Move it away to take the backup's.")
    file.replace(*lines)
    return True
