"""Whatever is wrong with a take-out: it is refused by name, and nothing of it is kept."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from easel.base.settings import Settings
from tests.features.takeout.steps import Files, bring_in, export, listed, packed, send, unpacked
from tests.plugins.problems import problem_of
from tests.plugins.shelf import OpenShelf, Shelf
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

Spoil = Callable[[bytes], bytes]


@pytest.fixture
async def take_out(shelf: Shelf) -> bytes:
    """A good take-out of two pictures."""
    first = await shelf.add(seed=1)
    await shelf.add(seed=2, parent_image_id=first.id)
    return await export(shelf.client)


@pytest.fixture
async def target(open_shelf: OpenShelf) -> Shelf:
    """An empty account to import into."""
    return await open_shelf("grace@example.com")


def original_of(files: Files) -> str:
    return next(name for name in files if name.startswith("originals/"))


def with_manifest(**facts: object) -> Spoil:
    return lambda data: packed(listed(unpacked(data), **facts))


def with_file(name: str, content: bytes = b"x") -> Spoil:
    return lambda data: packed(listed({**unpacked(data), name: content}))


def with_entry(change: Callable[[ZipInfo], None]) -> Spoil:
    return lambda data: packed(unpacked(data), change=change)


def cut(share: float) -> Spoil:
    return lambda data: data[: int(len(data) * share)]


def without_middle(data: bytes) -> bytes:
    return data[: len(data) // 4] + data[len(data) // 2 :]


def without(name: str) -> Spoil:
    return lambda data: packed({key: value for key, value in unpacked(data).items() if key != name})


def twice(data: bytes) -> bytes:
    files = unpacked(data)
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zip:
        for name, content in files.items():
            zip.writestr(ZipInfo(name), content)
        zip.writestr(ZipInfo(original_of(files).upper().replace("ORIGINALS", "originals")), b"other")
    return made.getvalue()


def link(info: ZipInfo) -> None:
    if info.filename.startswith("originals/"):
        info.external_attr = 0o120777 << 16


def encrypted(data: bytes) -> bytes:
    spoilt = bytearray(data)
    at = data.rindex(b"PK\x01\x02")
    spoilt[at + 8] |= 1
    return bytes(spoilt)


def bomb(data: bytes) -> bytes:
    return packed(listed({**unpacked(data), "originals/zeros.png": bytes(30_000_000)}))


def overlapping(data: bytes) -> bytes:
    """Two entries of the directory that point at the same bytes."""
    files = unpacked(data)
    spoilt = bytearray(packed({"a": files[original_of(files)], "b": files[original_of(files)], **files}))
    first = spoilt.index(b"PK\x01\x02")
    second = spoilt.index(b"PK\x01\x02", first + 4)
    spoilt[second + 42 : second + 46] = spoilt[first + 42 : first + 46]
    return bytes(spoilt)


def many(data: bytes) -> bytes:
    """A directory that says it holds millions of files."""
    at = data.rindex(b"PK\x05\x06")
    zip64 = struct.pack("<LQ2H2L4Q", 0x06064B50, 44, 45, 45, 0, 0, 9_000_000, 9_000_000, 46, 0)
    locator = struct.pack("<LLQL", 0x07064B50, 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:at] + zip64 + locator + end


AT_ONCE: dict[str, tuple[Spoil, str]] = {
    "no zip": (lambda data: b"GIF89a" + bytes(500), "not_a_zip"),
    "empty": (lambda data: b"", "not_a_zip"),
    "cut off": (cut(0.7), "truncated"),
    "cut off at the end": (lambda data: data[:-1], "truncated"),
    "a hole": (without_middle, "damaged"),
    "no manifest": (without("manifest.json"), "no_manifest"),
    "manifest is no JSON": (lambda data: packed({**unpacked(data), "manifest.json": b"{"}), "bad_manifest"),
    "manifest is deep": (
        lambda data: packed({**unpacked(data), "manifest.json": b"[" * 100_000}),
        "bad_manifest",
    ),
    "manifest of something else": (with_manifest(format="other"), "bad_manifest"),
    "manifest says nonsense": (with_manifest(counts="many"), "bad_manifest"),
    "from the future": (with_manifest(version=3), "unknown_version"),
    "no version": (with_manifest(version=None), "unknown_version"),
    "leads out": (with_file("originals/../../evil.png"), "unsafe_name"),
    "absolute": (with_file("/etc/passwd"), "unsafe_name"),
    "a drive": (with_file("C:evil.png"), "unsafe_name"),
    "backslashes": (with_file("originals\\evil.png"), "unsafe_name"),
    "control characters": (with_file("originals/a\nb.png"), "unsafe_name"),
    "a link": (with_entry(link), "not_a_file"),
    "twice": (twice, "duplicate_name"),
    "encrypted": (encrypted, "encrypted"),
    "a bomb": (bomb, "bomb"),
    "shared bytes": (overlapping, "bomb"),
    "too many files": (many, "too_many_files"),
    "not listed": (lambda data: packed({**unpacked(data), "more.txt": b"x"}), "unlisted_file"),
    "missing": (lambda data: without(original_of(unpacked(data)))(data), "missing_file"),
}


@pytest.mark.parametrize("fault", AT_ONCE)
async def test_refused_at_once(fault: str, take_out: bytes, target: Shelf) -> None:
    spoil, reason = AT_ONCE[fault]
    problem = problem_of(await send(target.client, spoil(take_out)), 422, "bad_take_out")
    assert [(error.field, error.code) for error in problem.errors] == [("file", reason)]
    assert (await target.client.get("/api/jobs")).json()["items"] == []
    assert [file async for file in target.studio.storage.list("imports")] == []


def changed(data: bytes) -> bytes:
    """One bit of an original is another, with a checksum that fits."""
    files = unpacked(data)
    name = original_of(files)
    files[name] = files[name][:-5] + bytes([files[name][-5] ^ 1]) + files[name][-4:]
    return packed(files)


def damaged(data: bytes) -> bytes:
    """One bit of an original is another, and the ZIP's own checksum tells."""
    files = unpacked(data)
    content = files[original_of(files)]
    at = data.index(content) + len(content) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def with_record(**values: object) -> Spoil:
    def spoil(data: bytes) -> bytes:
        files = unpacked(data)
        images = json.loads(files["records/images.json"])
        images[-1] |= values
        lines = ",\n".join(json.dumps(image) for image in images)
        return packed(listed({**files, "records/images.json": f"[\n{lines}\n]\n".encode()}))

    return spoil


def with_preset(**parameters: object) -> Spoil:
    """A take-out with a preset that no request could ever say."""
    moment = "2026-01-01T00:00:00Z"

    def spoil(data: bytes) -> bytes:
        files = unpacked(data)
        manifest = json.loads(files["manifest.json"])
        record: dict[str, object] = {
            "id": str(uuid4()),
            "workspace_id": str(uuid4()),
            "name": "Odd",
            "model_id": "painter/fast",
        }
        record |= {"parameters": parameters, "is_default": True, "created_at": moment, "updated_at": moment}
        lines = f"[\n{json.dumps(record)}\n]\n".encode()
        counts = manifest["counts"] | {"presets": 1}
        return packed(listed({**files, "records/presets.json": lines}, counts=counts))

    return spoil


def no_image(data: bytes) -> bytes:
    files = unpacked(data)
    return packed(listed({**files, original_of(files): b"<svg/>"}))


def swapped(data: bytes) -> bytes:
    """Two originals that changed places."""
    files = unpacked(data)
    one, two = (name for name in files if name.startswith("originals/"))
    return packed(listed({**files, one: files[two], two: files[one]}))


BY_THE_WORKER: dict[str, tuple[Spoil, str]] = {
    "changed": (changed, "hash_mismatch"),
    "damaged": (damaged, "damaged"),
    "swapped": (swapped, "hash_mismatch"),
    "not a picture": (no_image, "not_an_image"),
    "unknown field": (with_record(evil=1), "bad_record"),
    "rating": (with_record(rating=6), "bad_record"),
    "NUL": (with_record(notes="a\0b"), "bad_record"),
    "NUL inside": (with_record(parameters={"a": ["\0"]}), "bad_record"),
    "bad id": (with_record(id="1"), "bad_record"),
    "future": (with_record(created_at="2999-01-01T00:00:00Z"), "bad_record"),
    "no such file": (with_record(file="originals/none.png"), "missing_file"),
    "preset": (with_preset(size="large"), "bad_record"),
    "other file": (with_record(file="images.csv"), "missing_file"),
    "wrong hash": (with_record(content_hash="0" * 64), "hash_mismatch"),
    "counts": (
        with_manifest(counts={"images": 3, "generations": 0, "workspaces": 1, "files": 1}),
        "bad_manifest",
    ),
}


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("fault", BY_THE_WORKER)
async def test_refused_by_the_worker(fault: str, take_out: bytes, target: Shelf) -> None:
    spoil, reason = BY_THE_WORKER[fault]
    job = await bring_in(target.client, spoil(take_out))
    assert (job["status"], job["error"]["code"], job["result"]) == ("failed", reason, {})
    assert job["error"]["message"]
    assert await target.ids() == []
    assert await target.image_count() == 0
    assert [file async for file in target.studio.storage.list("imports")] == []


@pytest.mark.usefixtures("worker")
async def test_a_refused_one_can_be_followed_by_a_good_one(take_out: bytes, target: Shelf) -> None:
    assert (await bring_in(target.client, changed(take_out)))["status"] == "failed"
    assert (await bring_in(target.client, take_out))["status"] == "completed"
    assert len(await target.ids()) == 2


async def test_what_is_no_form_is_refused(target: Shelf) -> None:
    answer = await target.client.post("/api/users/import", content=b"PK")
    problem_of(answer, 415, "not_multipart")
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    answer = await target.client.post("/api/users/import", content=head + b"PK", headers=form)
    problem_of(answer, 400, "broken_upload")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that takes small files only."""
    monkeypatch.setenv("EASEL_MAX_IMPORT_BYTES", "2000")


async def test_what_is_too_large_is_refused(small: None, settings: Settings, server: Server) -> None:
    client = await server.member()
    problem_of(await send(client, bytes(2001)), 413, "file_too_large")
    problem_of(await send(client, bytes(500_000)), 413, "body_too_large")
    large = packed({"originals/a": zlib.compress(bytes(100)) + bytes(4500)})
    problem = problem_of(await send(client, large), 422, "bad_take_out")
    assert problem.errors[0].code == "too_large"
