"""The gallery of someone with very many pictures, over HTTP: pages, filters, search, counts, changes.

`--rows` says how many pictures. Their values are skewed as people's are: a few models made most, a few words are
in most prompts and most words in few, most pictures have no rating and no tag. Each kind of request is sent from
all over the library, so that not one row is asked for twice.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg

from bench.baselines.offset_and_like import measured as baseline
from bench.report import Report
from bench.studio import Running, database, running
from easel.base.db import conninfo

_WARM, _TIMES = 3, 30
_PLACES = 10_000
"""The deep page is this far in, in pages of 100 as far as there are so many."""

# Zipf: the n-th of a list comes 1/n as often as the first. Words 1 to 20,000, with some that are real.
_SEED = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    rendered_at, thumbhash, perceptual_hash, colors, operation, prompt, negative_prompt, model_id, model_version,
    parameters, seed, generation_time, alt_text, title, notes, tags, rating, is_favorite, is_public, likes,
    created_at, updated_at)
SELECT gen_random_uuid(), %(workspace)s, %(user)s, 'originals/' || md5(n::text), md5(n::text) || md5(n::text),
    'png', size[1], size[2], 900000 + n %% 700000, now(), decode(md5(n::text) || md5(n::text), 'hex'),
    ('x' || md5(n::text))::bit(64)::bigint, ARRAY['#' || left(md5(n::text), 6), '#222222'],
    CASE WHEN n %% 5000 = 0 THEN 'outpaint' WHEN n %% 97 = 0 THEN 'inpaint' WHEN n %% 9 = 0 THEN 'upscale'
         WHEN n %% 5 = 0 THEN 'variation' ELSE 'text-to-image' END,
    prompt || CASE WHEN n %% 65537 = 4711 THEN ' zeppelin' ELSE '' END, '',
    'provider' || (model %% 4) || '/model-' || model, '1', '{"steps": 20, "guidance": 7.5}', n, 2.5, prompt,
    CASE WHEN n %% 12 = 0 THEN initcap(split_part(prompt, ' ', 3)) || ' ' || n END,
    CASE WHEN n %% 200 = 0 THEN 'for the client' END, tags,
    CASE WHEN n %% 7 = 0 THEN 1 + (n / 7) %% 5 END, n %% 23 = 0, n %% 1013 = 0, (n %% 1013 = 0)::int * (n %% 50),
    at, at
FROM generate_series(%(first)s::int, %(last)s::int) AS n,
LATERAL (
    SELECT now() - n * interval '97 seconds' AS at,
        floor(power(40, random() + 0 * n))::int AS model,
        (ARRAY[ARRAY[1024,1024], ARRAY[1344,768], ARRAY[768,1344], ARRAY[1024,1024], ARRAY[512,512]])
            [1 + (n %% 5):1 + (n %% 5)] AS sizes
) AS made,
LATERAL (SELECT ARRAY[sizes[1][1], sizes[1][2]] || '{}'::int[] AS size) AS sized,
LATERAL (
    SELECT 'a ' || (ARRAY['photo', 'painting', 'drawing', 'portrait', 'render'])[1 + n %% 5] || ' of ' ||
        string_agg('word' || floor(power(20000, random() + 0 * n * w))::int, ' ') AS prompt
    FROM generate_series(1, 18) AS w
) AS said,
LATERAL (
    SELECT CASE WHEN n %% 3 = 0 THEN array_agg(DISTINCT 'tag' || floor(power(2000, random() + 0 * n * t))::int)
        || CASE WHEN n %% 50021 = 17 THEN ARRAY['rare'] ELSE '{}' END ELSE '{}' END AS tags
    FROM generate_series(1, 1 + n %% 4) AS t
) AS tagged
"""


def seed(url: str, workspace: UUID, user: UUID, rows: int) -> None:
    """So many pictures in a workspace, made by the database alone; indexes on words are made again at the end."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        gone = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'images' AND indexname <> 'pk_images'"
        ).fetchall()
        for name, _ in gone:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        for first in range(1, rows + 1, 50_000):
            values = {"workspace": workspace, "user": user, "first": first, "last": min(first + 49_999, rows)}
            connection.execute(_SEED, values)
        for _, definition in gone:
            connection.execute(definition.encode())
        connection.execute("VACUUM (ANALYZE) images")


async def times(client: httpx.AsyncClient, paths: list[str]) -> list[float]:
    """Milliseconds of each request, after a few that warm up; few paths are asked for again."""
    paths = paths * (2 if len(paths) < 20 else 1)
    found = []
    for n, path in enumerate(paths[:_WARM] + paths):
        began = time.perf_counter()
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        if n >= _WARM:
            found.append((time.perf_counter() - began) * 1000)
    return found


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def lists(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    most = 25 if rows >= 1_000_000 else 15

    async def add(what: str, paths: list[str], target: float | None = most) -> None:
        report.add(f"{what}, p95", p95(await times(client, paths)), "ms", most=target)

    await add("first page", ["/api/images?limit=50"] * _TIMES)
    months = (await client.get("/api/images/months")).json()["items"]
    layout = (await client.get("/api/images/layout")).json()["blocks"]
    deep = [block["cursor"] for block in layout[-_TIMES:]]
    await add(
        f"page at place {layout[-_TIMES]['start']:,}", [f"/api/images?limit=50&cursor={at}" for at in deep]
    )
    await add(
        "jump to a month", [f"/api/images?limit=50&cursor={month['cursor']}" for month in months[:_TIMES]]
    )
    for sort in ("name", "rating", "model", "likes", "size"):
        await add(f"by {sort}", [f"/api/images?limit=50&sort={sort}"] * _TIMES)
    for what, query in (
        ("frequent model", "model=provider1/model-1"),
        ("rare model", "model=provider3/model-39"),
        ("rare operation", "operation=outpaint"),
        ("favourites", "favorite=true"),
        ("five stars", "rating_min=5"),
        ("frequent tag", "tags=tag1"),
        ("rare tag", "tags=rare"),
        ("rare tag by name", "tags=rare&sort=name"),
        ("no such tag", "tags=nobody-has-it"),
        ("square favourites with a tag", "aspect=square&favorite=true&tags=tag7"),
        ("without a tag", "tags=tag1&tags_mode=none"),
        ("wider than any", "width_min=4000"),
        ("month of a year ago", f"created_to={datetime.now(UTC) - timedelta(days=100):%Y-%m-%dT%H:%M:%SZ}"),
    ):
        await add(what, [f"/api/images?limit=50&{query}"] * _TIMES)
    for what, word in (
        ("word in a fifth of all", "photo"),
        ("rare word", "zeppelin"),
        ("two words", "word3 word40"),
        ("phrase", '"a photo of word1"'),
        ("beginning of words", "word1999"),
        ("no such word", "nobodysaysthis"),
        ("rare word by rating", "zeppelin&sort=rating"),
    ):
        await add(f"search: {what}", [f"/api/images?limit=50&q={word}"] * _TIMES, 25)
    facets = await times(client, ["/api/images/facets"] * 10)
    report.add("facets of everything, p95", p95(facets), "ms", most=150)
    facets = await times(client, ["/api/images/facets?tags=tag7"] * 10)
    report.add("facets of a tag, p95", p95(facets), "ms", most=150)
    report.add("months, p95", p95(await times(client, ["/api/images/months"] * 10)), "ms")


async def changes(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    report.add("tag 10,000", await _bulk(client, "bulk-tag", "ids", 10_000, add=["bench"]), "s", most=1.5)
    halfway = datetime.now(UTC) - timedelta(seconds=97 * min(100_000, rows // 2))
    wanted = {"created_from": halfway.isoformat()}
    took = await _bulk(client, "bulk-delete", "filter", wanted)
    report.add(f"trash {min(100_000, rows // 2):,}", took, "s", most=10)


async def _bulk(client: httpx.AsyncClient, action: str, by: str, which: Any, **said: Any) -> float:
    if by == "ids":
        ids: list[str] = []
        cursor = ""
        while len(ids) < which:
            page = (await client.get(f"/api/images?limit=100{cursor}")).json()
            ids += [image["id"] for image in page["items"]]
            cursor = f"&cursor={page['next_cursor']}"
        which = ids
    began = time.perf_counter()
    answer = await client.post(f"/api/images/{action}", json={by: which, **said}, timeout=120)
    assert answer.status_code == 200, answer.text
    job_id = answer.json()["job_id"]
    while job_id:
        job = (await client.get(f"/api/jobs/{job_id}")).json()
        if job["status"] in ("completed", "failed"):
            assert job["status"] == "completed", job
            break
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def measure(studio: Running, url: str, rows: int, report: Report) -> None:
    owner = await studio.sign_up("gallery@example.com")
    began = time.perf_counter()
    await asyncio.to_thread(seed, url, owner.workspace, owner.user, rows)
    print(f"{rows:,} pictures in {time.perf_counter() - began:.0f} s")
    parts: tuple[Callable[..., Awaitable[None]], ...] = (lists, changes)
    for part in parts:
        await part(studio.client, report, rows)
    for what, milliseconds in await asyncio.to_thread(baseline, url, owner.workspace):
        report.add(f"OFFSET and LIKE, SQL alone: {what}", milliseconds, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    about = f"{rows:,} pictures of one workspace; {_TIMES} requests of each kind to `easel`'s web process."
    report = Report("gallery" if rows == 200_000 else f"gallery-{rows}", about)
    with database() as (folder, url), running(folder) as studio:
        asyncio.run(measure(studio, url, rows, report))
    report.done()


if __name__ == "__main__":
    main()
