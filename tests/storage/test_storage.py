"""The stores that need no other machine, each against the whole contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from easel.storage.base import StorageUnavailable, open_storage
from tests.storage.contract import StorageContract


class TestFolder(StorageContract):
    def url(self, folder: Path) -> str:
        return (folder / "files").as_uri()


class TestMemory(StorageContract):
    def url(self, folder: Path) -> str:
        return "memory://"


@pytest.mark.parametrize(
    "url",
    ["", "/var/lib", "ftp://host/x", "http://host/x", "file:relative", "file:///", "file://host/share"],
)
def test_refuses_urls_that_name_no_store(url: str) -> None:
    with pytest.raises(ValueError, match=r"file:///absolute/path|begins with"):
        open_storage(url)


def test_says_which_option_is_wrong_but_not_its_value() -> None:
    with pytest.raises(StorageUnavailable, match="nonsense") as caught:
        open_storage("s3://bucket", config={"nonsense": "hush"})
    assert "hush" not in caught.value.detail
