"""The pipeline from a submitted prompt to a picture in the library, over HTTP and with a real worker."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def submit(client: httpx.AsyncClient, prompt: str, **more: object) -> dict[str, object]:
    answer = await client.post("/api/images/generate", json={"prompt": prompt, **more})
    assert answer.status_code == 202, answer.text
    found: dict[str, object] = answer.json()
    return found


async def ended(client: httpx.AsyncClient, generation: dict[str, object]) -> dict[str, object]:
    for _ in range(400):
        state: dict[str, object] = (await client.get(f"/api/generate/queue/{generation['id']}/status")).json()
        if state["status"] not in ("pending", "processing"):
            return state
        await asyncio.sleep(0.05)
    raise AssertionError(f"did not end: {state}")


async def test_a_prompt_becomes_a_picture_in_the_gallery(server: Server, worker: None) -> None:
    client = await server.member()
    state = await ended(client, await submit(client, "a red fox", num_images=2, seed=7))
    assert state["status"] == "completed"
    listed = (await client.get("/api/images")).json()["items"]
    assert len(listed) == 2
    assert {image["seed"] for image in listed} == {7, 8}
    original = await client.get(listed[0]["url"])
    assert original.status_code == 200
    assert original.content.startswith(b"\x89PNG")
