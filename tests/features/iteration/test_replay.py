"""A branch made again with another prompt or model: step by step, stopped, failed, refused, and after a crash."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from easel.app.open import open_studio
from easel.app.worker import working
from easel.base.settings import Settings, load
from easel.core.work import Studio
from easel.features.iteration.service.replaying import Wanted
from easel.providers.registry import Providers
from easel.providers.sketch import Sketch
from tests.features.generation.painting_worker import NotingPainter
from tests.features.generation.steps import ended, rows, submit, until
from tests.features.generation.test_crash import Doomed
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
SKETCH = {"model": "sketch/sketch-1", "width": 128, "height": 128, "steps": 2}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Several processes share a store only on the disk."""
    monkeypatch.setenv("STORAGE_URL", (tmp_path / "files").as_uri())
    return load()


@pytest.fixture
async def studio(settings: Settings, database_url: str, tmp_path: Path) -> AsyncIterator[Studio]:
    """One engine that can do everything, and one that makes pictures of words and no more."""
    providers = Providers([NotingPainter(tmp_path, "free"), Sketch()])
    async with open_studio(settings, database_url, providers=providers) as opened:
        yield opened


async def image_of(client: httpx.AsyncClient, generation: dict[str, Any]) -> dict[str, Any]:
    end = await ended(client, generation, seconds=60)
    assert end["status"] == "completed", end["error"]
    image: dict[str, Any] = end["images"][0]
    return image


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/images/{path}", json=body)
    assert answer.status_code == 202, answer.text
    return await image_of(client, answer.json())


async def replay(client: httpx.AsyncClient, image: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/images/{image['id']}/replay", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def finished(client: httpx.AsyncClient, begun: dict[str, Any]) -> list[dict[str, Any]]:
    async def look() -> dict[str, Any]:
        found: dict[str, Any] = (await client.get(f"/api/replays/{begun['id']}")).json()
        return found

    end = await until(look, lambda now: now["finished"], seconds=120)
    steps: list[dict[str, Any]] = end["steps"]
    return steps


def test_the_new_words_take_the_place_of_the_old_ones_and_of_nothing_else() -> None:
    wanted = Wanted(prompt=r"a \1 wolf")
    assert (
        wanted.words("a cat", "a cat in a cathedral, like a cat")
        == r"a \1 wolf in a cathedral, like a \1 wolf"
    )
    assert wanted.words("a cat", "a cathedral") == "a cathedral"
    assert wanted.words("", "a cat") == "a cat"
    assert Wanted(model="sketch/sketch-1").words("a cat", "a cat") == "a cat"


async def test_a_branch_is_made_again_in_its_order_with_other_words(server: Server, studio: Studio) -> None:
    client = await server.member()
    async with working(studio, grace=0):
        fox = await image_of(client, await submit(client, "a red fox in the snow", seed=7, **SKETCH))
        night = await made(client, f"{fox['id']}/remix", prompt="a red fox in the snow at night")
        large = await made(client, f"{night['id']}/upscale", scale=2)
        await made(
            client, f"{fox['id']}/edit", steps=[{"op": "crop", "x": 0, "y": 0, "width": 96, "height": 64}]
        )
        twin = await made(client, f"{fox['id']}/variation")
        gone = await made(client, f"{fox['id']}/variation")
        await client.delete(f"/api/images/{gone['id']}")

        wanted = {"prompt": "a grey wolf"}
        estimate = (await client.post(f"/api/images/{fox['id']}/replay/estimate", json=wanted)).json()
        assert [(step["operation"], step["after"]) for step in estimate["steps"]] == [
            ("remix", None),
            ("edit", 0),
            ("remix", 0),
            ("variation", 1),
            ("upscale", 2),
        ]
        assert [step["image_id"] for step in estimate["steps"]] == [
            fox["id"],
            fox["id"],
            night["id"],
            twin["id"],
            large["id"],
        ]
        assert estimate["affordable"]

        begun = await replay(client, fox, **wanted)
        steps = await finished(client, begun)
    assert [step["status"] for step in steps] == ["completed"] * 5, steps
    assert [step["prompt"] for step in steps][2] == "a grey wolf at night"
    tree = (await client.get(f"/api/images/{fox['id']}/tree")).json()["nodes"]
    by_generation = {
        str(row["generation_id"]): row
        for row in await rows(studio, "SELECT generation_id, id, parent_image_id, seed, width FROM images")
    }
    # The edit made no picture, but a version.
    wolf, dark, other, big = (by_generation[steps[place]["generation_id"]] for place in (0, 2, 3, 4))
    assert str(wolf["parent_image_id"]) == fox["id"]
    assert (dark["parent_image_id"], other["parent_image_id"]) == (wolf["id"], wolf["id"])
    assert big["parent_image_id"] == dark["id"]
    assert (wolf["seed"], dark["seed"], other["seed"]) == (7, night["seed"], twin["seed"])
    # The wolf was cropped as the fox was, and the one made after that starts from what was left.
    assert (wolf["width"], dark["width"], other["width"], big["width"]) == (96, 128, twin["width"], 256)
    assert len(tree) == 5 + 4
    versions = (await client.get(f"/api/images/{wolf['id']}/versions")).json()["items"]
    assert [version["current"] for version in versions] == [True, False]


async def test_what_cannot_be_made_so_is_refused_before_anything_is_charged(
    server: Server, studio: Studio
) -> None:
    client = await server.member()
    async with working(studio, grace=0):
        fox = await image_of(client, await submit(client, "a red fox", seed=7, **SKETCH))
        large = await made(client, f"{fox['id']}/upscale", scale=2)
        path = f"/api/images/{fox['id']}/replay"
        nothing = await client.post(path, json={})
        assert nothing.json()["errors"][0]["code"] == "missing"
        cannot = await client.post(path, json={"model": "painter/fast"})
        assert cannot.status_code == 422
        (problem,) = cannot.json()["errors"]
        assert problem["field"] == "model"
        assert "Step 2, upscale: Fast cannot do upscale; these can: sketch/upscale" in problem["message"]
        assert (await client.post(path, json={"model": "no/such"})).status_code == 404
        assert await rows(studio, "SELECT id FROM generations WHERE batch_id IS NOT NULL") == []
        # With leave, that step keeps its own model.
        steps = await finished(client, await replay(client, fox, model="painter/fast", keep_models=True))
        assert [(step["model"], step["status"]) for step in steps] == [
            ("painter/fast", "completed"),
            ("sketch/upscale", "completed"),
        ]

        # One that fails takes with it what waits for it, and says why; another try of that is refused plainly.
        failed = await finished(
            client, await replay(client, fox, prompt="refuse", model="painter/fast", keep_models=True)
        )
        assert [step["status"] for step in failed] == ["failed", "failed"]
        assert "The painter says: refuse." in failed[1]["error"]
        again = await client.post(f"/api/generate/queue/{failed[1]['generation_id']}/retry")
        assert (again.status_code, again.json()["code"]) == (409, "not_retryable")

        # One that is stopped leaves nothing behind that waits.
        begun = await replay(client, fox, prompt="slow wolf", model="painter/fast", keep_models=True)
        stopped = (await client.delete(f"/api/replays/{begun['id']}")).json()
        assert [step["status"] for step in stopped["steps"]] == ["cancelled", "cancelled"]
        assert stopped["finished"]
    assert (await client.get("/api/replays/" + large["id"])).status_code == 404


async def test_a_replay_goes_on_after_its_worker_was_killed(
    server: Server, studio: Studio, database_url: str, tmp_path: Path
) -> None:
    client = await server.member()
    async with working(studio, grace=0):
        fox = await image_of(client, await submit(client, "a fox", seed=3))
        await made(client, f"{fox['id']}/variation")
    begun = await replay(client, fox, prompt="slow wolf")
    worker = Doomed(tmp_path, database_url, "free")
    try:
        await worker.is_painting()
        worker.process.send_signal(signal.SIGKILL)
        worker.process.wait()
        worker.let_go()
        async with working(studio, grace=0):
            steps = await finished(client, begun)
    finally:
        worker.process.kill()
        worker.process.wait()
    assert [step["status"] for step in steps] == ["completed", "completed"]
    assert worker.calls().count("generate slow wolf") == 3
    assert len(await rows(studio, "SELECT id FROM images")) == 4
