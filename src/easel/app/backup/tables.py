"""Every row of every table, out of a database in one snapshot and into another one, as COPY's text.

No `pg_dump`: what it writes for one version of PostgreSQL others may refuse, and an external server's may be newer than
any that this machine has. The schema comes from the migrations, so rows are all that has to travel.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql

from easel.base.db import conninfo

_PIECE = 4 << 20
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY 1 ORDER BY 1
"""
_SEQUENCES = (
    "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
)
_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2
"""

Connection = AsyncConnection[Any]


async def connect(url: str) -> Connection:
    """A connection of its own, outside the pool: it may be quiet for hours. Text means the same everywhere."""
    connection = await psycopg.AsyncConnection.connect(
        conninfo(url),
        autocommit=True,
        application_name="easel backup",
        connect_timeout=10,
        keepalives_idle=60,
    )
    for setting in (
        "client_encoding = 'UTF8'",
        "timezone = 'UTC'",
        "datestyle = 'ISO'",
        "intervalstyle = 'postgres'",
    ):
        await connection.execute(f"SET {setting}".encode())
    return connection


async def columns(connection: Connection) -> dict[str, list[str]]:
    """The tables, and of each the columns that are stored."""
    return {row[0]: row[1] for row in await (await connection.execute(_COLUMNS)).fetchall()}


async def sequences(connection: Connection) -> dict[str, int]:
    """How far each sequence has come; 0: nowhere."""
    return {row[0]: row[1] for row in await (await connection.execute(_SEQUENCES)).fetchall()}


async def count(connection: Connection, table: str) -> int:
    """How many rows a table has."""
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    found = await (await connection.execute(query)).fetchone()
    return int(found[0]) if found else 0


async def originals(connection: Connection, table: str) -> AsyncIterator[str]:
    """The originals that a table's rows name."""
    query = sql.SQL("SELECT file_path FROM {}").format(sql.Identifier(table))
    async with connection.cursor() as cursor:
        async for row in cursor.stream(query):
            yield row[0]


async def out(connection: Connection, table: str, names: Sequence[str]) -> AsyncIterator[bytes]:
    """A table's rows, compressed, in pieces of some megabytes; each piece can be opened alone."""
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    async with connection.cursor() as cursor, cursor.copy(query) as copy:
        rows: list[bytes] = []
        size = 0
        async for row in copy:
            rows.append(bytes(row))
            size += len(row)
            if size >= _PIECE:
                yield _compressed(rows)
                rows, size = [], 0
        if rows:
            yield _compressed(rows)


def _compressed(rows: list[bytes]) -> bytes:
    deflate = zlib.compressobj(6, wbits=31)  # 31: with gzip's head
    return deflate.compress(b"".join(rows)) + deflate.flush()


async def is_unused(connection: Connection) -> bool:
    """Whether nobody ever had an account in this database; it may have a schema."""
    found = await (await connection.execute("SELECT to_regclass('users')")).fetchone()
    if found is None or found[0] is None:
        others = await (await connection.execute(_COLUMNS)).fetchone()
        return others is None
    return await (await connection.execute("SELECT 1 FROM users LIMIT 1")).fetchone() is None


class Filling:
    """Fills a database whose schema is fresh, within a transaction that the caller ends."""

    def __init__(self, connection: Connection, tables: Mapping[str, Sequence[str]]) -> None:
        self._connection = connection
        self._tables = tables
        self._keys: list[tuple[str, str, str]] = []

    async def begin(self) -> None:
        """Empty every table, and let rows come in any order: without foreign keys, without triggers."""
        self._keys = [
            (row[0], row[1], row[2]) for row in await (await self._connection.execute(_KEYS)).fetchall()
        ]
        for table, name, _ in self._keys:
            await self._run(f"ALTER TABLE {table} DROP CONSTRAINT {{}}", name)
        for table in self._tables:
            await self._run("ALTER TABLE {} DISABLE TRIGGER USER", table)
            await self._run("DELETE FROM {}", table)

    async def add(self, table: str, piece: bytes) -> None:
        """One piece of a table's rows, as `out` made it."""
        names = sql.SQL(", ").join(map(sql.Identifier, self._tables[table]))
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        opened = zlib.decompress(piece, wbits=31)
        async with self._connection.cursor() as cursor, cursor.copy(query) as copy:
            await copy.write(opened)

    async def end(self, sequences: Mapping[str, int]) -> None:
        """Triggers and foreign keys are back, and every row obeys them; sequences go on where they were."""
        for table, name, definition in self._keys:
            await self._run(f"ALTER TABLE {table} ADD CONSTRAINT {{}} {definition}", name)
        for table in self._tables:
            await self._run("ALTER TABLE {} ENABLE TRIGGER USER", table)
        for name, last in sequences.items():
            if last > 0:
                await self._connection.execute("SELECT setval(%s::regclass, %s)", (f'public."{name}"', last))

    async def _run(self, statement: str, name: str) -> None:
        # Whatever goes into these statements comes from the database's own catalogue.
        await self._connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
