"""The audit log's rows: bound to the transaction, and living longer than those whom they name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from easel.core import audit
from easel.core.actor import Actor, Client
from easel.core.audit import AuditRow
from easel.core.work import Studio
from easel.features.accounts.models import User
from easel.features.accounts.service import sign_in

pytestmark = pytest.mark.anyio
HERE = Client(ip="203.0.113.7", user_agent="Test/1")


async def rows(studio: Studio) -> list[AuditRow]:
    async with studio.work(Actor.system()) as work:
        return list(await work.session.scalars(select(AuditRow).order_by(AuditRow.created_at, AuditRow.id)))


async def user(studio: Studio, email: str = "ada@example.com") -> User:
    async with studio.work(Actor.system()) as work:
        return await sign_in.add_user(work, email=email, name="Ada", password_hash=None)


async def test_a_row_says_who_did_what_to_whom_from_where(studio: Studio) -> None:
    ada = await user(studio)
    async with studio.work(Actor(kind="user", user_id=ada.id, client=HERE)) as work:
        await audit.record(work, "thing.changed", user_id=ada.id, details={"count": 2})
    row = (await rows(studio))[-1]
    assert (row.action, row.actor_kind, row.actor_id, row.user_id) == (
        "thing.changed",
        "user",
        ada.id,
        ada.id,
    )
    assert (row.ip_address, row.user_agent, row.details) == ("203.0.113.7", "Test/1", {"count": 2})


async def test_a_row_is_there_only_if_what_it_tells_of_is(studio: Studio) -> None:
    async def breaks() -> None:
        async with studio.work(Actor.system()) as work:
            await audit.record(work, "thing.changed")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks()
    assert await rows(studio) == []


async def test_rows_outlive_the_account_and_its_deletion_can_be_told(studio: Studio) -> None:
    ada = await user(studio)
    async with studio.work(Actor(kind="user", user_id=ada.id, client=HERE)) as work:
        await audit.record(work, "account.deleted", user_id=ada.id)
        await work.session.execute(delete(User).where(User.id == ada.id))
    last = (await rows(studio))[-1]
    assert (last.action, last.actor_kind, last.actor_id, last.user_id) == (
        "account.deleted",
        "user",
        None,
        None,
    )


async def test_a_person_can_be_taken_out_and_others_stay(studio: Studio) -> None:
    ada, bob = await user(studio), await user(studio, "bob@example.com")
    for person in (ada, bob):
        async with studio.work(Actor(kind="user", user_id=person.id, client=HERE)) as work:
            await audit.record(work, "thing.changed", user_id=person.id, details={"name": "x"})
    async with studio.work(Actor.system()) as work:
        await audit.forget_person(work, ada.id)
    hers, his = [row for row in await rows(studio) if row.action == "thing.changed"]
    assert (hers.actor_id, hers.user_id, hers.ip_address, hers.user_agent, hers.details) == (None,) * 4 + (
        {},
    )
    assert (his.user_id, his.ip_address) == (bob.id, "203.0.113.7")


async def test_pages_go_on_where_the_last_one_ended(studio: Studio) -> None:
    actor = replace(Actor.system(), client=HERE)
    for number in range(5):
        async with studio.work(actor) as work:
            await audit.record(work, "thing.counted", details={"number": number})
    async with studio.work(actor) as work:
        first = await audit.page(work, limit=3, after=None)
        rest = await audit.page(work, limit=3, after=(first[-1].created_at, first[-1].id))
    assert [row.details["number"] for row in (*first, *rest)] == [4, 3, 2, 1, 0]
