"""Causes in words, secrets left out."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest
from obstore import exceptions

from easel.storage.base import FileMissing, StorageFull, StorageUnavailable, open_storage
from easel.storage.errors import translate

SECRET = "AKIASECRET"


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OSError(errno.ENOSPC, "No space"), StorageFull, "no space left"),
        (OSError(errno.EDQUOT, "quota"), StorageFull, "quota exceeded"),
        (OSError(errno.EROFS, "read-only"), StorageUnavailable, "mounted read-only"),
        (PermissionError(errno.EACCES, "no", f"/home/{SECRET}"), StorageUnavailable, "permission denied"),
        (exceptions.GenericError(f"x {SECRET} (os error 28)"), StorageFull, "no space left"),
        (
            exceptions.GenericError(f"x {SECRET}: Connection refused (os error 111)"),
            StorageUnavailable,
            "refused",
        ),
        (exceptions.GenericError(f"dns error {SECRET}, retry_timeout: 3s"), StorageUnavailable, "host name"),
        (exceptions.GenericError(f"operation timed out {SECRET}"), StorageUnavailable, "in time"),
        (
            exceptions.GenericError(f"max_retries, retry_timeout {SECRET}"),
            StorageUnavailable,
            "does not know",
        ),
        (exceptions.GenericError(f"response: 503 SlowDown {SECRET}"), StorageUnavailable, "overloaded"),
        (exceptions.UnauthenticatedError(SECRET), StorageUnavailable, "credentials"),
        (exceptions.PermissionDeniedError(SECRET), StorageUnavailable, "credentials"),
        (FileNotFoundError(f"NoSuchBucket {SECRET}"), StorageUnavailable, "does not exist"),
        (FileNotFoundError(f"Object at location {SECRET} not found"), FileMissing, "no file some/key"),
    ],
)
def test_names_the_cause_and_no_secret(error: Exception, kind: type, words: str) -> None:
    meant = translate(error, key="some/key", reading=True)
    assert meant is not None
    assert type(meant) is kind
    assert words in meant.detail
    assert SECRET not in meant.detail


def test_leaves_other_errors_alone() -> None:
    assert translate(ValueError("a bug")) is None


def test_a_refused_connection_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)

    async def work() -> None:
        storage = open_storage(
            "s3://bucket/prefix",
            config={
                "endpoint": "http://127.0.0.1:9",
                "access_key_id": "key",
                "secret_access_key": SECRET,
                "region": "us-east-1",
            },
        )
        for asking in (storage.check(), storage.get("a"), storage.put("a", b"x"), storage.delete("a")):
            with pytest.raises(StorageUnavailable, match="the connection was refused") as caught:
                await asking
            assert SECRET not in caught.value.detail
            assert "127.0.0.1" not in caught.value.detail
        await storage.close()

    asyncio.run(work())
