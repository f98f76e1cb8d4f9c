"""The store that speaks S3, over real HTTP: the whole contract, and what Easel makes of its faults."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from easel.storage.base import Storage, StorageUnavailable, open_storage
from tests.servers.s3 import S3, serving_s3
from tests.storage.contract import StorageContract


@pytest.fixture(scope="module")
def service() -> Iterator[S3]:
    with serving_s3() as store:
        yield store


@pytest.fixture(autouse=True)
def s3(service: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The service, empty and in health, told of as operators tell of it."""
    service.objects.clear()
    service.broken = service.throttled = service.silent = 0
    service.pause = 0
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    return service


class TestS3(StorageContract):
    def url(self, folder: Path) -> str:
        return "s3://pictures/easel"


def run(faults: dict[str, float], s3: S3) -> bytes:
    """Keep a file and read it again while the service has these faults."""

    async def work() -> bytes:
        storage: Storage = open_storage("s3://pictures/easel")
        try:
            for name, number in faults.items():
                setattr(s3, name, number)
            key = await storage.put_content(b"a picture", suffix="png")
            return await storage.get(key)
        finally:
            await storage.close()

    return asyncio.run(work())


def test_some_answers_of_500_and_slow_down_are_waited_out(s3: S3) -> None:
    assert run({"broken": 1, "throttled": 1}, s3) == b"a picture"
    assert [stored.data for stored in s3.objects.values()] == [b"a picture"]


def test_a_slow_store_is_waited_for(s3: S3) -> None:
    assert run({"pause": 0.5}, s3) == b"a picture"


def test_a_store_that_stays_broken_is_said_and_nothing_is_half_there(s3: S3) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        run({"broken": 1000}, s3)
    assert "test-secret-key" not in caught.value.detail
    assert s3.objects == {}


def test_other_credentials_are_said(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone-else")
    with pytest.raises(StorageUnavailable, match="credentials"):
        run({}, s3)
