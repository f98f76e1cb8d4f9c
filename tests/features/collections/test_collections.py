"""Collections over HTTP: pictures in an order made by hand, also by two at once, and smart ones, which are live."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from easel.features.library.models import Image
from tests.features.generation.steps import rows
from tests.plugins.shelf import OpenShelf, Shelf
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

COLLECTIONS = "/api/collections"


async def begin(client: httpx.AsyncClient, name: str = "Foxes", **more: Any) -> dict[str, Any]:
    answer = await client.post(COLLECTIONS, json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def content(client: httpx.AsyncClient, collection: dict[str, Any], limit: int = 100) -> list[str]:
    """The ids of what a collection shows, page after page."""
    seen: list[str] = []
    parameters = {"limit": str(limit)}
    while True:
        answer = await client.get(f"{COLLECTIONS}/{collection['id']}/images", params=parameters)
        assert answer.status_code == 200, answer.text
        seen += [image["id"] for image in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            return seen
        parameters["cursor"] = answer.json()["next_cursor"]


async def put_in(
    client: httpx.AsyncClient, collection: dict[str, Any], ids: list[str], **where: Any
) -> httpx.Response:
    return await client.post(f"{COLLECTIONS}/{collection['id']}/images", json={"ids": ids, **where})


async def reorder(
    client: httpx.AsyncClient, collection: dict[str, Any], ids: list[str], **where: Any
) -> httpx.Response:
    return await client.put(f"{COLLECTIONS}/{collection['id']}/reorder", json={"ids": ids, **where})


async def pictures(shelf: Shelf, number: int) -> list[str]:
    return [str((await shelf.add(seed=seed)).id) for seed in range(number)]


async def test_pictures_go_in_out_and_to_their_place(shelf: Shelf, open_shelf: OpenShelf) -> None:
    client = shelf.client
    collection = await begin(client, " Foxes ", description="Red ones")
    assert (collection["name"], collection["image_count"], collection["cover_url"]) == ("Foxes", 0, None)
    a, b, c, d, e = await pictures(shelf, 5)
    foreign = str((await (await open_shelf("ben@example.com")).add(seed=9)).id)
    answer = (await put_in(client, collection, [c, a, foreign, c])).json()
    assert (answer["changed"], [one["id"] for one in answer["failed"]]) == (2, [foreign])
    assert (await put_in(client, collection, [a, b])).json() == {"changed": 1, "failed": []}
    assert await content(client, collection) == [c, a, b]
    await put_in(client, collection, [d], after=c)
    await put_in(client, collection, [e], after=None)
    assert await content(client, collection, limit=2) == [e, c, d, a, b]
    # As one block behind another, to the beginning, and among themselves.
    assert (await reorder(client, collection, [b, c], after=d)).status_code == 200
    assert await content(client, collection) == [e, d, b, c, a]
    await reorder(client, collection, [a], after=None)
    assert await content(client, collection) == [a, e, d, b, c]
    await reorder(client, collection, [c, foreign, a])
    assert await content(client, collection) == [c, e, d, b, a]
    await reorder(client, collection, [a, b, c, d, e])
    assert await content(client, collection) == [a, b, c, d, e]
    lost = await reorder(client, collection, [a], after=foreign)
    assert (lost.status_code, lost.json()["errors"][0]["field"]) == (422, "after")
    assert (await reorder(client, collection, [a], after=a)).status_code == 422
    # The trash hides a picture, and gives it back to its place.
    await client.delete(f"/api/images/{a}")
    shown = (await client.get(f"{COLLECTIONS}/{collection['id']}")).json()
    assert (shown["image_count"], shown["cover_url"]) == (4, f"/api/images/{b}/thumbnail/512")
    assert shown["previews"] == [f"/api/images/{id}/thumbnail/256" for id in (b, c, d, e)]
    await client.post(f"/api/images/{a}/restore")
    assert (await content(client, collection))[0] == a
    path = f"{COLLECTIONS}/{collection['id']}/images"
    assert (await client.delete(f"{path}/{a}")).status_code == 204
    assert (await client.delete(f"{path}/{a}")).json()["code"] == "image_not_found"
    taken = await client.post(f"{path}/remove", json={"ids": [b, c, a]})
    assert (taken.json()["changed"], [one["id"] for one in taken.json()["failed"]]) == (2, [a])
    assert await content(client, collection) == [d, e]
    assert len(await shelf.ids()) == 5
    assert len(await shelf.ids(f"&collection_id={collection['id']}")) == 2
    await client.delete(f"{COLLECTIONS}/{collection['id']}")
    assert len(await shelf.ids()) == 5


async def test_a_gap_that_is_used_up_is_made_anew(shelf: Shelf) -> None:
    client = shelf.client
    collection = await begin(client)
    ids = await pictures(shelf, 3)
    await put_in(client, collection, ids)
    for _ in range(25):  # more than any gap has room for
        first, second, third = await content(client, collection)
        await reorder(client, collection, [third], after=first)
        assert await content(client, collection) == [first, third, second]
    # Rows that never had a place of their own get one.
    await rows(shelf.studio, "UPDATE collection_images SET position = 0")
    first, second, third = await content(client, collection)
    await reorder(client, collection, [third, first])
    assert await content(client, collection) == [third, second, first]


async def test_two_who_reorder_at_once_end_with_one_order(shelf: Shelf) -> None:
    client = shelf.client
    collection = await begin(client)
    ids = await pictures(shelf, 6)
    await put_in(client, collection, ids)
    one = reorder(client, collection, ids[::-1])
    two = reorder(client, collection, [*ids[3:], *ids[:3]])
    answers = await asyncio.gather(one, two)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert await content(client, collection) in (ids[::-1], [*ids[3:], *ids[:3]])
    await reorder(client, collection, ids)
    moves = [reorder(client, collection, [id], after=ids[0]) for id in ids[1:]]
    takes = client.post(f"{COLLECTIONS}/{collection['id']}/images/remove", json={"ids": ids[4:]})
    moved = await asyncio.gather(*moves, takes)
    assert {answer.status_code for answer in moved} == {200}
    found = await content(client, collection)
    assert (found[0], sorted(found)) == (ids[0], sorted(ids[:4]))
    assert found == await content(client, collection, limit=1)


async def test_a_smart_collection_shows_what_matches_now(shelf: Shelf) -> None:
    client = shelf.client
    project = (await client.post("/api/projects", json={"name": "Spring"})).json()
    smart = await begin(
        client, "Spring's", filter={"project_id": project["id"], "operation": "text-to-image"}
    )
    assert smart["filter"]["project_id"] == project["id"]
    assert (smart["image_count"], await content(client, smart)) == (0, [])
    inside: list[Image] = [await shelf.add(seed=seed, project_id=project["id"]) for seed in range(3)]
    await shelf.add(seed=8, project_id=project["id"], operation="upscale")
    newest_first = [str(image.id) for image in inside[::-1]]
    assert await content(client, smart, limit=2) == newest_first
    shown = (await client.get(COLLECTIONS)).json()["items"][0]
    assert (shown["image_count"], shown["cover_url"]) == (3, f"/api/images/{newest_first[0]}/thumbnail/512")
    path = f"{COLLECTIONS}/{smart['id']}"
    for answer in (
        await put_in(client, smart, newest_first),
        await reorder(client, smart, newest_first),
        await client.delete(f"{path}/images/{newest_first[0]}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "collection_is_smart")
    # Its project gone, it shows nothing and can be given another filter.
    await client.delete(f"/api/projects/{project['id']}")
    assert await content(client, smart) == []
    changed = await client.put(path, json={"filter": {"operation": "upscale"}})
    assert (changed.json()["image_count"], changed.json()["name"]) == (1, "Spring's")
    by_hand = await begin(client, "By hand")
    refused = await client.put(f"{COLLECTIONS}/{by_hand['id']}", json={"filter": {"favorite": True}})
    assert refused.json()["code"] == "collection_is_smart"


async def test_what_cannot_be_is_refused_by_its_name(server: Server) -> None:
    client = await server.member()
    kept = await begin(client, "Kept")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"name": "\u200f"}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"name": "gpj\u202etxt"}, "name"),
        ({"name": "N", "cover_image_id": str(uuid4())}, "cover_image_id"),
        ({"name": "N", "is_public": "yes"}, "is_public"),
    ]
    for body, field in cases:
        for answer in (
            await client.post(COLLECTIONS, json=body),
            await client.put(f"{COLLECTIONS}/{kept['id']}", json=body),
        ):
            assert answer.status_code == 422, answer.text
            assert [problem["field"] for problem in answer.json()["errors"]] == [field]
    for wrong, field in (
        ({"nonesuch": 1}, "filter.nonesuch"),
        ({"trashed": True}, "filter.trashed"),
        ({"project_id": "x"}, "filter.project_id.uuid"),
    ):
        answer = await client.post(COLLECTIONS, json={"name": "N", "filter": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert [one["name"] for one in (await client.get(COLLECTIONS)).json()["items"]] == ["Kept"]


async def test_lists_are_searched_paged_and_tell_where_a_picture_is(shelf: Shelf) -> None:
    client = shelf.client
    image = str((await shelf.add()).id)
    made = [await begin(client, name) for name in ("beta", "Alpha", "50%")]
    await put_in(client, made[0], [image])
    for sort, expected in (("name", ["50%", "Alpha", "beta"]), ("updated", ["beta", "50%", "Alpha"])):
        seen: list[str] = []
        parameters = {"limit": "2", "sort": sort, "count": "true"}
        while True:
            page = (await client.get(COLLECTIONS, params=parameters)).json()
            assert page["total"] == 3
            seen += [one["name"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            parameters["cursor"] = page["next_cursor"]
        assert seen == expected
    found = await client.get(COLLECTIONS, params={"q": "0%"})
    assert [one["name"] for one in found.json()["items"]] == ["50%"]
    held = await client.get(COLLECTIONS, params={"image_id": image})
    assert [(one["name"], one["image_count"]) for one in held.json()["items"]] == [("beta", 1)]
