"""What can be made from a picture, on the built-in engine, through the whole pipeline."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest
import pyvips

from easel.core.work import Studio
from easel.features.library import service as library
from easel.providers.sketch import Sketch
from tests.features.generation.steps import ended, rows, submit
from tests.plugins.problems import problem_of
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio
SIDE = 128


@pytest.fixture
def painter() -> Sketch:
    """The built-in engine instead of the tests' own."""
    return Sketch()


@pytest.fixture
async def client(server: Server, worker: None) -> httpx.AsyncClient:
    return await server.member()


async def picture(client: httpx.AsyncClient, prompt: str = "a red fox in the snow") -> dict[str, Any]:
    generation = await submit(
        client, prompt, model="sketch/sketch-1", width=SIDE, height=SIDE, seed=7, steps=2
    )
    return await only(client, generation)


async def only(client: httpx.AsyncClient, generation: dict[str, Any]) -> dict[str, Any]:
    end = await ended(client, generation, seconds=60)
    assert end["status"] == "completed", end["error"]
    (image,) = end["images"]
    found: dict[str, Any] = image
    return found


async def begin(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/{path}", json=body)
    assert answer.status_code == 202, answer.text
    generation: dict[str, Any] = answer.json()
    return generation


async def pixels(client: httpx.AsyncClient, image: dict[str, Any]) -> pyvips.Image:
    answer = await client.get(image["url"])
    assert answer.status_code == 200
    return pyvips.Image.new_from_buffer(answer.content, "")


def same(one: pyvips.Image, two: pyvips.Image) -> bool:
    return (one.width, one.height) == (two.width, two.height) and float((one - two).abs().max()) == 0


def data_url(mask: pyvips.Image) -> str:
    return "data:image/png;base64," + base64.b64encode(mask.pngsave_buffer()).decode()


async def test_what_is_made_from_a_picture_knows_where_it_came_from(client: httpx.AsyncClient) -> None:
    fox = await picture(client)
    before = await pixels(client, fox)
    made = {}
    for name, path, body in (
        ("variation", f"images/{fox['id']}/variation", {}),
        ("remix", f"images/{fox['id']}/remix", {"prompt": "a castle at dusk"}),
        ("upscale", f"images/{fox['id']}/upscale", {"scale": 2}),
        ("remove-background", f"images/{fox['id']}/remove-background", {}),
        ("outpaint", f"images/{fox['id']}/outpaint", {"left": 32, "bottom": 16}),
        (
            "image-to-image",
            "generate/image-to-image",
            {"image_id": fox["id"], "prompt": "a castle", "strength": 0},
        ),
    ):
        generation = await begin(client, path, **body)
        assert (generation["operation"], generation["parent_image_id"]) == (name, fox["id"])
        made[name] = await only(client, generation)
        assert (made[name]["operation"], made[name]["parent_image_id"]) == (name, fox["id"])
    seeds = {name: image["seed"] for name, image in made.items()}
    assert seeds["variation"] != fox["seed"] == seeds["remix"]
    assert made["remix"]["prompt"] == "a castle at dusk"
    assert made["variation"]["parameters"]["steps"] == 2
    assert (made["upscale"]["width"], made["upscale"]["model"]) == (2 * SIDE, "sketch/upscale")
    assert (await pixels(client, made["remove-background"])).hasalpha()
    # Strength 0 gives the picture back, and what was there before an outpaint stays exactly.
    assert same(before, await pixels(client, made["image-to-image"]))
    grown = await pixels(client, made["outpaint"])
    assert (grown.width, grown.height) == (SIDE + 32, SIDE + 16)
    assert same(before, grown.crop(32, 0, SIDE, SIDE))

    tree = (await client.get(f"/api/images/{made['remix']['id']}/tree")).json()
    assert tree["root_id"] == fox["id"]
    assert {node["operation"] for node in tree["nodes"]} == {"text-to-image", *made}
    assert all(node["parent_id"] == fox["id"] for node in tree["nodes"][1:])


async def test_a_masked_part_is_made_anew_and_the_rest_stays(
    client: httpx.AsyncClient, server: Server
) -> None:
    fox = await picture(client)
    mask = pyvips.Image.black(SIDE, SIDE).draw_rect(255, 40, 40, 40, 40, fill=True)
    path = f"images/{fox['id']}/inpaint"
    filled = await only(client, await begin(client, path, prompt="a blue balloon", mask=data_url(mask)))
    before, after = await pixels(client, fox), await pixels(client, filled)
    changed = ((before != after).bandor()).ifthenelse(255, 0)
    assert float((changed & (mask == 0)).max()) == 0
    assert float((changed & mask).avg()) > 0
    (kept,) = (await client.get(f"/api/images/{fox['id']}/masks")).json()["items"]
    assert (await client.get(kept["url"])).content.startswith(b"\x89PNG")
    again = await begin(client, path, prompt="a blue balloon", mask=kept["id"])
    assert again["mask_id"] == kept["id"]
    stranger = await server.member("eve@example.com")
    assert (await stranger.get(kept["url"])).status_code == 404

    for wrong, code in (
        (data_url(pyvips.Image.black(SIDE, SIDE)), "empty_mask"),
        (data_url(pyvips.Image.black(SIDE, 8) + 255), "wrong_size"),
        ("data:image/png;base64,AAAA", "not_an_image"),
        ("nonsense", "not_an_image"),
    ):
        answer = await client.post(f"/api/{path}", json={"prompt": "a door", "mask": wrong})
        (problem,) = answer.json()["errors"]
        assert (answer.status_code, problem["field"], problem["code"]) == (422, "mask", code)


async def test_edits_make_versions_from_the_untouched_picture(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    fox = await picture(client)
    before = await pixels(client, fox)
    path = f"images/{fox['id']}/edit"
    once = await only(client, await begin(client, path, steps=[{"op": "rotate", "degrees": 90}]))
    assert once["id"] == fox["id"]
    assert once["url"] != fox["url"]
    turned = await pixels(client, once)
    assert same(turned, before.rot90())
    twice = await only(client, await begin(client, path, steps=[{"op": "flip", "axis": "horizontal"}]))
    assert same(await pixels(client, twice), before.rot90().fliphor())
    await only(
        client,
        await begin(client, path, steps=[{"op": "crop", "x": 8, "y": 0, "width": 64, "height": 32}]),
    )
    versions = (await client.get(f"/api/images/{fox['id']}/versions")).json()["items"]
    assert [(v["number"], v["width"], v["current"]) for v in versions] == [
        (4, 64, True),
        (3, SIDE, False),
        (2, SIDE, False),
        (1, SIDE, False),
    ]
    assert [len(v["steps"]) for v in versions] == [3, 2, 1, 0]
    assert same(before, await pixels(client, versions[3]))

    restored = await client.post(f"/api/images/{fox['id']}/versions/{versions[3]['id']}/restore")
    assert same(before, await pixels(client, restored.json()))
    problem_of(
        await client.delete(f"/api/images/{fox['id']}/versions/{versions[3]['id']}"), 409, "version_in_use"
    )
    files = await rows(studio, "SELECT file_path FROM image_versions WHERE number = 4")
    assert (await client.delete(f"/api/images/{fox['id']}/versions/{versions[0]['id']}")).status_code == 204
    await library.remove_doomed(studio)
    assert not await studio.storage.exists(files[0]["file_path"])
    # The one file that two rows need is still there.
    assert await studio.storage.exists((await rows(studio, "SELECT file_path FROM images"))[0]["file_path"])


async def test_what_cannot_be_is_refused_before_anything_is_made(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    fox = await picture(client)
    id = fox["id"]
    wide = await only(
        client,
        await submit(client, "a long road", model="sketch/sketch-1", width=2048, height=64, steps=1),
    )
    for path, body, field in (
        (f"images/{wide['id']}/upscale", {"scale": 8, "model": "sketch/sketch-1"}, "model"),
        (f"images/{wide['id']}/outpaint", {"left": 500}, "left"),
        (f"images/{id}/outpaint", {}, "left"),
        (f"images/{id}/outpaint", {"aspect_ratio": "1:1"}, "aspect_ratio"),
        (f"images/{id}/variation", {"model": "sketch/upscale"}, "model"),
        (f"images/{id}/upscale", {"scale": 3}, "scale"),
        (
            f"images/{id}/edit",
            {"steps": [{"op": "crop", "x": 100, "y": 0, "width": 64, "height": 8}]},
            "steps.0",
        ),
        (f"images/{id}/edit", {"steps": []}, "steps"),
        (f"images/{id}/edit", {"steps": [{"op": "flip", "axis": "sideways"}]}, "steps.0.flip.axis"),
        (f"images/{id}/variation", {"strength": 1.5}, "strength"),
        (
            "images/generate",
            {"prompt": "a fox", "model": "sketch/sketch-1", "parameters": {"strength": 1}},
            "strength",
        ),
    ):
        answer = await client.post(f"/api/{path}", json={**body})
        assert answer.status_code == 422, (path, body, answer.text)
        assert [each["field"] for each in answer.json()["errors"]] == [field], (path, answer.text)
    offered = await client.post(f"/api/images/{id}/upscale", json={"model": "sketch/sketch-1"})
    assert "sketch/upscale" in offered.text
    assert (await client.delete(f"/api/images/{id}")).status_code == 204
    problem_of(await client.post(f"/api/images/{id}/variation", json={}), 409, "source_in_trash")
    assert len(await rows(studio, "SELECT 1 AS one FROM generations")) == 2


async def test_a_family_is_whole_although_a_parent_is_purged(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    first = await picture(client)
    second = await only(client, await begin(client, f"images/{first['id']}/variation"))
    third = await only(client, await begin(client, f"images/{second['id']}/variation"))
    await client.delete(f"/api/images/{first['id']}")
    await rows(studio, "DELETE FROM images WHERE prompt <> '' AND id = :id", id=second["id"])
    tree = (await client.get(f"/api/images/{third['id']}/tree")).json()
    assert [(n["id"], n["parent_id"], n["deleted"], n["purged"]) for n in tree["nodes"]] == [
        (first["id"], None, True, False),
        (second["id"], first["id"], True, True),
        (third["id"], second["id"], False, False),
    ]
    assert tree["nodes"][1]["thumbnail"] is None
    assert not tree["truncated"]


async def test_the_price_is_known_before(client: httpx.AsyncClient) -> None:
    fox = await picture(client)
    answer = await client.post(f"/api/images/{fox['id']}/estimate", json={"operation": "upscale", "scale": 4})
    assert (answer.status_code, answer.json()["credits"]) == (200, 0)
