"""The ledger's rules, as the database keeps them against everyone, and its movements."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.credits.errors import InsufficientCredits
from easel.features.credits.models import HOUSE
from easel.features.credits.service import grants, ledger
from tests.features.credits.purse import causes, drift, give, postings, purse
from tests.features.generation.steps import member, rows

pytestmark = pytest.mark.anyio

ENTRY = "INSERT INTO ledger_entries (id, cause, workspace_id, round, reason) VALUES (:id, 'adjustment', :of, 0, 'x')"
POST = "INSERT INTO ledger_postings (entry_id, account_id, amount) VALUES (:id, :account, :amount)"


async def account(studio: Studio, kind: str) -> UUID:
    found = await rows(
        studio, "SELECT id FROM ledger_accounts WHERE kind = :kind ORDER BY created_at LIMIT 1", kind=kind
    )
    id: UUID = found[0]["id"]
    return id


async def enter(studio: Studio, workspace_id: UUID, *changes: tuple[UUID, int]) -> None:
    """Write an entry by hand, as whoever goes round the service would."""
    id = new_id()
    async with studio.sessions.begin() as session:
        await session.execute(text(ENTRY), {"id": id, "of": workspace_id})
        for account_id, amount in changes:
            await session.execute(text(POST), {"id": id, "account": account_id, "amount": amount})


async def test_an_entry_that_does_not_sum_to_zero_cannot_be_committed(studio: Studio) -> None:
    ada = await member(studio)
    available, grant = await account(studio, "available"), HOUSE["grants"]
    await enter(studio, ada.workspace, (available, 2), (grant, -2))
    for changes in (((available, 2), (grant, -1)), ((available, 2),), ()):
        with pytest.raises(DBAPIError, match="that sum to"):
            await enter(studio, ada.workspace, *changes)
    assert await purse(studio, ada) == (5, 0)


async def test_no_balance_of_a_workspace_goes_below_zero(studio: Studio) -> None:
    ada = await member(studio)
    available, reserved = await account(studio, "available"), await account(studio, "reserved")
    with pytest.raises(DBAPIError, match="not_negative"):
        await enter(studio, ada.workspace, (available, -4), (HOUSE["adjustments"], 4))
    with pytest.raises(DBAPIError, match="not_negative"):
        await enter(studio, ada.workspace, (reserved, -1), (available, 1))
    assert await purse(studio, ada) == (3, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_postings SET amount = amount + 1",
        "DELETE FROM ledger_postings",
        "TRUNCATE ledger_postings",
        "UPDATE ledger_entries SET reason = 'another'",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries CASCADE",
        "DELETE FROM ledger_accounts",
        "UPDATE ledger_accounts SET balance = 1000 WHERE workspace_id IS NOT NULL",
        "TRUNCATE ledger_accounts CASCADE",
    ],
)
async def test_nothing_is_ever_changed_or_removed(studio: Studio, statement: str) -> None:
    ada = await member(studio)
    with pytest.raises(DBAPIError, match=r"not allowed|by postings alone"):
        await rows(studio, statement)
    assert await purse(studio, ada) == (3, 0)


async def test_an_entry_of_another_transaction_takes_no_more_postings(studio: Studio) -> None:
    ada = await member(studio)
    entry = (await rows(studio, "SELECT id FROM ledger_entries"))[0]["id"]
    with pytest.raises(DBAPIError, match="is closed"):
        await rows(studio, POST, id=entry, account=await account(studio, "reserved"), amount=1)
    assert await purse(studio, ada) == (3, 0)


async def test_a_new_account_begins_with_nothing_whatever_is_written(studio: Studio) -> None:
    await rows(
        studio,
        "INSERT INTO ledger_accounts (id, kind, workspace_id, balance) VALUES (:id, 'available', :of, 500)",
        id=new_id(),
        of=new_id(),
    )
    assert await rows(studio, "SELECT balance::int FROM ledger_accounts WHERE kind = 'available'") == [
        {"balance": 0}
    ]


async def test_reserving_and_charging(studio: Studio) -> None:
    ada, generation = await member(studio), new_id()
    async with studio.work(ada) as work:
        await ledger.reserve(work, ada.workspace, generation, Decimal(2))
    assert await purse(studio, ada) == (1, 2)
    async with studio.work(ada) as work:
        assert await ledger.settle(work, ada.workspace, generation, Decimal("0.5")) == Decimal("0.5")
    assert await purse(studio, ada) == (2.5, 0)
    assert await postings(studio) == [
        {"cause": "grant", "kind": "available", "amount": 3},
        {"cause": "grant", "kind": "grants", "amount": -3},
        {"cause": "reserve", "kind": "available", "amount": -2},
        {"cause": "reserve", "kind": "reserved", "amount": 2},
        {"cause": "capture", "kind": "available", "amount": 1.5},
        {"cause": "capture", "kind": "reserved", "amount": -2},
        {"cause": "capture", "kind": "revenue", "amount": 0.5},
    ]
    assert await drift(studio) == []


async def test_what_was_done_is_not_done_again(studio: Studio) -> None:
    ada, generation = await member(studio), new_id()
    for _ in range(2):
        async with studio.work(ada) as work:
            await ledger.reserve(work, ada.workspace, generation, Decimal(2))
    assert await purse(studio, ada) == (1, 2)
    for charge, taken in ((1, 1), (1, 0), (0, 0), (2, 0)):
        async with studio.work(ada) as work:
            assert await ledger.settle(work, ada.workspace, generation, Decimal(charge)) == taken
    assert await purse(studio, ada) == (2, 0)
    # Tried again by hand it is another round.
    async with studio.work(ada) as work:
        await ledger.reserve(work, ada.workspace, generation, Decimal(2), round=1)
        assert await ledger.settle(work, ada.workspace, generation, Decimal(9), round=1) == 2
    assert await purse(studio, ada) == (0, 0)
    async with studio.work(ada) as work:
        assert await ledger.settle(work, ada.workspace, new_id(), Decimal(1)) == 0
    assert await causes(studio) == ["grant", "reserve", "capture", "reserve", "capture"]
    assert await drift(studio) == []


async def test_too_little_says_what_it_takes_and_what_there_is(studio: Studio) -> None:
    ada = await member(studio)
    with pytest.raises(InsufficientCredits) as caught:
        async with studio.work(ada) as work:
            await ledger.reserve(work, ada.workspace, new_id(), Decimal("3.0001"))
    assert caught.value.extra == {"need": 3.0001, "have": 3.0}
    assert caught.value.detail == "This takes 3.0001 credits; 3 credits can be spent."
    assert await purse(studio, ada) == (3, 0)


async def test_a_payment_counts_once_and_its_refund_takes_what_is_left(studio: Studio) -> None:
    ada = await member(studio)
    async with studio.work(Actor.system()) as work:
        assert await grants.purchase(work, ada.workspace, Decimal(10), reference="pay-1")
        assert not await grants.purchase(work, ada.workspace, Decimal(10), reference="pay-1")
        await ledger.reserve(work, ada.workspace, new_id(), Decimal(5))
    async with studio.work(Actor.system()) as work:
        assert await grants.refund(work, ada.workspace, Decimal(10), reference="pay-1") == 8
        assert await grants.refund(work, ada.workspace, Decimal(10), reference="pay-1") == 0
    assert await purse(studio, ada) == (0, 5)
    assert await drift(studio) == []


async def test_drift_is_found(studio: Studio) -> None:
    ada = await member(studio)
    await give(studio, ada, 2)
    assert await drift(studio) == []
    async with studio.sessions.begin() as session:
        # As the database's owner can: no triggers.
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text("UPDATE ledger_accounts SET balance = 7 WHERE kind = 'available'"))
    found = {(one.what, float(one.kept), float(one.summed)) for one in await drift(studio)}
    assert found == {("balance", 7.0, 5.0), ("lots", 5.0, 7.0)}
