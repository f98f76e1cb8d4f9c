"""Rotation of the studio's secret: everything is sealed anew, beside writers, and nothing is lost."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, update

from easel.base.crypto import SealBroken, StudioSecret, seal, seal_prefix, unseal
from easel.core.actor import Actor
from easel.core.rotation import BATCH, reseal, sealed_columns
from easel.core.work import Studio
from easel.features.accounts.models import User
from easel.features.connections.models import PURPOSE, ProviderKey

pytestmark = pytest.mark.anyio
NEW = "n" * 40


def turned(studio: Studio) -> str:
    """Give the studio a new secret; the one before it, which stays known."""
    old = studio.secret.current
    studio.secret._known = (NEW, old)
    studio.secret._refresh = None
    return old


async def add_keys(studio: Studio, number: int) -> UUID:
    """A user with so many keys; the key to provider 7 is `key-7`."""
    user = User(email="ada@example.com", name="Ada")
    async with studio.work(Actor.system()) as work:
        work.session.add(user)
        await work.session.flush()
        work.session.add_all(
            ProviderKey(
                user_id=user.id,
                provider=str(at),
                sealed_key=seal(studio.secret, f"key-{at}".encode(), PURPOSE),
                last_four="last",
            )
            for at in range(number)
        )
    return user.id


async def keys(studio: Studio) -> dict[str, ProviderKey]:
    async with studio.work(Actor.system()) as work:
        return {row.provider: row for row in await work.session.scalars(select(ProviderKey))}


async def test_everything_is_sealed_anew_in_batches(studio: Studio) -> None:
    number = 2 * BATCH + 3
    await add_keys(studio, number)
    before = await keys(studio)
    turned(studio)
    report = await reseal(studio)
    assert report.done == {"provider_keys.sealed_key": number}
    assert not report.unreadable
    only = StudioSecret(NEW)
    after = await keys(studio)
    assert all(unseal(only, row.sealed_key, PURPOSE) == f"key-{at}".encode() for at, row in after.items())
    assert all(row.updated_at == before[at].updated_at for at, row in after.items())
    assert (await reseal(studio)).done == {}


async def test_what_no_secret_opens_is_told_of_and_left_alone(studio: Studio) -> None:
    await add_keys(studio, 3)
    turned(studio)
    foreign = seal("f" * 40, b"key", PURPOSE)
    async with studio.work(Actor.system()) as work:
        await work.session.execute(
            update(ProviderKey).where(ProviderKey.provider == "1").values(sealed_key=foreign)
        )
    report = await reseal(studio)
    assert report.done == {"provider_keys.sealed_key": 2}
    assert report.unreadable == {"provider_keys.sealed_key": 1}
    assert (await keys(studio))["1"].sealed_key == foreign


async def test_it_waits_for_writers_that_knew_the_old_secret_only(studio: Studio) -> None:
    user_id = await add_keys(studio, 1)
    old = studio.secret.current
    written, commit = asyncio.Event(), asyncio.Event()

    async def writer() -> None:
        async with studio.work(Actor.system()) as work:
            sealed = seal(old, b"late", PURPOSE)
            work.session.add(
                ProviderKey(user_id=user_id, provider="late", sealed_key=sealed, last_four="late")
            )
            await work.session.flush()
            written.set()
            await commit.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(writer())
        await written.wait()
        turned(studio)
        resealing = tasks.create_task(reseal(studio))
        while not (await keys(studio))["0"].sealed_key.startswith(seal_prefix(NEW)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert not resealing.done()
        commit.set()
    assert unseal(StudioSecret(NEW), (await keys(studio))["late"].sealed_key, PURPOSE) == b"late"
    with pytest.raises(SealBroken):
        unseal(StudioSecret(old), (await keys(studio))["late"].sealed_key, PURPOSE)


def test_every_sealed_column_is_found_by_its_type() -> None:
    found = {f"{table.name}.{column.name}": purpose for table, column, purpose in sealed_columns()}
    assert found["provider_keys.sealed_key"] == PURPOSE
    assert len(set(found.values())) == len(found), "one purpose for one column"
