"""What is said of pictures: one by one, many at once, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, text, update

from easel.core.actor import Actor
from easel.core.events import EventRow
from easel.features.library import service
from easel.features.library.models import Image
from easel.features.library.service import bulk
from easel.features.projects.models import Project
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf

pytestmark = pytest.mark.anyio

_COPY = """
INSERT INTO images (id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, tags)
SELECT gen_random_uuid(), workspace_id, user_id, file_path, content_hash, format, width, height, file_size,
    operation, prompt, negative_prompt, model_id, model_version, parameters, alt_text, ARRAY['copy']
FROM images, generate_series(1, :copies)
"""


async def project(shelf: Shelf, **values: Any) -> UUID:
    row = Project(workspace_id=shelf.actor.workspace, user_id=shelf.actor.user, name="Sea", **values)
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(row)
    return row.id


async def events(shelf: Shelf, kind: str) -> list[dict[str, Any]]:
    async with shelf.studio.work(Actor.system()) as work:
        rows = await work.session.scalars(
            select(EventRow.data).where(EventRow.type == kind).order_by(EventRow.id)
        )
        return list(rows)


async def asked(shelf: Shelf, action: str, **body: Any) -> dict[str, Any]:
    answer = await shelf.client.post(f"/api/images/{action}", json=body or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_record_is_changed_in_part(shelf: Shelf) -> None:
    image = await shelf.add()
    path = f"/api/images/{image.id}"
    sea = await project(shelf)
    body = {
        "title": "  My   fox ",
        "alt_text": "A fox.\nIt sits.",
        "notes": "for May\n",
        "tags": ["red", " red ", "zwei  Worte"],
        "rating": 4,
        "is_favorite": True,
        "project_id": str(sea),
    }
    changed = await shelf.client.put(path, json=body)
    assert changed.status_code == 200, changed.text
    record = changed.json()
    assert {name: record[name] for name in body} == {
        **body,
        "title": "My fox",
        "notes": "for May",
        "tags": ["red", "zwei Worte"],
    }
    assert record == (await shelf.client.get(path)).json()
    assert (await shelf.client.put(path, json={"rating": 4})).json()["updated_at"] == record["updated_at"]
    cleared = dict.fromkeys(body)
    record = (await shelf.client.put(path, json=cleared)).json()
    assert [record[name] for name in body] == [None, "", None, [], None, False, None]
    assert [data["fields"] for data in await events(shelf, "image.updated")] == [sorted(body)] * 2
    for bad, field in (
        ({"rating": 6}, "rating"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"tags": [str(n) for n in range(51)]}, "tags"),
        ({"tags": ["x" * 65]}, "tags.0"),
        ({"tags": ["a\u0007"]}, "tags.0"),
        ({"prompt": "other"}, "prompt"),
    ):
        problem = problem_of(await shelf.client.put(path, json=bad), 422, "invalid_input")
        assert [error.field for error in problem.errors] == [field]
    problem_of(await shelf.client.put(path, json={"project_id": str(uuid4())}), 404, "project_not_found")


async def test_favorites_visibility_and_stars(shelf: Shelf, open_shelf: OpenShelf) -> None:
    image = await shelf.add()
    path = f"/api/images/{image.id}"
    for action, word, field in (
        ("favorite", "favorite", "is_favorite"),
        ("visibility", "public", "is_public"),
    ):
        toggled = [(await shelf.client.post(f"{path}/{action}")).json()[field] for _ in range(3)]
        assert toggled == [True, False, True]
        for wanted in (True, False):
            said = await shelf.client.post(f"{path}/{action}", json={word: wanted})
            assert said.json()[field] is wanted
        problem_of(await shelf.client.post(f"{path}/{action}", json={}), 422, "invalid_input")
    assert (await shelf.client.post(f"{path}/rate", json={"rating": 5})).json()["rating"] == 5
    assert (await shelf.client.post(f"{path}/rate", json={"rating": None})).json()["rating"] is None
    problem_of(await shelf.client.post(f"{path}/rate", json={"rating": 0}), 422, "invalid_input")
    facts = (await shelf.client.get(f"{path}/metadata")).json()
    assert (facts["image"]["id"], facts["metadata"]) == (str(image.id), {})
    other = await open_shelf("bob@example.com")
    for action in ("favorite", "visibility"):
        problem_of(await other.client.post(f"{path}/{action}"), 404, "image_not_found")


async def test_many_are_changed_at_once_and_back(shelf: Shelf, open_shelf: OpenShelf) -> None:
    other = await open_shelf("bob@example.com")
    theirs = str((await other.add(seed=9)).id)
    a, b, c = [str((await shelf.add(seed=n)).id) for n in range(3)]
    await shelf.client.put(f"/api/images/{a}", json={"tags": ["red", "old"]})
    sea, land = await project(shelf), await project(shelf)
    await asked(shelf, "bulk-move", ids=[a], project_id=str(land))
    missing = {"id": theirs, "code": "image_not_found", "message": "There is no such image."}

    tagged = await asked(shelf, "bulk-tag", ids=[a, b, theirs], add=["red", "new"], remove=["old"])
    assert (tagged["changed"], tagged["failed"], tagged["job_id"]) == (2, [missing], None)
    moved = await asked(shelf, "bulk-move", ids=[a, b, c, c], project_id=str(sea))
    liked = await asked(shelf, "bulk-favorite", filter={"tags": ["new"]}, favorite=True)
    again = await asked(shelf, "bulk-favorite", filter={"tags": ["new"]}, favorite=True)
    assert (moved["changed"], liked["changed"], again["changed"], again["undo_id"]) == (3, 2, 0, None)

    async def state(id: str) -> tuple[Any, ...]:
        record = (await shelf.client.get(f"/api/images/{id}")).json()
        return tuple(record["tags"]), record["project_id"], record["is_favorite"]

    assert await state(a) == (("red", "new"), str(sea), True)
    assert await state(b) == (("red", "new"), str(sea), True)
    assert await state(c) == ((), str(sea), False)
    told = await events(shelf, "images.changed")
    assert [(data["action"], data["changed"]) for data in told[1:]] == [
        ("tag", 2),
        ("move", 3),
        ("favorite", 2),
    ]
    assert await events(shelf, "image.updated") == [{"id": a, "fields": ["tags"]}], (
        "no event for each picture"
    )

    # Back, the last change first; b was changed again since, by hand.
    assert (await asked(shelf, f"undo/{liked['undo_id']}"))["changed"] == 2
    problem_of(await shelf.client.post(f"/api/images/undo/{liked['undo_id']}"), 404, "undo_not_found")
    problem_of(await other.client.post(f"/api/images/undo/{moved['undo_id']}"), 404, "undo_not_found")
    back = await asked(shelf, f"undo/{moved['undo_id']}")
    assert back["changed"] == 1, "what the favourites touched after is newer"
    assert {problem["code"] for problem in back["failed"]} == {"changed_since"}
    assert await state(c) == ((), None, False)


async def test_many_go_to_the_trash_and_come_back(shelf: Shelf) -> None:
    a, b, c = [str((await shelf.add(seed=n)).id) for n in range(3)]
    await shelf.client.delete(f"/api/images/{a}")
    gone = await asked(shelf, "bulk-delete", ids=[a, b, c])
    assert (gone["changed"], gone["failed"]) == (2, [])
    failed = (await asked(shelf, "bulk-favorite", ids=[b], favorite=True))["failed"]
    assert [problem["code"] for problem in failed] == ["image_not_found"]
    assert (await asked(shelf, f"undo/{gone['undo_id']}"))["changed"] == 2
    assert await shelf.ids() == [c, b]
    back = await asked(shelf, "bulk-restore", filter={})
    assert (back["changed"], await shelf.ids("&trashed=true")) == (1, [])
    assert (await asked(shelf, f"undo/{back['undo_id']}"))["changed"] == 1
    assert await shelf.ids("&trashed=true") == [a]
    assert await shelf.image_count() == 2


async def test_selections_that_will_not_do(shelf: Shelf) -> None:
    id = str((await shelf.add()).id)
    for action, body in (
        ("bulk-delete", {}),
        ("bulk-delete", {"ids": []}),
        ("bulk-delete", {"ids": [id], "filter": {}}),
        ("bulk-delete", {"filter": {"colour": "red"}}),
        ("bulk-tag", {"ids": [id]}),
        ("bulk-tag", {"ids": [id], "add": ["a"], "remove": ["a"]}),
        ("bulk-move", {"ids": [id]}),
        ("bulk-favorite", {"ids": [id], "favorite": None}),
    ):
        problem_of(await shelf.client.post(f"/api/images/{action}", json=body), 422, "invalid_input")
    problem_of(
        await shelf.client.post("/api/images/bulk-move", json={"ids": [id], "project_id": str(uuid4())}),
        404,
        "project_not_found",
    )
    await shelf.client.put(f"/api/images/{id}", json={"tags": [str(n) for n in range(50)]})
    full = await asked(shelf, "bulk-tag", ids=[id], add=["one more"])
    assert (full["changed"], [problem["code"] for problem in full["failed"]]) == (0, ["too_many_tags"])


async def test_thousands_are_changed_by_a_worker(shelf: Shelf, worker: None) -> None:
    await shelf.add()
    async with shelf.studio.work(shelf.actor) as work:
        await work.session.execute(text(_COPY), {"copies": 2500})
    begun = await asked(shelf, "bulk-tag", filter={"tags": ["copy"]}, add=["many"], remove=["copy"])
    assert begun["job_id"] is not None
    job = await ended(shelf.client, begun["job_id"])
    assert (job["status"], job["result"]["changed"], job["result"]["failed"]) == ("completed", 2500, [])
    listed = (await shelf.client.get("/api/images?limit=1&count=true&tags=many")).json()
    assert listed["total"] == 2500
    await bulk.run(shelf.studio, UUID(begun["job_id"]))
    assert [data["changed"] for data in await events(shelf, "images.changed")] == [2500]
    back = await asked(shelf, f"undo/{begun['undo_id']}")
    assert (await ended(shelf.client, back["job_id"]))["result"]["changed"] == 2500
    assert (await shelf.client.get("/api/images?limit=1&count=true&tags=copy")).json()["total"] == 2500


async def ended(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    for _ in range(600):
        job: dict[str, Any] = (await client.get(f"/api/jobs/{job_id}")).json()
        if job["status"] in ("completed", "failed"):
            return job
        await asyncio.sleep(0.1)
    raise AssertionError("the job does not end")


async def test_saved_filters_and_tags_on_offer(shelf: Shelf, open_shelf: OpenShelf) -> None:
    for n, tags in enumerate((["Cat", "car"], ["Cat"], ["dog", "100%"])):
        image = await shelf.add(seed=n)
        await shelf.client.put(f"/api/images/{image.id}", json={"tags": tags})
    for q, expected in (("", ["Cat", "100%", "car", "dog"]), ("ca", ["Cat", "car"]), ("%", []), ("x", [])):
        offered = (await shelf.client.get("/api/images/tags", params={"q": q})).json()["items"]
        assert [tag["tag"] for tag in offered] == expected, q

    body = {"name": "Cats", "filter": {"tags": ["Cat"], "rating_min": 3}, "sort": "rating"}
    saved = await shelf.client.post("/api/images/saved-filters", json=body)
    assert saved.status_code == 201, saved.text
    assert saved.json() == {**body, "id": saved.json()["id"], "order": "desc"}
    same = await shelf.client.post("/api/images/saved-filters", json={**body, "name": "cats"})
    problem_of(same, 409, "filter_name_taken")
    problem_of(
        await shelf.client.post("/api/images/saved-filters", json={"name": "x", "filter": {"colour": 1}}),
        422,
        "invalid_input",
    )
    assert (await shelf.client.get("/api/images/saved-filters")).json()["items"] == [saved.json()]
    path = f"/api/images/saved-filters/{saved.json()['id']}"
    other = await open_shelf("bob@example.com")
    problem_of(await other.client.delete(path), 404, "saved_filter_not_found")
    assert (await shelf.client.delete(path)).status_code == 204
    assert (await shelf.client.get("/api/images/saved-filters")).json()["items"] == []


async def test_what_has_to_do_with_a_picture(shelf: Shelf) -> None:
    parent = await shelf.add(seed=1, prompt="a fox")
    image = await shelf.add(seed=1, parent_image_id=parent.id)
    child = await shelf.add(seed=2, parent_image_id=image.id, prompt="a wolf")
    same = await shelf.add(seed=3)
    for each in (parent, image, child, same):
        await service.make_renditions(shelf.studio, each.id)
    async with shelf.studio.work(Actor.system()) as work:
        far = update(Image).where(Image.id.in_([child.id, same.id]))
        await work.session.execute(far.values(perceptual_hash=-1, colors=["#00ff00"]))
        await work.session.execute(
            update(Image).where(Image.id.in_([parent.id, image.id])).values(perceptual_hash=5)
        )
    found = (await shelf.client.get(f"/api/images/{image.id}/related")).json()

    def names(images: Sequence[dict[str, Any]]) -> list[str]:
        return [image["id"] for image in images]

    assert found["parent"]["id"] == str(parent.id)
    assert names(found["children"]) == [str(child.id)]
    assert names(found["siblings"]) == []
    assert names(found["same_prompt"]) == [str(same.id)]
    assert names(found["similar"]) == [str(parent.id)]
