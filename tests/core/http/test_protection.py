"""What every request passes through: the check of its origin, the limit on its body, the headers it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from easel.base.settings import Settings
from easel.core.work import Studio
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server, serving

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}


async def browser(server: Server) -> httpx.AsyncClient:
    client = server.client()
    sent = {"email": "ada@example.com", "password": "a good long password", "name": "Ada"}
    assert (await client.post("/api/auth/register", json=sent)).status_code == 201
    return client


async def test_another_site_cannot_act_with_the_visitors_cookie(server: Server) -> None:
    client = await browser(server)
    body = {"prompt": "a fox"}
    foreign = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": server.url},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": server.url + "0"},
        {"Origin": f"https://evil.example/{server.url}"},
    ]
    for headers in foreign:
        problem_of(
            await client.post("/api/images/generate", json=body, headers=headers), 403, "foreign_origin"
        )
        problem_of(await client.post("/api/auth/logout", headers=headers), 403, "foreign_origin")
    own = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": server.url}, {}]
    for headers in own:
        answer = await client.post("/api/images/generate", json=body, headers=headers)
        assert answer.status_code == 202, headers
    assert (await client.get("/api/auth/me", headers=foreign[0])).status_code == 200


async def test_a_token_acts_from_anywhere(server: Server) -> None:
    client = await server.member()
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = await client.post("/api/images/generate", json={"prompt": "a fox"}, headers=headers)
    assert answer.status_code == 202


async def test_behind_a_proxy_the_public_address_is_our_own(settings: Settings, studio: Studio) -> None:
    public = "https://studio.example.com"
    web = settings.web.model_copy(update={"public_url": public})
    behind = settings.model_copy(update={"web": web, "environment": "production"})
    async with serving(behind, studio) as server:
        client = server.client()
        answer = await client.post("/api/auth/login", json={}, headers={"Origin": public})
        assert answer.status_code == 422
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        answer = await client.post("/api/auth/login", json={}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


async def test_every_kind_of_answer_is_protected(server: Server) -> None:
    client = await server.member()
    answers = [
        await client.get("/api/models"),
        await client.get("/api/images/nothing"),
        await client.get("/api/nothing"),
        await client.post("/api/models"),
        await client.get("/docs"),
        await client.get("/docs/errors"),
        await client.get("/openapi.json"),
        await client.get("/healthz"),
        await client.get("/app"),
        await client.get("/no/such/file.js"),
        await client.post("/api/auth/login", headers={"Sec-Fetch-Site": "cross-site"}),
        await client.post("/api/auth/login", content=b"{", headers=JSON),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff", answer.request.url
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert headers["x-request-id"]
        assert "server" not in headers or "uvicorn" in headers["server"]
        assert "strict-transport-security" not in headers


async def test_what_the_api_says_is_kept_nowhere(server: Server) -> None:
    client = await server.member()
    for path in ("/api/auth/me", "/api/images", "/api/nothing"):
        assert (await client.get(path)).headers["cache-control"] == "no-store"


async def test_production_without_a_public_address_insists_on_https_too(
    settings: Settings, studio: Studio
) -> None:
    for public, expected in ((None, True), ("http://studio.example.com", False)):
        web = settings.web.model_copy(update={"public_url": public})
        production = settings.model_copy(update={"web": web, "environment": "production"})
        async with serving(production, studio) as server:
            headers = (await server.client().get("/healthz")).headers
            assert ("strict-transport-security" in headers) == expected


async def test_named_origins_may_use_the_api_with_the_cookie(settings: Settings, studio: Studio) -> None:
    friend = "https://friend.example"
    web = settings.web.model_copy(update={"cors_origins": (friend,)})
    async with serving(settings.model_copy(update={"web": web}), studio) as server:
        client = await browser(server)
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "Authorization"}
        allowed = await client.options("/api/images/generate", headers={"Origin": friend, **asked})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == friend
        assert allowed.headers["access-control-allow-credentials"] == "true"
        made = await client.post(
            "/api/images/generate",
            json={"prompt": "a fox"},
            headers={"Origin": friend, "Sec-Fetch-Site": "cross-site"},
        )
        assert (made.status_code, made.headers["access-control-allow-origin"]) == (202, friend)
        assert "RateLimit" in made.headers["access-control-expose-headers"]
        stranger = {"Origin": "https://evil.example", **asked}
        refused = await client.options("/api/images/generate", headers=stranger)
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers
        refused = await client.get("/api/auth/me", headers=stranger)
        assert "access-control-allow-origin" not in refused.headers


async def test_every_origin_may_use_the_api_but_never_with_the_cookie(
    settings: Settings, studio: Studio
) -> None:
    web = settings.web.model_copy(update={"cors_origins": ("*",)})
    async with serving(settings.model_copy(update={"web": web}), studio) as server:
        client = await browser(server)
        origin = {"Origin": "https://anyone.example"}
        answer = await client.get("/api/models", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        problem_of(await client.post("/api/auth/logout", headers=origin), 403, "foreign_origin")


async def test_nobody_else_may_read_the_api_unless_told(server: Server) -> None:
    answer = await server.client().get("/api/models", headers={"Origin": "https://friend.example"})
    assert "access-control-allow-origin" not in answer.headers


async def pieces(size: int, piece: int = 65_536) -> AsyncIterator[bytes]:
    for _ in range(0, size, piece):
        yield b" " * piece


async def test_a_body_past_the_limit_is_refused_declared_or_not(settings: Settings, studio: Studio) -> None:
    web = settings.web.model_copy(update={"max_body_bytes": 1_000_000})
    async with serving(settings.model_copy(update={"web": web}), studio) as server:
        client = server.client()
        for path in ("/api/auth/login", "/api/auth/register"):
            problem_of(await client.post(path, content=b" " * 1_000_001, headers=JSON), 413, "body_too_large")
            answer = await client.post(path, content=pieces(1_200_000), headers=JSON)
            problem_of(answer, 413, "body_too_large")
        problem = problem_of(
            await client.post("/api/auth/login", content=b" " * 1_000_001), 413, "body_too_large"
        )
        assert "1,000,000" in problem.detail
        answer = await client.post("/api/auth/login", content=b" " * 999_990 + b"{}", headers=JSON)
        assert answer.status_code == 422
        assert (await client.get("/healthz")).status_code == 200


async def test_a_request_keeps_its_id_or_gets_one(server: Server) -> None:
    client = server.client()
    answer = await client.get("/api/nothing", headers={"X-Request-ID": "trace-7.A_b"})
    assert answer.headers["x-request-id"] == "trace-7.A_b"
    assert problem_of(answer, 404, "not_found").request_id == "trace-7.A_b"
    for bad in ("", "a b", "x" * 101, "a;b"):
        made = (await client.get("/healthz", headers={"X-Request-ID": bad})).headers["x-request-id"]
        assert len(made) == 36
    several = {(await client.get("/healthz")).headers["x-request-id"] for _ in range(3)}
    assert len(several) == 3
