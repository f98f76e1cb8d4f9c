"""One request followed through the log: from the id that its sender gave it to the call of the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from tests.features.generation.steps import until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def test_a_request_is_followed_to_the_provider(server: Server, painter: Painter, worker: None) -> None:
    painter.seats = 1
    ada = await server.member()
    with capture_logs(processors=[merge_contextvars]) as lines:
        answer = await ada.post(
            "/api/images/generate",
            json={"prompt": "a red fox"},
            headers={"X-Request-ID": "mine-1.2_3", "Prefer": "wait=60"},
        )
        strange = await ada.get("/api/auth/me", headers={"X-Request-ID": "mine 1"})
        missing = await ada.get("/api/nowhere")
        batch = await ada.post(
            "/api/generate/batch", json={"requests": [{"prompt": "a hare"}, {"prompt": "an owl"}]}
        )
        await until(lambda: _rendered(lines), lambda ids: len(ids) == 3, seconds=30)
    assert answer.json()["status"] == "completed", answer.text
    assert answer.headers["x-request-id"] == "mine-1.2_3"
    assert strange.headers["x-request-id"] not in ("", "mine 1")
    assert missing.json()["request_id"] == missing.headers["x-request-id"]
    assert batch.is_success, batch.text

    mine = [line for line in lines if line.get("request_id") == "mine-1.2_3"]
    (submitted,) = [line for line in mine if line["event"] == "generation.submitted"]
    (request,) = [line for line in mine if line["event"] == "http.request"]
    assert request["workspace_id"] == submitted["workspace_id"]
    (called,) = [
        line
        for line in lines
        if line["event"] == "provider.called" and line["generation_id"] == submitted["generation_id"]
    ]
    assert called["workspace_id"] == submitted["workspace_id"]
    # One id, from the browser's request through the generation's job to the provider, and on to the picture's.
    assert called["request_id"] == "mine-1.2_3"
    assert {line["event"] for line in mine} >= {"generation.completed", "http.request", "provider.called"}
    assert (called["provider"], called["outcome"], called["attempt"]) == ("painter", "ok", 1)
    (nobody,) = [line for line in lines if line.get("path") == "/api/nowhere"]
    assert "workspace_id" not in nobody  # what one request is about is not said of the next
    assert [line["count"] for line in lines if line["event"] == "generations.submitted"] == [2]
    # What waited for the one seat has the id of the request that asked for it, whoever gave it the seat.
    asked = ["mine-1.2_3", *[batch.headers["x-request-id"]] * 2]
    assert [line["request_id"] for line in lines if line["event"] == "provider.called"] == asked
    assert sorted(await _rendered(lines)) == sorted(asked)


async def _rendered(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """The request behind each picture whose thumbnails are made."""
    ended = [line for line in lines if line["event"] == "worker.job_ended"]
    return [line["request_id"] for line in ended if line["job"] == "library.render"]
