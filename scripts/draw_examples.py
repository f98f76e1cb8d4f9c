"""Draws the studio's example pictures with Sketch: one for each style, and the showcase of the landing page.

Run it when Sketch has learned something: ``.venv/bin/python scripts/draw_examples.py`` (``--only styles`` or
``--only showcase`` for one of the two). Same prompts and seeds, same pictures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyvips

from easel.providers.base import Operation, Request
from easel.providers.sketch import Sketch

ROOT = Path(__file__).resolve().parents[1]
STYLES = ROOT / "web" / "public" / "styles"
SHOWCASE = ROOT / "web" / "public" / "showcase"

STYLE_SIDE = 192
STYLE_BYTES = 8_000
SHOWCASE_WIDTH = 768
SHOWCASE_SMALL = 384
SHOWCASE_BYTES = 90_000
_QUALITIES = (90, 86, 82, 78, 74, 68, 62, 56, 50, 44, 38, 32)


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to draw; `name` is the file's, for the showcase."""

    prompt: str
    style: str = "auto"
    seed: int = 1
    name: str = ""
    size: tuple[int, int] = (1024, 1024)
    steps: int = 24


STYLE_SCENE = Scene("a red fox on a hill at sunset")
"""What every style shows, so that the looks can be compared."""

STYLE_SCENES: Mapping[str, Scene] = {}
"""Styles that show something else, because it suits them better."""

PICTURES: Sequence[Scene] = (
    Scene("a lighthouse on a rocky coast at sunset", "oil", 7, "lighthouse", (1024, 1280)),
    Scene("a little house in a village", "isometric", 7, "house", (1024, 1024)),
    Scene("a red fox in the snow at dusk", "watercolor", 7, "fox", (1280, 960)),
    Scene("a hot air balloon over rolling hills at golden hour", "low-poly", 7, "balloon", (1024, 1280)),
    Scene("a whale under the sea", "paper-cut", 7, "whale", (1280, 720)),
    Scene("a deer by a lake in autumn", "photographic", 7, "deer", (1280, 960)),
    Scene("a rocket above the clouds", "pixel-art", 7, "rocket", (1024, 1024)),
    Scene("three sunflowers in a field", "oil", 7, "sunflowers", (1024, 1024)),
)
"""The first four stand at the top of the landing page, the others in its gallery."""


class Silent:
    """The listener that a drawing needs, for which there is nobody here."""

    def __init__(self) -> None:
        self.secrets: Mapping[str, str] = {}
        self.webhook_url: str | None = None

    async def accepted(self, request_id: str) -> None:
        """Nothing to keep."""

    async def progress(self, step: int, steps: int) -> None:
        """Nobody waits."""

    async def preview(self, data: bytes) -> None:
        """Nobody looks."""

    async def news(self, seconds: float) -> None:
        """Nobody tells."""


async def draw(sketch: Sketch, scene: Scene, size: tuple[int, int]) -> Any:
    """One picture as a pyvips image of `size`."""
    model = sketch.models[0]
    width, height = size
    options = model.options.model_validate({"style": scene.style, "steps": scene.steps})
    request = Request(
        model=model,
        operation=Operation.TEXT_TO_IMAGE,
        prompt=scene.prompt,
        negative_prompt="",
        width=width,
        height=height,
        seed=scene.seed,
        num_images=1,
        output_format="png",
        options=options,
    )
    made = await sketch.generate(request, Silent())
    return pyvips.Image.new_from_buffer(made.images[0].data, "")


def webp(image: Any, width: int, height: int, limit: int) -> bytes:
    """The image at this size as WebP of at most `limit` bytes, as good as fits."""
    small = image.thumbnail_image(width, height=height, size="force")
    data = b""
    for quality in _QUALITIES:
        data = bytes(small.webpsave_buffer(Q=quality, effort=6, smart_subsample=True, keep="none"))
        if len(data) <= limit:
            break
    return data


async def draw_styles(sketch: Sketch) -> None:
    """`<style>.webp` for every style preset, and nothing else in the folder."""
    presets = json.loads(files("easel.features.catalogue").joinpath("styles.json").read_text())
    wanted = {f"{preset['id']}.webp" for preset in presets}
    STYLES.mkdir(parents=True, exist_ok=True)
    for preset in presets:
        name = preset["id"]
        scene = STYLE_SCENES.get(name, STYLE_SCENE)
        styled = Scene(scene.prompt, name, scene.seed, steps=scene.steps)
        image = await draw(sketch, styled, (2 * STYLE_SIDE, 2 * STYLE_SIDE))
        write(STYLES / f"{name}.webp", webp(image, STYLE_SIDE, STYLE_SIDE, STYLE_BYTES), STYLE_BYTES)
    clear(STYLES, wanted)


async def draw_showcase(sketch: Sketch) -> None:
    """The pictures of the landing page in two widths, and the list that it reads."""
    SHOWCASE.mkdir(parents=True, exist_ok=True)
    listed = []
    wanted = {"showcase.json"}
    for scene in PICTURES:
        width, height = SHOWCASE_WIDTH, round(SHOWCASE_WIDTH * scene.size[1] / scene.size[0])
        small = SHOWCASE_SMALL, round(SHOWCASE_SMALL * scene.size[1] / scene.size[0])
        image = await draw(sketch, scene, scene.size)
        names = (f"{scene.name}.webp", f"{scene.name}-small.webp")
        write(SHOWCASE / names[0], webp(image, width, height, SHOWCASE_BYTES), SHOWCASE_BYTES)
        write(SHOWCASE / names[1], webp(image, *small, SHOWCASE_BYTES // 3), SHOWCASE_BYTES // 3)
        wanted.update(names)
        listed.append(
            {
                "file": names[0],
                "small": names[1],
                "prompt": scene.prompt,
                "style": scene.style,
                "width": width,
                "height": height,
            }
        )
    (SHOWCASE / "showcase.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n")
    clear(SHOWCASE, wanted)


def write(path: Path, data: bytes, limit: int) -> None:
    """Write a file and say how large it came out."""
    if len(data) > limit:
        raise SystemExit(f"{path.name} has {len(data)} bytes; at most {limit} are wanted")
    path.write_bytes(data)
    print(f"{path.relative_to(ROOT)}  {len(data) / 1000:.1f} kB")


def clear(folder: Path, wanted: set[str]) -> None:
    """Delete pictures that are drawn no longer."""
    for path in folder.iterdir():
        if path.is_file() and path.name not in wanted:
            path.unlink()


async def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=("styles", "showcase"), help="draw one of the two")
    only = parser.parse_args().only
    sketch = Sketch()
    try:
        if only != "showcase":
            await draw_styles(sketch)
        if only != "styles":
            await draw_showcase(sketch)
    finally:
        await sketch.close()


if __name__ == "__main__":
    asyncio.run(main())
