"""`easel library import`: a folder comes in once, with its prompts, its folders' names, and into a project."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.media import foreign_files
from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio


async def test_a_folder_comes_in_once(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    (folder / "holiday" / ".cache").mkdir(parents=True)
    fox, sea, bad = folder / "fox.png", folder / "holiday" / "sea.PNG", folder / "holiday" / "bad.jpg"
    fox.write_bytes(foreign_files.png({"parameters": foreign_files.A1111}))
    sea.write_bytes(foreign_files.png({}, seed=2))
    bad.write_bytes(b"no picture")
    (folder / "notes.txt").write_text("not asked for")
    (folder / "holiday" / ".cache" / "hidden.png").write_bytes(sea.read_bytes())
    ada = await server.member()
    project = (await ada.post("/api/projects", json={"name": "Old work"})).json()["id"]
    token = ada.headers["authorization"].removeprefix("Bearer ")

    async def easel(*words: str) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "easel", "library", "import", str(folder), "--url", server.url, *words),
            env={**os.environ, "EASEL_TOKEN": token},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    ends = await asyncio.gather(easel("--dry-run", "--json"), easel("--project", "Nowhere"))
    dry = json.loads(ends[0][1])
    assert (dry["files"], dry["added"], dry["already_there"], dry["dry_run"]) == (3, 3, 0, True)
    assert ends[1][0] == 1
    assert "easel: There is no project of the name Nowhere." in ends[1][2]
    assert (await ada.get("/api/images?count=true")).json()["total"] == 0

    wanted = ("--tags-from-folders", "--tag", "mine", "--project", "old WORK")
    code, out, err = await easel(*wanted, "--json")
    assert code == 1, err
    told = json.loads(out)
    assert (told["files"], told["added"], told["already_there"]) == (3, 2, 0)
    assert [(one["file"], one["code"]) for one in told["failed"]] == [(str(bad), "not_an_image")]
    items = (await ada.get("/api/images")).json()["items"]
    by_name = {image["title"] or image["prompt"].split()[2]: image for image in items}
    assert by_name["sea"]["tags"] == ["mine", "holiday"]
    assert by_name["fox"]["tags"] == ["mine"]
    assert {image["project_id"] for image in items} == {project}

    bad.unlink()
    code, out, err = await easel(*wanted)
    assert (code, out) == (0, "0 pictures came in, 2 were there already, 0 failed.\n"), err
