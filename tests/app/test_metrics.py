"""What Prometheus reads: that the numbers follow what happens, name nobody, and are for those the settings name."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path

import httpx
import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from easel.app.metrics import may_read
from easel.app.metrics_listener import listening
from easel.app.worker import working
from easel.base.metrics_settings import MetricsSettings
from easel.base.settings import BadSettings, Settings
from tests.features.generation.steps import until
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

DEPLOY = Path(__file__).parents[2] / "deploy"
TOKEN = "a token for the one who watches"
WATCHER = {"Authorization": f"Bearer {TOKEN}"}
STREAMS = ("easel_event_streams", frozenset[tuple[str, str]]())
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"metrics": MetricsSettings(EASEL_METRICS_TOKEN=TOKEN)})


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def refused(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Bearer something else"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = await client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "metrics_refused")


async def read(client: httpx.AsyncClient) -> Samples:
    answer = await client.get("/metrics", headers=WATCHER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return samples(answer.text)


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    key = (name, frozenset(labels.items()))
    return after.get(key, 0) - before.get(key, 0)


async def test_the_numbers_follow_what_happens_and_name_nobody(server: Server, worker: None) -> None:
    ada, watcher = await server.member(), server.client()
    await refused(watcher)
    before = await read(watcher)
    wait = {"Prefer": "wait=30"}
    made = await ada.post("/api/images/generate", json={"prompt": "a red fox"}, headers=wait)
    assert made.json()["status"] == "completed", made.text
    lost = await ada.post("/api/images/generate", json={"prompt": "refuse a fox"}, headers=wait)
    image = made.json()["images"][0]["id"]
    assert (await ada.get(f"/api/images/{image}")).status_code == 200
    assert (await ada.get("/api/nowhere/of/mine")).status_code == 404
    async with ada.stream("GET", "/api/events") as stream:
        pieces = stream.aiter_bytes()  # held: an iterator that nobody holds closes its stream
        await anext(pieces)
        during = await read(watcher)
        assert during[STREAMS] >= 1
    # Requests of other tests in this process may still be ending.
    after = await until(lambda: read(watcher), lambda now: now[STREAMS] < during[STREAMS])

    def more(name: str, **labels: str) -> float:
        return grown(before, after, name, **labels)

    assert more("easel_http_requests_total", method="GET", route="/api/images/{id}", status="200") == 1
    assert more("easel_http_request_seconds_count", method="GET", route="/api/images/{id}") == 1
    assert more("easel_http_requests_total", method="GET", route="studio", status="404") == 1
    assert more("easel_http_request_seconds_count", method="GET", route="/api/events") == 0
    assert more("easel_generations_total", model="painter/fast", outcome="completed") == 1
    assert more("easel_provider_calls_total", provider="painter", outcome="ok") >= 1
    assert more("easel_provider_call_seconds_count", provider="painter") >= 2
    assert lost.json()["status"] == "failed"
    assert more("easel_generations_total", model="painter/fast", outcome="failed") == 1
    assert more("easel_jobs_total", job="generation.run", outcome="ok") >= 1
    assert more("easel_events_total", type="generation.completed") == 1
    assert more("easel_storage_operations_total", operation="put", outcome="ok") >= 1
    assert after["easel_ledger_drift", frozenset()] == 0
    assert after["easel_workers", frozenset()] == 1
    assert after["easel_http_requests_in_progress", frozenset()] >= 1  # this one
    assert ("easel_outbox_mails", frozenset({("state", "pending")})) in after
    assert ("easel_database_connections", frozenset({("state", "used")})) in after
    told = [value for _, labels in after for _, value in labels]
    nobody = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|fox|ada@|nowhere")
    assert not [value for value in told if nobody.search(value)]


async def test_the_dashboard_and_the_alerts_ask_for_what_there_is(server: Server, worker: None) -> None:
    ada = await server.member()
    await ada.post("/api/images/generate", json={"prompt": "a fox"}, headers={"Prefer": "wait=30"})
    waiting = await ada.post("/api/images/generate", json={"prompt": "slow fox"})
    assert waiting.status_code == 202
    found = await server.client().get("/metrics", headers=WATCHER)
    there = {line.split(" ")[2] for line in found.text.splitlines() if line.startswith("# TYPE")}
    there |= {f"{name}_bucket" for name in there} | {"up"}
    dashboard = json.loads((DEPLOY / "grafana" / "easel.json").read_text())
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules]
    assert len(asked) > 30
    for query in asked:
        names = set(re.findall(r"\b(?:easel_[a-z_]+|process_[a-z_]+|up)\b", query))
        assert names, query
        assert names <= there, f"{sorted(names - there)} in {query}"


def test_an_address_counts_only_without_a_proxy() -> None:
    nobody = MetricsSettings()
    listed = MetricsSettings(EASEL_METRICS_FROM="127.0.0.1, 10.0.0.0/8")
    both = MetricsSettings(EASEL_METRICS_FROM="10.0.0.0/8", EASEL_METRICS_TOKEN=TOKEN)
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert not may_read(nobody, "127.0.0.1", {})
    assert not may_read(nobody, "127.0.0.1", {"authorization": "Bearer "})
    assert may_read(listed, "127.0.0.1", {})
    assert may_read(listed, "::ffff:10.1.2.3", {})
    assert not may_read(listed, "192.0.2.1", {})
    assert not may_read(listed, None, {})
    assert not may_read(listed, "127.0.0.1", {"x-forwarded-for": "10.0.0.1"})
    assert may_read(both, "192.0.2.1", bearer)
    assert may_read(both, "10.0.0.1", {})
    assert not may_read(both, "10.0.0.1", {"authorization": "Bearer wrong"})


async def test_a_worker_shows_its_own(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        settings = MetricsSettings(EASEL_METRICS_PORT=port, EASEL_METRICS_TOKEN=TOKEN)
        with pytest.raises(BadSettings, match="EASEL_METRICS_PORT: cannot listen"):
            async with listening(settings, lambda: True):
                pass
    async with (
        working(server.studio, grace=0.5) as worker,
        listening(settings, worker.alive),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
    ):
        async with asyncio.timeout(20):
            while (await client.get("/healthz")).status_code != 200:  # noqa: ASYNC110 - as who probes it does
                await asyncio.sleep(0.05)
        assert (await client.get("/metrics")).status_code == 403
        found = await client.get("/metrics", headers=WATCHER)
        assert ("easel_http_requests_in_progress", frozenset()) in samples(found.text)
        assert (await client.get("/elsewhere")).status_code == 404
        assert (await client.post("/metrics", headers=WATCHER)).status_code == 405
    assert not worker.alive()
