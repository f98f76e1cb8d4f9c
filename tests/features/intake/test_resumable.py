"""Uploads in parts by the tus protocol: cut, gone on with, finished once, given up."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from easel.base.clock import now
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.intake.models import Upload
from easel.features.intake.service import resumable
from tests.media import foreign_files
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
PATH = "/api/images/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
DATA = foreign_files.png({"parameters": foreign_files.A1111})


@pytest.fixture
async def ada(server: Server) -> httpx.AsyncClient:
    return await server.member()


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


async def begin(client: httpx.AsyncClient, length: int = len(DATA), **values: str) -> str:
    headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": metadata(**values)}
    answer = await client.post(PATH, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-offset"] == "0"
    return answer.headers["location"]


async def patch(client: httpx.AsyncClient, url: str, offset: int, data: bytes) -> httpx.Response:
    headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return await client.patch(url, headers=headers, content=data)


async def parts(studio: Studio) -> list[str]:
    return [file.key async for file in studio.storage.list("uploads")]


async def test_in_parts_to_a_picture(ada: httpx.AsyncClient, studio: Studio) -> None:
    options = await ada.options(PATH)
    assert (options.status_code, options.headers["tus-version"]) == (204, "1.0.0")
    assert options.headers["tus-extension"] == "creation,expiration,termination"
    url = await begin(ada, filename="fox ü.png", tags="one,two")
    assert (await patch(ada, url, 0, DATA[:1000])).headers["upload-offset"] == "1000"
    head = await ada.head(url, headers=TUS)
    assert (head.status_code, head.headers["upload-offset"], head.headers["upload-length"]) == (
        200,
        "1000",
        str(len(DATA)),
    )
    assert head.headers["cache-control"] == "no-store"
    problem_of(await patch(ada, url, 999, b"x"), 409, "offset_conflict")
    problem_of(await patch(ada, url, 1000, DATA[1000:] + b"x"), 413, "file_too_large")
    at = int((await ada.head(url, headers=TUS)).headers["upload-offset"])
    last = await patch(ada, url, at, DATA[at:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(DATA)))
    told = (await ada.get(url)).json()
    assert (told["status"], told["file_name"], told["error"]) == ("done", "fox ü.png", None)
    image = (await ada.get(f"/api/images/{told['image_id']}")).json()
    assert image["prompt"].startswith("a red fox")
    assert image["tags"] == ["one", "two"]
    assert (await ada.get(image["url"])).content == DATA
    assert await parts(studio) == []


async def test_a_cut_connection_keeps_what_came(server: Server, ada: httpx.AsyncClient) -> None:
    data = DATA + bytes(9_000_000)  # behind a PNG's end anything may stand
    url = await begin(ada, len(data))
    _, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(server.url).port)
    head = f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n"
    head += "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
    writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data[:-1000])
    await writer.drain()
    at = 0
    async with asyncio.timeout(60):
        while not at:
            at = int((await ada.head(url, headers=TUS)).headers["upload-offset"])
    assert 8_000_000 <= at < len(data)
    writer.close()
    await writer.wait_closed()
    async with asyncio.timeout(60):
        # What was on its way when the connection broke may still be written down.
        while (answer := await patch(ada, url, at, data[at:])).status_code == 409:
            at = int((await ada.head(url, headers=TUS)).headers["upload-offset"])
    assert answer.status_code == 204
    told = (await ada.get(url)).json()
    assert told["status"] == "done"
    assert (await ada.get(f"/api/images/{told['image_id']}/file")).content == data


async def test_two_that_go_on_at_once_make_one_picture(ada: httpx.AsyncClient, studio: Studio) -> None:
    url = await begin(ada)
    ends = await asyncio.gather(*(patch(ada, url, 0, DATA) for _ in range(4)))
    codes = sorted(end.status_code for end in ends)
    assert codes[0] == 204
    assert set(codes[1:]) <= {204, 409}
    assert (await ada.get("/api/images?count=true")).json()["total"] == 1
    assert await parts(studio) == []


async def test_what_is_no_picture_fails_and_says_so(ada: httpx.AsyncClient, studio: Studio) -> None:
    url = await begin(ada, 5, filename="x.txt")
    problem_of(await patch(ada, url, 0, b"hello"), 422, "not_an_image")
    told = (await ada.get(url)).json()
    assert (told["status"], told["error"]["code"], told["error"]["name"]) == (
        "failed",
        "not_an_image",
        "x.txt",
    )
    problem_of(await patch(ada, url, 5, b""), 409, "offset_conflict")
    assert await parts(studio) == []


async def test_who_may_and_what_is_asked_for(ada: httpx.AsyncClient, server: Server) -> None:
    url = await begin(ada)
    eve = await server.member("eve@example.com")
    problem_of(await eve.get(url), 404, "upload_not_found")
    problem_of(await patch(eve, url, 0, b"x"), 404, "upload_not_found")
    problem_of(await eve.delete(url, headers=TUS), 404, "upload_not_found")
    problem_of(
        await ada.post(PATH, headers={"Upload-Length": "5", "Tus-Resumable": "0.2.2"}),
        412,
        "tus_version_refused",
    )
    problem_of(await ada.post(PATH, headers=TUS | {"Upload-Length": "x"}), 422, "invalid_input")
    large = TUS | {"Upload-Length": str(1 << 40)}
    problem_of(await ada.post(PATH, headers=large), 413, "file_too_large")
    broken = TUS | {"Upload-Length": "5", "Upload-Metadata": "filename !!"}
    problem_of(await ada.post(PATH, headers=broken), 422, "invalid_input")
    plain = await ada.patch(url, headers=TUS | {"Upload-Offset": "0"}, content=b"x")
    problem_of(plain, 415, "not_a_patch")


async def test_given_up_and_forgotten(ada: httpx.AsyncClient, studio: Studio) -> None:
    url = await begin(ada)
    await patch(ada, url, 0, b"x" * 100)
    assert (await ada.delete(url, headers=TUS)).status_code == 204
    problem_of(await ada.get(url), 404, "upload_not_found")
    assert await parts(studio) == []
    old = await begin(ada)
    await patch(ada, old, 0, b"x" * 100)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(update(Upload).values(updated_at=now() - timedelta(days=2)))
    await resumable.tidy(studio)
    problem_of(await ada.get(old), 404, "upload_not_found")
    assert await parts(studio) == []


async def test_a_worker_finishes_what_a_dead_process_left(ada: httpx.AsyncClient, studio: Studio) -> None:
    url = await begin(ada, len(DATA), duplicates="skip")
    await patch(ada, url, 0, DATA[:-1])
    # As a process leaves it that dies between the last part and the picture.
    async with studio.work(Actor.system()) as work:
        key = "uploads/" + url.rpartition("/")[2] + "/last"
        await studio.storage.put(key, DATA[-1:])
        row = (await work.session.scalars(select(Upload))).one()
        row.parts, row.received = [*row.parts, key], len(DATA)
        row.updated_at = now() - timedelta(minutes=5)
    await resumable.tidy(studio)
    told = (await ada.get(url)).json()
    assert told["status"] == "done"
    assert (await ada.get(f"/api/images/{told['image_id']}")).json()["content_hash"]
