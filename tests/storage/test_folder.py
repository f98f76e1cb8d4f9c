"""What only a local folder has: modes, durability, a full disk, a read-only one."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from easel.storage.base import FileMissing, StorageFull, StorageUnavailable, open_storage
from easel.storage.folder import INCOMING, Folder


def test_new_folders_and_files_are_private(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o755)
    root = tmp_path / "new" / "files"
    Folder(root).put("a/b/c.png", b"x")
    for path in (root.parent, root, root / INCOMING, root / "a", root / "a" / "b"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((root / "a/b/c.png").stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_leaves_nothing_beside_the_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    for _ in range(3):
        folder.put("a/b", b"x")
    with pytest.raises(OSError, match="directory"):
        folder.put("a", b"a folder is there")
    assert list((folder.root / INCOMING).iterdir()) == []


def test_opening_sweeps_what_a_dead_process_left(tmp_path: Path) -> None:
    incoming = Folder(tmp_path / "files").root / INCOMING
    for name, age in (("1-dead#0", 200_000), ("2-alive#0", 10)):
        (incoming / name).write_bytes(b"part")
        then = time.time() - age
        os.utime(incoming / name, (then, then))
    Folder(tmp_path / "files")
    assert [path.name for path in incoming.iterdir()] == ["2-alive#0"]


def test_a_removed_folder_comes_back(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    folder.put("a/b/c", b"1")
    (folder.root / "a/b/c").unlink()
    (folder.root / "a/b").rmdir()
    folder.put("a/b/c", b"2")
    assert (folder.root / "a/b/c").read_bytes() == b"2"


def test_file_and_folders_are_synced_before_put_returns(tmp_path: Path) -> None:
    """The order of the calls, seen from within a fresh interpreter whose calls are noted."""
    script = """
        import os, sys
        from pathlib import Path
        calls = []
        fsync, replace = os.fsync, Path.replace
        def traced_fsync(descriptor):
            calls.append("sync " + os.readlink(f"/proc/self/fd/{descriptor}").removeprefix(sys.argv[1]))
            fsync(descriptor)
        def traced_replace(self, target):
            calls.append("rename")
            return replace(self, target)
        os.fsync, Path.replace = traced_fsync, traced_replace
        from easel.storage.folder import Folder
        folder = Folder(Path(sys.argv[1]))
        folder.put("a/b", b"x")
        print(*[call.split(".incoming")[0] for call in calls], sep="|")
        calls.clear()
        folder.put("a/c", b"x")
        print(*[call.split(".incoming")[0] for call in calls], sep="|")
    """
    lines = _python(script, str(tmp_path / "files")).splitlines()
    assert lines == ["sync /|sync |rename|sync /a", "sync /|rename|sync /a"]


def test_a_full_disk_is_said_and_the_old_file_kept(tmp_path: Path) -> None:
    async def work() -> None:
        storage = open_storage((tmp_path / "small" / "files").as_uri())
        await storage.put("kept", b"before")
        with pytest.raises(StorageFull, match="no space left on device"):
            await storage.put("kept", bytes(3_000_000))
        assert await storage.get("kept") == b"before"
        assert [f.key async for f in storage.list("")] == ["kept"]
        await storage.put("still", b"works")
        await storage.close()

    if _may_mount():
        (tmp_path / "small").mkdir()
        with _small_disk(tmp_path / "small"):
            asyncio.run(work())
    else:
        assert "no room left" in _with_a_limit_on_file_size(tmp_path)


def test_a_limit_on_file_size_is_a_full_disk(tmp_path: Path) -> None:
    answer = _with_a_limit_on_file_size(tmp_path)
    assert answer == "The file store has no room left: file too large. | b'before'"


def test_a_read_only_disk_is_said(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()

    async def refused(cause: str) -> None:
        storage = open_storage((place / "files").as_uri())
        await storage.put("a/b", b"x")
        with _read_only(place):
            for writing in (storage.put("a/c", b"x"), storage.check()):
                with pytest.raises(StorageUnavailable, match=cause):
                    await writing
            assert await storage.get("a/b") == b"x"
        await storage.close()

    if _may_mount():
        with _small_disk(place):
            asyncio.run(refused("mounted read-only"))
    else:
        asyncio.run(refused("permission denied"))


def test_a_folder_that_vanished_is_not_ready(tmp_path: Path) -> None:
    async def work() -> None:
        storage = open_storage((tmp_path / "files").as_uri())
        (tmp_path / "files" / INCOMING).rmdir()
        (tmp_path / "files").rmdir()
        with pytest.raises(StorageUnavailable, match="the storage folder is gone") as caught:
            await storage.check()
        assert str(tmp_path) not in caught.value.detail
        with pytest.raises(FileMissing):
            await storage.get("a")
        await storage.close()

    asyncio.run(work())


def test_a_two_megabyte_original_is_stored_well_within_its_budget(tmp_path: Path) -> None:
    async def work() -> float:
        storage = open_storage((tmp_path / "files").as_uri())
        times = []
        for _ in range(7):
            data = os.urandom(2_000_000)
            began = time.perf_counter()
            await storage.put_content(data, suffix="png")
            times.append(time.perf_counter() - began)
        await storage.close()
        return min(times)

    assert asyncio.run(work()) < 0.040


def _python(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _with_a_limit_on_file_size(folder: Path) -> str:
    return _python(
        """
        import asyncio, resource, sys
        from pathlib import Path
        from easel.storage.base import StorageFull, open_storage

        async def main():
            storage = open_storage(Path(sys.argv[1]).as_uri())
            await storage.put("kept", b"before")
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
            try:
                await storage.put("kept", bytes(3_000_000))
            except StorageFull as full:
                print(full.detail, "|", await storage.get("kept"))
            await storage.close()

        asyncio.run(main())
        """,
        str(folder / "limited"),
    )


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


def _may_mount() -> bool:
    """Whether this process may mount: root outside of a strict container."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        if not _mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", place):
            return False
        subprocess.run(["umount", place], check=True)
    return True


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    assert _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place))
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def _read_only(place: Path) -> Iterator[None]:
    """Let nothing be written below `place`: a mount by its flag, else each folder by its mode."""
    if place.is_mount():
        assert _mount("-o", "remount,ro", str(place))
        yield
        return
    folders = [path for path in place.rglob("*") if path.is_dir()]
    for folder in folders:
        folder.chmod(0o500)
    yield
    for folder in folders:
        folder.chmod(0o700)
