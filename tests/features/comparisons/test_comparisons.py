"""Pairs from the request to the vote, over HTTP and through the pipeline."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import pyvips

from easel.core.work import Studio
from tests.features.generation.steps import rows, until
from tests.plugins.painter import Painter
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(server: Server, worker: None) -> httpx.AsyncClient:
    return await server.member()


async def ask(client: httpx.AsyncClient, key: str | None = None, **body: Any) -> list[dict[str, Any]]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = await client.post("/api/comparisons", json={"request": {}, **body}, headers=headers)
    assert answer.status_code == 202, answer.text
    found: list[dict[str, Any]] = answer.json()["comparisons"]
    return found


async def look(client: httpx.AsyncClient, pair: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/api/comparisons/{pair['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def made(client: httpx.AsyncClient, pair: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await until(
        lambda: look(client, pair), lambda pair: pair["status"] != "running", seconds=30
    )
    return found


async def vote(client: httpx.AsyncClient, pair: dict[str, Any], choice: str) -> httpx.Response:
    return await client.post(f"/api/comparisons/{pair['id']}/vote", json={"vote": choice})


async def test_a_blind_pair_tells_nothing_before_the_vote_and_all_after_it(
    client: httpx.AsyncClient, painter: Painter, studio: Studio
) -> None:
    body: dict[str, Any] = {"varies": "prompt", "values": ["slow red", "slow blue"], "request": {"seed": 5}}
    (pair,) = await ask(client, None, **body)
    await painter.slow.wait()
    assert (pair["status"], pair["hidden"], pair["values"]) == ("running", True, body["values"])
    assert (await vote(client, pair, "left")).status_code == 409
    painter.go.set()
    ready = await made(client, pair)
    assert (ready["status"], ready["percent"], ready["winner"]) == ("ready", 100, None)
    # Nothing in the answer leads to one of the two generations or pictures.
    ids = await rows(
        studio, "SELECT g.id AS g, i.id AS i FROM generations g JOIN images i ON i.generation_id = g.id"
    )
    assert len(ids) == 2
    text = json.dumps([ready, (await client.get("/api/comparisons?judged=false")).json()])
    assert not any(str(row[name]) in text for row in ids for name in ("g", "i"))
    for side in ready["sides"].values():
        assert (side["variant"], side["generation"]) == (None, None)
        answer = await client.get(side["picture"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert "content-disposition" not in answer.headers
        assert "last-modified" not in answer.headers
        fields = pyvips.Image.new_from_buffer(answer.content, "").get_fields()
        assert not {"exif-data", "xmp-data", "iptc-data"} & set(fields)

    told = (await vote(client, pair, "left")).json()
    assert (told["status"], told["vote"], told["hidden"]) == ("judged", "left", False)
    assert told["winner"] == told["sides"]["left"]["variant"]
    for side in told["sides"].values():
        generation = side["generation"]
        assert generation["prompt"] == body["values"][side["variant"]]
        assert generation["parameters"]["seed"] == 5
    # The vote was blind, so it stays.
    assert (await vote(client, pair, "left")).status_code == 200
    refused = await vote(client, pair, "right")
    problem_of(refused, 409, "already_judged")


async def test_pairs_are_asked_for_once_and_have_their_own_seeds(
    client: httpx.AsyncClient,
) -> None:
    body: dict[str, Any] = {
        "varies": "setting",
        "setting": "guidance",
        "values": [2.5, 9],
        "request": {"prompt": "a fox", "seed": 10},
        "pairs": 3,
        "blind": False,
    }
    price = (await client.post("/api/comparisons/estimate", json=body)).json()
    assert (price["images"], price["credits"], price["affordable"]) == (6, 0, True)
    pairs = await ask(client, "once", **body)
    again = await ask(client, "once", **body)
    assert [pair["id"] for pair in again] == [pair["id"] for pair in pairs]
    for number, pair in enumerate(pairs, 1):
        assert (pair["number"], pair["hidden"], pair["prompt"]) == (number, False, "a fox")
        for side in pair["sides"].values():
            parameters = side["generation"]["parameters"]
            assert parameters["guidance"] == body["values"][side["variant"]]
            assert parameters["seed"] == 9 + number
    # An open vote may be changed.
    ready = await made(client, pairs[0])
    for choice in ("left", "both_bad"):
        judged = (await vote(client, ready, choice)).json()
        assert (judged["vote"], judged["status"]) == (choice, "judged")
    assert judged["winner"] is None


async def test_what_wins_is_counted_by_what_differs(client: httpx.AsyncClient, server: Server) -> None:
    models = ["painter/fast", "painter/plain"]
    pairs = await ask(
        client, varies="model", values=models, request={"prompt": "a fox"}, pairs=4, blind=False
    )
    for pair, winner in zip(pairs, (0, 0, 1, None), strict=True):
        ready = await made(client, pair)
        place = next((place for place, side in ready["sides"].items() if side["variant"] == winner), "tie")
        assert (await vote(client, ready, place)).status_code == 200
    (pair,) = await ask(client, varies="setting", setting="steps", values=[2, 3], request={"prompt": "x"})
    await made(client, pair)
    await vote(client, pair, "both_bad")
    found = (await client.get("/api/comparisons/stats")).json()
    assert found["votes"] == 5
    assert found["prompts"] == []
    fast, plain = sorted(found["models"], key=lambda row: row["value"])
    assert (fast["value"], fast["wins"], fast["losses"], fast["ties"]) == ("painter/fast", 2, 1, 1)
    assert fast["win_rate"] == pytest.approx(2 / 3)
    assert fast["low"] == pytest.approx(0.2077, abs=0.0001)
    assert (plain["wins"], plain["losses"]) == (1, 2)
    assert {
        (row["setting"], row["value"], row["both_bad"], row["win_rate"]) for row in found["settings"]
    } == {
        ("steps", 2, 1, None),
        ("steps", 3, 1, None),
    }

    # Another workspace has its own; pages go on where they ended.
    other = await server.member("grace@example.com")
    assert (await other.get("/api/comparisons/stats")).json()["votes"] == 0
    assert (await other.get("/api/comparisons")).json()["items"] == []
    assert (await other.get(f"/api/comparisons/{pair['id']}/pictures/left")).status_code == 404
    assert (await vote(other, pair, "left")).status_code == 404
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await client.get(f"/api/comparisons?limit=2&count=true{cursor and '&cursor=' + cursor}")
        ).json()
        assert page["total"] == 5
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [pair["id"], *(pair["id"] for pair in reversed(pairs))]


async def test_a_side_that_is_missing_leaves_nothing_to_judge(client: httpx.AsyncClient) -> None:
    (pair,) = await ask(client, varies="prompt", values=["a fox", "refuse this"])
    void = await made(client, pair)
    assert (void["status"], void["hidden"], void["sides"]["left"]["generation"] is None) == (
        "void",
        False,
        False,
    )
    assert "The painter says: refuse." in void["reason"]
    refused = await vote(client, pair, "left")
    assert problem_of(refused, 409, "nothing_to_judge").detail == void["reason"]

    (pair,) = await ask(client, varies="prompt", values=["a fox", "a hen"], blind=False)
    ready = await made(client, pair)
    image = ready["sides"]["right"]["generation"]["images"][0]["id"]
    assert (await client.delete(f"/api/images/{image}")).status_code == 204
    assert (await look(client, pair))["reason"] == "The picture at the right was deleted."
    assert (await client.delete(f"/api/comparisons/{pair['id']}")).status_code == 204
    assert (await client.get(f"/api/comparisons/{pair['id']}")).status_code == 404
    # Its pictures stay.
    left = ready["sides"]["left"]["generation"]["images"][0]["id"]
    assert (await client.get(f"/api/images/{left}")).status_code == 200


async def test_nothing_is_made_of_what_cannot_be_compared(client: httpx.AsyncClient, studio: Studio) -> None:
    for body, field in (
        (
            {"varies": "model", "values": ["painter/fast", "none/such"], "request": {"prompt": "a"}},
            "values.1",
        ),
        (
            {"varies": "setting", "setting": "steps", "values": [4, 400], "request": {"prompt": "a"}},
            "values.1",
        ),
        (
            {"varies": "setting", "setting": "steps", "values": [4, 4.0], "request": {"prompt": "a"}},
            "values.1",
        ),
        ({"varies": "setting", "setting": "tiles", "values": [1, 2], "request": {"prompt": "a"}}, "values.0"),
        ({"varies": "prompt", "values": ["a", "b"], "request": {"steps": 999}}, "request.steps"),
        ({"varies": "prompt", "values": ["a"], "request": {}}, "values"),
    ):
        answer = await client.post("/api/comparisons", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"] == field, answer.text
    assert await rows(studio, "SELECT id FROM generations") == []
    assert await rows(studio, "SELECT id FROM comparisons") == []
