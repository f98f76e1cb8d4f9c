"""Fixtures for starting and stopping Easel."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from easel.app.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def empty_data() -> Iterator[Path]:
    """A data folder with an empty database that was stopped in order: copying it is faster than making one."""
    path = _open_folder()
    server = EmbeddedPostgres(path / "data", durable=False)
    server.start()
    server.stop()
    (path / "data" / "postgres" / "data" / "easel.conf").unlink()
    yield path / "data"
    shutil.rmtree(path)


@pytest.fixture
def data(folder: Path, empty_data: Path) -> Path:
    """A data folder that has been used before."""
    # Not shutil: owners must be kept too.
    subprocess.run(["cp", "-a", empty_data, folder / "data"], check=True)
    return folder / "data"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose parents are open to pass through, as PostgreSQL needs under root; pytest's are not.

    A server that a test leaves running in its folder ``data`` is stopped.
    """
    path = _open_folder()
    yield path
    EmbeddedPostgres(path / "data").stop()
    shutil.rmtree(path)


def _open_folder() -> Path:
    path = Path(tempfile.mkdtemp(prefix="easel-app-", dir="/tmp"))
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path
