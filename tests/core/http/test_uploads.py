"""The door for files: what a body must look like, how long it may be, and what no file can do to the server."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace

import anyio
import httpx
import pytest

from easel.core.work import Studio
from tests.media import pictures
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
PNG = pictures.encoded(pictures.photo(64, 48), "png")
PATH = "/api/users/avatar"


@pytest.fixture
async def ada(server: Server) -> httpx.AsyncClient:
    return await server.member()


def multipart(*parts: bytes, end: bytes = b"--edge--\r\n") -> dict[str, object]:
    """A request's body and header, written by hand."""
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + end
    return {"content": body, "headers": {"Content-Type": "multipart/form-data; boundary=edge"}}


def part(name: str, data: bytes) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'.encode() + data


@pytest.mark.parametrize(
    ("name", "declared"),
    [("me.png", "image/png"), ("me.html", "text/html"), ("../../x", "application/x-php"), ("", "")],
)
async def test_the_content_alone_says_what_a_file_is(
    ada: httpx.AsyncClient, name: str, declared: str
) -> None:
    assert (await ada.post(PATH, files={"file": (name, PNG, declared)})).status_code == 200
    for data in (
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<html><script>1</script></html>",
        b"",
        b"PK\3\4",
    ):
        answer = await ada.post(PATH, files={"file": (name or "x.png", data, declared or "image/png")})
        problem_of(answer, 422, "not_an_image")


async def test_a_body_of_another_kind_is_refused(ada: httpx.AsyncClient) -> None:
    problem_of(await ada.post(PATH, content=PNG, headers={"Content-Type": "image/png"}), 415, "not_multipart")
    problem_of(await ada.post(PATH, json={"file": "x"}), 415, "not_multipart")
    problem_of(await ada.post(PATH), 415, "not_multipart")
    answer = await ada.post(PATH, content=b"", headers={"Content-Type": "multipart/form-data"})
    problem_of(answer, 415, "not_multipart")


async def test_one_part_called_file_and_no_other(ada: httpx.AsyncClient) -> None:
    file = part("file", PNG)
    assert (await ada.post(PATH, **multipart(file))).status_code == 200  # type: ignore[arg-type]
    for wrong, code in (
        (multipart(), "missing"),
        (multipart(file, file), "too_many"),
        (multipart(part("picture", PNG)), "unknown"),
        (multipart(file, part("more", b"x")), "unknown"),
        (multipart(b"X-Nothing: 1\r\n\r\n" + PNG), "unknown"),
    ):
        answer = await ada.post(PATH, **wrong)  # type: ignore[arg-type]
        if code == "missing" and answer.status_code == 400:
            problem_of(answer, 400, "broken_upload")
        else:
            assert problem_of(answer, 422, "invalid_input").errors[0].code == code


async def test_a_body_that_is_not_well_formed_or_breaks_off(ada: httpx.AsyncClient) -> None:
    file = part("file", PNG)
    for broken in (
        multipart(file, end=b""),
        multipart(file, end=b"--ed"),
        {**multipart(file), "content": b"no boundary at all"},
        {**multipart(file), "content": b"--edge\r\nno header\r\n\r\n--edge--\r\n"},
        multipart(b"A: " + b"x" * 10_000 + b"\r\n\r\n"),
        multipart(b"A: b\r\n" * 20 + file),
    ):
        problem_of(await ada.post(PATH, **broken), 400, "broken_upload")  # type: ignore[arg-type]


async def test_bytes_are_counted_while_they_come(studio: Studio) -> None:
    uploads = studio.settings.uploads.model_copy(update={"max_bytes": len(PNG)})
    settings = studio.settings.model_copy(update={"uploads": uploads})
    async with serving(settings, replace(studio, settings=settings)) as server:
        await _count_bytes(await server.member())


async def _count_bytes(ada: httpx.AsyncClient) -> None:
    assert (await ada.post(PATH, files={"file": PNG})).status_code == 200
    problem_of(await ada.post(PATH, files={"file": PNG + b"x"}), 413, "file_too_large")

    async def drip() -> AsyncIterator[bytes]:
        body = multipart(part("file", PNG * 3))["content"]
        assert isinstance(body, bytes)
        for at in range(0, len(body), 1000):
            yield body[at : at + 1000]

    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    problem_of(await ada.post(PATH, content=drip(), headers=headers), 413, "file_too_large")


async def test_a_large_file_goes_by_way_of_the_disk(ada: httpx.AsyncClient) -> None:
    large = pictures.encoded(pictures.photo(1500, 1100), "png", compression=0)
    assert len(large) > 4 << 20
    assert (await ada.post(PATH, files={"file": large})).status_code == 200


async def test_headers_of_bombs_are_refused_unopened(ada: httpx.AsyncClient) -> None:
    for width, height in ((60_000, 60_000), (20_000, 10_001), (2**31 - 1, 2**31 - 1)):
        bomb = pictures.png_by_hand(width, height)
        problem_of(await ada.post(PATH, files={"file": bomb}), 422, "image_too_large")


async def test_strangers_are_turned_away(server: Server) -> None:
    problem_of(await server.client().post(PATH, files={"file": PNG}), 401, "not_signed_in")


def mutated(dice: random.Random, data: bytes) -> bytes:
    """`data` with some bytes changed, cut out, doubled or put in."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        at = dice.randrange(len(changed)) if dice.random() < 0.6 else dice.randrange(min(64, len(changed)))
        match dice.randrange(5):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                changed[at] ^= 1 << dice.randrange(8)
            case 2:
                del changed[at : at + dice.randrange(1, 200)]
            case 3:
                changed[at:at] = changed[at : at + dice.randrange(1, 200)]
            case _:
                changed[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
        if not changed:
            return b""
    return bytes(changed[: dice.randrange(len(changed))] if dice.random() < 0.1 else changed)


async def test_two_hundred_damaged_files_and_the_server_goes_on(ada: httpx.AsyncClient) -> None:
    dice = random.Random(20261121)
    still = pictures.photo(48, 40)
    frames = pictures.animated([pictures.plain(32, 32, (n * 60, 0, 0)) for n in range(3)])
    seeds = [pictures.encoded(still, format) for format in pictures.FORMATS]
    seeds += [pictures.encoded(frames, "gif"), pictures.encoded(pictures.tagged(still, 6), "jpeg")]
    seeds.append(pictures.encoded(still, "png", interlace=True))
    statuses: list[int] = []
    places = anyio.Semaphore(4)

    async def post(data: bytes) -> None:
        async with places:
            answer = await ada.post(PATH, files={"file": data}, timeout=100)
        statuses.append(answer.status_code)
        if answer.status_code != 200:
            problem = problem_of(answer, 422, answer.json()["code"])
            assert problem.code in ("not_an_image", "image_too_large", "image_too_demanding")

    async with anyio.create_task_group() as tasks:
        for number in range(200):
            tasks.start_soon(post, mutated(dice, seeds[number % len(seeds)]))
    assert len(statuses) == 200
    assert {200, 422} == set(statuses)
    assert (await ada.post(PATH, files={"file": PNG})).status_code == 200
    assert (await ada.get("/readyz")).status_code == 200
