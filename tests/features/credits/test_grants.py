"""Credits that are given and that end; adjustments; balance and history over HTTP."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from easel.base.ids import new_id
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.credits.service import grants, ledger
from tests.features.credits.purse import causes, drift, give, purse
from tests.features.generation.steps import member, rows, submit
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
GIFT = {"amount": 1, "reason": "A gift."}


async def age(studio: Studio, days: int) -> None:
    """Let the lots that end be so many days older."""
    await rows(
        studio,
        "UPDATE credit_lots SET expires_at = expires_at - :age, created_at = created_at - :age",
        age=timedelta(days=days),
    )


async def test_a_new_account_has_its_grant_once(server: Server) -> None:
    client = await server.member()
    found = (await client.get("/api/credits/balance")).json()
    assert found == {"billing": True, "available": 3, "reserved": 0, "ending": []}
    assert await causes(server.studio) == ["grant"]


@pytest.mark.parametrize("settings", [{"EASEL_GRANT_CREDITS": "0"}], indirect=True)
async def test_there_may_be_no_grant(server: Server) -> None:
    client = await server.member()
    assert (await client.get("/api/credits/balance")).json()["available"] == 0
    assert await causes(server.studio) == []


@pytest.mark.parametrize("settings", [{"EASEL_GRANT_DAYS": "30"}], indirect=True)
async def test_what_ends_soonest_is_spent_first_and_the_rest_of_it_ends(studio: Studio) -> None:
    ada = await member(studio)
    async with studio.work(Actor.system()) as work:
        await grants.purchase(work, ada.workspace, Decimal(10), reference="pay")
    first, second = new_id(), new_id()
    async with studio.work(ada) as work:
        await ledger.reserve(work, ada.workspace, first, Decimal(2))
        await ledger.settle(work, ada.workspace, first, Decimal(2))
    await age(studio, 29)
    await grants.expire(studio)
    assert await purse(studio, ada) == (11, 0)
    await age(studio, 1)
    await grants.expire(studio)
    await grants.expire(studio)
    # Two of the three that were given are spent; the third has ended, and nothing of what was bought.
    assert await purse(studio, ada) == (10, 0)
    assert await causes(studio) == ["grant", "purchase", "reserve", "capture", "expiry"]
    # What is reserved ends only when it comes back.
    await give(studio, ada, 4)
    async with studio.work(ada) as work:
        await ledger.reserve(work, ada.workspace, second, Decimal(12))
    await age(studio, 30)
    await grants.expire(studio)
    assert await purse(studio, ada) == (0, 12)
    async with studio.work(ada) as work:
        await ledger.settle(work, ada.workspace, second, Decimal(0))
    await grants.expire(studio)
    assert await purse(studio, ada) == (10, 0)
    assert await drift(studio) == []


@pytest.mark.parametrize("settings", [{"EASEL_GRANT_DAYS": "30"}], indirect=True)
async def test_owners_are_told_once_of_credits_that_end(server: Server) -> None:
    client = await server.member()
    await grants.tell_of_ends(server.studio)
    assert await rows(server.studio, "SELECT id FROM outbox WHERE template = 'credits-ending'") == []
    await age(server.studio, 24)
    for _ in range(2):
        await grants.tell_of_ends(server.studio)
    mails = await rows(server.studio, "SELECT \"to\", subject FROM outbox WHERE template = 'credits-ending'")
    ending = (await client.get("/api/credits/balance")).json()["ending"]
    assert [one["credits"] for one in ending] == [3]
    assert mails == [{"to": "ada@example.com", "subject": f"3 credits end on {ending[0]['expires_at'][:10]}"}]
    assert len(await rows(server.studio, "SELECT id FROM events WHERE type = 'credits.ending'")) == 1


async def test_credits_of_a_workspace_that_is_gone_are_written_off(studio: Studio) -> None:
    ada = await member(studio)
    async with studio.work(ada) as work:
        await ledger.reserve(work, ada.workspace, new_id(), Decimal(1))
    await grants.write_off(studio)
    assert await purse(studio, ada) == (2, 1)
    await rows(studio, "DELETE FROM users")
    for _ in range(2):
        await grants.write_off(studio)
    assert await purse(studio, ada) == (0, 0)
    assert await causes(studio) == ["grant", "reserve", "release", "expiry"]
    assert await drift(studio) == []


async def workspace_of(client: httpx.AsyncClient) -> str:
    id: str = (await client.get("/api/auth/verify")).json()["workspace_id"]
    return id


async def test_an_administrator_adjusts_for_a_reason_that_members_read(server: Server) -> None:
    admin, ben = await server.member(), await server.member("ben@example.com")
    path = f"/api/admin/credits/{await workspace_of(ben)}"
    answer = await admin.post(f"{path}/adjust", json={"amount": 2.5, "reason": " For the outage. "})
    assert answer.json()["available"] == 5.5
    assert (await admin.post(f"{path}/adjust", json={"amount": -5, "reason": "x"})).json()["available"] == 0.5
    refused = await admin.post(f"{path}/adjust", json={"amount": -1, "reason": "x"})
    problem_of(refused, 402, "insufficient_credits")
    mine = (await ben.get("/api/credits/history")).json()["items"]
    assert [(one["cause"], one["amount"], one["available_after"], one["reason"]) for one in mine] == [
        ("adjustment", -5, 0.5, "x"),
        ("adjustment", 2.5, 5.5, "For the outage."),
        ("grant", 3, 3, None),
    ]
    assert (await admin.get(f"{path}/history")).json()["items"] == mine
    assert (await admin.get(f"{path}/balance")).json()["available"] == 0.5
    noted = await rows(
        server.studio,
        "SELECT details FROM audit_log WHERE action = 'credits.adjusted' ORDER BY created_at",
    )
    assert [row["details"]["amount"] for row in noted] == ["2.5", "-5"]
    await admin.post(path.replace(await workspace_of(ben), await workspace_of(admin)) + "/adjust", json=GIFT)
    first = (await admin.get("/api/admin/credits/adjustments?limit=2")).json()
    assert [(one["owner_email"], one["amount"], one["reason"], one["by"]) for one in first["items"]] == [
        ("ada@example.com", 1, "A gift.", "ada@example.com"),
        ("ben@example.com", -5, "x", "ada@example.com"),
    ]
    rest = (await admin.get(f"/api/admin/credits/adjustments?cursor={first['next_cursor']}")).json()
    assert [(one["amount"], one["available_after"]) for one in rest["items"]] == [(2.5, 5.5)]
    found = (await admin.get("/api/admin/credits/workspaces?q=BEN@")).json()["items"]
    assert [(one["workspace_id"], one["available"]) for one in found] == [(await workspace_of(ben), 0.5)]
    assert (await admin.get("/api/admin/credits/workspaces?q=%25")).json()["items"] == []
    assert len((await admin.get("/api/admin/credits/workspaces")).json()["items"]) == 2
    problem_of(await ben.get("/api/admin/credits/adjustments"), 403, "not_allowed")
    problem_of(await ben.get("/api/admin/credits/workspaces"), 403, "not_allowed")
    assert await drift(server.studio) == []


async def test_adjusting_is_for_administrators_and_needs_a_workspace_an_amount_and_a_reason(
    server: Server,
) -> None:
    admin, ben = await server.member(), await server.member("ben@example.com")
    body = {"amount": 1, "reason": "x"}
    path = f"/api/admin/credits/{await workspace_of(ben)}"
    problem_of(await ben.post(f"{path}/adjust", json=body), 403, "not_allowed")
    problem_of(await ben.get(f"{path}/history"), 403, "not_allowed")
    nowhere = f"/api/admin/credits/{new_id()}"
    for answer in (
        await admin.post(f"{nowhere}/adjust", json=body),
        await admin.get(f"{nowhere}/balance"),
        await admin.get(f"{nowhere}/history"),
    ):
        problem_of(answer, 404, "purse_not_found")
    for wrong in ({"amount": 0}, {"reason": "  "}, {"amount": 0.00001}, {"amount": "1e400"}):
        problem_of(await admin.post(f"{path}/adjust", json=body | wrong), 422, "invalid_input")


@pytest.mark.parametrize("settings", [{"EASEL_BILLING": "off"}], indirect=True)
async def test_where_billing_is_off_there_is_nothing_to_adjust(server: Server) -> None:
    admin = await server.member()
    path = f"/api/admin/credits/{await workspace_of(admin)}/adjust"
    problem_of(await admin.post(path, json={"amount": 1, "reason": "x"}), 409, "billing_off")
    found = (await admin.get("/api/credits/balance")).json()
    assert (found["billing"], found["available"]) == (False, 0)


async def test_the_history_is_paged_and_its_own(server: Server) -> None:
    client, ben = await server.member(), await server.member("ben@example.com")
    for number in range(3):
        made = await submit(client, f"fox {number}")
        await client.delete(f"/api/generate/queue/{made['id']}")
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "2", "count": "true"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/credits/history", params=query)).json()
        assert page["total"] == 7
        seen += [one["cause"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["release", "reserve"] * 3 + ["grant"]
    assert len((await ben.get("/api/credits/history")).json()["items"]) == 1
    problem_of(await client.get("/api/credits/history", params={"cursor": "x"}), 422, "bad_cursor")


async def test_members_hear_of_their_credits_as_they_move(server: Server) -> None:
    client = await server.member()
    await submit(client, "a fox")
    told = await rows(
        server.studio, "SELECT data FROM events WHERE type = 'credits.changed' ORDER BY id DESC LIMIT 1"
    )
    assert told[0]["data"] == {
        "id": await workspace_of(client),
        "cause": "reserve",
        "available": 2,
        "reserved": 1,
    }
