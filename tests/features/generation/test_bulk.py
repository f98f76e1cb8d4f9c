"""Many requests at once."""

from __future__ import annotations

import pytest

from tests.features.generation.steps import rows, submit, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def test_a_thousand_are_accepted_in_one_request_and_told_once(server: Server) -> None:
    client = await server.member()
    answer = await client.post(
        "/api/generate/batch", json={"requests": [{"prompt": f"fox {n}"} for n in range(1000)]}
    )
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["accepted"], len(set(told["generations"])), told["refused"]) == (1000, 1000, [])
    stored = await rows(
        server.studio,
        "SELECT id, prompt, priority, batch_id FROM generations ORDER BY created_at, id",
    )
    assert [str(row["id"]) for row in stored] == told["generations"]
    assert [row["prompt"] for row in stored] == [f"fox {n}" for n in range(1000)]
    assert {(row["priority"], str(row["batch_id"])) for row in stored} == {(-10, told["batch_id"])}
    events = await rows(server.studio, "SELECT type FROM events WHERE type LIKE 'generation%'")
    assert events == [{"type": "generations.created"}]
    assert (await client.post("/api/generate/batch", json={"requests": []})).status_code == 422
    too_many = {"requests": [{"prompt": "fox"}] * 1001}
    assert (await client.post("/api/generate/batch", json=too_many)).status_code == 422


async def test_nothing_is_accepted_when_one_is_wrong_unless_that_is_asked_for(server: Server) -> None:
    client = await server.member()
    requests = [
        {"prompt": "a fox"},
        {"prompt": "a hare", "size": "9999x9999"},
        {"prompt": "an owl", "model": "nobody/nothing"},
        {"prompt": "a bear", "parameters": {"colour": "red"}},
    ]
    answer = await client.post("/api/generate/batch", json={"requests": requests})
    assert answer.status_code == 422
    assert [problem["field"].rsplit(".", 1)[0] for problem in answer.json()["errors"]][:2] == [
        "requests.1",
        "requests.2",
    ]
    assert await rows(server.studio, "SELECT id FROM generations") == []
    blank = await client.post("/api/generate/batch", json={"requests": [{"prompt": "a"}, {"prompt": " "}]})
    assert [problem["field"] for problem in blank.json()["errors"]] == ["requests.1.prompt"]

    answer = await client.post("/api/generate/batch", json={"requests": requests, "partial": True})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["accepted"], [refused["index"] for refused in told["refused"]]) == (1, [1, 2, 3])


async def test_the_same_key_gives_the_same_answer(server: Server) -> None:
    client = await server.member()
    body = {"requests": [{"prompt": f"fox {n}", "seed": n} for n in range(5)]}
    headers = {"Idempotency-Key": "once"}
    first, second = [await client.post("/api/generate/batch", json=body, headers=headers) for _ in range(2)]
    assert first.json() == second.json()
    assert await rows(server.studio, "SELECT count(*) AS n FROM generations") == [{"n": 5}]


async def test_what_a_person_waits_for_goes_before_a_batch(
    server: Server, painter: Painter, worker: None
) -> None:
    painter.seats = 1
    client = await server.member()
    await client.post("/api/generate/batch", json={"requests": [{"prompt": f"slow {n}"} for n in range(3)]})
    await painter.slow.wait()
    await submit(client, "a single fox")
    painter.go.set()

    async def left() -> int:
        found = await rows(server.studio, "SELECT count(*) AS n FROM generations WHERE status <> 'completed'")
        return int(found[0]["n"])

    await until(left, lambda n: n == 0, seconds=30)
    assert list(painter.calls) == ["slow 0", "a single fox", "slow 1", "slow 2"]
