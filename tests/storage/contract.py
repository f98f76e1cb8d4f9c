"""What every store must do. A store's own test inherits `StorageContract` and says how it is opened."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from easel.storage.base import BadKey, FileMissing, Storage, open_storage

BYTES = bytes(range(256)) * 20_000  # 5.12 MB: more than one piece, more than one part of a multipart upload
BAD_KEYS = (
    *("", "/", "/etc/passwd", "..", "a/../b", "a//b", "a/", "./a", "a/.hidden"),
    *("a\\b", "a b", "a%2e", "é", "a\n", "a#1", "a" * 201, "/".join(["abcdefgh"] * 101)),
)


async def collected(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


class StorageContract:
    """The tests; `url` is overridden."""

    def url(self, folder: Path) -> str:
        raise NotImplementedError

    @pytest.fixture
    def in_storage(self, tmp_path: Path) -> Callable[[Callable[[Storage], Awaitable[None]]], None]:
        """Run an async function on a fresh, empty store."""

        @asynccontextmanager
        async def opened() -> AsyncIterator[Storage]:
            storage = open_storage(self.url(tmp_path))
            try:
                yield storage
            finally:
                await storage.close()

        def run(work: Callable[[Storage], Awaitable[None]]) -> None:
            async def main() -> None:
                async with opened() as storage:
                    await work(storage)

            asyncio.run(main())

        return run

    def test_gives_back_what_was_put(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            for key, data in {"a": b"", "a-b/c_d/e.png": b"x", "big.bin": BYTES}.items():
                await storage.put(key, data, content_type="application/octet-stream")
                assert await storage.get(key) == data
                assert await storage.exists(key)
                facts = await storage.head(key)
                assert (facts.key, facts.size) == (key, len(data))
                assert abs(facts.last_modified - datetime.now(UTC)) < timedelta(minutes=5)
            file = io.BytesIO(BYTES)
            file.seek(7)
            await storage.put_file("from/a.file", file)
            assert await storage.get("from/a.file") == BYTES

        in_storage(work)

    def test_put_replaces(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            await storage.put("a/b", b"old, and longer")
            before = (await storage.head("a/b")).etag
            await storage.put("a/b", b"new")
            assert await storage.get("a/b") == b"new"
            assert (await storage.head("a/b")).etag != before

        in_storage(work)

    def test_names_a_missing_file(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            await storage.put("there/file", b"x")
            for key in ("nothing", "there", "there/file/below", "there/other"):
                for missing in (storage.get(key), storage.head(key), collected(storage.stream(key))):
                    with pytest.raises(FileMissing, match=f"no file {key} in"):
                        await missing
                with pytest.raises(FileMissing):
                    await collected(storage.stream(key, start=3, end=3))
                assert not await storage.exists(key)

        in_storage(work)

    def test_streams_ranges(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            await storage.put("f", BYTES)
            assert await collected(storage.stream("f")) == BYTES
            size = len(BYTES)
            ranges: list[tuple[int, int | None]] = [
                *((0, 1), (5, 5), (7, 2_000_000), (1_048_575, 1_048_577), (0, None)),
                *((size - 3, None), (size - 3, size + 9), (size, None), (size + 5, size + 6)),
            ]
            for start, end in ranges:
                assert (
                    await collected(storage.stream("f", start=start, end=end, chunk=70_000))
                    == BYTES[start:end]
                )
            await storage.put("empty", b"")
            assert await collected(storage.stream("empty")) == b""
            assert await collected(storage.stream("empty", end=9)) == b""
            for start, end in [(-1, None), (4, 3)]:
                with pytest.raises(ValueError, match="range"):
                    await collected(storage.stream("f", start=start, end=end))

        in_storage(work)

    def test_deletes_quietly(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            for key in ("a", "b/c", "b/d"):
                await storage.put(key, b"x")
            await storage.delete()
            await storage.delete("absent", "a", "also/absent", "b/c", "b/c")
            assert [f.key async for f in storage.list("")] == ["b/d"]

        in_storage(work)

    def test_lists_folders_whole(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            for key in ("a/1", "a/b/2", "ab/3", "c"):
                await storage.put(key, b"12")
            listed = {f.key: f.size async for f in storage.list("")}
            assert listed == dict.fromkeys(("a/1", "a/b/2", "ab/3", "c"), 2)
            assert {f.key async for f in storage.list("a")} == {"a/1", "a/b/2"}
            assert {f.key async for f in storage.list("a/b/")} == {"a/b/2"}
            assert [f.key async for f in storage.list("none")] == []

        in_storage(work)

    def test_originals_are_stored_once_under_their_hash(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            digest = hashlib.sha256(BYTES).hexdigest()
            key = await storage.put_content(BYTES, suffix="png")
            assert key == f"originals/{digest[:2]}/{digest[2:4]}/{digest}.png"
            first = await storage.head(key)
            assert await storage.put_content(BYTES, suffix="png") == key
            assert (await storage.head(key)).last_modified == first.last_modified
            await storage.put(key, b"damaged: another size")
            await storage.put_content(BYTES, suffix="png")
            assert await storage.get(key) == BYTES
            for suffix in ("", ".png", "a/b", "PNG"):
                with pytest.raises(BadKey):
                    await storage.put_content(b"x", suffix=suffix)

        in_storage(work)

    def test_writers_of_one_key_do_not_mix(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            versions = [bytes([n]) * 300_000 for n in range(12)]
            await asyncio.gather(*(storage.put("one/key", v) for v in versions))
            assert await storage.get("one/key") in versions
            assert [f.key async for f in storage.list("")] == ["one/key"]

        in_storage(work)

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_refuses_keys_that_are_not_plain(self, in_storage: Runner, key: str) -> None:
        async def work(storage: Storage) -> None:
            for refused in (
                storage.put(key, b"x"),
                storage.get(key),
                storage.head(key),
                storage.exists(key),
                storage.delete(key),
                collected(storage.stream(key)),
            ):
                with pytest.raises(BadKey):
                    await refused

        in_storage(work)

    def test_is_ready(self, in_storage: Runner) -> None:
        async def work(storage: Storage) -> None:
            await storage.check()
            assert [f.key async for f in storage.list("")] == []

        in_storage(work)


Runner = Callable[[Callable[[Storage], Awaitable[None]]], None]
