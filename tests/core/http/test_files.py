"""Files over HTTP: conditions, one range, names, and a store that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from easel.base.errors import EaselError
from easel.core.http.files import FOREVER, content_disposition, file_response
from easel.storage.base import Storage, StorageUnavailable, open_storage

BYTES = bytes(n * 7 % 251 for n in range(3_500_000))  # more than three pieces
SIZE = len(BYTES)
CHANGED = datetime(2026, 3, 1, 12, 30, 15, 999_999, tzinfo=UTC)
DATE = "Sun, 01 Mar 2026 12:30:15 GMT"

Ask = Callable[..., httpx.Response]


def asked(storage: Storage, method: str, headers: dict[str, str], **options: Any) -> httpx.Response:
    """One request to an application whose only route answers with the file ``f``."""

    async def answer(request: Request) -> Response:
        facts = {"key": "f", "size": SIZE, "media_type": "image/png", "etag": "abc", "last_modified": CHANGED}
        return await file_response(request, storage=storage, **{**facts, **options})

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, EaselError)
        return JSONResponse({"code": error.code}, error.status)

    app = Starlette(
        routes=[Route("/", answer, methods=["GET", "HEAD"])], exception_handlers={EaselError: problem}
    )

    async def main() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(method, "/", headers=headers)

    return asyncio.run(main())


@pytest.fixture(params=["file", "memory"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ask]:
    storage = open_storage("memory://" if request.param == "memory" else (tmp_path / "files").as_uri())
    asyncio.run(storage.put("f", BYTES))
    asyncio.run(storage.put("empty", b""))

    def send(method: str = "GET", *, options: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        return asked(storage, method, {k.replace("_", "-"): v for k, v in headers.items()}, **(options or {}))

    yield send
    asyncio.run(storage.close())


def test_the_whole_file(ask: Ask) -> None:
    answer = ask()
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["etag"] == '"abc"'
    assert answer.headers["last-modified"] == DATE
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-disposition" not in answer.headers


def test_head_says_the_same_without_the_bytes(ask: Ask) -> None:
    whole, head = ask(), ask("HEAD", range="bytes=0-9")
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-1999999", 100, 2_000_000),
        ("bytes=3499990-", SIZE - 10, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=-99999999", 0, SIZE),
        ("bytes=5-99999999", 5, SIZE),
        ("Bytes= 5 - 7 ", 5, 8),
    ],
)
def test_one_range(ask: Ask, wanted: str, start: int, end: int) -> None:
    answer = ask(range=wanted)
    assert (answer.status_code, answer.content) == (206, BYTES[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.headers["etag"] == '"abc"'


@pytest.mark.parametrize("wanted", ["bytes=3500000-", "bytes=9999999-99999999", "bytes=-0"])
def test_a_range_past_the_end(ask: Ask, wanted: str) -> None:
    answer = ask(range=wanted)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert "cache-control" not in answer.headers


@pytest.mark.parametrize(
    "wanted",
    [
        *("bytes=0-1,5-6", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes=--5"),
        *("items=0-1", "0-1", "bytes=0-" + "9" * 50),
    ],
)
def test_what_is_no_single_range_is_ignored(ask: Ask, wanted: str) -> None:
    answer = ask(range=wanted)
    assert (answer.status_code, len(answer.content)) == (200, SIZE)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize(
    ("condition", "status"),
    [('"abc"', 206), ('W/"abc"', 200), ('"other"', 200), (DATE, 206), ("Sun, 01 Mar 2026 12:30:14 GMT", 200)],
)
def test_a_range_only_of_the_same_bytes(ask: Ask, condition: str, status: int) -> None:
    assert ask(range="bytes=0-9", if_range=condition).status_code == status


@pytest.mark.parametrize("tags", ['"abc"', 'W/"abc"', '"x", "abc"', "*", '"a,b" , W/"abc"'])
def test_known_bytes_are_not_sent_again(ask: Ask, tags: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(method, if_none_match=tags, range="bytes=0-9")
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == '"abc"'
        assert answer.headers["cache-control"] == FOREVER
        assert "content-type" not in answer.headers
        assert "content-length" not in answer.headers


@pytest.mark.parametrize("tags", ['"other"', "abc", '"abcd"', '"ab'])
def test_other_tags_get_the_bytes(ask: Ask, tags: str) -> None:
    assert ask(if_none_match=tags, if_modified_since=DATE).status_code == 200


@pytest.mark.parametrize(
    ("date", "status"),
    [
        (DATE, 304),
        ("Mon, 02 Mar 2026 00:00:00 GMT", 304),
        ("Sun, 01 Mar 2026 12:30:14 GMT", 200),
        ("Sun, 01 Mar 2026 23:30:15", 200),
        ("yesterday", 200),
    ],
)
def test_a_date_is_a_condition_too(ask: Ask, date: str, status: int) -> None:
    assert ask(if_modified_since=date).status_code == status
    assert ask(if_modified_since=date, options={"last_modified": None}).status_code == 200


def test_an_empty_file(ask: Ask) -> None:
    options = {"key": "empty", "size": 0}
    answer = ask(options=options)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")
    assert ask(options=options, range="bytes=0-").status_code == 416


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_missing_file_is_an_error_and_not_a_broken_answer(ask: Ask, method: str) -> None:
    for size in (SIZE, 0):
        answer = ask(method, options={"key": "gone", "size": size})
        assert answer.status_code == 404
        assert "etag" not in answer.headers
    assert ask(options={"key": "gone"}, range="bytes=5-9").status_code == 404


def test_a_store_that_does_not_answer_is_an_error() -> None:
    storage = open_storage(
        "s3://bucket",
        config={"endpoint": "http://127.0.0.1:9", "access_key_id": "a", "secret_access_key": "b"},
    )
    answer = asked(storage, "GET", {})
    assert (answer.status_code, answer.json()) == (503, {"code": StorageUnavailable.code})


def test_a_file_that_shrank_is_an_error(ask: Ask) -> None:
    assert ask(options={"key": "empty"}).status_code == 404
    assert ask(options={"size": SIZE + 10}, range=f"bytes={SIZE + 2}-").status_code == 404


def test_a_time_in_any_zone_is_sent_as_gmt(ask: Ask) -> None:
    for zone in (ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")):
        assert ask(options={"last_modified": CHANGED.astimezone(zone)}).headers["last-modified"] == DATE


def test_refuses_a_tag_that_would_break_the_header(ask: Ask) -> None:
    for etag in ('"abc"', "a b", "a\r\nset-cookie: x", "", "é"):
        with pytest.raises(ValueError, match="opaque tag"):
            ask(options={"etag": etag})


def test_a_download_has_its_name(ask: Ask) -> None:
    answer = ask(options={"filename": "Grüne Wiese ☀.png", "attachment": True})
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Grune Wiese _.png\"; filename*=UTF-8''Gr%C3%BCne%20Wiese%20%E2%98%80.png"
    )


@pytest.mark.parametrize(
    ("filename", "attachment", "expected"),
    [
        (None, True, "attachment"),
        (None, False, "inline"),
        ("a.png", True, 'attachment; filename="a.png"'),
        ("a b.png", False, 'inline; filename="a b.png"'),
        ("../../etc/passwd", True, 'attachment; filename="_.._etc_passwd"'),
        ("C:\\x.png", True, 'attachment; filename="C:_x.png"'),
        ('a"b;c.png', True, "attachment; filename=\"a_b;c.png\"; filename*=UTF-8''a%22b%3Bc.png"),
        ("50%41.png", True, "attachment; filename=\"50_41.png\"; filename*=UTF-8''50%2541.png"),
        ("a\r\nSet-Cookie: x=1.png", True, 'attachment; filename="aSet-Cookie: x=1.png"'),
        ("gpj.\u202eexe", True, 'attachment; filename="gpj.exe"'),
        ("\ud800.png", True, 'attachment; filename="png"'),
        ("", True, 'attachment; filename="file"'),
        (" .. ", True, 'attachment; filename="file"'),
        ("日本.png", True, "attachment; filename=\"__.png\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.png"),
    ],
)
def test_no_name_breaks_the_header(filename: str | None, attachment: bool, expected: str) -> None:
    value = content_disposition(filename, attachment=attachment)
    assert value == expected
    assert value.isascii()
    assert value.isprintable()


def test_a_long_name_keeps_its_suffix() -> None:
    value = content_disposition("x" * 500 + ".png", attachment=True)
    assert len(value) < 220
    assert value.endswith('x.png"')
