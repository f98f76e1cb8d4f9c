"""The database's schema, step by step. Files are named ``YYYYMMDD_NN_what.py``; the first two parts are the
revision, so the newest is known from names alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent


def head() -> str:
    """The newest revision; imports nothing."""
    newest = max(path.stem for path in (_FOLDER / "versions").glob("[0-9]*.py"))
    return "_".join(newest.split("_")[:2])


def ensure_current(url: str) -> None:
    """Bring the database at `url` to the newest revision; several at once wait for each other."""
    upgrade(url, "head")


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate upwards to `revision`."""
    from alembic import command

    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate downwards to `revision`; ``base`` removes everything."""
    from alembic import command

    command.downgrade(_config(url), revision)


def current(url: str) -> str | None:
    """The revision of the database at `url`; None before the first migration."""
    import psycopg

    from easel.base.db import conninfo

    with psycopg.connect(conninfo(url), connect_timeout=10) as connection:
        row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if row is None or row[0] is None:
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else None


def _config(url: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url
    return config
