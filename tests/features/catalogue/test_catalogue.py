"""The catalogue over HTTP: models with slashes in their ids, their parameters, styles."""

from __future__ import annotations

import math
from urllib.parse import quote

import pytest

from easel.features.catalogue.policy import ASPECT_RATIOS, read_options, size_of_ratio
from easel.providers.base import Sizes
from easel.providers.registry import load_providers
from tests.plugins.painter import Painter, PainterOptions
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def test_lists_models_featured_first(server: Server) -> None:
    client = server.client()
    listed = (await client.get("/api/models")).json()
    assert listed["default"] == "painter/fast"
    assert [model["id"] for model in listed["items"]] == ["painter/fast", "painter/plain"]
    featured = (await client.get("/api/models/featured")).json()
    assert [model["id"] for model in featured["items"]] == ["painter/fast"]
    categories = (await client.get("/api/models/categories")).json()
    assert categories["items"] == [{"id": "general", "models": 2}]


async def test_a_model_is_found_by_its_id_with_the_slash(server: Server) -> None:
    client = server.client()
    for id in ("painter/fast", quote("painter/fast", safe="")):
        model = (await client.get(f"/api/models/{id}")).json()
        assert (model["id"], model["provider"], model["provider_name"]) == (
            "painter/fast",
            "painter",
            "Painter",
        )
    assert model["parameters"] == PainterOptions.model_json_schema()
    assert model["defaults"] == PainterOptions().model_dump()
    assert model["capabilities"] == sorted(["negative-prompt", "previews", "seed", "text-to-image"])
    assert (model["sizes"]["minimum"], model["sizes"]["maximum"]) == (16, 512)
    assert set(model["sizes"]["aspect_ratios"]) == set(ASPECT_RATIOS)
    assert model["cost"]["credits"] == 0
    assert (model["available"], model["unavailable_reason"]) == (True, None)
    for id in (
        "nothing",
        "painter",
        "painter/",
        "painter/nothing",
        "painter/fast/er",
        "%00",
        "é/ü",
        "%2e%2e/x",
    ):
        answer = await client.get(f"/api/models/{id}")
        problem_of(answer, 404, "model_not_found")
    problem_of(await client.get("/api/models/" + "x" * 201), 422, "invalid_input")


async def test_lists_styles(server: Server) -> None:
    styles = (await server.client().get("/api/generate/styles")).json()["items"]
    assert len(styles) >= 10
    assert len({style["id"] for style in styles}) == len(styles)
    for style in styles:
        assert style["name"]
        assert style["description"]
        assert style["thumbnail_url"] == f"/styles/{style['id']}.webp"


def every_sizes() -> list[Sizes]:
    """The sizes of every model there is, and some that a provider may declare."""
    from easel.base.settings import load

    return [
        *(model.sizes for model in load_providers(load()).models),
        *(model.sizes for model in Painter.models),
        Sizes(minimum=64, maximum=2048, default=(1024, 1024)),
        Sizes(minimum=256, maximum=1440, step=32, default=(1024, 1024), max_pixels=1_048_576),
        Sizes(minimum=256, maximum=1440, step=32, default=(1024, 1024), max_pixels=1_060_000),
        Sizes(minimum=512, maximum=1024, step=8, default=(768, 768)),
        Sizes(only=((1024, 1024), (1536, 1024), (1024, 1536)), default=(1024, 1024)),
        Sizes(minimum=100, maximum=300, step=50, default=(200, 200)),
        Sizes(minimum=10, maximum=33, default=(20, 20)),
    ]


def test_every_named_ratio_is_a_size_that_the_model_takes() -> None:
    for sizes in every_sizes():
        for name, (across, down) in ASPECT_RATIOS.items():
            width, height = size_of_ratio(sizes, name)
            assert sizes.why_not(width, height) is None, (sizes, name, width, height)
            if not sizes.only:
                # Steps bend the shape, and so does a model that is narrow in what it takes.
                bent = abs(math.log(width / height) - math.log(across / down))
                narrow = sizes.minimum / sizes.maximum > min(across, down) / max(across, down)
                assert bent < 0.05 + sizes.step / min(sizes.default) or narrow, (sizes, name, width, height)
                assert (width > height) == (across > down), (sizes, name, width, height)


def test_options_come_from_standard_fields_and_parameters() -> None:
    model = Painter.models[0]
    options, problems = read_options(model, {"steps": 9}, {"guidance": 3.5})
    assert problems == []
    assert options == PainterOptions(steps=9, guidance=3.5)
    for standard, own, fields in (
        ({"steps": 99}, {}, ["steps"]),
        ({}, {"steps": 99}, ["parameters.steps"]),
        ({"steps": 9}, {"steps": 9}, ["parameters.steps"]),
        ({"sampler": "euler"}, {"wat": 1}, ["sampler", "parameters.wat"]),
        ({}, {"guidance": float("nan")}, ["parameters.guidance"]),
        ({}, {"guidance": float("inf")}, ["parameters.guidance"]),
        ({}, {"steps": None}, ["parameters.steps"]),
        ({}, {"steps": [4]}, ["parameters.steps"]),
    ):
        options, problems = read_options(model, standard, own)
        assert options is None
        assert [problem.field for problem in problems] == fields
    _, (problem,) = read_options(model, {}, {"wat": 1})
    assert problem.message == "Fast has no parameter wat; it knows: guidance, steps"
