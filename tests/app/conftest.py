"""Fixtures for starting and stopping Easel."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from easel.app.embedded import EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose parents are open to pass through, as PostgreSQL needs under root; pytest's are not.

    A server that a test leaves running in its folder ``data`` is stopped.
    """
    path = Path(tempfile.mkdtemp(prefix="easel-app-", dir="/tmp"))
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield path
    EmbeddedPostgres(path / "data").stop()
    shutil.rmtree(path)
