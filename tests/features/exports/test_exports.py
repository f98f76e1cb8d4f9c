"""Pictures as a ZIP over HTTP: what it holds, the same bytes from anywhere, and what comes between."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.exports.models import Export
from easel.features.exports.service import sweeping
from easel.features.library import service as library
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf, picture

pytestmark = pytest.mark.anyio

ASYNC = {"Prefer": "respond-async"}
PAPERS = ["contact-sheet.html", "images.csv", "images.json"]


def opened(data: bytes) -> dict[str, bytes]:
    """What a ZIP holds, in its order; every checksum is looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len({name.casefold() for name in names}) == len(names)
        return {name: archive.read(name) for name in names}


async def until_ready(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            export: dict[str, Any] = (await client.get(f"/api/exports/{id}")).json()
            if export["status"] != "preparing":
                return export
            await asyncio.sleep(0.1)


async def copies(shelf: Shelf, image_id: UUID, number: int) -> None:
    """More rows of a picture, all of the same file."""
    async with shelf.studio.work(shelf.actor) as work:
        columns = (
            "workspace_id, user_id, file_path, content_hash, format, width, height, file_size, operation, prompt, "
            "negative_prompt, model_id, model_version, parameters, alt_text, created_at, updated_at"
        )
        await work.session.execute(
            text(
                f"INSERT INTO images (id, {columns}) SELECT gen_random_uuid(), {columns} "
                "FROM images, generate_series(1, :number) WHERE images.id = :id"
            ),
            {"number": number, "id": image_id},
        )


async def test_what_a_zip_of_chosen_pictures_holds(shelf: Shelf, tmp_path: Path) -> None:
    odd = "<script>alert('x')</script> =HYPERLINK(1) / \\ : * ? \" | \u202e 狐 é " + "long " * 60
    fox = await shelf.add(seed=1, prompt="a red fox")
    named = await shelf.add(seed=2, prompt=odd, negative_prompt="<b>", parameters={"</dl>": "<img src=x>"})
    con = await shelf.add(seed=3, prompt="...")
    await shelf.client.put(f"/api/images/{fox.id}", json={"title": "A red fox", "tags": ["=1+1"]})
    await library.make_renditions(shelf.studio, fox.id)
    ids = [str(image.id) for image in (named, fox, con)]
    answer = await shelf.client.post("/api/images/export", json={"ids": [*ids, ids[0]]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"].startswith('attachment; filename="Pictures 20')
    files = opened(answer.content)
    first, second, third, *rest = files
    assert first.startswith("originals/0001-script-alert-x-script-hyperlink-1-狐-é-long-long")
    assert len(first) < 90
    assert [second, third] == ["originals/0002-a-red-fox.png", "originals/0003.png"]
    assert rest == ["thumbnails/0002-a-red-fox.webp", *PAPERS]
    assert [files[first], files[second], files[third]] == [picture(2), picture(1), picture(3)]
    thumbnail = await shelf.client.get(
        f"/api/images/{fox.id}/thumbnail/512", headers={"Accept": "image/webp"}
    )
    assert files[rest[0]] == thumbnail.content

    records = json.loads(files["images.json"])
    told = (await shelf.client.get(f"/api/images/{fox.id}")).json()
    assert [record["file"] for record in records] == [first, second, third]
    assert records[1] == {"file": second, **{name: told[name] for name in records[1] if name != "file"}}
    assert "url" not in records[1]
    table = list(csv.DictReader(io.StringIO(files["images.csv"].decode("utf-8-sig"))))
    assert [row["id"] for row in table] == ids
    assert (table[1]["title"], table[1]["tags"]) == ("A red fox", "'=1+1")
    assert table[0]["prompt"] == records[0]["prompt"] == named.prompt

    sheet = files["contact-sheet.html"].decode()
    assert sheet.count("<img ") == 3
    assert "<script" not in sheet
    assert "<b>" not in sheet
    assert "&lt;script&gt;alert(&#x27;x&#x27;)" in sheet
    assert "&lt;img src=x&gt;" in sheet
    assert 'src="thumbnails/0002-a-red-fox.webp"' in sheet
    assert 'href="originals/0001-script-alert-x-script-hyperlink-1-%E7%8B%90' in sheet

    (tmp_path / "export.zip").write_bytes(answer.content)
    command = ["unzip", "-tqq", str(tmp_path / "export.zip")]
    tested = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout + tested.stderr


async def test_the_same_bytes_from_anywhere_and_whatever_changes(shelf: Shelf) -> None:
    images = [await shelf.add(seed=seed) for seed in range(6)]
    for image in images[:3]:
        await library.make_renditions(shelf.studio, image.id)
    ids = [str(image.id) for image in images]
    begun = await shelf.client.post("/api/images/export", json={"ids": ids}, headers=ASYNC)
    assert begun.status_code == 202, begun.text
    export = begun.json()
    assert (export["status"], export["images"], export["job_id"]) == ("ready", 6, None)
    url = export["download_url"]
    # What goes on meanwhile changes nothing: the archive is what it was when it was asked for.
    await shelf.client.put(f"/api/images/{ids[0]}", json={"title": "Another", "notes": "new"})
    await shelf.client.delete(f"/api/images/{ids[1]}")

    # Parts first: none of the checksums is known yet.
    size, tag = export["size"], (await shelf.client.head(url)).headers["etag"]
    broken = random.Random(4).sample(range(size), 25)
    tails = {start: await shelf.client.get(url, headers={"Range": f"bytes={start}-"}) for start in broken}
    whole = await shelf.client.get(url)
    assert (whole.status_code, len(whole.content), whole.headers["etag"]) == (200, size, tag)
    opened(whole.content)
    for start, tail in tails.items():
        assert (tail.status_code, tail.headers["etag"]) == (206, tag)
        assert tail.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
        assert tail.content == whole.content[start:], start
    for start, end in ((0, 0), (30, 90), (size // 2, size // 2 + 999), (size - 30, size - 1)):
        part = await shelf.client.get(url, headers={"Range": f"bytes={start}-{end}", "If-Range": tag})
        assert (part.status_code, part.content) == (206, whole.content[start : end + 1])
    other = await shelf.client.get(url, headers={"Range": "bytes=10-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)
    assert (await shelf.client.get(url, headers={"If-None-Match": tag})).status_code == 304
    assert (await shelf.client.get(url, headers={"Range": f"bytes={size}-"})).status_code == 416
    head = await shelf.client.head(url)
    assert (head.content, head.headers["content-length"]) == (b"", str(size))


@pytest.mark.usefixtures("worker")
async def test_many_come_while_they_are_prepared(shelf: Shelf) -> None:
    await shelf.add(seed=1, prompt="the first")
    image = await shelf.add(seed=2, prompt="one of many")
    await copies(shelf, image.id, 450)
    begun = await shelf.client.post("/api/images/export", json={"filter": {"q": "many"}})
    assert begun.status_code == 202, begun.text
    export = begun.json()
    assert (export["images"], export["job_id"]) == (451, export["id"])
    early = await shelf.client.get(export["download_url"])
    ready = await until_ready(shelf.client, export["id"])
    assert (ready["status"], ready["size"]) == ("ready", len(early.content))
    job = (await shelf.client.get(f"/api/jobs/{export['job_id']}")).json()
    assert (job["status"], job["result"]) == ("completed", {"images": 451, "size": ready["size"]})
    files = opened(early.content)
    assert sum(name.startswith("originals/") for name in files) == 451
    assert len(json.loads(files["images.json"])) == 451
    later = await shelf.client.get(export["download_url"], headers={"If-Range": early.headers["etag"]})
    assert later.content == early.content


async def test_originals_that_are_lost_are_left_out_and_told_of(shelf: Shelf) -> None:
    kept, lost = await shelf.add(seed=1), await shelf.add(seed=2)
    await shelf.studio.storage.delete(lost.file_path)
    answer = await shelf.client.post("/api/images/export", json={"ids": [str(lost.id), str(kept.id)]})
    files = opened(answer.content)
    assert list(files) == ["originals/0002-a-red-fox.png", *PAPERS]
    assert [record["file"] for record in json.loads(files["images.json"])] == [
        None,
        "originals/0002-a-red-fox.png",
    ]
    assert "The original is lost." in files["contact-sheet.html"].decode()


async def test_what_was_deleted_for_good_is_not_handed_out(shelf: Shelf, studio: Studio) -> None:
    kept, gone = await shelf.add(seed=1), await shelf.add(seed=2)
    body = {"ids": [str(kept.id), str(gone.id)]}
    export = (await shelf.client.post("/api/images/export", json=body, headers=ASYNC)).json()
    async with studio.work(Actor.system()) as work:
        await work.session.execute(text("DELETE FROM images WHERE id = :id"), {"id": gone.id})
    for headers in ({}, {"Range": "bytes=50-"}):
        problem_of(await shelf.client.get(export["download_url"], headers=headers), 410, "export_outdated")
    now_is = (await shelf.client.get(f"/api/exports/{export['id']}")).json()
    assert now_is["status"] == "outdated"

    again = (
        await shelf.client.post("/api/images/export", json={"ids": [str(kept.id)]}, headers=ASYNC)
    ).json()
    await studio.storage.delete(kept.file_path)
    problem_of(await shelf.client.get(again["download_url"]), 410, "export_outdated")


async def test_projects_and_collections(shelf: Shelf, open_shelf: OpenShelf) -> None:
    a, b, c = [await shelf.add(seed=seed, prompt=f"number {seed}") for seed in range(3)]
    project = (await shelf.client.post("/api/projects", json={"name": "Spring / ü"})).json()
    address = f"/api/projects/{project['id']}/export"
    problem_of(await shelf.client.post(address), 422, "nothing_to_export")
    ids = [str(a.id), str(b.id)]
    await shelf.client.post(f"/api/projects/{project['id']}/images/add", json={"ids": ids})
    of_project = await shelf.client.post(address)
    assert list(opened(of_project.content))[:2] == [
        "originals/0001-number-1.png",
        "originals/0002-number-0.png",
    ]
    assert "Spring%20_%20%C3%BC" in of_project.headers["content-disposition"]
    assert "<h1>Spring / ü</h1>" in opened(of_project.content)["contact-sheet.html"].decode()

    made = (await shelf.client.post("/api/collections", json={"name": "Board"})).json()
    ids = [str(c.id), str(a.id)]
    await shelf.client.post(f"/api/collections/{made['id']}/images", json={"ids": ids})
    by_hand = await shelf.client.post(f"/api/collections/{made['id']}/export")
    assert list(opened(by_hand.content))[:2] == ["originals/0001-number-2.png", "originals/0002-number-0.png"]
    smart = (
        await shelf.client.post("/api/collections", json={"name": "Smart", "filter": {"q": '"number 1"'}})
    ).json()
    by_filter = await shelf.client.post(f"/api/collections/{smart['id']}/export")
    assert list(opened(by_filter.content)) == ["originals/0001-number-1.png", *PAPERS]

    other = await open_shelf("bob@example.com")
    for path, code in (
        (address, "project_not_found"),
        (f"/api/collections/{made['id']}/export", "collection_not_found"),
    ):
        problem_of(await other.client.post(path), 404, code)


async def test_what_cannot_be_exported(shelf: Shelf, open_shelf: OpenShelf) -> None:
    mine = await shelf.add(seed=1)
    other = await open_shelf("bob@example.com")
    theirs = await other.add(seed=2)

    async def refused(body: dict[str, Any], status: int, code: str) -> None:
        problem_of(await shelf.client.post("/api/images/export", json=body), status, code)

    await refused({"ids": [str(mine.id), str(theirs.id)]}, 404, "image_not_found")
    await refused({"ids": [str(uuid4())]}, 404, "image_not_found")
    await refused({"ids": []}, 422, "invalid_input")
    await refused({}, 422, "invalid_input")
    await refused({"filter": {"q": "nothing is like that"}}, 422, "nothing_to_export")
    await refused({"filter": {}, "other": 1}, 422, "invalid_input")

    body = {"ids": [str(mine.id)]}
    export = (await shelf.client.post("/api/images/export", json=body, headers=ASYNC)).json()
    for path in (f"/api/exports/{export['id']}", export["download_url"]):
        problem_of(await other.client.get(path), 404, "export_not_found")


async def test_exports_end_after_a_day(shelf: Shelf, studio: Studio) -> None:
    image = await shelf.add(seed=1)
    body = {"ids": [str(image.id)]}
    old, gone, new = [
        (await shelf.client.post("/api/images/export", json=body, headers=ASYNC)).json() for _ in range(3)
    ]

    async def kept() -> set[str]:
        return {file.key.split("/")[1] async for file in studio.storage.list("exports")}

    assert await kept() == {old["id"], gone["id"], new["id"]}
    async with studio.work(Actor.system()) as work:
        await work.session.execute(
            update(Export).where(Export.id == UUID(old["id"])).values(expires_at=now())
        )
        await work.session.execute(text("DELETE FROM exports WHERE id = :id"), {"id": gone["id"]})
    problem_of(await shelf.client.get(old["download_url"]), 404, "export_not_found")
    await sweeping.tidy(studio)
    assert await kept() == {gone["id"], new["id"]}
    await sweeping.remove_orphans(studio)
    assert await kept() == {new["id"]}
    opened((await shelf.client.get(new["download_url"])).content)
