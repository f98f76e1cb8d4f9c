"""Monthly limits and their warnings."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.features.generation.steps import ended, rows, submit
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
PATH = "/api/settings/limits"


async def put(client: httpx.AsyncClient, credits: float | None, *thresholds: int) -> httpx.Response:
    return await client.put(PATH, json={"monthly_credits": credits, "alert_thresholds": list(thresholds)})


async def test_without_a_limit_there_is_none(server: Server) -> None:
    client = await server.member()
    found = (await client.get(PATH)).json()
    assert (found["monthly_credits"], found["alert_thresholds"], found["spent"]) == (None, [50, 80, 100], 0)


async def test_beyond_the_limit_nothing_is_taken_whether_spent_or_in_flight(
    server: Server, worker: None
) -> None:
    client = await server.member()
    assert (await put(client, 2, 100)).json()["monthly_credits"] == 2
    await ended(client, await submit(client, "a fox"))
    await submit(client, "slow fox")
    answer = await client.post("/api/images/generate", json={"prompt": "one more"})
    body = problem_of(answer, 402, "monthly_limit_reached")
    assert (
        body.detail
        == "This takes 1 credit; 2 credits of this month's limit of 2 credits are spent or reserved."
    )
    assert (answer.json()["need"], answer.json()["have"], answer.json()["limit"]) == (1, 0, 2)
    assert len(await rows(server.studio, "SELECT id FROM generations")) == 2
    assert (await put(client, None)).json()["monthly_credits"] is None
    await submit(client, "one more")


@pytest.mark.parametrize("settings", [{"EASEL_BILLING": "off"}], indirect=True)
async def test_of_many_at_once_the_limit_takes_as_many_as_it_allows(server: Server) -> None:
    client = await server.member()
    await put(client, 4)
    answers = await asyncio.gather(
        *(client.post("/api/images/generate", json={"prompt": f"fox {n}"}) for n in range(12))
    )
    assert sorted(answer.status_code for answer in answers) == [202] * 4 + [402] * 8
    # What is cancelled makes room again.
    taken = next(answer.json() for answer in answers if answer.status_code == 202)
    await client.delete(f"/api/generate/queue/{taken['id']}")
    await submit(client, "one more")


async def test_each_warning_is_given_once_a_month_by_event_and_mail(server: Server, worker: None) -> None:
    client = await server.member()
    await put(client, 3, 50, 60, 100)
    for number in range(3):
        await ended(client, await submit(client, f"fox {number}"))
    told = await rows(
        server.studio,
        "SELECT data->>'threshold' AS threshold, data->>'spent' AS spent FROM events"
        " WHERE type = 'spending.alerted' ORDER BY id",
    )
    assert told == [{"threshold": "60", "spent": "2.0"}, {"threshold": "100", "spent": "3.0"}]
    mails = await rows(
        server.studio,
        "SELECT subject, text FROM outbox WHERE template = 'spending-alert' AND \"to\" = 'ada@example.com'"
        " ORDER BY created_at",
    )
    assert [mail["subject"] for mail in mails] == [
        "60 % of this month's limit is spent",
        "100 % of this month's limit is spent",
    ]
    assert "has spent 2 credits this month" in mails[0]["text"]
    assert "/app/w/personal/usage" in mails[0]["text"]
    assert len(await rows(server.studio, "SELECT threshold FROM spending_alerts")) == 3


@pytest.mark.parametrize("settings", [{"EASEL_BILLING": "off"}], indirect=True)
async def test_a_warning_about_a_team_leads_into_that_team(server: Server, worker: None) -> None:
    client = await server.member()
    team = (await client.post("/api/teams", json={"name": "Painters"})).json()["id"]
    client.headers["X-Workspace"] = team
    await put(client, 1, 100)
    await ended(client, await submit(client, "a fox"))
    (mail,) = await rows(server.studio, "SELECT text FROM outbox WHERE template = 'spending-alert'")
    assert f"/app/w/{team}/usage" in mail["text"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"monthly_credits": -1}, "monthly_credits"),
        ({"monthly_credits": "NaN"}, "monthly_credits"),
        ({"monthly_credits": 1, "alert_thresholds": [0]}, "alert_thresholds.0"),
        ({"monthly_credits": 1, "alert_thresholds": [101]}, "alert_thresholds.0"),
        ({"alert_thresholds": [50]}, "monthly_credits"),
    ],
)
async def test_limits_that_make_no_sense_are_refused(
    server: Server, body: dict[str, object], field: str
) -> None:
    client = await server.member()
    answer = await client.put(PATH, json=body)
    assert field in {error.field for error in problem_of(answer, 422, "invalid_input").errors}


async def test_each_workspace_has_its_own(server: Server) -> None:
    client, ben = await server.member(), await server.member("ben@example.com")
    await put(client, 0)
    problem_of(
        await client.post("/api/images/generate", json={"prompt": "a fox"}), 402, "monthly_limit_reached"
    )
    await submit(ben, "a fox")
