"""How long finding near duplicates among very many pictures takes, over HTTP. Run: ``python -m bench.duplicates``.

`--rows` says how many pictures. One in twenty is a copy of another with up to four bits flipped; one in a hundred is
plain, so that all of those have one hash. Of each walk some stretches are taken, and the whole is reckoned from how
far they came.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from uuid import UUID

import httpx
import psycopg

from bench.report import Report
from bench.studio import database, running
from easel.base.db import conninfo

_REQUESTS = 12
"""So many stretches of each walk."""
_SEED = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    rendered_at, perceptual_hash, operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text)
SELECT gen_random_uuid(), %(workspace)s, %(user)s, 'originals/' || n, md5(n::text), 'png', 1024, 1024, 900000, now(),
    CASE WHEN n %% 100 = 0 THEN 0
        WHEN n %% 20 = 1 THEN ('x' || md5((n + 1)::text))::bit(64)::bigint
            # (1::bigint << (n %% 61)) # (1::bigint << (n %% 31)) # (1::bigint << (n %% 17)) # (1::bigint << 62)
        ELSE ('x' || md5(n::text))::bit(64)::bigint END,
    'text-to-image', 'a measurement', '', 'stopwatch/now', '1', '{}', ''
FROM generate_series(1, %(rows)s) AS n
"""


def seed(url: str, workspace: UUID, user: UUID, rows: int) -> None:
    """So many pictures in a workspace; the other indexes are made again at the end."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        gone = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'images' AND indexname <> 'pk_images'"
        ).fetchall()
        for name, _ in gone:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        connection.execute(_SEED, {"workspace": workspace, "user": user, "rows": rows})
        for _, definition in gone:
            connection.execute(definition.encode())
        connection.execute("VACUUM (ANALYZE) images")


async def walk(client: httpx.AsyncClient, query: str, most: int) -> tuple[list[float], int, float]:
    """Seconds of each request, how many groups came, and how far through the library it is, 0 to 1."""
    found: list[float] = []
    groups, cursor, progress = 0, "", 0.0
    while progress < 1 and len(found) < most:
        began = time.perf_counter()
        answer = await client.get(f"/api/images/duplicates?limit=50&{query}{cursor}")
        found.append(time.perf_counter() - began)
        page = answer.raise_for_status().json()
        groups += len(page["items"])
        cursor, progress = f"&cursor={page['next_cursor']}", page["progress"]
    return found, groups, progress


async def measure(client: httpx.AsyncClient, report: Report) -> None:
    for name, query, most in (
        ("same bytes", "exact=true", _REQUESTS),
        ("3 bits", "distance=3", _REQUESTS),
        ("5 bits", "distance=5", _REQUESTS),
        ("10 bits", "distance=10", _REQUESTS),
    ):
        times, groups, progress = await walk(client, query, most)
        report.add(f"{name}: longest request", max(times) * 1000, "ms", most=2_000)
        report.add(f"{name}: requests until the end", len(times) / progress, "")
        report.add(f"{name}: the whole library", sum(times) / progress, "s")
        report.add(f"{name}: groups found by then", groups / progress, "")


async def run(rows: int, report: Report) -> None:
    with database() as (folder, url), running(folder) as studio:
        owner = await studio.sign_up("duplicates@example.com")
        await asyncio.to_thread(seed, url, owner.workspace, owner.user, rows)
        await measure(studio.client, report)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    report = Report("duplicates", f"{rows:,} pictures of one workspace, asked of `easel`'s web process.")
    asyncio.run(run(rows, report))
    report.done()


if __name__ == "__main__":
    main()
