"""The command line as a person or a script uses it: processes of its own, files, exit codes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from easel import __version__, migrations
from tests.features.takeout.steps import NOTHING
from tests.plugins.studio import Server

EASEL = (sys.executable, "-m", "easel")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder for a studio that nobody serves, on a path that an embedded server's user can enter."""
    with tempfile.TemporaryDirectory(prefix="easel-cli-", dir="/tmp") as folder:
        Path(folder).chmod(0o711 if os.geteuid() == 0 else 0o700)
        yield Path(folder) / "data"


def easel(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    environment |= {"EASEL_DATA": str(data), "EASEL_LOG_LEVEL": "error"}
    return subprocess.run([*EASEL, *words], env=environment, capture_output=True, text=True, timeout=100)


def test_pictures_without_a_running_studio_or_an_account(data: Path, tmp_path: Path) -> None:
    words = (
        "generate",
        "an owl at night",
        "-n",
        "2",
        "--size",
        "256x192",
        "--seed",
        "5",
        "-o",
        str(tmp_path),
    )
    done = easel(*words, data=data)
    assert done.returncode == 0, done.stderr
    files = [Path(line) for line in done.stdout.splitlines()]
    assert len(files) == 2
    assert all(file.parent == tmp_path and file.read_bytes().startswith(PNG) for file in files)

    again = easel(*words, "--json", data=data)
    told = json.loads(again.stdout)
    assert told["status"] == "completed"
    assert [image["seed"] for image in told["images"]] == [5, 6]
    assert [Path(file).read_bytes() for file in told["files"]] == [file.read_bytes() for file in files]
    assert not (data / "postgres" / "data" / "postmaster.pid").exists()


def test_a_library_goes_out_and_in_again(data: Path, tmp_path: Path) -> None:
    made = easel("generate", "a moth", "--size", "128x128", "-o", str(tmp_path), data=data)
    (picture,) = (Path(line) for line in made.stdout.splitlines())
    file = tmp_path / "take-out.zip"
    done = easel("export", str(file), data=data)
    assert (done.returncode, done.stdout) == (0, f"{file}\n"), done.stderr
    with ZipFile(file) as zip:
        assert zip.testzip() is None
        originals = [zip.read(name) for name in zip.namelist() if name.startswith("originals/")]
    assert picture.read_bytes() in originals

    refused = easel("export", str(file), data=data)
    assert (refused.returncode, refused.stderr) == (1, f"easel: {file} is there already.\n")
    again = easel("import", str(file), "--json", data=data)
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert (told["images"], told["already_there"]) == (0, len(originals))

    broken = tmp_path / "broken.zip"
    broken.write_bytes(file.read_bytes()[:-100])
    failed = easel("import", str(broken), data=data)
    assert failed.returncode == 1
    assert failed.stderr.startswith("easel: ")
    assert "Traceback" not in failed.stderr
    assert not list(tmp_path.glob("*.part"))


def test_wrong_parameters_are_named_and_nothing_is_made(data: Path, tmp_path: Path) -> None:
    done = easel("generate", "an owl", "--steps", "99", "-p", "hue=3", "-o", str(tmp_path), data=data)
    assert done.returncode == 1
    assert "steps: " in done.stderr
    assert "parameters.hue: " in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_schema_goes_up_and_down(data: Path) -> None:
    assert migrations.head() in easel("db", "upgrade", data=data).stdout
    assert "nothing" in easel("db", "downgrade", "base", data=data).stdout
    assert migrations.head() in easel("db", "upgrade", data=data).stdout
    assert migrations.head() in easel("db", "status", data=data).stdout


def test_the_ledger_is_checked(data: Path) -> None:
    easel("db", "upgrade", data=data)
    done = easel("db", "check-ledger", data=data)
    assert (done.returncode, done.stdout) == (0, "The ledger adds up.\n"), done.stderr


def test_a_studio_elsewhere_that_is_not_there(data: Path) -> None:
    done = easel("generate", "an owl", "--url", "http://127.0.0.1:9", data=data)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr


def test_help_and_version(data: Path) -> None:
    assert __version__ in easel("--version", data=data).stdout
    helped = easel("generate", "--help", data=data).stdout
    for option in ("--model", "--num-images", "--output", "--json", "--url", "--token"):
        assert option in helped


@pytest.mark.anyio
async def test_pictures_from_a_studio_elsewhere(server: Server, worker: None, tmp_path: Path) -> None:
    member = await server.member()
    token = member.headers["Authorization"].removeprefix("Bearer ")
    process = await asyncio.create_subprocess_exec(
        *EASEL, "generate", "a fox", "--url", server.url, "--token", token, "-o", str(tmp_path), "--json",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0
    told = json.loads(out)
    files = told["files"]
    assert (
        await asyncio.to_thread(Path(files[0]).read_bytes)
        == (await member.get(told["images"][0]["url"])).content
    )
    listed = (await member.get("/api/images")).json()["items"]
    assert [image["id"] for image in listed] == [image["id"] for image in told["images"]]


@pytest.mark.anyio
async def test_a_take_out_from_one_studio_elsewhere_to_another(
    server: Server, worker: None, tmp_path: Path
) -> None:
    ada, grace = await server.member(), await server.member("grace@example.com")
    made = await ada.post("/api/images/generate", json={"prompt": "a fox"}, headers={"Prefer": "wait=30"})
    assert made.json()["status"] == "completed"
    file = str(tmp_path / "take-out.zip")
    told = []
    for client, word in ((ada, "export"), (grace, "import")):
        token = client.headers["Authorization"].removeprefix("Bearer ")
        process = await asyncio.create_subprocess_exec(
            *EASEL, word, file, "--url", server.url, "--token", token, "--json",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode == 0
        told.append(json.loads(out))
    assert told[0]["bytes"] > 0
    assert told[1] == NOTHING | {"images": 1, "generations": 1}
    assert len((await grace.get("/api/images")).json()["items"]) == 1


@pytest.mark.timeout(300)
def test_a_backup_is_made_and_restored_elsewhere(data: Path, tmp_path: Path) -> None:
    pictures = data / "files" / "originals"
    if not pictures.exists():
        made = easel("generate", "a heron", "--size", "128x128", "-o", str(tmp_path), data=data)
        assert made.returncode == 0, made.stderr
    file = tmp_path / "studio.easel"
    saved = easel("backup", str(file), data=data)
    assert saved.returncode == 0, saved.stderr
    assert "The studio's secret is in it" in saved.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    new = data.parent / "new"
    restored = easel("restore", str(file), data=new)
    assert restored.returncode == 0, restored.stderr
    assert (new / "secret").read_text() == (data / "secret").read_text()
    there = {path.name: path.read_bytes() for path in (new / "files" / "originals").rglob("*.*")}
    assert there == {path.name: path.read_bytes() for path in pictures.rglob("*.*")}
