"""fal in a whole studio: a worker killed between submission and result, webhooks, cancelling, one's own key."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from easel.providers.fal import Fal
from easel.providers.registry import Providers
from tests.features.generation.steps import ended, rows, submit, until
from tests.plugins.painter import Painter
from tests.plugins.studio import Server
from tests.servers.fal import Fal as Service
from tests.servers.fal import environment, serving_fal
from tests.servers.serving import KEY

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
PUBLIC = "https://studio.example.com"
MODEL = {"model": "fal/flux-schnell", "size": "512x512", "seed": 3}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_fal() as serving:
        yield serving


@pytest.fixture
def settings(
    settings: Settings, tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Several processes share a store only on the disk; the studio has an address for webhooks."""
    monkeypatch.setenv("STORAGE_URL", (tmp_path / "files").as_uri())
    monkeypatch.setenv("EASEL_PUBLIC_URL", PUBLIC)
    monkeypatch.delenv("FAL_KEY", raising=False)
    return load()


@pytest.fixture
async def studio(
    settings: Settings, database_url: str, painter: Painter, service: Service
) -> AsyncIterator[Studio]:
    # So patient that only a webhook ends the wait when the stream says nothing.
    providers = Providers([painter, Fal(url=service.url, silence=600)])
    async with open_studio(settings, database_url, providers=providers) as opened:
        yield opened


@pytest.fixture
def deliver(server: Server, service: Service) -> None:
    """Webhooks arrive."""
    service.places[PUBLIC] = server.url


async def with_key(server: Server) -> httpx.AsyncClient:
    client = await server.member()
    shown = (await client.get("/api/models/fal/flux-schnell")).json()
    assert shown["available"] is False
    assert "FAL_KEY" in shown["unavailable_reason"]
    await client.put("/api/settings/provider-keys", json={"provider": "fal", "key": KEY})
    assert (await client.get("/api/models/fal/flux-schnell")).json()["available"] is True
    return client


def a_worker(service: Service, database_url: str) -> subprocess.Popen[bytes]:
    """A worker process with the studio's own providers."""
    variables = {
        **environment(service.url),
        "DATABASE_URL": database_url,
        "EASEL_DEFAULT_MODEL": "sketch/sketch-1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "easel", "worker"], cwd=ROOT, env={**os.environ, **variables}
    )


async def test_a_killed_worker_costs_no_second_request(
    server: Server, service: Service, database_url: str
) -> None:
    """Two processes and a database between them: the request's id is all that the next worker has."""
    client = await with_key(server)
    service.held = True
    generation = await submit(client, "a red fox", num_images=2, **MODEL)
    doomed = a_worker(service, database_url)
    try:
        noted = await until(
            lambda: rows(
                server.studio,
                "SELECT provider_request_id AS id FROM generations WHERE provider_request_id IS NOT NULL",
            ),
            seconds=60,
        )
        (job,) = service.jobs.values()
        assert noted == [{"id": f"fal-ai/flux/{job.id}"}]
        doomed.send_signal(signal.SIGKILL)
    finally:
        doomed.kill()
        doomed.wait()
    # As the silence of some seconds would have others do.
    await rows(server.studio, "DELETE FROM procrastinate_workers")
    service.held = False
    async with working(server.studio, grace=0):
        end = await ended(client, generation, seconds=60)
    assert (end["status"], len(end["images"])) == ("completed", 2)
    assert (await client.get(end["images"][0]["url"])).content.startswith(b"\xff\xd8\xff")
    assert service.submissions == 1
    assert service.asked["submit"] == 1
    assert await rows(server.studio, "SELECT attempt FROM generations") == [{"attempt": 2}]


@pytest.mark.usefixtures("deliver", "worker")
async def test_a_webhook_wakes_the_attempt_and_may_come_as_it_likes(server: Server, service: Service) -> None:
    client = await with_key(server)
    await asyncio.wait_for(server.studio.news.listening.wait(), 30)
    # The stream says nothing more, and the adapter would wait ten minutes: it is the webhook that ends it.
    service.held = True
    generation = await submit(client, "test:silent_stream test:webhook_twice", **MODEL)
    # One that came before its id was noted would be refused, for fal to send it again.
    await until(
        lambda: rows(server.studio, "SELECT 1 FROM generations WHERE provider_request_id IS NOT NULL")
    )
    service.held = False
    assert (await ended(client, generation, seconds=60))["status"] == "completed"
    (job,) = service.jobs.values()
    assert job.webhook == f"{PUBLIC}/api/webhooks/fal/{generation['id']}"

    async def delivered() -> list[tuple[str, int]]:
        return list(service.deliveries)

    assert await until(delivered, lambda told: len(told) == 2) == [(job.id, 204)] * 2

    # Forged, old, about another request, or about nothing: refused, and nothing comes of it.
    body = b"{}"
    there, elsewhere = f"/api/webhooks/fal/{generation['id']}", f"/api/webhooks/fal/{uuid4()}"
    good = service.signer.headers(job.id, body)
    stranger = server.client()
    for path, headers, sent, status in (
        (there, good, body, 204),
        (there, good, b"{ }", 403),
        (there, service.signer.headers(job.id, body, at=1_000), body, 403),
        (there, {}, body, 403),
        (there, service.signer.headers("another", body), body, 404),
        (elsewhere, good, body, 404),
        ("/api/webhooks/painter/" + generation["id"], good, body, 404),
        (there, good, bytes(2_000_001), 413),
    ):
        answer = await stranger.post(path, headers=headers, content=sent)
        assert answer.status_code == status, answer.text

    # And where none ever comes, the stream does.
    service.places[PUBLIC] = "http://127.0.0.1:9"
    generation = await submit(client, "no word", **MODEL)
    assert (await ended(client, generation, seconds=60))["status"] == "completed"

    # Cancelled here, it is cancelled there, with the key it was made with.
    service.held = True
    generation = await submit(client, "slow", **MODEL)
    await until(lambda: rows(server.studio, "SELECT 1 FROM generations WHERE prompt = 'slow'"
                             " AND provider_request_id IS NOT NULL"))  # fmt: skip
    assert (await client.delete(f"/api/generate/queue/{generation['id']}")).status_code == 200

    async def stopped() -> list[str]:
        return list(service.cancelled)

    assert len(await until(stopped)) == 1
    service.held = False

    # What fal refuses is told in its words.
    for fault, code in (
        ("content_policy_violation", "content_refused"),
        ("image_too_small", "invalid_input"),
    ):
        end = await ended(client, await submit(client, f"test:{fault}", **MODEL), seconds=60)
        assert (end["status"], end["error"]["code"]) == ("failed", code)
        assert end["error"]["message"].startswith("fal: ")
    # What failed on its side is tried again as a new request.
    service.faults.add("runner_disconnected")
    before = service.submissions
    end = await ended(client, await submit(client, "twice", **MODEL), seconds=60)
    assert (end["status"], service.submissions - before) == ("completed", 2)


@pytest.mark.usefixtures("worker")
async def test_results_that_lead_to_a_private_address_are_refused(server: Server, service: Service) -> None:
    client = await with_key(server)
    for prompt in ("test:private_address", "test:redirected"):
        end = await ended(client, await submit(client, prompt, **MODEL), seconds=60)
        assert (end["status"], end["images"], end["cost_credits"]) == ("failed", [], 0), prompt
        assert "refused" in end["error"]["message"], prompt
    assert [file async for file in server.studio.storage.list("originals")] == []
    assert await rows(server.studio, "SELECT id FROM images") == []
