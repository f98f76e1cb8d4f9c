"""What several tests of take-out do: export, take the ZIP apart and put it together again, import."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import httpx

ENDED = ("completed", "failed")
NOTHING = dict.fromkeys(
    (
        *("images", "generations", "projects", "collections", "presets", "saved_filters"),
        *("versions", "masks", "comparisons", "already_there", "missing"),
    ),
    0,
)
"""What an import answers that did nothing."""
Files = dict[str, bytes]


async def export(client: httpx.AsyncClient) -> bytes:
    """A take-out of the client's account."""
    answer = await client.post("/api/users/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


async def send(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    """Upload a take-out."""
    return await client.post("/api/users/import", files={"file": ("take-out.zip", data, "application/zip")})


async def bring_in(client: httpx.AsyncClient, data: bytes) -> dict[str, Any]:
    """Upload a take-out and wait for its job to end; answers the job."""
    answer = await send(client, data)
    assert answer.status_code == 202, answer.text
    return await ended(client, answer.json()["links"]["self"])


async def ended(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The job at an address once it has ended."""
    async with asyncio.timeout(300):
        while True:
            job: dict[str, Any] = (await client.get(address)).json()
            if job["status"] in ENDED:
                return job
            await asyncio.sleep(0.05)


def unpacked(data: bytes) -> Files:
    """The files of a ZIP, checked for damage."""
    with ZipFile(io.BytesIO(data)) as zip:
        assert zip.testzip() is None
        return {name: zip.read(name) for name in zip.namelist()}


def packed(files: Files, *, change: Callable[[ZipInfo], None] | None = None) -> bytes:
    """A ZIP of files; `change` may spoil each entry."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zip:
        for name, data in files.items():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            if change is not None:
                change(info)
            zip.writestr(info, data)
    return made.getvalue()


def listed(files: Files, **facts: Any) -> Files:
    """The files with a manifest that fits them, whatever was done to them; `facts` replace what it says."""
    manifest = json.loads(files["manifest.json"])
    rest = {name: data for name, data in files.items() if name != "manifest.json"}
    manifest["files"] = [
        {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in rest.items()
    ]
    return {**rest, "manifest.json": json.dumps(manifest | facts).encode()}


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(300):
        while not await holds():  # noqa: ASYNC110 - what is waited for is on the other side of HTTP
            await asyncio.sleep(0.05)
