"""The gallery of someone with very many pictures, over HTTP: pages, filters, search, counts, changes.

`--rows` says how many pictures; what they are like, `bench.library` says. Times of reading are the server's own, from
a request's head to that of its answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench import library
from bench.baselines.offset_and_like import measured as baseline
from bench.report import Report
from bench.studio import Running, database, running
from easel.core.actor import Actor

_WARM, _TIMES = 3, 30


def age(days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


FILTERS = {
    "everything": "",
    "frequent model": "model=provider1/model-1",
    "rare model": "model=provider3/model-39",
    "a provider": "provider=provider2",
    "large project": f"project_id={library.project(1)}",
    "small project": f"project_id={library.project(11)}",
    "no project": "project_id=none",
    "large collection": f"collection_id={library.collection(1)}",
    "small collection": f"collection_id={library.collection(11)}",
    "no collection": "collection_id=none",
    "rare operation": "operation=outpaint",
    "favourites": "favorite=true",
    "public": "is_public=true",
    "rated": "rated=true",
    "five stars": "rating_min=5",
    "frequent tag": "tags=tag1",
    "rare tag": "tags=rare",
    "no such tag": "tags=nobody-has-it",
    "one of two tags": "tags=rare&tags=tag1999&tags_mode=any",
    "without a tag": "tags=tag1&tags_mode=none",
    "upright": "aspect=portrait",
    "square favourites with a tag": "aspect=square&favorite=true&tags=tag7",
    "wider than any": "width_min=4000",
    "five stars of a rare model": "rating_min=5&model=provider3/model-39",
    "a rare operation in a project": f"operation=outpaint&project_id={library.project(2)}",
    "days of months ago": f"created_from={age(121)}&created_to={age(120)}",
    "older than months": f"created_to={age(100)}",
}
SEARCHES = {
    "word in a fifth of all": "photo",
    "rare word": "zeppelin",
    "two words": "word3 word40",
    "phrase": '"a photo of word1"',
    "beginning of words": "word1999",
    "no such word": "nobodysaysthis",
    "a word, not another": "word9 -word1",
    "rare word among favourites": "zeppelin&favorite=true",
}
SORTS = ("created", "name", "rating", "model", "likes", "size")


async def times(client: httpx.AsyncClient, paths: list[str], least: int = 20) -> list[float]:
    """Milliseconds that the server took for each request, after a few that warm up; few paths are asked for again."""
    paths = paths * max(1, -(-least // len(paths)))
    found = []
    for n, path in enumerate(paths[:_WARM] + paths):
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        if n >= _WARM:
            found.append(float(answer.headers["server-timing"].removeprefix("app;dur=")))
    return found


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def lists(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    most = 25 if rows > 200_000 else 15

    async def add(what: str, paths: list[str], target: float | None = most) -> None:
        report.add(f"{what}, p95", p95(await times(client, paths)), "ms", most=target)

    await add("first page", ["/api/images?limit=50"] * _TIMES)
    months = (await client.get("/api/images/months")).json()["items"]
    layout = (await client.get("/api/images/layout")).json()["blocks"]
    deep = [block["cursor"] for block in layout[-_TIMES:] if block["cursor"]]
    await add("page near the end", [f"/api/images?limit=50&cursor={at}" for at in deep])
    await add(
        "jump to a month", [f"/api/images?limit=50&cursor={month['cursor']}" for month in months[:_TIMES]]
    )
    for what, query in FILTERS.items():
        await add(what, [f"/api/images?limit=50&{query}"] * _TIMES)
    for what, word in SEARCHES.items():
        await add(f"search: {what}", [f"/api/images?limit=50&q={word}"] * _TIMES, 25)
    for sort in SORTS[1:]:
        await add(f"by {sort}", [f"/api/images?limit=50&sort={sort}"] * _TIMES)


async def combinations(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    """Every filter and search in every order, both ways, and the page after."""
    most = 25 if rows > 200_000 else 15
    queries = FILTERS | {what: f"q={word}" for what, word in SEARCHES.items()}
    worst = []
    for sort in SORTS:
        taken: list[float] = []
        for what, query in queries.items():
            for order in ("asc", "desc"):
                path = f"/api/images?limit=50&{query}&sort={sort}&order={order}"
                cursor = (await client.get(path)).json()["next_cursor"]
                pages = [path, path, f"{path}&cursor={cursor}" if cursor else path]
                found = await times(client, pages, least=3)
                worst.append((statistics.median(found), f"{what} by {sort}, {order}"))
                taken += found
        report.add(f"all filters by {sort}, p95", p95(taken), "ms", most=most)
    report.add("slowest of filters and orders, median", max(worst)[0], "ms", most=most)
    for milliseconds, what in sorted(worst, reverse=True)[:12]:
        print(f"{milliseconds:6.1f} ms  {what}")


async def counts(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    facets = await times(client, ["/api/images/facets"] * 10)
    report.add("facets of everything, p95", p95(facets), "ms", most=150)
    facets = await times(client, ["/api/images/facets?tags=tag7"] * 10)
    report.add("facets of a tag, p95", p95(facets), "ms", most=150)
    report.add("months, p95", p95(await times(client, ["/api/images/months"] * 10)), "ms")
    for what, first, apart in (("twenty", 1021, 60), ("a thousand", 1, 50_000)):
        members = [library.picture(n) for n in range(first, rows, apart)][:_TIMES]
        took = await times(client, [f"/api/images/{member}/tree" for member in members])
        report.add(f"tree of {what}, p95", p95(took), "ms", most=30)


async def changes(client: httpx.AsyncClient, report: Report, rows: int) -> None:
    took, tagging = await _bulk(client, "bulk-tag", {"ids": await _newest(client, 10_000)}, add=["bench"])
    report.add("tag 10,000", took, "s", most=1.5)
    oldest = datetime.now(UTC) - timedelta(seconds=97 * min(100_000, rows // 2))
    going = asyncio.create_task(
        _bulk(client, "bulk-delete", {"filter": {"created_from": oldest.isoformat()}})
    )
    beside: list[float] = []
    while not going.done():
        beside += await times(client, ["/api/images?limit=50&sort=rating"])
    took, trashing = await going
    report.add("trash 100,000, or half of all", took, "s", most=10)
    report.add("a page while pictures go to the trash, p95", p95(beside), "ms")
    for change in (trashing, tagging):  # so that the next run finds the library as it was
        await _done(client, await client.post(f"/api/images/undo/{change}", timeout=120))


async def _newest(client: httpx.AsyncClient, number: int) -> list[str]:
    ids: list[str] = []
    cursor = ""
    while len(ids) < number:
        page = (await client.get(f"/api/images?limit=100{cursor}")).json()
        ids += [image["id"] for image in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    return ids


async def _bulk(
    client: httpx.AsyncClient, action: str, which: dict[str, Any], **said: Any
) -> tuple[float, str]:
    """Seconds that a change took until it was done, and what takes it back."""
    began = time.perf_counter()
    change = await _done(
        client, await client.post(f"/api/images/{action}", json={**which, **said}, timeout=120)
    )
    return time.perf_counter() - began, change


async def _done(client: httpx.AsyncClient, answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    told = answer.json()
    job: dict[str, Any] = {"status": "waiting" if told["job_id"] else "completed"}
    while job["status"] not in ("completed", "failed"):
        await asyncio.sleep(0.02)
        job = (await client.get(f"/api/jobs/{told['job_id']}")).json()
    assert job["status"] == "completed", job
    return str((job.get("result") or told)["undo_id"])


async def sign_in(studio: Running, url: str, rows: int, folder: Path) -> Actor:
    """As someone who has so many pictures; those that an earlier run made, if it kept them."""
    note = folder / "bench.json"
    if note.exists():
        account = json.loads(note.read_text())
        assert account.pop("rows") == rows, f"{folder} has another number of pictures"
        return await studio.sign_in(**account)
    account = {"email": "gallery@example.com", "password": secrets.token_urlsafe()}
    owner = await studio.sign_up(**account)
    began = time.perf_counter()
    await asyncio.to_thread(library.seed, url, owner.workspace, owner.user, rows)
    print(f"{rows:,} pictures in {time.perf_counter() - began:.0f} s")
    note.write_text(json.dumps({**account, "rows": rows}))
    return owner


async def measure(
    studio: Running, url: str, folder: Path, wanted: argparse.Namespace, report: Report
) -> None:
    rows = wanted.rows
    owner = await sign_in(studio, url, rows, folder)
    for part in wanted.parts or PARTS:
        await PARTS[part](studio.client, report, rows)
    if not wanted.parts:
        for what, milliseconds in await asyncio.to_thread(baseline, url, owner.workspace):
            report.add(f"OFFSET and LIKE, SQL alone: {what}", milliseconds, "ms")


PARTS: dict[str, Callable[[httpx.AsyncClient, Report, int], Awaitable[None]]] = {
    "lists": lists,
    "combinations": combinations,
    "counts": counts,
    "changes": changes,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument(
        "--keep", type=Path, help="a data folder that stays, so that the next run need not fill one"
    )
    parser.add_argument(
        "parts", nargs="*", choices=[[], *PARTS], help="all without any; fewer are only shown"
    )
    wanted = parser.parse_args()
    rows = wanted.rows
    about = f"{rows:,} pictures of one workspace; {_TIMES} requests of each kind to `easel`'s web process."
    report = Report("gallery" if rows == 200_000 else f"gallery-{rows}", about, pictures=rows)
    with database(wanted.keep) as (folder, url), running(folder) as studio:
        asyncio.run(measure(studio, url, folder, wanted, report))
    report.done(keep=not wanted.parts)


if __name__ == "__main__":
    main()
