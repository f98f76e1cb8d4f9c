"""Submitting: row, job and event together or none; `Prefer: wait` and `Idempotency-Key`."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from easel.core.work import Studio
from easel.features.generation.schemas import GenerateIn
from easel.features.generation.service import submit as submitting
from easel.providers.base import Operation
from tests.features.generation.steps import ended, events_of, jobs, member, rows, submit
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def counts(studio: Studio) -> tuple[int, int, int]:
    """How many generations, jobs of generation, and events of generations there are."""
    found = await rows(
        studio,
        "SELECT (SELECT count(*) FROM generations) AS rows,"
        " (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'generation') AS jobs,"
        " (SELECT count(*) FROM events WHERE type LIKE 'generation.%') AS events",
    )
    return found[0]["rows"], found[0]["jobs"], found[0]["events"]


async def test_row_job_and_event_commit_together(server: Server) -> None:
    client = await server.member()
    generation = await submit(client, "a fox")
    assert generation["status"] == "pending"
    assert generation["position"] == 0
    assert await events_of(server.studio, generation["id"]) == ["generation.created"]
    row = (await rows(server.studio, "SELECT id, job_id FROM generations"))[0]
    waiting = await jobs(server.studio)
    assert [(job["id"], job["task_name"], job["status"]) for job in waiting] == [
        (row["job_id"], "generation.run", "todo")
    ]
    # Written by one transaction: the job and the row carry its number.
    written = await rows(
        server.studio,
        "SELECT (SELECT xmin::text FROM generations) AS row, (SELECT xmin::text FROM procrastinate_jobs) AS job,"
        " (SELECT xmin::text FROM events WHERE type = 'generation.created') AS event",
    )
    assert len(set(written[0].values())) == 1


async def test_a_transaction_that_fails_leaves_none_of_them(studio: Studio) -> None:
    ada = await member(studio)
    with pytest.raises(RuntimeError, match="after all"):  # noqa: PT012 - the whole transaction fails
        async with studio.work(ada) as work:
            request = await submitting.plan(work, GenerateIn(prompt="a fox"), Operation.TEXT_TO_IMAGE)
            await submitting.submit(work, request)
            raise RuntimeError("after all")
    assert await counts(studio) == (0, 0, 0)


async def test_a_commit_that_fails_leaves_none_of_them_and_answers_an_error(server: Server) -> None:
    client = await server.member()
    # A constraint that is looked at by the commit alone.
    await rows(server.studio, "CREATE TABLE allowed_prompts (prompt text PRIMARY KEY)")
    await rows(
        server.studio,
        "ALTER TABLE generations ADD CONSTRAINT late FOREIGN KEY (prompt) REFERENCES allowed_prompts (prompt)"
        " DEFERRABLE INITIALLY DEFERRED",
    )
    answer = await client.post("/api/images/generate", json={"prompt": "a fox"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert await counts(server.studio) == (0, 0, 0)
    key = {"Idempotency-Key": "one"}
    assert (await client.post("/api/images/generate", json={"prompt": "b"}, headers=key)).status_code == 500
    await rows(server.studio, "ALTER TABLE generations DROP CONSTRAINT late")
    # The key was not used up by what failed.
    assert (await client.post("/api/images/generate", json={"prompt": "c"}, headers=key)).status_code == 202
    assert await counts(server.studio) == (1, 1, 1)


async def test_an_invalid_request_leaves_nothing(server: Server) -> None:
    client = await server.member()
    answer = await client.post("/api/images/generate", json={"prompt": "a fox", "sampler": "euler"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "sampler"
    assert await counts(server.studio) == (0, 0, 0)


async def test_waiting_answers_the_pictures_when_they_come_in_time(server: Server, worker: None) -> None:
    client = await server.member()
    answer = await client.post(
        "/api/images/generate", json={"prompt": "a fox"}, headers={"Prefer": "respond-async, wait=15"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["Preference-Applied"] == "wait=15"
    body = answer.json()
    assert body["status"] == "completed"
    assert len(body["images"]) == 1
    assert answer.headers["Location"] == body["links"]["self"]


async def test_waiting_answers_202_when_they_do_not_come_in_time(server: Server, worker: None) -> None:
    client = await server.member()
    begin = time.monotonic()
    answer = await client.post(
        "/api/images/generate", json={"prompt": "slow fox"}, headers={"Prefer": "wait=1"}
    )
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=1"
    assert answer.json()["status"] == "processing"
    assert 0.9 < time.monotonic() - begin < 5


async def test_waiting_answers_a_failure_too(server: Server, worker: None) -> None:
    client = await server.member()
    answer = await client.post(
        "/api/images/generate", json={"prompt": "refuse"}, headers={"Prefer": "wait=15"}
    )
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "content_refused"


@pytest.mark.parametrize(
    "nonsense", ["wait", "wait=", "wait=soon", "wait=-1", "wait=1.5", "await=5", "return=minimal", "wait=1e3"]
)
async def test_a_preference_that_makes_no_sense_is_passed_over(server: Server, nonsense: str) -> None:
    client = await server.member()
    answer = await client.post("/api/images/generate", json={"prompt": "a fox"}, headers={"Prefer": nonsense})
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


async def test_waiting_is_capped_and_zero_does_not_wait(server: Server) -> None:
    client = await server.member()
    for said, applied in (("wait=0", "wait=0"), ('Wait="0"', "wait=0")):
        answer = await client.post("/api/images/generate", json={"prompt": "a fox"}, headers={"Prefer": said})
        assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, applied)


async def test_the_same_key_and_body_is_the_same_generation(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    headers = {"Idempotency-Key": "my key"}
    first = await client.post("/api/images/generate", json={"prompt": "a fox"}, headers=headers)
    end = await ended(client, first.json())
    again = await client.post("/api/images/generate", json={"prompt": "a fox"}, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    assert [image["id"] for image in again.json()["images"]] == [image["id"] for image in end["images"]]
    # The other path is the same operation.
    third = await client.post("/api/generate/text-to-image", json={"prompt": "a fox"}, headers=headers)
    assert third.json()["id"] == first.json()["id"]
    assert painter.calls == {"a fox": 1}


async def test_the_same_key_with_another_body_is_refused(server: Server) -> None:
    client = await server.member()
    headers = {"Idempotency-Key": "my key"}
    await client.post("/api/images/generate", json={"prompt": "a fox"}, headers=headers)
    answer = await client.post("/api/images/generate", json={"prompt": "a hare"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert await counts(server.studio) == (1, 1, 1)


async def test_keys_of_different_people_do_not_meet(server: Server) -> None:
    ada, ben = await server.member(), await server.member("ben@example.com", "Ben")
    headers = {"Idempotency-Key": "the same"}
    ours = [
        (await client.post("/api/images/generate", json={"prompt": prompt}, headers=headers)).json()["id"]
        for client, prompt in ((ada, "a fox"), (ben, "a hare"))
    ]
    assert len(set(ours)) == 2


async def test_twenty_at_once_with_one_key_make_one_generation(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    headers = {"Idempotency-Key": "twenty"}
    answers = await asyncio.gather(
        *(client.post("/api/images/generate", json={"prompt": "a fox"}, headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    await ended(client, answers[0].json())
    assert painter.calls == {"a fox": 1}
    assert await rows(server.studio, "SELECT count(*) AS images FROM images") == [{"images": 1}]


async def test_many_submits_at_once_all_run_once(server: Server, worker: None, painter: Painter) -> None:
    client = await server.member()
    generations = await asyncio.gather(*(submit(client, f"fox {number}") for number in range(30)))
    for generation in generations:
        assert (await ended(client, generation))["status"] == "completed"
    assert set(painter.calls.values()) == {1}
    assert len(painter.calls) == 30


async def test_numbers_of_the_queue(server: Server, painter: Painter) -> None:
    painter.seats = 1
    client = await server.member()
    studio = server.studio
    assert (await submit(client, "no basis"))["eta_seconds"] is None
    await rows(
        studio,
        "UPDATE generations SET status = 'completed', started_at = now() - interval '4 s', completed_at = now()",
    )
    await submit(client, "first")
    second, third = await submit(client, "second"), await submit(client, "third")
    # The first has the seat: one round of four seconds before the second's own.
    assert [(one["position"], one["eta_seconds"]) for one in (second, third)] == [(0, 8.0), (1, 12.0)]
    await rows(studio, "UPDATE generations SET priority = 5 WHERE prompt = 'third'")
    await rows(
        studio,
        "UPDATE generations SET status = 'processing', progress = '{\"percent\": 25}' WHERE prompt = 'first'",
    )
    listed = (await client.get("/api/generate/queue")).json()["items"]
    assert [(one["prompt"], one["position"], one["eta_seconds"]) for one in listed] == [
        ("third", 0, 8.0),
        ("second", 1, 12.0),
        ("first", None, 3.0),
    ]


async def test_fifty_clients_submit_wait_and_cancel_at_once(
    server: Server, worker: None, painter: Painter
) -> None:
    """Of each key's two senders both get the one generation, whatever a third makes of it meanwhile."""
    client = await server.member()

    async def send(number: int) -> httpx.Response:
        return await client.post(
            "/api/images/generate",
            json={"prompt": f"a fox, {number // 2}"},
            headers={"Prefer": "wait=60", "Idempotency-Key": f"pair {number // 2}"},
            timeout=90,
        )

    async def cancel(id: str) -> int:
        return (await client.delete(f"/api/generate/queue/{id}", timeout=90)).status_code

    answers = await asyncio.gather(*(send(number) for number in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["status"] for answer in answers} == {"completed"}
    pairs = [{answers[number].json()["id"], answers[number + 1].json()["id"]} for number in range(0, 50, 2)]
    assert [len(pair) for pair in pairs] == [1] * 25
    assert len(set.union(*pairs)) == 25
    assert sorted(painter.calls.values()) == [1] * 25

    # Each tries to cancel one of 25 that all wait or run; those who wait for them hear how it ended.
    slow = [await submit(client, f"slow fox, {number}") for number in range(25)]
    stopped = await asyncio.gather(*(cancel(slow[number // 2]["id"]) for number in range(50)))
    assert set(stopped) == {200}
    for generation in slow:
        assert (await ended(client, generation))["status"] == "cancelled"
    found = await rows(
        server.studio, "SELECT status, count(*) AS number FROM generations GROUP BY status ORDER BY status"
    )
    assert found == [{"status": "cancelled", "number": 25}, {"status": "completed", "number": 25}]
    assert await rows(server.studio, "SELECT count(*) AS images FROM images") == [{"images": 25}]
