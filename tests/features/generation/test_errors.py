"""What goes wrong at a provider, and how it ends: failed with its words, or tried again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from easel.base.settings import Settings
from easel.core.jobs import Start
from easel.core.work import Studio
from easel.features.generation.service import attempt
from easel.features.generation.service.claim import MOST_LOST_WORKERS
from tests.features.generation.steps import ended, events_of, jobs, member, rows, submit, submitted, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

paid = pytest.mark.parametrize("painter", [{"repeatable": False}], indirect=True)
paid_with_ids = pytest.mark.parametrize(
    "painter", [{"repeatable": False, "request_ids": True}], indirect=True
)


@pytest.mark.parametrize(
    ("prompt", "code", "words"),
    [
        ("refuse this", "content_refused", "The painter says: refuse."),
        ("invalid this", "invalid_input", "The painter says: invalid."),
        ("crash here", "unknown", "The model's adapter failed; the log has the details."),
        ("text please", "unknown", "The model answered with something else: "),
        ("empty please", "unknown", "The model answered with something else: "),
        ("cut please", "unknown", "The model answered with something else: The PNG file is cut off."),
        (
            "huge please",
            "unknown",
            "The model answered with something else: The image has 60000 × 60000 pixels",
        ),
        ("nothing please", "unknown", "The model answered without a picture."),
    ],
)
async def test_a_final_error_fails_with_its_code_and_words(
    server: Server, worker: None, painter: Painter, prompt: str, code: str, words: str
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, prompt))
    assert end["status"] == "failed"
    assert end["error"]["code"] == code
    assert end["error"]["message"].startswith(words)
    assert end["images"] == []
    assert end["completed_at"] is not None
    assert painter.calls == {prompt: 1}
    told = await rows(server.studio, "SELECT data FROM events WHERE type = 'generation.failed'")
    assert [event["data"]["error"] for event in told] == [end["error"]]
    assert await until(lambda: jobs(server.studio), lambda found: not found) == []


@pytest.mark.parametrize("word", ["away", "limit"])
async def test_a_passing_error_is_tried_again(
    server: Server, worker: None, painter: Painter, word: str
) -> None:
    client = await server.member()
    generation = await submit(client, f"{word} a while")
    end = await ended(client, generation)
    assert end["status"] == "completed"
    assert end["error"] is None
    assert painter.calls == {f"{word} a while": 2}
    assert await rows(server.studio, "SELECT attempt, retry_count FROM generations") == [
        {"attempt": 2, "retry_count": 0}
    ]
    assert await events_of(server.studio, generation["id"]) == [
        "generation.created",
        "generation.started",
        "generation.queued",
        "generation.started",
        "image.created",
        "generation.completed",
    ]


async def test_a_passing_error_that_does_not_pass_is_final_after_some_tries(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    generation = await submit(client, "never")
    end = await ended(client, generation)
    assert (end["status"], end["error"]["code"]) == ("failed", "unavailable")
    assert painter.calls["never"] == attempt.MAX_TRIES
    # Tried again by hand, it has all its tries anew.
    assert (await client.post(f"/api/generate/queue/{generation['id']}/retry")).status_code == 202
    assert (await ended(client, generation))["status"] == "failed"
    assert painter.calls["never"] == 2 * attempt.MAX_TRIES


@paid
async def test_a_paid_call_that_may_have_been_made_is_not_repeated(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, "away a while"))
    assert (end["status"], end["error"]["code"]) == ("failed", "unavailable")
    assert painter.calls == {"away a while": 1}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A studio that gives a call of a provider half a second."""
    monkeypatch.setenv("EASEL_CALL_SECONDS", "0.5")


@paid
async def test_an_answer_that_never_ends_is_given_up_in_time(
    hurried: None, settings: Settings, server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, "slow"))
    assert (end["status"], end["error"]["code"]) == ("failed", "timeout")
    assert painter.stopped.is_set()
    assert painter.calls == {"slow": 1}


@paid
async def test_a_paid_call_that_was_not_taken_is_repeated(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, "limit a while"))
    assert end["status"] == "completed"
    assert painter.calls == {"limit a while": 2}


@paid_with_ids
async def test_a_paid_call_whose_answer_got_lost_is_followed_by_its_id(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    end = await ended(client, await submit(client, "away a while"))
    assert end["status"] == "completed"
    assert painter.calls == {"away a while": 1, "resume request-1": 1}


async def test_by_hand_again_after_a_failure_and_after_a_cancel(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    failed = await submit(client, "crash once", seed=5)
    assert (await ended(client, failed))["status"] == "failed"
    painter.healed.set()
    again = await client.post(f"/api/generate/queue/{failed['id']}/retry")
    assert again.status_code == 202
    assert again.json()["retry_count"] == 1
    assert again.json()["error"] is None
    end = await ended(client, failed)
    assert end["status"] == "completed"
    assert end["images"][0]["seed"] == 5

    cancelled = await submit(client, "slow fox")
    await asyncio.wait_for(painter.slow.wait(), 10)
    assert (await client.delete(f"/api/generate/queue/{cancelled['id']}")).status_code == 200
    painter.go.set()
    assert (await client.post(f"/api/generate/queue/{cancelled['id']}/retry")).status_code == 202
    assert (await ended(client, cancelled))["status"] == "completed"


async def test_only_what_failed_or_was_cancelled_is_tried_again(
    server: Server, worker: None, painter: Painter
) -> None:
    client = await server.member()
    running = await submit(client, "slow fox")
    await asyncio.wait_for(painter.slow.wait(), 10)
    refused = await client.post(f"/api/generate/queue/{running['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_retryable")
    painter.go.set()
    await ended(client, running)
    refused = await client.post(f"/api/generate/queue/{running['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_retryable")
    ben = await server.member("ben@example.com", "Ben")
    unknown = await ben.post(f"/api/generate/queue/{running['id']}/retry")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "generation_not_found")


async def run_now(studio: Studio, *, lost_workers: int = 0) -> dict[str, Any]:
    row = (await rows(studio, "SELECT id, job_id FROM generations"))[0]
    await attempt.run(studio, row["id"], Start(row["job_id"], lost_workers))
    return (await rows(studio, "SELECT status, error_code, error_message FROM generations"))[0]


async def test_a_model_that_is_gone_fails_plainly(studio: Studio) -> None:
    await submitted(studio, await member(studio))
    await rows(studio, "UPDATE generations SET model_id = 'painter/gone'")
    end = await run_now(studio)
    assert end == {
        "status": "failed",
        "error_code": "unavailable",
        "error_message": "The model painter/gone is not in this studio any more.",
    }
    told = await rows(studio, "SELECT data FROM events WHERE type = 'generation.failed'")
    assert told[0]["data"]["error"]["code"] == "unavailable"


@pytest.mark.parametrize("parameters", ['{"steps": 900}', "{}"])
async def test_parameters_that_the_model_does_not_take_any_more_fail_plainly(
    studio: Studio, painter: Painter, parameters: str
) -> None:
    await submitted(studio, await member(studio))
    changed = "parameters || '{\"steps\": 900}'" if "steps" in parameters else "'{}'"
    await rows(studio, f"UPDATE generations SET parameters = {changed}")
    end = await run_now(studio)
    assert (end["status"], end["error_code"]) == ("failed", "invalid_input")
    assert not painter.calls


async def test_what_takes_worker_after_worker_down_is_given_up(studio: Studio, painter: Painter) -> None:
    await submitted(studio, await member(studio))
    await rows(studio, "UPDATE generations SET status = 'processing', attempt = 3")
    end = await run_now(studio, lost_workers=MOST_LOST_WORKERS)
    assert (end["status"], end["error_code"]) == ("failed", "unknown")
    assert "3 times" in end["error_message"]
    assert not painter.calls
