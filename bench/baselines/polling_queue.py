"""What most teams write for a queue: a table that a worker looks into once in a while."""

from __future__ import annotations

import random
import threading
import time

import psycopg

from easel.base.db import conninfo

_MADE = (
    "CREATE TABLE IF NOT EXISTS polled (id bigserial PRIMARY KEY, put timestamptz DEFAULT clock_timestamp())"
)
_TAKE = """
    DELETE FROM polled WHERE id = (SELECT id FROM polled ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING extract(epoch FROM clock_timestamp() - put)::float
"""


def waits(url: str, pause: float, times: int) -> tuple[list[float], float]:
    """Milliseconds from a committed job to its start, and how often an idle worker asks in a minute."""
    found: list[float] = []
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute(_MADE.encode())
        putting = threading.Thread(target=_put, args=(url, pause, times))
        putting.start()
        while len(found) < times:
            row = connection.execute(_TAKE.encode()).fetchone()
            if row is None:
                time.sleep(pause)
            else:
                found.append(row[0] * 1000)
        putting.join()
        connection.execute("DROP TABLE polled")
    return found, 60 / pause


def _put(url: str, pause: float, times: int) -> None:
    """Jobs at moments that have nothing to do with the worker's."""
    chance = random.Random(1)
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        for _ in range(times):
            time.sleep(chance.uniform(0.5, 1.5) * pause)
            connection.execute("INSERT INTO polled DEFAULT VALUES")
