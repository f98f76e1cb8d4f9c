"""What galleries usually do: pages by OFFSET, text by LIKE, on the same rows and the same indexes on time."""

from __future__ import annotations

import time
from uuid import UUID

import psycopg

from easel.base.db import conninfo

_LIST = "SELECT * FROM images WHERE workspace_id = %(workspace)s AND deleted_at IS NULL"
_ORDER = "ORDER BY created_at DESC, id DESC LIMIT 50"


def measured(url: str, workspace: UUID) -> list[tuple[str, float]]:
    """What was asked, and the milliseconds of the best of three."""
    asked = (
        ("first page", f"{_LIST} {_ORDER}"),
        ("last page", f"{_LIST} {_ORDER} OFFSET (SELECT count(*) - 100 FROM ({_LIST}) AS listed)"),
        ("frequent word", f"{_LIST} AND prompt ILIKE '%%photo%%' {_ORDER}"),
        ("rare word", f"{_LIST} AND prompt ILIKE '%%zeppelin%%' {_ORDER}"),
        ("rare tag", f"{_LIST} AND array_to_string(tags, ',') LIKE '%%rare%%' {_ORDER}"),
    )
    found = []
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        for what, statement in asked:
            took = []
            for _ in range(3):
                began = time.perf_counter()
                connection.execute(statement.encode(), {"workspace": workspace}).fetchall()
                took.append((time.perf_counter() - began) * 1000)
            found.append((what, min(took)))
    return found
