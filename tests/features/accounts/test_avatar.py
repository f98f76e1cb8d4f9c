"""Avatars: drawn anew, shown to members, changed, removed, and their files with them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pyvips
from sqlalchemy import delete

from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.accounts.models import User
from easel.features.accounts.service import avatar
from tests.media import pictures
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
PATH = "/api/users/avatar"
NOBODY = "01234567-89ab-7cde-8f01-234567abcdef"
RED = pictures.encoded(pictures.plain(900, 300, (200, 30, 30)), "png")
BLUE = pictures.encoded(pictures.plain(60, 90, (30, 30, 200)), "jpeg")


async def set_to(client: httpx.AsyncClient, data: bytes) -> dict[str, Any]:
    answer = await client.post(PATH, files={"file": ("me.png", data, "image/png")})
    assert answer.status_code == 200, answer.text
    user: dict[str, Any] = answer.json()
    return user


async def files(studio: Studio) -> list[str]:
    return sorted([file.key async for file in studio.storage.list("avatars")])


async def until(studio: Studio, number: int) -> None:
    """Waits until so many avatars are kept."""
    async with asyncio.timeout(60):
        while len(await files(studio)) != number:  # noqa: ASYNC110 - a worker's doing
            await asyncio.sleep(0.02)


async def test_an_avatar_is_a_square_of_webp_that_members_see(server: Server) -> None:
    ada, bob = await server.member(), await server.member("bob@example.com")
    assert (await ada.get("/api/auth/me")).json()["avatar_url"] is None
    for data in (RED, BLUE):
        user = await set_to(ada, data)
        assert (await ada.get("/api/auth/me")).json() == user
        for viewer in (ada, bob):
            answer = await viewer.get(user["avatar_url"])
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "image/webp"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.content[:4] == b"RIFF"
            image = pyvips.Image.webpload_buffer(answer.content)
            assert (image.width, image.height, image.bands) == (512, 512, 3)
    problem_of(await server.client().get(user["avatar_url"]), 401, "not_signed_in")


async def test_an_avatar_is_cached_for_as_long_as_it_is_one(server: Server) -> None:
    ada = await server.member()
    user = await set_to(ada, RED)
    answer = await ada.get(user["avatar_url"])
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    etag = {"If-None-Match": answer.headers["etag"]}
    assert (await ada.get(user["avatar_url"], headers=etag)).status_code == 304
    assert (await ada.head(user["avatar_url"])).headers["content-length"] == str(len(answer.content))
    plain = f"/api/users/{user['id']}/avatar"
    assert (await ada.get(plain)).headers["cache-control"] == "private, no-cache"
    assert (await ada.get(plain, headers=etag)).status_code == 304
    changed = await set_to(ada, BLUE)
    assert changed["avatar_url"] != user["avatar_url"]
    assert (await ada.get(plain, headers=etag)).status_code == 200
    assert (await ada.get(user["avatar_url"])).headers["cache-control"] == "private, no-cache"


async def test_where_there_is_none(server: Server) -> None:
    ada = await server.member()
    me = (await ada.get("/api/auth/me")).json()["id"]
    for id in (me, NOBODY):
        problem_of(await ada.get(f"/api/users/{id}/avatar"), 404, "avatar_not_found")
    problem_of(await ada.get("/api/users/no-id/avatar"), 404, "not_found")


async def test_a_refused_file_changes_nothing(server: Server) -> None:
    ada = await server.member()
    user = await set_to(ada, RED)
    for data in (b"<svg/>", RED[:-40], pictures.png_by_hand(60_000, 60_000)):
        assert (await ada.post(PATH, files={"file": data})).status_code == 422
    assert (await ada.get("/api/auth/me")).json() == user
    assert len(await files(server.studio)) == 1


async def test_what_was_sent_is_not_kept(server: Server) -> None:
    ada = await server.member()
    await set_to(ada, RED + b"<script>alert(1)</script>")
    (key,) = await files(server.studio)
    kept = await server.studio.storage.get(key)
    assert b"script" not in kept
    assert kept != RED
    assert [file.key async for file in server.studio.storage.list("")] == [key]


async def test_the_file_goes_when_nobody_shows_it(server: Server, worker: None) -> None:
    ada, bob = await server.member(), await server.member("bob@example.com")
    await set_to(ada, RED)
    await set_to(bob, RED)
    assert len(await files(server.studio)) == 1
    await set_to(ada, BLUE)
    await until(server.studio, 2)
    answer = await bob.delete(PATH)
    assert (answer.status_code, answer.json()["avatar_url"]) == (200, None)
    await until(server.studio, 1)
    assert (await bob.delete(PATH)).status_code == 200
    await set_to(ada, BLUE)
    answer = await ada.get((await ada.get("/api/auth/me")).json()["avatar_url"])
    assert answer.status_code == 200
    await ada.delete(PATH)
    await until(server.studio, 0)


async def test_files_of_accounts_that_are_gone_are_found(server: Server) -> None:
    ada, bob = await server.member(), await server.member("bob@example.com")
    gone, _ = await set_to(ada, RED), await set_to(bob, BLUE)
    async with server.studio.work(Actor.system()) as work:
        await work.session.execute(delete(User).where(User.id == gone["id"]))
    await avatar.discard_forgotten(server.studio)
    assert len(await files(server.studio)) == 2, "an upload may be under way"
    await avatar.discard_forgotten(server.studio, age=timedelta(seconds=-1))
    (kept,) = await files(server.studio)
    assert (await bob.get((await bob.get("/api/auth/me")).json()["avatar_url"])).status_code == 200
    assert kept.endswith(".webp")


async def test_an_avatar_on_disk_is_put_there_whole(server: Server) -> None:
    ada = await server.member()
    await asyncio.gather(*(set_to(ada, data) for data in (RED, BLUE) * 3))
    answer = await ada.get((await ada.get("/api/auth/me")).json()["avatar_url"])
    assert pyvips.Image.webpload_buffer(answer.content).width == 512
