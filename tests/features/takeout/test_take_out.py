"""Everything out as one ZIP and in again elsewhere: the same library, record by record and byte by byte."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

import pytest
from sqlalchemy import update

from easel.base.settings import Settings
from easel.core.work import Studio
from easel.features.library.models import Image
from easel.features.takeout.service import bring_in as importing
from easel.storage.base import Storage
from tests.features.takeout.steps import NOTHING, bring_in, ended, export, send, unpacked, until
from tests.plugins.shelf import OpenShelf, Shelf, picture
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio

NEW_HERE = {"id", "workspace_id", "generation_id", "parent_image_id", "file", "project_id"}


def records(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[f"records/{name}.json"])
    return found


async def fill(shelf: Shelf) -> list[UUID]:
    """A shelf with all that a library can hold: parents, generations, ratings, notes, trash, twins."""
    made = await shelf.client.post(
        "/api/images/generate",
        json={"prompt": 'a harbour, at <dusk> & "dawn"', "num_images": 2},
        headers={"Prefer": "wait=30"},
    )
    assert made.json()["status"] == "completed", made.text
    first, second = (UUID(image["id"]) for image in made.json()["images"])
    child = await shelf.add(seed=3, prompt="=1+1 снег и лес 雪", parent_image_id=first)
    twin = await shelf.add(seed=3, prompt="a twin")
    gone = await shelf.add(seed=5, prompt="in the trash", parent_image_id=child.id)
    async with shelf.studio.work(shelf.actor) as work:
        await work.session.execute(
            update(Image)
            .where(Image.id == second)
            .values(
                rating=4, notes="line one\nline two", tags=["sea", "a, b"], title="Harbour", is_favorite=True
            )
        )
    assert (await shelf.client.delete(f"/api/images/{gone.id}")).status_code == 204
    return [first, second, child.id, twin.id, gone.id]


@pytest.mark.usefixtures("worker")
async def test_the_same_library_comes_back(shelf: Shelf, open_shelf: OpenShelf) -> None:
    ids = await fill(shelf)
    data = await export(shelf.client)
    files = unpacked(data)
    other = await open_shelf("grace@example.com")
    job = await bring_in(other.client, data)
    assert job["status"] == "completed", job
    assert job["result"] == NOTHING | {"images": 5, "generations": 1}
    assert (job["percent"], job["error"]) == (100.0, None)
    back = unpacked(await export(other.client))

    before = {image["content_hash"] + image["prompt"]: image for image in records(files, "images")}
    after = {image["content_hash"] + image["prompt"]: image for image in records(back, "images")}
    assert len(before) == len(ids)
    assert before.keys() == after.keys()
    for key, image in before.items():
        same = after[key]
        assert {name: value for name, value in image.items() if name not in NEW_HERE} == {
            name: value for name, value in same.items() if name not in NEW_HERE
        }
        assert files[image["file"]] == back[same["file"]]
        assert hashlib.sha256(back[same["file"]]).hexdigest() == image["content_hash"]
        assert same["id"] != image["id"]
    hash_of = {
        image["id"]: image["content_hash"] + image["prompt"] for image in [*before.values(), *after.values()]
    }
    for key, image in before.items():
        assert hash_of.get(image["parent_image_id"]) == hash_of.get(after[key]["parent_image_id"])
    (generation,), (generation_back,) = records(files, "generations"), records(back, "generations")
    assert {name: value for name, value in generation.items() if name not in NEW_HERE} == {
        name: value for name, value in generation_back.items() if name not in NEW_HERE
    }
    made = [image for image in before.values() if image["generation_id"] == generation["id"]]
    made_back = [image for image in after.values() if image["generation_id"] == generation_back["id"]]
    assert len(made) == len(made_back) == 2

    assert await other.image_count() == await shelf.image_count() == 4
    assert len(await other.ids("&trashed=true")) == 1

    async def rendered() -> bool:
        images = (await other.client.get("/api/images?limit=100")).json()["items"]
        return all(image["rendered"] for image in images)

    await until(rendered)


@pytest.mark.usefixtures("worker")
async def test_importing_twice_adds_nothing(shelf: Shelf, open_shelf: OpenShelf) -> None:
    await fill(shelf)
    data = await export(shelf.client)
    other = await open_shelf("grace@example.com")
    await bring_in(other.client, data)
    again = await bring_in(other.client, data)
    assert again["result"] == NOTHING | {"already_there": 5}
    at_home = await bring_in(shelf.client, data)
    assert at_home["result"] == NOTHING | {"already_there": 5}
    assert await other.image_count() == await shelf.image_count() == 4
    jobs = (await other.client.get("/api/jobs?kind=import")).json()["items"]
    assert [job["status"] for job in jobs] == ["completed", "completed"]


@pytest.mark.usefixtures("worker")
async def test_what_is_in_the_zip(shelf: Shelf) -> None:
    await fill(shelf)
    data = await export(shelf.client)
    files = unpacked(data)
    manifest = json.loads(files.pop("manifest.json"))
    assert (manifest["format"], manifest["version"], manifest["missing"]) == ("easel-take-out", 2, [])
    counts = {name: number for name, number in manifest["counts"].items() if number}
    # The child, its child in the trash, and what they came from.
    made = {"images": 5, "generations": 1, "lineage": 3, "workspaces": 1, "usage": 1, "audit": 2}
    assert counts == made | {"files": len(files)}
    said = {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    assert said == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    with ZipFile(io.BytesIO(data)) as zip:
        stored = {info.filename for info in zip.infolist() if info.compress_type == ZIP_STORED}
    assert stored == {name for name in files if name.startswith("originals/")}

    profile = json.loads(files["records/profile.json"])
    assert (profile["email"], profile["name"]) == ("ada@example.com", "Ada")
    assert b"password" not in files["records/profile.json"]
    assert [space["kind"] for space in records(files, "workspaces")] == ["personal"]
    table = list(csv.DictReader(io.StringIO(files["images.csv"].decode("utf-8-sig"))))
    assert len(table) == 5
    assert "'=1+1 снег и лес 雪" in {row["prompt"] for row in table}
    sheet = files["contact-sheet.html"].decode()
    assert sheet.count("<img ") == 5
    assert "at &lt;dusk&gt; &amp; &quot;dawn&quot;" in sheet
    assert "<dusk>" not in sheet
    assert sum(1 for name in files if name.startswith("originals/a-harbour-at-dusk-dawn-")) == 2


async def test_an_empty_account_has_a_take_out_too(server: Server, worker: None) -> None:
    client = await server.member()
    job = await bring_in(client, await export(client))
    assert job["result"] == NOTHING


@pytest.mark.usefixtures("worker")
async def test_a_lost_original_is_told_and_does_not_break_the_rest(
    shelf: Shelf, open_shelf: OpenShelf
) -> None:
    lost = await shelf.add(seed=1)
    await shelf.add(seed=2)
    await shelf.studio.storage.delete(lost.file_path)
    data = await export(shelf.client)
    files = unpacked(data)
    assert json.loads(files["manifest.json"])["missing"] == [str(lost.id)]
    assert {image["id"]: image["file"] is None for image in records(files, "images")}[str(lost.id)]
    other = await open_shelf("grace@example.com")
    job = await bring_in(other.client, data)
    assert job["result"] == NOTHING | {"images": 1, "missing": 1}


async def test_others_have_no_part_in_it(shelf: Shelf, open_shelf: OpenShelf, worker: None) -> None:
    other = await open_shelf("grace@example.com")
    await other.add(seed=9, prompt="a secret")
    await shelf.add(seed=1)
    files = unpacked(await export(shelf.client))
    assert b"a secret" not in b"".join(files.values())
    answer = await send(shelf.client, await export(shelf.client))
    address = answer.json()["links"]["self"]
    await ended(shelf.client, address)
    assert (await other.client.get(address)).status_code == 404
    assert (await other.client.get("/api/jobs")).json()["items"] == []
    assert (await shelf.client.post("/api/users/export", headers={"Authorization": ""})).status_code == 401


async def test_an_import_goes_on_after_its_worker_died(shelf: Shelf, open_shelf: OpenShelf) -> None:
    for seed in range(45):
        await shelf.add(seed=seed)
    data = await export(shelf.client)
    other = await open_shelf("grace@example.com")
    address = (await send(other.client, data)).json()["links"]["self"]
    job_id = UUID(address.rsplit("/", 1)[1])
    dying = asyncio.create_task(importing.run(other.studio, job_id))
    await until(other.ids)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    half = len(await other.ids())
    assert (await other.client.get(address)).json()["status"] == "running"
    await importing.run(other.studio, job_id)
    job = (await other.client.get(address)).json()
    assert job["status"] == "completed"
    assert len(await other.ids()) == 45
    assert job["result"]["images"] + job["result"]["already_there"] == 45
    assert job["result"]["already_there"] >= half
    assert [file async for file in other.studio.storage.list("imports")] == []


async def test_one_import_at_a_time(shelf: Shelf) -> None:
    await shelf.add()
    data = await export(shelf.client)
    assert (await send(shelf.client, data)).status_code == 202
    second = await send(shelf.client, data)
    assert (second.status_code, second.json()["code"]) == (409, "import_running")


class _Counting(Storage):
    """A store that counts the originals that are read from it."""

    reads = 0
    _before = -1

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage._store)

    async def idle(self) -> bool:
        """Whether nothing was read for a while."""
        before, self._before = self._before, self.reads
        await asyncio.sleep(0.5)
        return before == self.reads

    async def stream(self, key: str, **options: Any) -> AsyncGenerator[bytes, None]:
        self.reads += 1
        async for piece in super().stream(key, **options):
            yield piece


async def test_a_client_that_leaves_ends_the_work(settings: Settings, studio: Studio, shelf: Shelf) -> None:
    big = picture(1, 512, 512)
    for seed in range(400):
        await shelf.add(big if seed % 2 else None, seed=seed)
    counting = _Counting(studio.storage)
    async with serving(settings, replace(studio, storage=counting)) as server:
        client = server.client()
        client.headers["Authorization"] = shelf.client.headers["Authorization"]
        async with client.stream("POST", "/api/users/export") as answer:
            assert answer.status_code == 200
            await anext(answer.aiter_bytes())
        await until(counting.idle)
        assert 0 < counting.reads < 400
