"""The files of pictures over HTTP: the very bytes, conditions, ranges, thumbnails, downloads."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
import pyvips

from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.library import service
from easel.features.library.models import Image
from easel.features.library.routes.files import file_name
from tests.media import pictures
from tests.plugins.problems import problem_of
from tests.plugins.shelf import Shelf, picture
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def size_of(data: bytes) -> tuple[int, int]:
    image = pyvips.Image.new_from_buffer(data, "")
    return image.width, image.height


async def test_a_file_is_what_the_provider_returned_byte_for_byte(server: Server, worker: None) -> None:
    client = await server.member()
    body = {"prompt": "a fox", "seed": 7, "num_images": 2, "size": "96x64"}
    made = await client.post("/api/images/generate", json=body, headers={"Prefer": "wait=20"})
    assert made.status_code == 200, made.text
    for n, image in enumerate(made.json()["images"]):
        for path in (image["url"], image["download_url"]):
            answer = await client.get(path)
            assert answer.content == picture(7 + n, 96, 64)
            assert answer.headers["content-type"] == "image/png"
            assert answer.headers["content-length"] == str(image["file_size"])


async def test_files_are_kept_for_ever_and_asked_for_in_parts(shelf: Shelf) -> None:
    image = await shelf.add(seed=3)
    data, path = picture(3), f"/api/images/{image.id}/file"
    whole = await shelf.client.get(path)
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert whole.headers["etag"] == f'"{image.content_hash}"'
    assert whole.headers["content-security-policy"]
    assert "content-disposition" not in whole.headers
    same = await shelf.client.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    part = await shelf.client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, data[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(data)}"
    assert (await shelf.client.get(path, headers={"Range": f"bytes={len(data)}-"})).status_code == 416
    for other in (path, f"{path.removesuffix('/file')}/thumbnail/256", f"/api/images/download/{image.id}"):
        head, got = await shelf.client.head(other), await shelf.client.get(other)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert head.headers[name] == got.headers[name], (other, name)


async def test_a_thumbnail_is_the_original_until_it_is_made(shelf: Shelf) -> None:
    image = await shelf.add(seed=3)
    path = f"/api/images/{image.id}/thumbnail/512"
    before = await shelf.client.get(path, headers={"Accept": CHROME})
    assert before.content == picture(3)
    assert before.headers["cache-control"] == "private, no-cache"
    await service.make_renditions(shelf.studio, image.id)
    condition = {"Accept": CHROME, "If-None-Match": before.headers["etag"]}
    after = await shelf.client.get(path, headers=condition)
    assert (after.status_code, after.headers["content-type"]) == (200, "image/avif")


async def test_thumbnails_come_in_the_best_format_that_the_client_takes(shelf: Shelf) -> None:
    image = await shelf.add(picture(4, 1200, 600))
    await service.make_renditions(shelf.studio, image.id)
    for width, height in ((256, 128), (512, 256), (1024, 512)):
        path = f"/api/images/{image.id}/thumbnail/{width}"
        tags = set()
        for accept, kind in (
            (CHROME, "image/avif"),
            ("image/webp,*/*", "image/webp"),
            ("*/*", "image/webp"),
            ("image/avif;q=0, image/webp", "image/webp"),
            ("IMAGE/AVIF;q=0.5", "image/avif"),
        ):
            answer = await shelf.client.get(path, headers={"Accept": accept})
            assert (answer.status_code, answer.headers["content-type"]) == (200, kind), accept
            assert answer.headers["vary"] == "Accept"
            assert "immutable" in answer.headers["cache-control"]
            assert size_of(answer.content) == (width, height)
            tags.add(answer.headers["etag"])
            condition = {"Accept": accept, "If-None-Match": answer.headers["etag"]}
            again = await shelf.client.get(path, headers=condition)
            assert (again.status_code, again.headers["vary"]) == (304, "Accept")
        assert len(tags) == 2
    problem_of(await shelf.client.get(f"/api/images/{image.id}/thumbnail/300"), 422, "invalid_input")


async def test_downloads_in_other_formats_and_sizes(shelf: Shelf) -> None:
    image = await shelf.add(picture(5, 400, 200))
    path = f"/api/images/download/{image.id}"
    for query, kind, suffix, size in (
        ("", "image/png", "png", (400, 200)),
        ("?format=original", "image/png", "png", (400, 200)),
        ("?width=400", "image/png", "png", (400, 200)),
        ("?width=4000", "image/png", "png", (400, 200)),
        ("?width=100", "image/png", "png", (100, 50)),
        ("?format=jpg", "image/jpeg", "jpeg", (400, 200)),
        ("?format=jpeg&width=200", "image/jpeg", "jpeg", (200, 100)),
        ("?format=webp&width=8192", "image/webp", "webp", (400, 200)),
        ("?format=avif&width=64", "image/avif", "avif", (64, 32)),
        ("?format=png", "image/png", "png", (400, 200)),
    ):
        answer = await shelf.client.get(path + query)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), query
        assert size_of(answer.content) == size, query
        name = f"a-red-fox-{image.id.hex[-6:]}.{suffix}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    for bad, field in (("?format=gif", "format"), ("?width=15", "width"), ("?width=8193", "width")):
        problem = problem_of(await shelf.client.get(path + bad), 422, "invalid_input")
        assert [error.field for error in problem.errors] == [field]


async def test_a_smaller_copy_of_an_animation_is_its_first_frame(shelf: Shelf) -> None:
    frames = [pictures.plain(64, 32, colour) for colour in ((200, 30, 30), (30, 200, 30))]
    image = await shelf.add(pictures.encoded(pictures.animated(frames), "gif"))
    answer = await shelf.client.get(f"/api/images/download/{image.id}?width=32")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert size_of(answer.content) == (32, 16)
    assert answer.headers["content-disposition"].endswith('.png"')


async def test_a_download_is_named_in_the_prompts_own_script(shelf: Shelf) -> None:
    image = await shelf.add(seed=1, prompt='Ein "grüner" Drache/../über 東京 \r\nSet-Cookie: x=1')
    end = image.id.hex[-6:]
    for query, suffix in (("", "png"), ("?format=webp", "webp")):
        answer = await shelf.client.get(f"/api/images/download/{image.id}{query}")
        header = answer.headers["content-disposition"]
        exact = unquote(header.split("filename*=UTF-8''")[1])
        assert exact == f"ein-grüner-drache-über-東京-set-{end}.{suffix}"
        assert header.isascii()
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red fox", "a-red-fox-abcdef"),
        ("", "abcdef"),
        ("!!! ///", "abcdef"),
        ("_under_score_", "under-score-abcdef"),
        ("Ω " * 20, "ω-ω-ω-ω-ω-ω-abcdef"),
        ("x" * 500, "x" * 60 + "-abcdef"),
    ],
)
async def test_file_names(text: str, expected: str) -> None:
    assert file_name(text, UUID("01234567-89ab-7cde-8f01-234567abcdef")) == expected


async def test_equal_bytes_are_stored_once(shelf: Shelf, studio: Studio) -> None:
    first, second = await shelf.add(seed=1), await shelf.add(seed=1)
    assert first.id != second.id
    assert first.file_path == second.file_path
    assert [file.key async for file in studio.storage.list("originals")] == [first.file_path]
    await service.make_renditions(studio, first.id)
    await service.make_renditions(studio, second.id)
    assert len([file async for file in studio.storage.list("renditions")]) == 6


async def test_a_worker_makes_thumbnails_hashes_and_colours(shelf: Shelf, worker: None) -> None:
    image = await shelf.add(_half_and_half())
    record: dict[str, Any] = {}
    for _ in range(200):
        record = (await shelf.client.get(f"/api/images/{image.id}")).json()
        if record["rendered"]:
            break
        await asyncio.sleep(0.05)
    assert record["rendered"]
    assert len(record["thumbhash"]) > 8
    assert {color[:2] for color in record["colors"]} <= {"#e", "#f", "#0", "#1"}
    assert len(record["colors"]) >= 2
    async with shelf.studio.work(Actor.system()) as work:
        row = await work.session.get_one(Image, image.id)
    assert row.perceptual_hash is not None
    rendered = row.rendered_at
    await service.make_renditions(shelf.studio, image.id)
    async with shelf.studio.work(Actor.system()) as work:
        assert (await work.session.get_one(Image, image.id)).rendered_at == rendered


def _half_and_half() -> bytes:
    red = pyvips.Image.black(100, 50, bands=3).linear([1, 1, 1], [230, 20, 20]).cast("uchar")
    blue = pyvips.Image.black(100, 50, bands=3).linear([1, 1, 1], [20, 20, 230]).cast("uchar")
    target = io.BytesIO(red.join(blue, "vertical").copy(interpretation="srgb").pngsave_buffer())
    return target.getvalue()
