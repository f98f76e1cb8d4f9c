"""Projects over HTTP: begun, changed, archived, duplicated, deleted, kept as templates; bad input refused by name."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.features.generation.steps import rows
from tests.plugins.shelf import OpenShelf, Shelf
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

PROJECTS = "/api/projects"


async def begin(client: httpx.AsyncClient, name: str, **more: Any) -> dict[str, Any]:
    answer = await client.post(PROJECTS, json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def get(client: httpx.AsyncClient, project: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"{PROJECTS}/{project['id']}")).json()
    return found


async def names(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"{PROJECTS}?{query}")
    assert answer.status_code == 200, answer.text
    return [project["name"] for project in answer.json()["items"]]


async def put_in(client: httpx.AsyncClient, project: dict[str, Any], *ids: object) -> httpx.Response:
    return await client.post(f"{PROJECTS}/{project['id']}/images/add", json={"ids": [str(id) for id in ids]})


async def test_what_was_said_comes_back_and_a_change_leaves_the_rest(server: Server) -> None:
    client = await server.member()
    preset = await client.post(
        "/api/generate/presets", json={"name": "Wide", "settings": {"aspect_ratio": "16:9"}}
    )
    said = {
        "description": "For the spring catalogue",
        "notes": "Line one\nLine two",
        "category": "Print",
        "tags": ["Fox", "fox", " snow "],
        "settings": {"model": "painter/fast", "num_images": 2, "steps": 3},
        "preset_id": preset.json()["id"],
    }
    made = await begin(client, "  Spring  ", **said)
    assert said | {"name": "Spring", "tags": ["Fox", "snow"]} == {
        name: made[name] for name in (*said, "name")
    }
    assert (made["image_count"], made["cover_url"], made["is_archived"]) == (0, None, False)
    changed = await client.put(f"{PROJECTS}/{made['id']}", json={"notes": None, "settings": None})
    assert changed.json() == {**made, "notes": "", "settings": {}, "updated_at": changed.json()["updated_at"]}
    again = await client.put(f"{PROJECTS}/{made['id']}", json={"name": "Überblick", "preset_id": None})
    assert (again.json()["name"], again.json()["preset_id"]) == ("Überblick", None)
    assert (await client.delete(f"{PROJECTS}/{made['id']}")).status_code == 204
    assert (await client.get(f"{PROJECTS}/{made['id']}")).json()["code"] == "project_not_found"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": None}, "name"),
    ({"name": " \u200f\u200e "}, "name"),
    ({"name": "a\u0007b"}, "name"),
    ({"name": "two\nlines"}, "name"),
    ({"name": "gpj\u202etxt"}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"name": "N", "tags": ["ok", "no\tgood"]}, "tags.1"),
    ({"name": "N", "category": "\u2067"}, "category"),
    ({"name": "N", "notes": "\u0000"}, "notes"),
    ({"name": "N", "cover_image_id": str(uuid4())}, "cover_image_id"),
    ({"name": "N", "preset_id": str(uuid4())}, "preset_id"),
    ({"name": "N", "settings": {"prompt": "a fox"}}, "settings.prompt"),
    ({"name": "N", "settings": {"steps": 5000}}, "settings.steps"),
    ({"name": "N", "settings": {"parameters": {"nonesuch": 1}}}, "settings.parameters.nonesuch"),
    ({"name": "N", "colour": "red"}, "colour"),
]


async def test_what_cannot_be_is_refused_by_its_name(server: Server) -> None:
    client = await server.member()
    kept = await begin(client, "Kept", notes="as they are")
    for body, field in REFUSED:
        for answer in (
            await client.post(PROJECTS, json=body),
            await client.put(f"{PROJECTS}/{kept['id']}", json=body),
        ):
            assert answer.status_code == 422, answer.text
            assert [problem["field"] for problem in answer.json()["errors"]] == [field]
    assert await get(client, kept) == kept
    assert await names(client) == ["Kept"]


async def test_lists_are_searched_ordered_and_paged(server: Server) -> None:
    client = await server.member()
    for name, more in (
        ("beta", {"tags": ["Print"]}),
        ("Alpha", {"category": "Web"}),
        ("50%_off", {}),
        ("gamma", {"description": "All about PRINTING"}),
    ):
        await begin(client, name, **more)
    assert await names(client) == ["gamma", "50%_off", "Alpha", "beta"]
    assert await names(client, "sort=name") == ["50%_off", "Alpha", "beta", "gamma"]
    assert await names(client, "q=print") == ["gamma", "beta"]
    assert await names(client, "q=%25_") == ["50%_off"]
    assert await names(client, "tag=Print") == ["beta"]
    assert await names(client, "category=Web") == ["Alpha"]
    await rows(server.studio, "UPDATE projects SET created_at = now(), updated_at = now()")
    for sort in ("name", "created", "updated"):
        seen: list[str] = []
        parameters = {"limit": "1", "sort": sort, "order": "desc", "count": "true"}
        while True:
            page = (await client.get(PROJECTS, params=parameters)).json()
            assert page["total"] == 4
            seen += [project["name"] for project in page["items"]]
            if page["next_cursor"] is None:
                break
            parameters["cursor"] = page["next_cursor"]
        assert sorted(seen) == ["50%_off", "Alpha", "beta", "gamma"]
    other = await client.get(PROJECTS, params={"cursor": parameters["cursor"], "sort": "name"})
    assert other.json()["code"] == "bad_cursor"


async def test_pictures_are_in_one_project_and_the_count_and_cover_follow(
    shelf: Shelf, open_shelf: OpenShelf
) -> None:
    client = shelf.client
    first, second = await begin(client, "First"), await begin(client, "Second")
    old, new = (await shelf.add(seed=1)).id, (await shelf.add(seed=2)).id
    stranger = await open_shelf("ben@example.com")
    foreign = (await stranger.add(seed=3)).id
    answer = (await put_in(client, first, old, new, foreign)).json()
    assert answer["changed"] == 2
    assert [(one["id"], one["code"]) for one in answer["failed"]] == [(str(foreign), "image_not_found")]
    assert (await put_in(client, first, old)).json()["changed"] == 0
    shown = await get(client, first)
    assert (shown["image_count"], shown["cover_url"]) == (2, f"/api/images/{new}/thumbnail/512")
    # The trash and a move take away, what is restored comes back.
    await client.delete(f"/api/images/{new}")
    assert (await get(client, first))["cover_url"] == f"/api/images/{old}/thumbnail/512"
    await put_in(client, second, old)
    assert ((await get(client, first))["image_count"], (await get(client, first))["cover_url"]) == (0, None)
    await client.post(f"/api/images/{new}/restore")
    assert ((await get(client, first))["image_count"], (await get(client, second))["image_count"]) == (1, 1)
    page = (await client.get(f"{PROJECTS}/{second['id']}/images?count=true")).json()
    assert ([image["id"] for image in page["items"]], page["total"]) == ([str(old)], 1)
    wrong = await client.delete(f"{PROJECTS}/{first['id']}/images/{old}")
    assert wrong.json()["code"] == "image_not_found"
    assert (await client.delete(f"{PROJECTS}/{second['id']}/images/{old}")).status_code == 204
    # A cover may be chosen from one's own pictures only; deleting the project leaves them.
    for cover, status in ((foreign, 422), (old, 200)):
        body = {"cover_image_id": str(cover)}
        assert (await client.put(f"{PROJECTS}/{first['id']}", json=body)).status_code == status
    assert (await get(client, first))["cover_url"] == f"/api/images/{old}/thumbnail/512"
    await client.delete(f"{PROJECTS}/{first['id']}")
    kept = (await client.get("/api/images?limit=10")).json()["items"]
    assert {(image["id"], image["project_id"]) for image in kept} == {(str(old), None), (str(new), None)}


async def test_many_at_once_keep_the_count_true(shelf: Shelf) -> None:
    client = shelf.client
    here, there = await begin(client, "Here"), await begin(client, "There")
    ids = [(await shelf.add(seed=seed)).id for seed in range(6)]
    moves = [put_in(client, project, *ids[start:]) for project in (here, there) for start in range(4)]
    trashed = [client.delete(f"/api/images/{id}") for id in ids[:2]]
    answers = await asyncio.gather(*moves, *trashed)
    assert {answer.status_code for answer in answers} <= {200, 204}
    for project in (here, there):
        page = (await client.get(f"{PROJECTS}/{project['id']}/images")).json()["items"]
        shown = await get(client, project)
        assert shown["image_count"] == len(page)
        newest = page[0]["id"] if page else None
        assert shown["cover_url"] == (newest and f"/api/images/{newest}/thumbnail/512")


async def test_an_archived_project_takes_nothing_until_it_is_out_again(shelf: Shelf) -> None:
    client = shelf.client
    image = (await shelf.add()).id
    project = await begin(client, "Winter")
    archived = await client.put(f"{PROJECTS}/{project['id']}/archive")
    assert archived.json()["is_archived"] is True
    assert (await names(client), await names(client, "archived=true")) == ([], ["Winter"])
    request = {"prompt": "a fox", "project_id": project["id"]}
    refused = (
        await put_in(client, project, image),
        await client.post("/api/images/generate", json=request),
    )
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (409, "project_archived")
        assert "“Winter”" in answer.json()["detail"]
    some = await client.post("/api/generate/batch", json={"requests": [{"prompt": "a cat"}, request]})
    assert [one["field"] for one in some.json()["errors"]] == ["requests.1.project_id"]
    await client.put(f"{PROJECTS}/{project['id']}/archive", json={"archived": False})
    assert (await put_in(client, project, image)).json()["changed"] == 1
    gone = {"prompt": "a fox", "project_id": str(uuid4())}
    assert (await client.post("/api/images/generate", json=gone)).json()["code"] == "project_not_found"


async def test_a_copy_has_everything_and_the_pictures_if_they_are_wished(shelf: Shelf) -> None:
    client = shelf.client
    image = await shelf.add(prompt="a blue fox", cost_credits=2)
    trashed = await shelf.add(seed=2)
    project = await begin(client, "Spring", notes="Keep", tags=["a"], cover_image_id=str(image.id))
    await put_in(client, project, image.id, trashed.id)
    await client.delete(f"/api/images/{trashed.id}")
    await client.put(f"{PROJECTS}/{project['id']}/archive")
    plain = (await client.post(f"{PROJECTS}/{project['id']}/duplicate")).json()
    assert (plain["name"], plain["notes"], plain["tags"]) == ("Spring (copy)", "Keep", ["a"])
    assert (plain["is_archived"], plain["image_count"]) == (False, 0)
    body = {"name": "Summer", "images": True}
    full = (await client.post(f"{PROJECTS}/{project['id']}/duplicate", json=body)).json()
    assert (full["name"], full["image_count"]) == ("Summer", 1)
    copy = (await client.get(f"{PROJECTS}/{full['id']}/images")).json()["items"][0]
    assert copy["id"] != str(image.id)
    assert (copy["prompt"], copy["content_hash"]) == ("a blue fox", image.content_hash)
    assert (copy["cost_credits"], copy["generation_id"]) == (0, None)
    assert (await client.get(f"/api/images/{copy['id']}/file")).content == (
        await client.get(f"/api/images/{image.id}/file")
    ).content
    assert await shelf.image_count() == 2


async def test_a_template_starts_projects_and_holds_no_pictures(shelf: Shelf) -> None:
    client = shelf.client
    settings = {"steps": 4}
    project = await begin(client, "Spring", notes="Checklist", settings=settings, tags=["a"])
    template = await client.post(
        f"{PROJECTS}/templates", json={"project_id": project["id"], "name": "Season"}
    )
    assert template.status_code == 201, template.text
    assert await names(client) == ["Spring"]
    listed = (await client.get(f"{PROJECTS}/templates")).json()["items"]
    assert [(one["name"], one["is_template"], one["notes"]) for one in listed] == [
        ("Season", True, "Checklist")
    ]
    refused = await put_in(client, template.json(), (await shelf.add()).id)
    assert refused.json()["code"] == "project_is_template"
    started = await begin(client, "Autumn", template_id=template.json()["id"], tags=["b"])
    assert (started["notes"], started["settings"], started["tags"]) == ("Checklist", settings, ["b"])
    assert started["is_template"] is False
    for wrong in (project["id"], str(uuid4())):
        answer = await client.post(PROJECTS, json={"name": "No", "template_id": wrong})
        assert answer.json()["code"] == "project_not_found"


async def test_analytics_add_up_what_is_there(shelf: Shelf) -> None:
    client = shelf.client
    project = await begin(client, "Spring")
    empty = (await client.get(f"{PROJECTS}/{project['id']}/analytics")).json()
    assert (empty["images"], empty["credits"], empty["by_model"], empty["over_time"]) == (0, 0, [], [])
    made = [
        await shelf.add(seed=1, cost_credits=1.5),
        await shelf.add(seed=2, cost_credits=2),
        await shelf.add(seed=3, model_id="painter/slow", operation="upscale", cost_credits=4),
        await shelf.add(seed=4, cost_credits=8),
    ]
    await put_in(client, project, *(image.id for image in made))
    await client.delete(f"/api/images/{made[3].id}")
    await rows(shelf.studio, "UPDATE images SET created_at = '2026-02-01T00:00:00Z'")
    await rows(
        shelf.studio,
        f"UPDATE images SET is_favorite = true, created_at = '2026-01-31T23:59:59Z' WHERE id = '{made[0].id}'",
    )
    found = (await client.get(f"{PROJECTS}/{project['id']}/analytics")).json()
    assert (found["images"], found["favorites"], found["credits"]) == (3, 1, 7.5)
    assert found["bytes"] == sum(image.file_size for image in made[:3])
    assert [(one["of"], one["images"], one["credits"]) for one in found["by_model"]] == [
        ("painter/fast", 2, 3.5),
        ("painter/slow", 1, 4),
    ]
    assert [one["of"] for one in found["by_operation"]] == ["text-to-image", "upscale"]
    days = [("2026-01-31", 1), ("2026-02-01", 2)]
    assert (found["step"], [(one["of"], one["images"]) for one in found["over_time"]]) == ("day", days)
    await rows(shelf.studio, f"UPDATE images SET created_at = '2025-03-09' WHERE id = '{made[0].id}'")
    found = (await client.get(f"{PROJECTS}/{project['id']}/analytics")).json()
    months = ["2025-03-01", "2026-02-01"]
    assert (found["step"], [one["of"] for one in found["over_time"]]) == ("month", months)


@pytest.mark.usefixtures("worker")
async def test_what_is_made_for_a_project_lies_in_it(server: Server) -> None:
    client = await server.member()
    project = await begin(client, "Spring")
    answer = await client.post(
        "/api/images/generate",
        json={"prompt": "a fox", "num_images": 2, "project_id": project["id"]},
        headers={"Prefer": "wait=20"},
    )
    assert [image["project_id"] for image in answer.json()["images"]] == [project["id"]] * 2
    assert (await get(client, project))["image_count"] == 2
