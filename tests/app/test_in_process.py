"""The way into an application of the same process: answers in pieces, errors, leaving early."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from easel.app.in_process import InProcess

pytestmark = pytest.mark.anyio


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcess(app), base_url="http://easel")


async def test_the_application_hears_the_request(anyio_backend: str) -> None:
    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["more_body"]:
            body += message["body"]
        headers = [(b"x-asked", scope["path"].encode() + b"?" + scope["query_string"])]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async with client_of(echo) as client:
        answer = await client.post("/a/b?c=d", content=b"words")
    assert (answer.status_code, answer.content) == (201, b"words")
    assert answer.headers["x-asked"] == "/a/b?c=d"


async def test_leaving_early_ends_an_answer_without_end(anyio_backend: str) -> None:
    ended = asyncio.Event()
    sent = 0

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal sent
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                sent += 1
                await send({"type": "http.response.body", "body": b"piece", "more_body": True})
        finally:
            ended.set()

    async with client_of(endless) as client, client.stream("GET", "/") as answer:
        assert await anext(answer.aiter_raw()) == b"piece"
        assert not ended.is_set()
    assert ended.is_set()
    assert sent < 20


async def test_what_the_application_raises_arrives(anyio_backend: str) -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("no answer")

    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("half an answer")

    for app, words in ((failing, "no answer"), (breaking, "half an answer")):
        async with client_of(app) as client:
            with pytest.raises(RuntimeError, match=words):
                await client.get("/")
