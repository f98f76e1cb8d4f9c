"""Backups: everything comes back in an empty place, and nothing half-made is left anywhere."""

from __future__ import annotations

import asyncio
import os
import tarfile
from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg
import pytest

from easel import migrations
from easel.app.backup.archive import BackupExists, BadBackup
from easel.app.backup.bring_back import NotEmpty, bring_back, verify
from easel.app.backup.save import save
from easel.app.open import open_studio
from easel.app.secret_file import SecretFile
from easel.base.db import conninfo
from easel.base.settings import Billing, Settings
from easel.core import keeping
from easel.features.library import service as library
from easel.providers.registry import Providers
from easel.storage.base import Storage, StorageUnavailable, StoredFile, open_storage
from tests.app.filled import PERSON, fill, rows
from tests.plugins.painter import Painter, picture
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio

OLDER = "20261121_02"
"""A schema of before much that is there today."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"billing": Billing(EASEL_BILLING="on")})


class Broken(Storage):
    """A store that cannot be listed."""

    async def list(self, prefix: str) -> AsyncGenerator[StoredFile, None]:
        raise StorageUnavailable
        yield  # type: ignore[unreachable]  # so that it is a generator


async def files(storage: Storage) -> dict[str, bytes]:
    return {file.key: await storage.get(file.key) async for file in storage.list("")}


def silent(_: str) -> None:
    """Progress is for people."""


async def test_everything_comes_back_and_one_can_log_in(
    server: Server,
    settings: Settings,
    database_url: str,
    empty_database_url: str,
    tmp_path: Path,
    painter: Painter,
) -> None:
    await fill(server)
    storage = server.studio.storage
    await storage.put(
        "originals/la/rg/large.png", bytes(range(256)) * 70_000
    )  # larger than what is read at once
    secret = "\n".join(SecretFile(settings.data).read())
    file = tmp_path / "studio.easel"
    said: list[str] = []
    saved = await save(file, database_url, storage, secret, said.append)
    before = rows(database_url)
    assert len([name for name, there in before.items() if there]) > 40
    assert saved.missing == ()
    assert (
        saved.rows == sum(len(there) for there in before.values()) - 1
    )  # the schema's revision is in the head
    assert any("images" in words for words in said)
    assert verify(file)["files"] == saved.files
    with pytest.raises(BackupExists):
        await save(file, database_url, storage, secret, silent)

    elsewhere = settings.model_copy(update={"data": tmp_path / "new"})
    elsewhere.data.mkdir()
    new = open_storage((tmp_path / "files").as_uri())
    await _refuses_what_is_broken(
        file, await asyncio.to_thread(file.read_bytes), elsewhere, empty_database_url, new
    )
    restored = await bring_back(file, elsewhere, empty_database_url, new, silent)
    assert restored.secret
    assert rows(empty_database_url) == before
    previews = {key for key in await files(storage) if key.startswith("previews/")}
    assert await files(new) == {
        key: data for key, data in (await files(storage)).items() if key not in previews
    }
    assert SecretFile(elsewhere.data).read() == SecretFile(settings.data).read()
    with pytest.raises(NotEmpty):
        await bring_back(file, elsewhere, empty_database_url, new, silent)
    await new.close()

    elsewhere = elsewhere.model_copy(
        update={"storage": settings.storage.model_copy(update={"url": (tmp_path / "files").as_uri()})}
    )
    async with (
        open_studio(elsewhere, empty_database_url, providers=Providers([painter])) as studio,
        serving(elsewhere, studio) as there,
    ):
        client = there.client()
        entered = await client.post("/api/auth/login", json=PERSON)
        assert entered.status_code == 200, entered.text
        client.headers["Authorization"] = f"Bearer {entered.json()['access_token']}"
        queue = (await client.get("/api/generate/queue")).json()["items"]
        assert [one["prompt"] for one in queue] == ["a fox with \\ and \t and 'ünïcode' 🦊"]
        again = await client.post("/api/images/generate", json={"prompt": "another"})
        assert again.status_code == 202, again.text


async def test_an_older_schema_comes_back_as_todays_and_a_newer_one_is_refused(
    server: Server, settings: Settings, database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    ada = await server.member()
    assert (await ada.post("/api/images/generate", json={"prompt": "a red fox"})).status_code == 202
    await ada.post("/api/collections", json={"name": "Foxes"})
    storage = server.studio.storage
    elsewhere = settings.model_copy(update={"data": tmp_path / "new"})
    elsewhere.data.mkdir()
    with psycopg.connect(conninfo(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '99991231_01'")
    newer, older = tmp_path / "newer", tmp_path / "older"
    await save(newer, database_url, storage, "", silent)
    with pytest.raises(BadBackup, match=r"schema is 99991231_01, newer than this Easel's"):
        await bring_back(newer, elsewhere, empty_database_url, open_storage("memory://"), silent)
    assert await asyncio.to_thread(migrations.current, empty_database_url) is None

    with psycopg.connect(conninfo(database_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [migrations.head()])
    await asyncio.to_thread(migrations.downgrade, database_url, OLDER)
    before = rows(database_url)
    await save(older, database_url, storage, "", silent)
    restored = await bring_back(older, elsewhere, empty_database_url, open_storage("memory://"), silent)
    assert restored.revision == OLDER
    assert await asyncio.to_thread(migrations.current, empty_database_url) == migrations.head()
    after = rows(empty_database_url)
    kept = {name for name, there in before.items() if there}
    assert {"users", "workspaces", "generations", "events"} <= kept
    assert {name: len(after[name]) for name in kept} == {name: len(before[name]) for name in kept}


async def _refuses_what_is_broken(
    file: Path, data: bytes, settings: Settings, url: str, storage: Storage
) -> None:
    """A backup that was cut off, or in which a bit has turned, leaves no trace of its restore."""
    broken = file.with_name("broken")
    with tarfile.open(file) as tar:
        turned = next(one for one in tar if one.name.endswith("large.png")).offset_data
    for wrong in (data[: len(data) // 2], data[:turned] + b"x" + data[turned + 1 :], b"not a tar file" * 100):
        broken.write_bytes(wrong)
        with pytest.raises(BadBackup):
            verify(broken)
    broken.write_bytes(data[:turned] + b"x" + data[turned + 1 :])
    with pytest.raises(BadBackup, match=r"large\.png is not as it was written"):
        await bring_back(broken, settings, url, storage, silent)
    assert await files(storage) == {}
    assert not SecretFile(settings.data).path.exists()
    assert rows(url)["users"] == []


async def test_files_stay_while_a_backup_is_made(server: Server, database_url: str, tmp_path: Path) -> None:
    studio = server.studio
    original = await library.keep(studio, picture(16, 16, 5))
    with psycopg.connect(conninfo(database_url), autocommit=True) as backup:
        backup.execute("SELECT pg_advisory_lock(%s)", (keeping.LOCK,))
        assert not await library.discard_original(studio, original.key, original.content_hash)
        await library.remove_doomed(studio)
        assert await studio.storage.exists(original.key)
    async with asyncio.timeout(20):  # the server notices soon that the session has gone
        while await studio.storage.exists(original.key):
            await library.remove_doomed(studio)

    storage = Broken(studio.storage._store)
    with pytest.raises(StorageUnavailable):
        await save(tmp_path / "backup", database_url, storage, None, silent)
    await storage.close()
    assert not [name for name in os.listdir(tmp_path) if "backup" in name]
