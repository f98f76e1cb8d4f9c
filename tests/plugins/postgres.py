"""Real PostgreSQL for tests: an embedded server per test process, a migrated template, a clone per test.

A clone costs about 20 ms. The server keeps nothing safe from a power cut; everything is removed at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from easel import migrations
from easel.app.embedded import EmbeddedPostgres
from easel.app.file_lock import FileLock

_PREFIX = "easel-tests-"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A server for this test process, started."""
    _remove_left_overs()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir="/tmp"))
    # As root the server runs as a user of its own, which must pass here; pytest's own folders are closed.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with FileLock(folder / "session.lock"):
        server = EmbeddedPostgres(folder / "data", durable=False)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: EmbeddedPostgres) -> str:
    """The URL of the server's database ``postgres``, with every right."""
    return _of(postgres_server.start(), "postgres")


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a database with the current schema and no rows, to be cloned and never connected to."""
    name = "easel_template"
    _execute(postgres_url, f"CREATE DATABASE {name} STRATEGY file_copy")
    migrations.ensure_current(_of(postgres_url, name))
    return name


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """A database of the test's own, with the current schema and no rows."""
    name = f"test_{uuid4().hex}"
    # Copying files is twice as fast as logging every page when nothing is synced to disk.
    _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template_database} STRATEGY file_copy")
    yield _of(postgres_url, name)
    _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """A database of the test's own without any table, for tests of the migrations."""
    name = f"test_{uuid4().hex}"
    _execute(postgres_url, f"CREATE DATABASE {name} STRATEGY file_copy")
    yield _of(postgres_url, name)
    _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def _of(url: str, name: str) -> str:
    head, tail = url.rsplit("?", 1)
    return f"{head.rsplit('/', 1)[0]}/{name}?{tail}"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _remove_left_overs() -> None:
    """Ends the servers of test runs that were killed before they could."""
    for folder in Path("/tmp").glob(f"{_PREFIX}*"):
        # Another user's folder, or one that another process removes at this moment, is not ours to end.
        with suppress(OSError):
            lock = FileLock(folder / "session.lock")
            if (folder / "session.lock").exists() and lock.acquire(wait=False):
                EmbeddedPostgres(folder / "data").stop()
                shutil.rmtree(folder)
            lock.release()
