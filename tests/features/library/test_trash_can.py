"""The end of pictures: the trash is emptied, by hand or by time, and files go when nobody needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from easel.base.clock import now
from easel.base.library_settings import LibrarySettings
from easel.core.actor import Actor
from easel.features.library import service
from easel.features.library.errors import QuotaExceeded
from easel.features.library.models import Image
from easel.features.library.service import trash_can
from easel.features.projects.models import Project
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture

pytestmark = pytest.mark.anyio


async def files(shelf: Shelf) -> set[str]:
    return {file.key async for file in shelf.studio.storage.list("originals")}


async def test_the_trash_is_emptied(shelf: Shelf, open_shelf: OpenShelf) -> None:
    other = await open_shelf("bob@example.com")
    kept, gone = await shelf.add(seed=1), await shelf.add(seed=2)
    shared, theirs = await shelf.add(seed=3), await other.add(seed=3)
    await service.make_renditions(shelf.studio, gone.id)
    for image in (gone, shared):
        await shelf.client.delete(f"/api/images/{image.id}")
    listed = (await shelf.client.get("/api/images/trash?count=true")).json()
    assert (listed["total"], {image["id"] for image in listed["items"]}) == (
        2,
        {str(gone.id), str(shared.id)},
    )

    begun = await shelf.client.delete("/api/images/trash")
    assert begun.status_code == 202, begun.text
    assert (await shelf.client.delete("/api/images/trash")).json() == begun.json(), "one at a time"
    later = await shelf.add(seed=4)
    await shelf.client.delete(f"/api/images/{later.id}")
    for _ in range(2):
        await trash_can.run(shelf.studio, UUID(begun.json()["job_id"]))
    job = (await shelf.client.get(f"/api/jobs/{begun.json()['job_id']}")).json()
    assert (job["status"], job["result"]) == ("completed", {"changed": 2, "failed": []})
    problem_of(await shelf.client.get(f"/api/images/{gone.id}"), 404, "image_not_found")
    assert await shelf.ids("&trashed=true") == [str(later.id)], (
        "what came after the emptying was asked for stays"
    )
    assert await files(shelf) == {kept.file_path, theirs.file_path, later.file_path}
    assert not [file async for file in shelf.studio.storage.list("renditions")]
    assert (await other.client.get(f"/api/images/{theirs.id}/file")).content == picture(3)


async def test_the_trash_is_purged_in_time(shelf: Shelf) -> None:
    first, second, fresh = await shelf.add(seed=1), await shelf.add(seed=1), await shelf.add(seed=2)
    for image, days in ((first, 31), (fresh, 29)):
        async with shelf.studio.work(Actor.system()) as work:
            aged = update(Image).where(Image.id == image.id).values(deleted_at=now() - timedelta(days=days))
            await work.session.execute(aged)
    await trash_can.purge(shelf.studio)
    assert await shelf.ids("&trashed=true") == [str(fresh.id)]
    assert await files(shelf) == {second.file_path, fresh.file_path}, "two pictures had one file"
    async with shelf.studio.work(Actor.system()) as work:
        aged = update(Image).values(deleted_at=now() - timedelta(days=31))
        await work.session.execute(aged)
    await trash_can.purge(shelf.studio)
    assert await files(shelf) == set()


async def test_use_of_storage_is_kept_and_limited(shelf: Shelf, open_shelf: OpenShelf) -> None:
    async def use() -> dict[str, Any]:
        found: dict[str, Any] = (await shelf.client.get("/api/images/storage")).json()
        return found

    await (await open_shelf("bob@example.com")).add(seed=9)
    empty: dict[str, Any] = {
        "bytes": 0,
        "images": 0,
        "quota": None,
        "bytes_of_user": 0,
        "bytes_of_projects": {},
    }
    assert await use() == empty
    a, b = await shelf.add(seed=1), await shelf.add(seed=1)
    size = len(picture(1))
    both = {**empty, "bytes": 2 * size, "images": 2, "bytes_of_user": 2 * size}
    assert await use() == {**both, "bytes_of_projects": {"none": 2 * size}}
    project = Project(workspace_id=shelf.actor.workspace, user_id=shelf.actor.user, name="Sea")
    async with shelf.studio.work(shelf.actor) as work:
        work.session.add(project)
    moved = await shelf.client.put(f"/api/images/{a.id}", json={"project_id": str(project.id)})
    assert moved.status_code == 200
    await shelf.client.delete(f"/api/images/{b.id}")
    assert await use() == {**both, "bytes_of_projects": {"none": size, str(project.id): size}}

    full = LibrarySettings.model_construct(trash_days=30, quota_bytes=2 * size + 10)
    async with shelf.studio.work(shelf.actor) as work:
        await service.require_room(work, 10**9)
        settings = work.studio.settings
        object.__setattr__(settings, "library", full)
    async with shelf.studio.work(shelf.actor) as work:
        await service.require_room(work, 10)
        with pytest.raises(QuotaExceeded):
            await service.require_room(work, 11)
    await shelf.add(seed=1)
    refused = await shelf.client.post("/api/images/generate", json={"prompt": "a fox", "size": "64x64"})
    assert str(3 * size) in problem_of(refused, 403, "quota_exceeded").detail.replace(",", "")
    async with shelf.studio.work(Actor.system()) as work:
        await work.session.execute(delete(Image))
    assert await use() == {**empty, "quota": 2 * size + 10}
