"""Brings the database's schema up to date before the start, in a process of its own: ``python -m easel.app.schema``.

When nothing is to be done it loads the driver and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from easel.app.supervisor import Signals
from easel.base.errors import EaselError

_NEW = "new"
_BAD_DATABASE = 2


class MigrationFailed(EaselError):
    """The database's schema could not be brought up to date; the lines above say why. Nothing was started."""

    status = 500
    code = "migration_failed"


class DatabaseUnreachable(EaselError):
    """DATABASE_URL names a server that does not answer."""

    status = 503
    code = "database_unreachable"


def bring_up_to_date(environment: Mapping[str, str], signals: Signals) -> bool:
    """Migrates ``DATABASE_URL`` in `environment` if need be; true if there was no schema yet.

    Raises `DatabaseUnreachable`, `MigrationFailed`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "easel.app.schema"],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        while process.poll() is None:
            if signals.stopping():
                process.terminate()
            signals.wait(0.1)
        words = process.stdout.read().decode()
    if process.returncode == _BAD_DATABASE:
        raise DatabaseUnreachable(words)
    if process.returncode != 0:
        raise MigrationFailed
    return words == _NEW


def _main() -> int:
    import psycopg

    from easel import migrations

    scheme, rest = os.environ["DATABASE_URL"].split("://", 1)
    try:
        with psycopg.connect(f"{scheme.partition('+')[0]}://{rest}", connect_timeout=10) as connection:
            table = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
            found = None
            if table and table[0]:
                found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.OperationalError as error:
        sys.stdout.write(f"DATABASE_URL: {' '.join(str(error).split())}")
        return _BAD_DATABASE
    if found is None or found[0] != migrations.head():
        migrations.ensure_current(os.environ["DATABASE_URL"])
    sys.stdout.write(_NEW if found is None else "")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
