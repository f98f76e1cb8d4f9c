"""Uploads: what comes in, byte for byte and with what its file says of it, and what is refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx
import psutil
import pytest
import pyvips

from easel.base.open_internet import GuardedTransport
from easel.core.work import Studio
from easel.features.library.service import make_renditions
from easel.storage.base import StoredFile
from tests.core.test_outbound import answering, ok, to
from tests.media import foreign_files, pictures
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PATH = "/api/images/upload"
PNG = pictures.encoded(pictures.photo(64, 48), "png")


@pytest.fixture
async def ada(server: Server) -> httpx.AsyncClient:
    return await server.member()


def files(*given: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("file", (name, data, "application/octet-stream")) for name, data in given]


async def stored(studio: Studio) -> list[StoredFile]:
    return [file async for file in studio.storage.list("originals")]


async def test_each_kind_comes_in_byte_for_byte_and_stands_for_itself(
    ada: httpx.AsyncClient, studio: Studio
) -> None:
    frames = [pictures.plain(40, 30, color) for color in ((200, 30, 30), (30, 200, 30))]
    kinds = {kind: pictures.encoded(pictures.photo(40, 30), kind) for kind in pictures.FORMATS}
    kinds["gif"] = pictures.encoded(pictures.animated(frames), "gif")
    sent = files(*((f"dir/{kind}.bin", data) for kind, data in kinds.items()), ("bad <b>.txt", b"<svg/>"))
    answer = await ada.post(PATH, files=sent, params={"tag": ["mine", " a  b "]})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert [image["format"] for image in body["items"]] == list(kinds)
    (failed,) = body["failed"]
    assert (failed["name"], failed["code"]) == ("bad <b>.txt", "not_an_image")
    for image, (kind, data) in zip(body["items"], kinds.items(), strict=True):
        assert image["operation"] == "upload"
        assert (image["title"], image["tags"], image["model"]) == (kind, ["mine", "a b"], "")
        assert (await ada.get(image["url"])).content == data
        await make_renditions(studio, image["id"])
        thumbnail = await ada.get(image["thumbnails"]["256"])
        assert thumbnail.headers["content-type"] in ("image/webp", "image/avif")
        if kind == "gif":  # the first frame stands for it
            small = pyvips.Image.new_from_buffer(thumbnail.content, "")
            assert small.width == 40
            assert small(20, 15)[0] > 150
    assert studio.isolated.pids
    listed = (await ada.get("/api/images?operation=upload&count=true")).json()
    assert listed["total"] == 5


async def test_what_a_file_says_becomes_the_pictures_record(ada: httpx.AsyncClient) -> None:
    made = foreign_files.png({"parameters": foreign_files.A1111})
    shot = foreign_files.with_blobs("jpeg", xmp_data=foreign_files.XMP.encode())
    body = (await ada.post(PATH, files=files(("fox.png", made), ("kai.jpg", shot)))).json()
    fox, kai = body["items"]
    assert fox["prompt"].startswith("a red fox in the snow")
    assert (fox["negative_prompt"], fox["seed"], fox["title"]) == ("blurry, text", 1234567, None)
    assert fox["parameters"]["guidance"] == 6.5
    assert (kai["title"], kai["notes"], kai["rating"]) == ("Harbour", "Boats in the morning", 4)
    assert (kai["tags"], kai["alt_text"]) == (["boats", "sea side"], "Boats in the morning")


async def test_nothing_that_is_refused_stays(server: Server, ada: httpx.AsyncClient, studio: Studio) -> None:
    problem_of(await ada.post(PATH, files=files(("x.png", PNG[:-300]))), 422, "not_an_image")
    bomb = pictures.png_by_hand(20_000, 20_000)
    problem_of(await ada.post(PATH, files=files(("x.png", bomb))), 422, "image_too_large")
    two = problem_of(await ada.post(PATH, files=files(("x", b"x"), ("y", bomb))), 422, "nothing_came_in")
    assert [(one.field, one.code) for one in two.errors] == [("x", "not_an_image"), ("y", "image_too_large")]
    many = files(*(("x", b"x") for _ in range(101)))
    problem_of(await ada.post(PATH, files=many), 422, "invalid_input")
    problem_of(await ada.post(PATH, files=files(("x", PNG)), params={"colour": "red"}), 422, "invalid_input")
    # A body that breaks off after its first file.
    _, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(server.url).port)
    part = b'--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + PNG + b"\r\n"
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {ada.headers['authorization']}\r\n"
    head += "Content-Type: multipart/form-data; boundary=e\r\nContent-Length: 100000\r\n\r\n"
    writer.write(head.encode() + part + part[:-200])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await ada.get("/api/images?count=true")).json()["total"] == 0
    assert await stored(studio) == []


async def test_a_file_that_is_too_large_leaves_the_others(server: Server, studio: Studio) -> None:
    uploads = studio.settings.uploads.model_copy(update={"max_picture_bytes": len(PNG)})
    settings = studio.settings.model_copy(update={"uploads": uploads})
    async with serving(settings, replace(studio, settings=settings)) as narrow:
        ada = await narrow.member()
        answer = await ada.post(PATH, files=files(("large", PNG + b"x"), ("fits", PNG)))
        assert [image["title"] for image in answer.json()["items"]] == ["fits"]
        assert [one["code"] for one in answer.json()["failed"]] == ["file_too_large"]
        problem_of(await ada.post(PATH, files=files(("large", PNG + b"x"))), 413, "file_too_large")


async def test_the_same_bytes_again(ada: httpx.AsyncClient, server: Server) -> None:
    first = (await ada.post(PATH, files=files(("a.png", PNG)))).json()["items"][0]
    skip = {"duplicates": "skip"}
    again = (await ada.post(PATH, files=files(("b.png", PNG)), params=skip)).json()
    assert [image["id"] for image in again["items"]] == again["already_there"] == [first["id"]]
    added = (await ada.post(PATH, files=files(("b.png", PNG)))).json()
    assert added["already_there"] == []
    assert added["items"][0]["id"] != first["id"]
    other = pictures.encoded(pictures.photo(20, 20, seed=9), "png")
    racing = await asyncio.gather(*(ada.post(PATH, files=files(("c", other)), params=skip) for _ in range(6)))
    assert len({answer.json()["items"][0]["id"] for answer in racing}) == 1
    digest = hashlib.sha256(PNG).hexdigest()
    asked = {"hashes": [digest, "0" * 64]}
    assert (await ada.post(f"{PATH}/known", json=asked)).json() == {"known": [digest]}
    eve = await server.member("eve@example.com")
    assert (await eve.post(f"{PATH}/known", json=asked)).json() == {"known": []}


async def test_fifty_at_once_in_flat_memory(ada: httpx.AsyncClient) -> None:
    noise = [pictures.encoded(pictures.photo(700, 700, seed=seed), "png", compression=0) for seed in range(5)]
    process = psutil.Process()
    before = process.memory_info().rss

    async def one(number: int) -> httpx.Response:
        data = noise[number % 5] + b"%d" % number
        return await ada.post(PATH, files=files((f"{number}.png", data)), timeout=120)

    answers = await asyncio.gather(*(one(number) for number in range(50)))
    assert [answer.status_code for answer in answers] == [201] * 50, answers[0].text
    # The files alone are 75 MB, and the tests' store keeps them in this process's memory, as its client does.
    assert process.memory_info().rss - before < 500 << 20
    assert (await ada.get("/api/images?count=true")).json()["total"] == 50


@pytest.fixture
async def outward(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a studio that may fetch from 127.0.0.1, and from nowhere else but the open internet."""
    here = replace(studio, outside=lambda: GuardedTransport(also=[ip_network("127.0.0.1/32")]))
    async with serving(studio.settings, here) as server:
        yield await server.member("out@example.com")


async def test_from_an_address(outward: httpx.AsyncClient, ada: httpx.AsyncClient, studio: Studio) -> None:
    answers: dict[str, bytes] = {
        "/pictures/fox.png?size=1": ok(PNG, Content_Type="text/html"),
        "/page": ok(b"<html>"),
        "/away": to("http://127.0.0.2/secret"),
    }

    async def fetched(client: httpx.AsyncClient, url: Any) -> httpx.Response:
        return await client.post(PATH, json={"url": url})

    async with answering(lambda path: answers[path]) as seen:
        base = f"http://127.0.0.1:{seen.port}"
        answer = await fetched(outward, f"{base}/pictures/fox.png?size=1")
        assert answer.status_code == 201, answer.text
        assert answer.json()["items"][0]["title"] == "fox"
        problem_of(await fetched(outward, f"{base}/page"), 422, "not_an_image")
        problem_of(await fetched(outward, f"{base}/away"), 422, "address_refused")
        before = len(seen)
        for url in (f"{base}/page", f"http://localhost:{seen.port}/page", f"http://[::1]:{seen.port}/"):
            problem_of(await fetched(ada, url), 422, "address_refused")
        assert len(seen) == before
    problem_of(await fetched(outward, f"{base}/gone"), 502, "remote_failed")
    problem_of(await fetched(ada, "file:///etc/passwd"), 422, "address_refused")
    problem_of(await fetched(ada, 7), 422, "invalid_input")
    problem_of(
        await ada.post(PATH, content=b"{", headers={"Content-Type": "application/json"}), 422, "invalid_input"
    )
    assert len(await stored(studio)) == 1


async def test_a_full_workspace_takes_nothing_more(studio: Studio) -> None:
    settings = studio.settings
    small = replace(
        studio,
        settings=settings.model_copy(
            update={"library": settings.library.model_copy(update={"quota_bytes": len(PNG) + 10})}
        ),
    )
    async with serving(small.settings, small) as server:
        client = await server.member()
        assert (await client.post(PATH, files=files(("one.png", PNG)))).status_code == 201
        other = pictures.encoded(pictures.photo(65, 48), "png")
        problem_of(await client.post(PATH, files=files(("two.png", other))), 403, "quota_exceeded")
        begun = await client.post(
            "/api/images/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5000"}
        )
        problem_of(begun, 403, "quota_exceeded")
    assert len(await stored(studio)) == 1
