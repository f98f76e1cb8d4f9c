"""Listing pictures: pages without gaps, filters, the trash, the count on the account."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update

from easel.core.actor import Actor
from easel.core.http.paging import encode_cursor
from easel.features.library.models import Image, NewImages
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture

pytestmark = pytest.mark.anyio


async def pages(shelf: Shelf, query: str, *, between: Any = None) -> list[str]:
    """All ids of a list, read in pages of seven; `between` is called before each further page."""
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await shelf.client.get(f"/api/images?limit=7{query}{cursor}")).json()
        seen += [image["id"] for image in page["items"]]
        if page["next_cursor"] is None:
            return seen
        assert len(page["items"]) == 7
        cursor = f"&cursor={page['next_cursor']}"
        if between is not None:
            await between()


@pytest.mark.parametrize("order", ["desc", "asc"])
async def test_pages_leave_no_gap_when_all_times_are_equal(shelf: Shelf, order: str) -> None:
    added = [str((await shelf.add(seed=n)).id) for n in range(30)]
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(update(Image).values(created_at=moment))

    async def add_one() -> None:
        later = await shelf.add(seed=99)
        async with shelf.studio.work(Actor.system()) as work:
            await work.session.execute(update(Image).where(Image.id == later.id).values(created_at=moment))

    seen = await pages(shelf, f"&order={order}", between=add_one)
    assert len(seen) == len(set(seen))
    assert [id for id in seen if id in added] == (added if order == "asc" else added[::-1])
    assert (await pages(shelf, f"&order={order}")) == sorted(await shelf.ids(), reverse=order == "desc")


async def test_a_full_last_page_ends_the_list(shelf: Shelf) -> None:
    for n in range(7):
        await shelf.add(seed=n)
    page = (await shelf.client.get("/api/images?limit=7&count=true")).json()
    assert (len(page["items"]), page["next_cursor"], page["total"]) == (7, None, 7)
    empty = (await shelf.client.get("/api/images?trashed=true")).json()
    assert empty == {"items": [], "next_cursor": None, "total": None}


async def test_cursors_that_this_list_did_not_give(shelf: Shelf) -> None:
    for n in range(3):
        await shelf.add(seed=n)
    good = (await shelf.client.get("/api/images?limit=1")).json()["next_cursor"]
    kind, mark, moment, id = json.loads(base64.urlsafe_b64decode(good + "=="))

    def coded(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    shapes: list[Any] = [
        [],
        {},
        7,
        None,
        [kind],
        [kind, mark],
        [kind, mark, moment],
        [kind, mark, moment, id, 1],
    ]
    shapes += [
        [kind, mark, *rest] for rest in ((7, id), (moment, 7), ("yesterday", id), (moment, "7"), (id, moment))
    ]
    bad = [
        *("nonsense", "%00", "é", "===", "eyJ9", good[:-5], "x" * 2501, good + "!"),
        encode_cursor("images", datetime.now(UTC), uuid4()),
        encode_cursor("history", datetime.now(UTC), uuid4()),
        *(coded(value) for value in shapes),
        coded([kind, mark, moment.split("+")[0], id]),
        coded([kind, mark, "2026-01-01T00:00:00+00:00:00.5", id + "\0"]),
    ]
    for cursor in bad:
        answer = await shelf.client.get("/api/images", params={"cursor": cursor})
        assert answer.status_code == 422, cursor
        assert answer.json()["errors"][0]["field"] == "cursor"
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00+20:00"):
        answer = await shelf.client.get("/api/images", params={"cursor": coded([kind, mark, moment, id])})
        assert answer.status_code in (200, 422), answer.text
        for name in ("created_from", "created_to"):
            answer = await shelf.client.get("/api/images", params={name: moment})
            assert answer.status_code in (200, 422), answer.text


async def test_queries_that_will_not_do(shelf: Shelf) -> None:
    for query, field in (
        ("page=2", "page"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("aspect=round", "aspect"),
        ("sort=colour", "sort"),
        ("order=up", "order"),
        ("trashed=perhaps", "trashed"),
        ("created_from=2026-01-01T00:00:00", "created_from"),
        ("created_to=yesterday", "created_to"),
        ("created_to=0.5", "created_to"),
        ("created_from=-1700000000", "created_from"),
        ("model=%00", "model"),
        ("operation=" + "x" * 51, "operation"),
    ):
        problem = problem_of(await shelf.client.get(f"/api/images?{query}"), 422, "invalid_input")
        assert [error.field for error in problem.errors] == [field]


async def test_filters_and_counts(shelf: Shelf) -> None:
    square = await shelf.add(seed=1)
    wide = await shelf.add(picture(2, 80, 40), model_id="painter/plain")
    tall = await shelf.add(picture(3, 40, 80), operation="upscale")
    made = {name: str(image.id) for name, image in (("square", square), ("wide", wide), ("tall", tall))}
    assert await shelf.ids() == [made["tall"], made["wide"], made["square"]]
    for query, expected in (
        ("&aspect=square", ["square"]),
        ("&aspect=landscape", ["wide"]),
        ("&aspect=portrait", ["tall"]),
        ("&model=painter/plain", ["wide"]),
        ("&model=painter/", []),
        ("&operation=upscale", ["tall"]),
        ("&operation=text-to-image&order=asc", ["square", "wide"]),
    ):
        assert await shelf.ids(query) == [made[name] for name in expected], query
        counted = await shelf.client.get(f"/api/images?limit=1&count=true{query}")
        assert counted.json()["total"] == len(expected)
    moment = wide.created_at.isoformat().replace("+00:00", "Z")
    assert await shelf.ids(f"&created_from={moment}") == [made["tall"], made["wide"]]
    assert await shelf.ids(f"&created_to={moment}&order=asc") == [made["square"], made["wide"]]
    later = (wide.created_at + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert await shelf.ids(f"&created_from={later}") == []


async def test_the_trash_keeps_pictures_out_of_sight(shelf: Shelf) -> None:
    kept, gone = await shelf.add(seed=1), await shelf.add(seed=2)
    path = f"/api/images/{gone.id}"
    for _ in range(2):
        answer = await shelf.client.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
    assert await shelf.ids() == [str(kept.id)]
    assert await shelf.ids("&trashed=true") == [str(gone.id)]
    assert (await shelf.client.get(path)).json()["deleted_at"] is not None
    assert (await shelf.client.get(f"{path}/file")).status_code == 200
    for _ in range(2):
        restored = await shelf.client.post(f"{path}/restore")
        assert restored.status_code == 200
        assert restored.json()["deleted_at"] is None
    assert await shelf.ids() == [str(gone.id), str(kept.id)]
    assert await shelf.ids("&trashed=true") == []


async def test_a_record_has_all_that_is_known(shelf: Shelf) -> None:
    image = await shelf.add(seed=5)
    record = (await shelf.client.get(f"/api/images/{image.id}")).json()
    assert record["id"] == str(image.id)
    assert (record["width"], record["height"], record["format"], record["seed"]) == (64, 64, "png", 5)
    assert record["file_size"] == len(picture(5))
    assert record["content_hash"] == image.content_hash
    assert record["url"] == f"/api/images/{image.id}/file"
    assert set(record["thumbnails"]) == {"256", "512", "1024"}
    assert (record["rendered"], record["thumbhash"], record["colors"]) == (False, None, [])
    assert (record["alt_text"], record["model"], record["deleted_at"]) == ("a red fox", "painter/fast", None)
    assert record["created_at"].endswith("Z")
    problem_of(await shelf.client.get(f"/api/images/{uuid4()}"), 404, "image_not_found")


async def test_each_sees_their_own(shelf: Shelf, open_shelf: OpenShelf) -> None:
    other = await open_shelf("bob@example.com")
    mine, theirs = await shelf.add(seed=1), await other.add(seed=2)
    assert await shelf.ids() == [str(mine.id)]
    assert await other.ids() == [str(theirs.id)]
    await other.add(seed=3)
    cursor = (await other.client.get("/api/images?limit=1")).json()["next_cursor"]
    assert await shelf.ids(f"&cursor={cursor}") == [str(mine.id)]
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/restore"), ("GET", "/file")):
        answer = await shelf.client.request(method, f"/api/images/{theirs.id}{path}")
        problem_of(answer, 404, "image_not_found")
    assert (await other.client.get(f"/api/images/{theirs.id}")).json()["deleted_at"] is None


async def test_the_account_counts_pictures_outside_the_trash(shelf: Shelf, open_shelf: OpenShelf) -> None:
    other = await open_shelf("bob@example.com")
    await other.add(seed=9)
    images = [await shelf.add(seed=n) for n in range(4)]
    assert await shelf.image_count() == 4
    await shelf.client.delete(f"/api/images/{images[0].id}")
    await shelf.client.delete(f"/api/images/{images[0].id}")
    assert await shelf.image_count() == 3
    await shelf.client.post(f"/api/images/{images[0].id}/restore")
    assert await shelf.image_count() == 4
    mine = Image.user_id == shelf.actor.user_id
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(update(Image).values(deleted_at=datetime.now(UTC)))
    assert (await shelf.image_count(), await other.image_count()) == (0, 0)
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(update(Image).values(deleted_at=None, prompt="changed"))
    assert (await shelf.image_count(), await other.image_count()) == (4, 1)
    async with shelf.studio.work(Actor.system()) as work:
        given = {"user_id": other.actor.user_id}
        await work.session.execute(update(Image).where(Image.id == images[1].id).values(**given))
        await work.session.execute(delete(Image).where(Image.id.in_([images[2].id, images[3].id])))
    assert (await shelf.image_count(), await other.image_count()) == (1, 2)
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(delete(Image).where(mine))
    assert (await shelf.image_count(), await other.image_count()) == (0, 2)


async def test_who_brings_a_picture_does_not_wait_until_others_have_brought_theirs(shelf: Shelf) -> None:
    async with shelf.studio.work(shelf.actor) as work:
        await shelf.add_within(work, seed=1)
        await work.session.execute(delete(Image))
    async with shelf.studio.work(shelf.actor) as work:
        await shelf.add_within(work, seed=1)
        await shelf.add(seed=2)
        assert await shelf.image_count() == 1
        await shelf.add_within(work, seed=3)
        await work.session.execute(delete(Image).where(Image.parameters["seed"].as_integer() == 1))
    assert await shelf.image_count() == 2
    kept = (await shelf.client.get("/api/images/storage")).json()
    assert (kept["images"], kept["bytes"]) == (2, len(picture(2)) + len(picture(3)))
    async with shelf.studio.sessions.begin() as session:
        assert await session.scalar(select(func.count()).select_from(NewImages)) == 0
