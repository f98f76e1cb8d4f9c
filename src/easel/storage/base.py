"""The interface to files: `Storage`, opened by `open_storage` from a URL.

Keys are paths like ``originals/ab/cd/abcd….png``: letters, digits, ``.``, ``-`` and ``_`` in segments that do
not begin with a dot. Sizes and offsets are bytes; `end` of a range is exclusive. Every method may raise
`StorageUnavailable`; messages name the cause and hold no secrets.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, ParamSpec, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from .counting import counted
from .errors import BadKey, FileMissing, StorageFull, StorageUnavailable, translate, translated
from .folder import Folder

__all__ = [
    "BadKey",
    "FileMissing",
    "Storage",
    "StorageFull",
    "StorageUnavailable",
    "StoredFile",
    "open_storage",
]

P = ParamSpec("P")
T = TypeVar("T")

_SEGMENT: Final = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}"
_KEY: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_SUFFIX: Final = re.compile(r"[a-z0-9]{1,8}")
_LONGEST_KEY: Final = 900  # S3 and GCS allow 1024 bytes, of which a prefix takes some
_THREADS: Final = 8
_PIECE: Final = 1 << 20
_READY_KEY: Final = "ready"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's facts: `size` in bytes, `last_modified` in UTC, `etag` (quoted) where the store gives one."""

    key: str
    size: int
    last_modified: datetime
    etag: str | None


class Storage:
    """Files by key. Safe for use by many tasks of one event loop.

    Durability: when `put` returns, the file is whole, visible under its key and survives a crash of the
    machine. A local folder gets that by fsync of the file, a rename, and fsync of the folder; S3, GCS and
    Azure promise it with their answer; ``memory://`` lasts as long as the process. A reader sees the old file
    or the new one, never a part. `delete` is not synced: after a power cut a deleted file may be back.
    """

    def __init__(self, store: ObjectStore, *, folder: Folder | None = None) -> None:
        """Over an obstore `store`; `folder` is the durable writer of a local one. Use `open_storage`."""
        self._store = store
        self._folder = folder
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="storage")

    async def put(self, key: str, data: bytes, *, content_type: str | None = None) -> None:
        """Write `data` under `key`, replacing what is there; atomic, and durable before it returns.

        `content_type` is kept by stores that can (a local folder cannot).
        Raises `StorageFull`, `StorageUnavailable`, `BadKey`.
        """
        _checked(key)
        with counted("put"), translated():
            if self._folder is not None:
                await self._in_thread(self._folder.put, key, data)
            else:
                attributes = {"Content-Type": content_type} if content_type else None
                await obstore.put_async(self._store, key, data, attributes=attributes)

    async def put_file(self, key: str, file: BinaryIO) -> None:
        """As `put`, of an open file read from its beginning; no more than some pieces of it are in memory."""
        _checked(key)
        await self._in_thread(file.seek, 0)
        with counted("put"), translated():
            if self._folder is not None:
                await self._in_thread(self._folder.put, key, file)
            else:
                await obstore.put_async(self._store, key, file)

    async def put_rest(self, key: str, file: IO[bytes]) -> None:
        """As `put`, of what is left to read of `file`; no more than some pieces of it are in memory."""
        _checked(key)
        with counted("put"), translated():
            if self._folder is not None:
                await self._in_thread(self._folder.put, key, file)
            else:
                pieces = iter(lambda: file.read(_PIECE), b"")
                await obstore.put_async(self._store, key, pieces)

    async def put_content(self, data: bytes, *, suffix: str) -> str:
        """Write an original under the SHA-256 of its bytes and return the key.

        The key is ``originals/ab/cd/<sha256 in hex>.<suffix>``; `suffix` has no dot. A file that is there
        already with the right size is not written again. Raises as `put` does.
        """
        name = await self._in_thread(lambda: hashlib.sha256(data).hexdigest())
        key = _content_key(name, suffix)
        await self._put_new(key, data, len(data))
        return key

    async def put_content_file(self, file: BinaryIO, *, digest: str, size: int, suffix: str) -> str:
        """As `put_content`, of an open file read from its beginning, whose SHA-256 and size the caller knows.

        No more than some pieces of it are in memory.
        """
        key = _content_key(digest, suffix)
        await self._in_thread(file.seek, 0)
        await self._put_new(key, file, size)
        return key

    async def _put_new(self, key: str, data: bytes | BinaryIO, size: int) -> None:
        try:
            there = (await self.head(key)).size == size
        except FileMissing:
            there = False
        if not there:
            with counted("put"), translated():
                if self._folder is not None:
                    await self._in_thread(self._folder.put, key, data)
                else:
                    await obstore.put_async(self._store, key, data)
        elif self._folder is not None:
            with translated():
                await self._in_thread(self._folder.make_durable, key)

    async def get(self, key: str) -> bytes:
        """The whole file. Raises `FileMissing`."""
        _checked(key)
        with counted("get"), translated(key, reading=True):
            answer = await obstore.get_async(self._store, key)
            return (await answer.bytes_async()).to_bytes()

    async def stream(
        self, key: str, *, start: int = 0, end: int | None = None, chunk: int = 1 << 20
    ) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` to before `end` (None: the file's end), in pieces of about `chunk` bytes.

        A range that reaches past the end gives what there is, maybe nothing. Raises `FileMissing`, at the
        first piece.
        """
        _checked(key)
        if start < 0 or (end is not None and end < start):
            raise ValueError(f"not a range of bytes: {start} to {end}")
        if end == start:
            await self.head(key)
            return
        options: obstore.GetOptions = {}
        if end is not None:
            options["range"] = (start, end)
        elif start:
            options["range"] = {"offset": start}
        # How long the rest takes is up to who reads it.
        with counted("open"), translated(key, reading=True):
            try:
                answer = await obstore.get_async(self._store, key, options=options)
            except (ValueError, obstore.exceptions.BaseError):
                # Stores say in their own ways that a range begins past the end.
                if options and (await self.head(key)).size <= start:
                    return
                raise
        with translated(key, reading=True):
            async for piece in answer.stream(min_chunk_size=chunk):
                yield bytes(piece)

    async def head(self, key: str) -> StoredFile:
        """The file's facts. Raises `FileMissing`."""
        _checked(key)
        with counted("head"), translated(key, reading=True):
            return _facts(await obstore.head_async(self._store, key))

    async def exists(self, key: str) -> bool:
        """Whether there is a file under `key`."""
        try:
            await self.head(key)
        except FileMissing:
            return False
        return True

    async def delete(self, *keys: str) -> None:
        """Remove files; absent ones are passed over. After an error some may be removed."""
        for key in keys:
            _checked(key)
        if not keys:
            return
        with counted("delete"), translated():
            try:
                await obstore.delete_async(self._store, [*keys])
            except FileNotFoundError:  # some stores stop at the first absent one
                await self._delete_each(keys)

    async def _delete_each(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError as error:
                if isinstance(translate(error, key=key, reading=True), FileMissing):
                    continue
                raise

    async def list(self, prefix: str) -> AsyncGenerator[StoredFile, None]:
        """The files in the folder `prefix` (whole segments, ``""``: all) and those below it, in no order."""
        if prefix:
            prefix = _checked(prefix.removesuffix("/"))
        with translated():
            async for batch in obstore.list(self._store, prefix or None):
                for meta in batch:
                    yield _facts(meta)

    async def check(self) -> None:
        """Whether files can be kept now: a local folder takes a small file, a remote store answers.

        Raises `StorageUnavailable` with the cause in words, also when the disk is full.
        """
        try:
            with counted("check"), translated():
                if self._folder is not None:
                    await self._in_thread(self._folder.check)
                    return
            await self.head(_READY_KEY)
        except FileMissing:
            return
        except StorageFull as full:
            raise StorageUnavailable(full.detail) from full

    async def close(self) -> None:
        """Wait for writes under way and end the threads; the storage is not used afterwards."""
        await asyncio.to_thread(self._threads.shutdown)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Threads of our own: the loop's default ones may all be busy with pixels.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))


def open_storage(url: str, *, config: Mapping[str, str] | None = None) -> Storage:
    """The store that `url` names.

    One of ``file:///folder``, ``memory://``, ``s3://bucket/prefix``, ``gs://bucket/prefix``, ``az://…``. A
    local folder is made, with mode 0700 for every folder that was missing. Remote stores take their
    credentials and endpoint from their usual environment variables (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT``,
    ``AWS_ALLOW_HTTP``, ``GOOGLE_SERVICE_ACCOUNT``, ``AZURE_STORAGE_ACCOUNT_NAME``, …) or from `config`,
    obstore's options by name. Nothing is sent yet: `Storage.check` says whether a remote store answers.

    Raises `StorageUnavailable`, `StorageFull`; `ValueError` for a URL that names no store.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
            raise ValueError("a local folder's URL is file:///absolute/path")
        root = Path(url2pathname(parts.path))
        if not root.is_absolute() or root == Path(root.anchor):
            raise ValueError("a local folder's URL is file:///absolute/path, and not the disk's root")
        with translated():
            folder = Folder(root)
            return Storage(LocalStore(root), folder=folder)
    if parts.scheme == "memory":
        return Storage(MemoryStore())
    if parts.scheme not in ("s3", "gs", "az"):
        raise ValueError("a store's URL begins with file://, memory://, s3://, gs:// or az://")
    # The defaults of obstore are 10 retries in 3 minutes: a request would hang that long on a dead store.
    options: dict[str, Any] = {
        "config": dict(config or {}),
        # Plain HTTP is used only towards an endpoint that the operator wrote with http://.
        "client_options": {"allow_http": True, "connect_timeout": "5s", "timeout": "60s"},
        "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    }
    try:
        return Storage(from_url(url, **options))
    except (ValueError, obstore.exceptions.BaseError) as error:
        raise StorageUnavailable(f"The file store's URL or options are not valid{_why(error)}.") from error


def _why(error: Exception) -> str:
    """The first line of what obstore says about options, unless it quotes a URL (maybe with a password)."""
    line = (str(error).splitlines() or [""])[0].rstrip(".")
    return f": {line}" if line and "://" not in line else ""


def _content_key(digest: str, suffix: str) -> str:
    if not _SUFFIX.fullmatch(suffix):
        raise BadKey(f"{suffix!r} is not a suffix of 1 to 8 small letters and digits.")
    return _checked(f"originals/{digest[:2]}/{digest[2:4]}/{digest}.{suffix}")


def _checked(key: str) -> str:
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise BadKey(f"{key[:120]!r} is not a key: letters, digits, '.', '-' and '_' between slashes.")
    return key


def _facts(meta: obstore.ObjectMeta) -> StoredFile:
    return StoredFile(
        key=meta["path"], size=meta["size"], last_modified=meta["last_modified"], etag=meta["e_tag"]
    )
