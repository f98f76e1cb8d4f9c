"""Clearing up by a rule: off until somebody turns it on, tried first, followed once a day, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.audit import AuditRow
from easel.features.collections.models import Collection
from easel.features.library.models import CollectionImage, Image
from easel.features.projects.models import Project
from easel.features.upkeep.models import CleanupRule
from easel.features.upkeep.service import cleanup
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture

pytestmark = pytest.mark.anyio

UNWANTED = {"rated": False, "favorite": False, "project_id": "none", "collection_id": "none"}
RULE: Mapping[str, Any] = {"enabled": True, "older_than_days": 30, "filter": UNWANTED}
URL = "/api/settings/cleanup"


async def hang(shelf: Shelf, *, days: int = 100, touched: int | None = None, **values: Any) -> str:
    """Put a picture on the shelf that was made, and last changed, so many days ago."""
    image = await shelf.add(picture(1))
    changed = now() - timedelta(days=days if touched is None else touched)
    values = {"created_at": now() - timedelta(days=days), "updated_at": changed, **values}
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(update(Image).where(Image.id == image.id).values(**values))
    return str(image.id)


async def wait_a_day(shelf: Shelf) -> None:
    """A day goes by for the rules, and a worker looks after them."""
    async with shelf.studio.work(Actor.system()) as work:
        passed = CleanupRule.next_run_at - timedelta(days=1, minutes=1)
        await work.session.execute(update(CleanupRule).values(next_run_at=passed))
    await cleanup.run_due(shelf.studio)


async def set_rule(shelf: Shelf, **said: Any) -> dict[str, Any]:
    answer = await shelf.client.put(URL, json={**RULE, **said})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_nobody_wants_goes_once_a_day_and_comes_back(shelf: Shelf, open_shelf: OpenShelf) -> None:
    project, collection = uuid4(), uuid4()
    owner = {"workspace_id": shelf.actor.workspace, "user_id": shelf.actor.user}
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(Project(id=project, name="Sea", category="", **owner))
        work.session.add(Collection(id=collection, name="Best", **owner))
    unwanted = [await hang(shelf, days=200), await hang(shelf, days=40)]
    held = await hang(shelf)
    await hang(shelf, rating=1)
    await hang(shelf, is_favorite=True)
    await hang(shelf, project_id=project)
    await hang(shelf, days=5)
    await hang(shelf, touched=5)
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(CollectionImage(collection_id=collection, image_id=held))
    other = await open_shelf("bob@example.com")
    await hang(other)

    before = (await shelf.client.get(URL)).json()
    assert not before["enabled"]
    assert before["filter"]["rated"] is False
    dry = (await shelf.client.post(f"{URL}/dry-run", json=RULE)).json()
    assert [image["id"] for image in dry["first"]] == unwanted
    assert (dry["images"], dry["bytes"]) == (2, sum(image["file_size"] for image in dry["first"]))
    await cleanup.run_due(shelf.studio)
    assert len(await shelf.ids()) == 8

    # Not at once: a day later.
    assert (await set_rule(shelf))["runs"] == []
    await cleanup.run_due(shelf.studio)
    assert len(await shelf.ids()) == 8
    await wait_a_day(shelf)
    assert set(await shelf.ids("&trashed=true")) == set(unwanted)
    assert len(await other.ids()) == 1
    (run,) = (await shelf.client.get(URL)).json()["runs"]
    assert (run["images"], run["bytes"]) == (2, dry["bytes"])
    async with shelf.studio.work(Actor.system()) as work:
        audited = select(func.count()).where(AuditRow.action.in_(("cleanup.changed", "cleanup.ran")))
        assert await work.session.scalar(audited) == 2

    # What was taken back is touched, and stays.
    assert (await shelf.client.post(f"/api/images/undo/{run['undo_id']}")).json()["changed"] == 2
    await wait_a_day(shelf)
    assert len(await shelf.ids()) == 8
    latest, first = (await shelf.client.get(URL)).json()["runs"]
    assert (latest["images"], latest["undo_id"], first["undo_id"]) == (0, None, None)

    assert (await set_rule(shelf, enabled=False))["next_run_at"] is None


@pytest.mark.usefixtures("worker")
async def test_a_rule_is_a_filter_of_the_gallery(shelf: Shelf) -> None:
    for said, code in (
        ({"filter": {}}, "too_wide"),
        ({"filter": {"tags_mode": "any"}}, "too_wide"),
        ({"filter": {"trashed": True}}, "not_supported"),
        ({"filter": {"nonsense": 1}}, "extra_forbidden"),
        ({"older_than_days": 0}, "greater_than_equal"),
    ):
        for method, path in (("PUT", URL), ("POST", f"{URL}/dry-run")):
            answer = await shelf.client.request(method, path, json={**RULE, **said})
            assert answer.status_code == 422, answer.text
            assert answer.json()["errors"][0]["code"] == code
    mine = await hang(shelf, tags=["sketch"])
    await hang(shelf)
    kept = await set_rule(shelf, filter={"tags": ["sketch"], "created_to": "2100-01-01T00:00:00Z"})
    assert kept["filter"]["tags"] == ["sketch"]
    first = kept["next_run_at"]
    assert (await set_rule(shelf, older_than_days=31))["next_run_at"] == first
    await set_rule(shelf, filter={"tags": ["sketch"]})
    await wait_a_day(shelf)
    assert await shelf.ids("&trashed=true") == [mine]


async def test_a_rule_whose_owner_is_gone_is_turned_off(shelf: Shelf) -> None:
    await hang(shelf)
    await set_rule(shelf)
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(update(CleanupRule).values(user_id=None))
    await wait_a_day(shelf)
    found = (await shelf.client.get(URL)).json()
    assert (found["enabled"], found["next_run_at"], found["runs"]) == (False, None, [])
    assert len(await shelf.ids()) == 1


async def test_the_gallery_filters_by_what_a_rule_asks(shelf: Shelf) -> None:
    rated = await hang(shelf, rating=3)
    loose = await hang(shelf, days=300)
    owner = {"workspace_id": shelf.actor.workspace, "user_id": shelf.actor.user}
    collection, smart = uuid4(), uuid4()
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(Collection(id=collection, name="Best", **owner))
        work.session.add(Collection(id=smart, name="Rated", filter={"rated": True}, **owner))
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(CollectionImage(collection_id=collection, image_id=rated))
    for query, expected in (
        ("&rated=true", [rated]),
        ("&rated=false", [loose]),
        ("&collection_id=none", [loose]),
        ("&collection_id=none&aspect=square", [loose]),
        (f"&collection_id={collection}", [rated]),
        (f"&updated_to={(now() - timedelta(days=200)):%Y-%m-%dT%H:%M:%SZ}", [loose]),
        (f"&project_id={uuid4()}", []),
    ):
        assert await shelf.ids(query) == expected, query
    facets = (await shelf.client.get("/api/images/facets")).json()
    assert facets["collection_id"] == {str(collection): 1, "none": 1}

    # A smart collection is narrowed by one made by hand, and never by another smart one.
    async def smart_of(within: str) -> Any:
        body = {"name": "Within", "filter": {"rated": True, "collection_id": within}}
        return await shelf.client.post("/api/collections", json=body)

    assert (await smart_of(str(collection))).json()["image_count"] == 1
    assert (await smart_of("none")).json()["image_count"] == 0
    for within, code in ((smart, "not_supported"), (uuid4(), "collection_not_found")):
        problem = problem_of(await smart_of(str(within)), 422, "invalid_input")
        assert problem.errors is not None
        assert [error.code for error in problem.errors] == [code]
