"""What may be asked of a model over HTTP: every limit, and each refusal by the field's own name."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}
PLAIN = {"model": "painter/plain"}
MAX_SEED = 2**53 - 1

ACCEPTED: list[dict[str, Any]] = [
    {"prompt": "x" * 10_000},
    {"prompt": "🦊" * 10_000},
    {"prompt": " \t a fox \n"},
    {"prompt": "a", "negative_prompt": "y" * 10_000},
    {"prompt": "a", "negative_prompt": "  ", **PLAIN},
    {"prompt": "a", "seed": 0},
    {"prompt": "a", "seed": MAX_SEED},
    {"prompt": "a", "num_images": 4},
    {"prompt": "a", "steps": 50, "guidance": 0},
    {"prompt": "a", "parameters": {"steps": 1, "guidance": 20}},
    {"prompt": "a", "steps": 9, "parameters": {"guidance": 3}},
    {"prompt": "a", "size": "16x512"},
    {"prompt": "a", "width": 16, "height": 512},
    {"prompt": "a", "model": None, "seed": None, "size": None, "steps": None},
    *({"prompt": "a", "output_format": name} for name in ("png", "webp")),
    *(
        {"prompt": "a", "aspect_ratio": ratio, "model": model}
        for ratio in ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9")
        for model in ("painter/fast", "painter/plain")
    ),
]

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "prompt"),
    ({"prompt": ""}, "prompt"),
    ({"prompt": " \t\n\u2003"}, "prompt"),
    ({"prompt": None}, "prompt"),
    ({"prompt": 7}, "prompt"),
    ({"prompt": ["a"]}, "prompt"),
    ({"prompt": "x" * 10_001}, "prompt"),
    ({"prompt": "a\0b"}, "prompt"),
    ({"prompt": "a", "negative_prompt": "y" * 10_001}, "negative_prompt"),
    ({"prompt": "a", "negative_prompt": "n\0"}, "negative_prompt"),
    ({"prompt": "a", "negative_prompt": "rain", **PLAIN}, "negative_prompt"),
    ({"prompt": "a", "seed": 1, **PLAIN}, "seed"),
    ({"prompt": "a", "seed": -1}, "seed"),
    ({"prompt": "a", "seed": MAX_SEED + 1}, "seed"),
    ({"prompt": "a", "seed": 10**400}, "seed"),
    ({"prompt": "a", "seed": 1.5}, "seed"),
    ({"prompt": "a", "seed": "seven"}, "seed"),
    ({"prompt": "a", "num_images": 0}, "num_images"),
    ({"prompt": "a", "num_images": 5}, "num_images"),
    ({"prompt": "a", "num_images": 17}, "num_images"),
    ({"prompt": "a", "steps": 0}, "steps"),
    ({"prompt": "a", "steps": 51}, "steps"),
    ({"prompt": "a", "steps": "many"}, "steps"),
    ({"prompt": "a", "steps": 10**400}, "steps"),
    ({"prompt": "a", "guidance": 20.01}, "guidance"),
    ({"prompt": "a", "guidance": "high"}, "guidance"),
    ({"prompt": "a", "sampler": "euler"}, "sampler"),
    ({"prompt": "a", "style": "comic"}, "style"),
    ({"prompt": "a", "parameters": {"sampler": "euler"}}, "parameters.sampler"),
    ({"prompt": "a", "parameters": {"steps": 51}}, "parameters.steps"),
    ({"prompt": "a", "parameters": {"steps": {"a": 1}}}, "parameters.steps"),
    ({"prompt": "a", "steps": 4, "parameters": {"steps": 5}}, "parameters.steps"),
    ({"prompt": "a", "parameters": {"wat\0": 1}}, "parameters"),
    ({"prompt": "a", "parameters": []}, "parameters"),
    ({"prompt": "a", "parameters": "steps=4"}, "parameters"),
    ({"prompt": "a", "size": "64"}, "size"),
    ({"prompt": "a", "size": "64x"}, "size"),
    ({"prompt": "a", "size": "64X64"}, "size"),
    ({"prompt": "a", "size": "８４x64"}, "size"),
    ({"prompt": "a", "size": "64x64\n"}, "size"),
    ({"prompt": "a", "size": "064x64"}, "size"),
    ({"prompt": "a", "size": "15x64"}, "size"),
    ({"prompt": "a", "size": "64x513"}, "size"),
    ({"prompt": "a", "width": 64}, "height"),
    ({"prompt": "a", "height": 64}, "width"),
    ({"prompt": "a", "width": 8, "height": 64}, "width"),
    ({"prompt": "a", "width": 64, "height": 513}, "height"),
    ({"prompt": "a", "width": 0, "height": 64}, "width"),
    ({"prompt": "a", "width": 64, "height": 64, "size": "64x64"}, "width"),
    ({"prompt": "a", "size": "64x64", "aspect_ratio": "1:1"}, "aspect_ratio"),
    ({"prompt": "a", "width": 64, "height": 64, "aspect_ratio": "1:1"}, "width"),
    ({"prompt": "a", "aspect_ratio": "5:4"}, "aspect_ratio"),
    ({"prompt": "a", "output_format": "jpg"}, "output_format"),
    ({"prompt": "a", "output_format": "avif"}, "output_format"),
    ({"prompt": "a", "output_format": "gif"}, "output_format"),
    ({"prompt": "a", "model": ""}, "model"),
    ({"prompt": "a", "model": "x" * 201}, "model"),
    ({"prompt": "a", "model": "painter/\0"}, "model"),
    ({"prompt": "a", "user_id": "x"}, "user_id"),
    ({"prompt": "a", "prompts": []}, "prompts"),
]


async def post(client: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await client.post("/api/images/generate", json=body)


async def test_what_a_model_takes(server: Server) -> None:
    client = await server.member()
    for body in ACCEPTED:
        answer = await post(client, body)
        assert answer.status_code == 202, (str(body)[:200], answer.text)
        assert answer.headers["location"] == answer.json()["links"]["self"]
        stored = answer.json()["parameters"]
        if "aspect_ratio" in body:
            across, down = (int(part) for part in body["aspect_ratio"].split(":"))
            assert stored["width"] / stored["height"] == pytest.approx(across / down, rel=0.05)
    accepted = (await client.get("/api/generate/queue?limit=1&count=true")).json()
    assert accepted["total"] == len(ACCEPTED)


async def test_what_a_model_does_not_take_is_refused_by_name(server: Server) -> None:
    client = await server.member()
    for body, field in REFUSED:
        answer = await post(client, body)
        assert answer.status_code == 422, (str(body)[:200], answer.text)
        problem = problem_of(answer, 422, "invalid_input")
        assert field in [error.field for error in problem.errors], (str(body)[:200], answer.text)
        assert all(error.message and error.code for error in problem.errors)
    problem = problem_of(
        await post(client, {"prompt": "", "seed": -1, "wat": 1, "steps": "x"}), 422, "invalid_input"
    )
    assert {error.field for error in problem.errors} == {"prompt", "seed", "wat", "steps"}
    assert (await client.get("/api/generate/history")).json()["items"] == []


async def test_models_that_are_not_there(server: Server) -> None:
    client = await server.member()
    for model in ("painter/nothing", "painter", "nothing/fast", "../fast", "PAINTER/FAST"):
        problem = problem_of(await post(client, {"prompt": "a", "model": model}), 404, "model_not_found")
        assert model in problem.detail


async def test_json_that_python_reads_and_others_do_not(server: Server) -> None:
    client = await server.member()
    for text, fields in (
        ('{"prompt": "a", "guidance": NaN}', ["guidance"]),
        ('{"prompt": "a", "guidance": Infinity}', ["guidance"]),
        ('{"prompt": "a", "guidance": 1e999}', ["guidance"]),
        ('{"prompt": "a", "seed": NaN}', ["seed"]),
        ('{"prompt": "a", "seed": -Infinity}', ["seed"]),
        ('{"prompt": "a", "parameters": {"guidance": NaN}}', ["parameters.guidance"]),
        ('{"prompt": "a", "parameters": {"steps": 1e999}}', ["parameters.steps"]),
        ('{"prompt": "a \\ud800 fox"}', ["prompt"]),
        ('{"prompt": "a", "negative_prompt": "\\udfff"}', ["negative_prompt"]),
        ('{"prompt": "a", "parameters": {"\\ud800": 1}}', ["parameters"]),
        ('{"prompt": "a", "parameters": {"sampler": "\\ud800"}}', ["parameters"]),
        ('{"prompt": "a", "\\ud800": 1}', ["body"]),
    ):
        answer = await client.post("/api/images/generate", content=text.encode(), headers=JSON)
        assert answer.status_code == 422, (text, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == fields, text
    deep = '{"prompt": "a", "parameters": {"steps": ' + "[" * 500 + "]" * 500 + "}}"
    answer = await client.post("/api/images/generate", content=deep.encode(), headers=JSON)
    assert answer.status_code in (400, 422)
    twice = '{"prompt": "a fox", "prompt": "a dog", "seed": 1}'
    answer = await client.post("/api/images/generate", content=twice.encode(), headers=JSON)
    assert answer.json()["prompt"] == "a dog"


async def test_both_paths_are_one_operation(server: Server) -> None:
    client = await server.member()
    body = {"prompt": "a fox", "seed": 7, "steps": 9, "size": "64x96"}
    first = (await client.post("/api/images/generate", json=body)).json()
    second = (await client.post("/api/generate/text-to-image", json=body)).json()
    for name in ("prompt", "parameters", "model", "operation", "num_images"):
        assert first[name] == second[name]
    assert first["parameters"] == {
        **{"width": 64, "height": 96, "seed": 7, "output_format": "png", "steps": 9, "guidance": 7.0}
    }
