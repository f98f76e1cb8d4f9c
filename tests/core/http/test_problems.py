"""Whatever goes wrong, one shape: RFC 9457 with a name, a sentence and the request's id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import capture_logs

from easel.app.api import build, wrap
from easel.base.settings import Settings
from easel.core.actor import Actor
from easel.core.http.deps import Open, Reading, StudioDep
from easel.core.work import Studio
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}


async def test_what_is_nowhere_is_404_by_any_method(server: Server) -> None:
    client = await server.member()
    for path in (
        "/api",
        "/api/",
        "/api/nothing",
        "/api/images/",
        "/api/auth/me/",
        "/api/%2e%2e/x",
        "/api/%00",
    ):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            problem_of(await client.request(method, path), 404, "not_found")
        head = await client.head(path)
        assert (head.status_code, head.content) == (404, b"")
        assert head.headers["content-type"] == "application/problem+json"
    problem_of(await client.get("/api/x", headers={"Accept": "text/html,*/*"}), 404, "not_found")
    problem_of(await client.get("/nothing.js"), 404, "not_found")
    problem_of(await client.post("/"), 404, "not_found")
    problem_of(await client.get("/api/x", headers={"Host": "["}), 404, "not_found")


async def test_a_wrong_method_names_the_right_ones(server: Server) -> None:
    client = await server.member()
    for method, path, allowed in (
        ("POST", "/api/images", {"GET"}),
        ("DELETE", "/api/auth/login", {"POST"}),
        ("PATCH", "/api/images/01234567-89ab-7cde-8f01-234567abcdef", {"GET", "PUT", "DELETE"}),
        ("OPTIONS", "/api/images/generate", {"POST"}),
        ("GET", "/api/images/generate", {"POST"}),
        ("POST", "/api/images/01234567-89ab-7cde-8f01-234567abcdef/file", {"GET", "HEAD"}),
        ("GET", "/api/images/generate/", None),
        ("PUT", "/api/models", {"GET"}),
        ("TRACE", "/api/auth/me", {"GET"}),
        ("HEAD", "/api/images", {"GET"}),
    ):
        answer = await client.request(method, path)
        if allowed is None:
            problem_of(answer, 404, "not_found")
            continue
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == allowed
        if method != "HEAD":
            assert method in problem_of(answer, 405, "method_not_allowed").detail


async def test_a_body_that_is_no_json(server: Server) -> None:
    client = await server.member()
    path = "/api/images/generate"
    for body in (b"{", b"{'prompt': 1}", b"nope", b'{"prompt": "a"', b'{"prompt": undefined}'):
        problem_of(await client.post(path, content=body, headers=JSON), 400, "broken_json")
    for body in (b"\xff\xfe\x00", b"[" * 100_000, b'{"seed": ' + b"9" * 5000 + b"}"):
        problem_of(await client.post(path, content=body, headers=JSON), 400, "bad_request")
    for body in (b"", b"null", b"[]", b'"text"', b"7"):
        problem = problem_of(await client.post(path, content=body, headers=JSON), 422, "invalid_input")
        assert problem.errors[0].field == "body"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png"):
        answer = await client.post(path, content=b'{"prompt": "a fox"}', headers={"content-type": kind})
        problem_of(answer, 422, "invalid_input")


async def test_invalid_fields_are_named_as_they_were_sent(server: Server) -> None:
    client = await server.member()
    body: dict[str, Any] = {"prompt": "a fox", "size": "large", "wat": 1, "seed": -1}
    problem = problem_of(await client.post("/api/images/generate", json=body), 422, "invalid_input")
    assert {error.field for error in problem.errors} == {"size", "wat", "seed"}
    body = {"prompt": "a fox", "parameters": {"steps": 900, "guidance": "high"}}
    problem = problem_of(await client.post("/api/images/generate", json=body), 422, "invalid_input")
    assert {error.field for error in problem.errors} == {"parameters.steps", "parameters.guidance"}
    problem = problem_of(await client.get("/api/images?limit=0&wat=1"), 422, "invalid_input")
    assert {error.field for error in problem.errors} == {"limit", "wat"}
    problem_of(await client.get("/api/images/7"), 404, "not_found")
    answer = await client.post(
        "/api/images/generate", json={"prompt": "a"}, headers={"Idempotency-Key": "x" * 300}
    )
    assert [error.field for error in problem_of(answer, 422, "invalid_input").errors] == ["Idempotency-Key"]


async def test_without_credentials(server: Server) -> None:
    client = server.client()
    answer = await client.get("/api/images")
    problem_of(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="easel"'
    problem_of(await client.post("/api/images/generate", json={"prompt": "a"}), 401, "not_signed_in")


@pytest.fixture
async def breaking(settings: Settings, studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    """Easel's application with routes that fail in several ways; the last layer's logs go nowhere."""
    app: FastAPI = build()
    app.state.studio = studio

    @app.get("/break/plainly")
    async def plainly(studio: StudioDep) -> None:
        raise RuntimeError("the secret is hunter2")

    @app.get("/break/commit")
    async def at_commit(work: Open) -> dict[str, str]:
        from easel.features.workspaces.models import Membership

        work.session.add(Membership(workspace_id=None, user_id=None, level=9))
        return {"answer": "too early"}

    @app.get("/break/connection")
    async def connection(work: Open) -> None:
        from sqlalchemy import text

        pid = await work.session.scalar(text("SELECT pg_backend_pid()"))
        async with studio.work(Actor.system()) as other:
            await other.session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        await asyncio.sleep(0.1)
        await work.session.execute(text("SELECT 1"))

    @app.get("/break/scope")
    async def scope(work: Reading) -> None:
        work.session.add(object())

    transport = httpx.ASGITransport(wrap(app, settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_fault_of_ours_tells_nothing_but_the_requests_id(breaking: httpx.AsyncClient) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        answer = await breaking.get("/break/plainly", headers={"X-Request-ID": "fault-1"})
    problem = problem_of(answer, 500, "internal_error")
    assert problem.request_id == "fault-1"
    assert "hunter2" not in answer.text
    assert [line["event"] for line in logs] == ["http.unexpected", "http.request"]
    assert {line["request_id"] for line in logs} == {"fault-1"}
    assert logs[1]["status"] == 500


async def test_a_commit_that_fails_is_an_error(breaking: httpx.AsyncClient) -> None:
    problem_of(await breaking.get("/break/commit"), 500, "internal_error")


async def test_a_connection_that_breaks_mid_request(breaking: httpx.AsyncClient) -> None:
    problem_of(await breaking.get("/break/connection"), 503, "database_unavailable")
    assert (await breaking.get("/api/models")).status_code == 200


async def test_log_lines_carry_the_requests_id(server: Server) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        await server.client().get("/api/models", headers={"X-Request-ID": "line-1"})
        await server.client().get("/healthz")
    (line,) = (line for line in logs if line["event"] == "http.request")
    assert (line["request_id"], line["path"], line["status"]) == ("line-1", "/api/models", 200)
