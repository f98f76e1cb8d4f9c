"""The providers of a process; those of other packages are shown by the how-to's own example."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from easel.app.open import ready_providers
from easel.base.settings import BadSettings, Settings, load
from easel.providers.base import Sizes
from easel.providers.registry import Providers, load_providers
from tests.plugins.painter import Painter

HOW_TO = Path(__file__).parents[2] / "docs" / "howto" / "add-a-provider.md"

# A process of its own, so that the package is found as an installed one is: by its metadata on the path.
PROGRAM = """
import asyncio
from easel.app.open import open_studio
from easel.app.api import create_app
from easel.base.settings import load
from tests.plugins.studio import serving
from easel.app.worker import working
import os

async def main():
    settings = load()
    async with open_studio(settings, os.environ["TEST_DATABASE"]) as studio:
        async with serving(settings, studio) as server, working(studio, grace=1):
            client = await server.member()
            model = (await client.get("/api/models/plain/color")).json()
            assert model["parameters"]["properties"]["brightness"]["maximum"] == 255, model
            ids = [model["id"] for model in (await client.get("/api/models")).json()["items"]]
            assert "plain/color" in ids and "sketch/sketch-1" in ids, ids
            body = {"prompt": "anything", "seed": 7, "num_images": 2, "size": "32x16", "model": "plain/color"}
            wrong = {**body, "parameters": {"brightness": 256}}
            answer = await client.post("/api/images/generate", json=wrong)
            assert answer.json()["errors"][0]["field"] == "parameters.brightness", answer.text
            right = {**body, "parameters": {"brightness": 200}}
            answer = await client.post("/api/images/generate", json=right, headers={"Prefer": "wait=20"})
            assert answer.status_code == 200, answer.text
            images = answer.json()["images"]
            assert [(i["width"], i["height"], i["seed"]) for i in images] == [(32, 16, 7), (32, 16, 8)]
            assert (await client.get(images[0]["url"])).content.startswith(b"\\x89PNG")
            print("it works")

asyncio.run(main())
"""


def blocks(language: str) -> str:
    """The how-to's block of code in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    return str(found)


def installed(folder: Path) -> Path:
    """A folder in which the how-to's package is installed, as pip would have left it."""
    import tomllib

    project = tomllib.loads(blocks("toml"))["project"]
    (folder / "easel_plain.py").write_text(blocks("python"))
    facts = folder / f"easel_plain-{project['version']}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1\n")
    groups = project["entry-points"]
    lines = [f"[{group}]\n{name} = {target}\n" for group in groups for name, target in groups[group].items()]
    (facts / "entry_points.txt").write_text("\n".join(lines))
    return folder


def test_the_how_to_makes_a_provider_that_generates(tmp_path: Path, database_url: str) -> None:
    root = Path(__file__).parents[2]
    packages = tmp_path / "packages"
    packages.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{installed(packages)}{os.pathsep}{root}",
        "EASEL_DATA": str(tmp_path),
        "STORAGE_URL": "memory://",
        "TEST_DATABASE": database_url,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "it works" in done.stdout


def test_the_example_of_the_how_to_is_short() -> None:
    assert len(blocks("python").splitlines()) < 75


def test_a_package_that_fails_to_load_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = installed(tmp_path)
    (folder / "easel_plain.py").write_text("raise RuntimeError('broken package')")
    monkeypatch.syspath_prepend(str(folder))
    with capture_logs() as logs:
        providers = load_providers(load())
    assert [line["event"] for line in logs] == ["providers.load_failed"]
    assert logs[0]["provider"] == "plain"
    assert providers.model("sketch/sketch-1") is not None
    assert providers.model("plain/color") is None


def test_two_providers_of_one_name_and_models_of_another() -> None:
    with pytest.raises(ValueError, match="two providers are called painter"):
        Providers([Painter(), Painter()])

    class Stranger(Painter):
        id = "stranger"

    with pytest.raises(ValueError, match="must begin with stranger/"):
        Providers([Stranger()])


def test_finds_models_and_their_providers() -> None:
    painter = Painter()
    providers = Providers([painter])
    model = providers.model("painter/plain")
    assert model is not None
    assert providers.of(model) is painter
    assert providers.model("painter/gone") is None
    assert list(providers) == [painter]


def test_a_default_model_that_is_not_there_stops_the_start(settings: Settings) -> None:
    settings = settings.model_copy(update={"default_model": "painter/gone"})
    with pytest.raises(BadSettings, match=r"EASEL_DEFAULT_MODEL.*sketch/sketch-1"):
        ready_providers(settings)


@pytest.mark.parametrize(
    ("sizes", "width", "height", "words"),
    [
        (Sizes(), 64, 2048, None),
        (Sizes(), 63, 64, "width must be between 64 and 2048"),
        (Sizes(), 64, 2049, "height must be between"),
        (Sizes(step=32), 96, 100, "height must be a multiple of 32"),
        (Sizes(max_pixels=10_000), 101, 100, "at most 10000 pixels"),
        (Sizes(min_pixels=10_000), 99, 101, "at least 10000 pixels"),
        (Sizes(max_ratio=3), 64, 193, "at most 3 times the shorter"),
        (Sizes(max_ratio=3), 192, 64, None),
        (Sizes(only=((64, 64), (64, 96))), 64, 96, None),
        (Sizes(only=((64, 64), (64, 96))), 96, 64, "must be one of 64x64, 64x96"),
    ],
)
def test_sizes_say_why_not(sizes: Sizes, width: int, height: int, words: str | None) -> None:
    reason = sizes.why_not(width, height)
    assert reason is None if words is None else words in (reason or "")
