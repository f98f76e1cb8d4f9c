"""A library with all that one can hold, out and in again: compared record by record and byte by byte."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import pyvips

from easel.base.settings import Settings, load
from easel.providers.sketch import Sketch
from tests.features.generation.steps import rows, until
from tests.features.iteration.test_operations import SIDE, begin, data_url, only, picture
from tests.features.takeout.steps import NOTHING, Files, bring_in, ended, export, listed, packed, unpacked
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BROUGHT_IN = (
    *(
        "images",
        "generations",
        "versions",
        "masks",
        "lineage",
        "presets",
        "projects",
        "collections",
        "places",
    ),
    *("saved_filters", "comparisons"),
)


@pytest.fixture
def painter() -> Sketch:
    """The built-in engine: it edits pictures, and makes new ones from them."""
    return Sketch()


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A studio that charges, so that there is a ledger."""
    monkeypatch.setenv("EASEL_BILLING", "on")
    monkeypatch.setenv("EASEL_DEFAULT_MODEL", "sketch/sketch-1")
    return load()


async def fill(client: httpx.AsyncClient) -> None:
    """Everything that people arrange, around pictures that come from each other."""

    async def made(path: str, **body: Any) -> dict[str, Any]:
        answer = await client.post(f"/api/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    fox, owl, elk = [await picture(client, prompt) for prompt in ("a fox", "an owl", "an elk")]
    for path, body in (
        ("edit", {"steps": [{"op": "rotate", "degrees": 90}]}),
        ("edit", {"steps": [{"op": "flip", "axis": "horizontal"}]}),
    ):
        await only(client, await begin(client, f"images/{fox['id']}/{path}", **body))
    versions = (await client.get(f"/api/images/{fox['id']}/versions")).json()["items"]
    await made(f"images/{fox['id']}/versions/{versions[1]['id']}/restore")
    mask = pyvips.Image.black(SIDE, SIDE).draw_rect(255, 40, 40, 40, 40, fill=True)
    filled = await only(
        client,
        await begin(client, f"images/{owl['id']}/inpaint", prompt="a balloon", mask=data_url(mask)),
    )
    await only(client, await begin(client, f"images/{elk['id']}/variation"))
    # What came from the elk stays, and remembers it.
    assert (await client.delete(f"/api/images/{elk['id']}")).is_success
    emptying = (await client.delete("/api/images/trash")).json()
    assert (await ended(client, f"/api/jobs/{emptying['job_id']}"))["status"] == "completed"

    settings = {"model": "sketch/sketch-1", "aspect_ratio": "16:9", "parameters": {}}
    preset = await made("generate/presets", name="Wide", settings=settings, is_default=True)
    project = await made(
        "projects",
        name="Animals",
        description="All of them",
        tags=["wild"],
        settings={"num_images": 2},
        preset_id=preset["id"],
        cover_image_id=owl["id"],
    )
    await made("projects", name="Empty")
    await made(f"projects/{project['id']}/images/add", ids=[fox["id"], owl["id"]])
    shown = await made("collections", name="Shown", cover_image_id=filled["id"])
    await made(f"collections/{shown['id']}/images", ids=[filled["id"], fox["id"], owl["id"]])
    moved = {"ids": [owl["id"]], "after": None}
    assert (await client.put(f"/api/collections/{shown['id']}/reorder", json=moved)).is_success
    wanted = {"project_id": project["id"], "collection_id": shown["id"]}
    await made("collections", name="Both", filter=wanted)
    await made("images/saved-filters", name="In the project", filter=wanted, sort="rating", order="asc")
    asked = {"varies": "prompt", "values": ["a cat", "a dog"], "request": {"size": f"{SIDE}x{SIDE}"}}
    (pair,) = (await begin(client, "comparisons", **asked))["comparisons"]

    async def voted() -> int:
        return (await client.post(f"/api/comparisons/{pair['id']}/vote", json={"vote": "left"})).status_code

    assert await until(voted, lambda status: status == 200, seconds=60) == 200
    await made("settings/api-keys", name="A script", scopes=["read"])
    drawn = pyvips.Image.black(64, 64, bands=3).draw_rect([200, 40, 90], 0, 0, 32, 64, fill=True)
    face = {"file": ("me.png", drawn.copy(interpretation="srgb").pngsave_buffer(), "image/png")}
    assert (await client.post("/api/users/avatar", files=face)).is_success


async def face_of(client: httpx.AsyncClient) -> bytes:
    """The client's own avatar."""
    answer = await client.get((await client.get("/api/auth/me")).json()["avatar_url"])
    assert answer.status_code == 200, answer.text
    return answer.content


def comparable(files: Files) -> dict[str, list[Any]]:
    """The records with names in the place of ids and hashes in the place of files, in an order of their own."""
    records = {name: json.loads(files[f"records/{name}.json"]) for name in BROUGHT_IN}
    names: dict[str, str] = {}
    for image in records["images"]:
        names[image["id"]] = f"image {image['prompt']} {image['created_at']}"
    for generation in records["generations"]:
        names[generation["id"]] = f"generation {generation['prompt']} {generation['created_at']}"
    for version in records["versions"]:
        names[version["id"]] = f"version {version['number']} of {names[version['image_id']]}"
    for kind in ("masks", "presets", "projects", "collections", "saved_filters", "lineage", "comparisons"):
        for record in records[kind]:
            names.setdefault(record["id"], f"{kind} {record.get('name')} {record['created_at']}")
    size = {path: f"{len(data)} bytes" for path, data in files.items()}
    found = {}
    for kind, held in records.items():
        for record in held:
            record.pop("workspace_id", None)
            if "file" in record:
                record["file"] = [
                    size[record["file"]],
                    files[record["file"]].hex()[:64],
                    record["content_hash"],
                ]
            if kind == "places":
                record.pop("id")
            if kind == "comparisons":
                record.pop("round_id")
        text = [UUIDS.sub(lambda id: names.get(id[0], "unknown"), json.dumps(one)) for one in held]
        assert not any("unknown" in one for one in text), text
        found[kind] = sorted(text)
    return found


async def test_all_of_it_comes_back_and_once(server: Server, worker: None) -> None:
    ada = await server.member()
    await fill(ada)
    data = await export(ada)
    files = unpacked(data)
    manifest = json.loads(files["manifest.json"])
    told = (*BROUGHT_IN, "ledger", "usage", "api_keys", "audit")
    assert all(manifest["counts"][name] for name in told), manifest["counts"]
    (key,) = json.loads(files["records/api_keys.json"])
    assert key["prefix"]
    assert "token" not in key
    assert json.loads(files["records/ledger.json"])[0]["cause"] == "grant"
    used = json.loads(files["records/usage.json"])
    assert {one["generation_id"] for one in used} == {
        one["id"] for one in json.loads(files["records/generations.json"])
    }
    happened = {one["action"]: one["by_you"] for one in json.loads(files["records/audit.json"])}
    assert happened["api_key.created"]
    assert files["avatar.webp"] == await face_of(ada)

    grace = await server.member("grace@example.com")
    job = await bring_in(grace, data)
    assert job["status"] == "completed", job
    counted = {name: manifest["counts"][name] for name in NOTHING if name in manifest["counts"]}
    assert job["result"] == NOTHING | counted
    back = unpacked(await export(grace))
    before, after = comparable(files), comparable(back)
    for kind in BROUGHT_IN:
        assert after[kind] == before[kind], kind
    for kind in ("originals/", "masks/"):
        one, other = (
            sorted(data for path, data in side.items() if path.startswith(kind)) for side in (files, back)
        )
        assert one == other
    balance = (await grace.get("/api/credits/history")).json()["items"]
    assert [movement["cause"] for movement in balance] == ["grant"]
    assert (await grace.get("/api/settings/api-keys")).json()["items"] == []
    one, other = (
        pyvips.Image.new_from_buffer(face, "") for face in (await face_of(ada), await face_of(grace))
    )
    assert (one - other).abs().avg() < 3  # drawn anew

    # People go on with it as if it had been made there.
    collections = {one["name"]: one for one in (await grace.get("/api/collections")).json()["items"]}
    assert (collections["Shown"]["image_count"], collections["Both"]["image_count"]) == (3, 2)
    (preset,) = (await grace.get("/api/generate/presets")).json()["items"]
    assert preset["is_default"]
    fox = next(one for one in (await grace.get("/api/images?q=fox")).json()["items"])
    await only(grace, await begin(grace, f"images/{fox['id']}/edit", steps=[{"op": "rotate", "degrees": 90}]))
    (variation,) = (await grace.get("/api/images?operation=variation")).json()["items"]
    tree = (await grace.get(f"/api/images/{variation['id']}/tree")).json()
    assert [node["purged"] for node in tree["nodes"]] == [True, False]

    # What was changed since stays changed, and nothing comes twice.
    removed = f"/api/collections/{collections['Shown']['id']}/images/{fox['id']}"
    assert (await grace.delete(removed)).is_success
    assert (await grace.delete("/api/users/avatar")).is_success
    for client in (grace, ada):
        again = await bring_in(client, data)
        assert again["result"] == NOTHING | {"already_there": manifest["counts"]["images"]}
    assert comparable(unpacked(await export(ada))) == before
    assert (await grace.get("/api/auth/me")).json()["avatar_url"] is None
    (shown,) = (await grace.get("/api/collections?q=Shown")).json()["items"]
    assert shown["image_count"] == 2


async def test_a_take_out_of_before_comes_in(server: Server, worker: None) -> None:
    ada = await server.member()
    fox = await picture(ada, "a fox")
    await only(ada, await begin(ada, f"images/{fox['id']}/variation"))
    files = unpacked(await export(ada))
    then = {
        "images": {"version_id"},
        "generations": {
            *("batch_id", "parent_image_id", "inputs", "failover", "asked_model_id", "model_reason"),
        },
        "workspaces": set[str](),
    }
    for name in [name for name in files if name.startswith("records/")]:
        kind = Path(name).stem
        if kind in then:
            old = [
                json.dumps({key: value for key, value in record.items() if key not in then[kind]})
                for record in json.loads(files[name])
            ]
            files[name] = "[\n{}\n]\n".format(",\n".join(old)).encode()
        elif kind != "profile":
            del files[name]
    counts = {"images": 2, "generations": 2, "workspaces": 1, "files": len(files) - 1}
    old_zip = packed(listed(files, version=1, counts=counts))
    grace = await server.member("grace@example.com")
    job = await bring_in(grace, old_zip)
    assert (job["error"], job["result"]) == (None, NOTHING | {"images": 2, "generations": 2})
    (child,) = (await grace.get("/api/images?operation=variation")).json()["items"]
    tree = (await grace.get(f"/api/images/{child['id']}/tree")).json()
    assert [node["operation"] for node in tree["nodes"]] == ["text-to-image", "variation"]
    families = await rows(server.studio, "SELECT count(DISTINCT root_id) FROM lineage")
    assert families == [{"count": 2}]
