"""fal's models as its documentation describes them: what they take, what is wrong with an input, what they make.

`schemas.json` holds the input types of the apps served here. A field that an app does not have is refused, which is
stricter than fal is: a misspelt one would otherwise go unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips

from .. import pictures

APPS: Mapping[str, Mapping[str, Any]] = json.loads((Path(__file__).parent / "schemas.json").read_text())
PRESETS = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
}
RANGES: Mapping[str, tuple[float, float]] = {
    "num_images": (1, 4),
    "num_samples": (1, 4),
    "num_inference_steps": (1, 50),
    "guidance_scale": (0, 35),
    "strength": (0.01, 1),
    "upscale_factor": (1, 4),
    "creativity": (0, 1),
    "resemblance": (0, 1),
    "image_prompt_strength": (0, 1),
    "controlnet_conditioning_scale": (0, 2),
    "reference_strength": (0, 1),
    **{f"expand_{side}": (0, 2048) for side in ("left", "right", "top", "bottom")},
}
NARROWER: Mapping[tuple[str, str], tuple[float, float]] = {
    ("fal-ai/flux/schnell", "num_inference_steps"): (1, 12),
    ("fal-ai/flux/dev", "guidance_scale"): (1, 20),
    ("fal-ai/flux-2", "num_inference_steps"): (4, 50),
    ("fal-ai/flux-2", "guidance_scale"): (0, 20),
    ("fal-ai/flux-2/edit", "num_inference_steps"): (4, 50),
    ("fal-ai/fast-sdxl", "guidance_scale"): (0, 20),
    ("fal-ai/clarity-upscaler", "guidance_scale"): (0, 20),
    ("fal-ai/clarity-upscaler", "num_inference_steps"): (4, 50),
}

Load = Callable[[str], bytes | None]
"""The file at an address that an input names; None where there is none."""


class Refused(Exception):
    """An input is wrong: pydantic's words, as fal's apps answer them with 422."""

    def __init__(self, field: str, kind: str, message: str, context: Mapping[str, Any] | None = None) -> None:
        self.body = {
            "detail": [
                {
                    "loc": ["body", field],
                    "msg": message,
                    "type": kind,
                    "url": f"https://docs.fal.ai/errors/#{kind}",
                    **({"ctx": dict(context)} if context else {}),
                }
            ]
        }


@dataclass(frozen=True)
class Output:
    """What an app made: its JSON with places for addresses, and the files that go there."""

    body: dict[str, Any]
    files: tuple[tuple[bytes, str, int, int], ...]
    units: float


def checked(app: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the app's defaults. Raises `Refused`."""
    fields = APPS[app]["input"]
    for name in sent:
        if name not in fields:
            raise Refused(name, "extra_forbidden", "Extra inputs are not permitted")
    full = {name: field["default"] for name, field in fields.items() if "default" in field}
    for name, field in fields.items():
        if name in sent:
            _check(app, name, field["type"], sent[name])
            full[name] = sent[name]
        elif field.get("required"):
            raise Refused(name, "missing", "Field required")
    return full


def make(app: str, sent: Mapping[str, Any], full: Mapping[str, Any], load: Load) -> Output:
    """Run an app on checked arguments. Raises `Refused` for files that cannot be had or read."""
    about = APPS[app]
    seed = int(full.get("seed", 4_242))
    form = _form(app, full)
    count = int(full.get("num_images", 1))
    words = json.dumps([app, {k: v for k, v in full.items() if k not in _PLAIN}], sort_keys=True)
    made = [_picture(app, sent, full, load, words, seed + 10_000 * number) for number in range(count)]
    files = tuple((pictures.file_of(image, form), form, image.width, image.height) for image in made)
    body: dict[str, Any] = {"seed": seed} if about["seed"] else {}
    if about["nsfw"]:
        body |= {
            "has_nsfw_concepts": [False] * count,
            "prompt": full.get("prompt", ""),
            "timings": {"inference": 0.1},
        }
    pixels = sum(image.width * image.height for image in made)
    return Output(body, files, round(pixels / 1_000_000, 4))


_PLAIN = ("seed", "num_images", "sync_mode", "output_format", "format", "acceleration", "image_url", "image_urls",
          "mask_url", "mask_image_url")  # fmt: skip


def _picture(
    app: str, sent: Mapping[str, Any], full: Mapping[str, Any], load: Load, words: str, seed: int
) -> pyvips.Image:
    source = full.get("image_url") or next(iter(full.get("image_urls") or ()), None)
    image = _loaded(load, "image_url", source) if source else None
    if "background" in app or "birefnet" in app:
        assert image is not None
        return pictures.cut_out(image)
    if "upscale" in app:
        assert image is not None
        return pictures.upscaled(image, float(full["upscale_factor"]))
    if app.endswith("/outpaint"):
        assert image is not None
        grow = {side: int(full.get(f"expand_{side}", 0)) for side in ("left", "right", "top", "bottom")}
        return pictures.outpainted(image, words, seed, **grow)
    mask = full.get("mask_url") or full.get("mask_image_url")
    if mask:
        assert image is not None
        return pictures.inpainted(image, _loaded(load, "mask_url", mask), words, seed)
    for extra in ("control_image_url", "face_image_url", "reference_image_url"):
        if full.get(extra):
            # What it shows must matter to the result, or a test could not tell that it arrived.
            words += str(pictures.read(pictures.file_of(_loaded(load, extra, full[extra]), "png")).avg())
    width, height = _size(sent, full, image)
    if image is None or app.endswith("ultra"):
        return pictures.paint(words, seed, width, height)
    reworked = pictures.reworked(image, words, seed, float(full.get("strength", 0.5)))
    return reworked.resize(width / image.width, vscale=height / image.height)


def _size(sent: Mapping[str, Any], full: Mapping[str, Any], image: pyvips.Image | None) -> tuple[int, int]:
    size = sent.get("image_size") if image is not None else full.get("image_size")
    if isinstance(size, dict):
        return int(size["width"]), int(size["height"])
    if size in PRESETS:
        return PRESETS[size]
    if "width" in full and "height" in full:
        return int(full["width"]), int(full["height"])
    ratio = sent.get("aspect_ratio") if image is not None else full.get("aspect_ratio")
    if ratio:
        across, down = map(int, ratio.split(":"))
        side = 1024.0
        return round((side * side * across / down) ** 0.5 / 16) * 16, round(
            (side * side * down / across) ** 0.5 / 16
        ) * 16
    return (image.width, image.height) if image is not None else (1024, 1024)


def _form(app: str, full: Mapping[str, Any]) -> str:
    asked = full.get("output_format") or full.get("format")
    return {"jpg": "jpeg"}.get(str(asked), str(asked)) if asked else "png"


def _loaded(load: Load, field: str, address: str) -> pyvips.Image:
    data = load(address)
    if data is None:
        raise Refused(field, "file_download_error", "Failed to download the file.")
    try:
        image = pictures.read(data)
        image.avg()
        return image
    except pyvips.Error as error:
        raise Refused(field, "image_load_error", "Failed to load the image.") from error


def _check(app: str, name: str, kind: str, value: Any) -> None:
    quoted = re.findall(r'"([^"]*)"', kind)
    if kind == "num":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(name, "float_type", "Input should be a valid number")
        least, most = NARROWER.get((app, name)) or RANGES.get(name) or (float("-inf"), float("inf"))
        if value < least:
            raise Refused(
                name, "greater_than_equal", f"Input should be greater than or equal to {least}", {"ge": least}
            )
        if value > most:
            raise Refused(
                name, "less_than_equal", f"Input should be less than or equal to {most}", {"le": most}
            )
    elif kind == "bool":
        if not isinstance(value, bool):
            raise Refused(name, "bool_type", "Input should be a valid boolean")
    elif "SIZE" in kind or "ImageSize" in kind:
        _check_size(name, quoted, value)
    elif kind.endswith("[]"):
        if not isinstance(value, list):
            raise Refused(name, "list_type", "Input should be a valid list")
        for item in value:
            if kind == "LoraWeight[]" and not (isinstance(item, dict) and item.get("path")):
                raise Refused(name, "missing", "Field required: path")
    elif not isinstance(value, str):
        raise Refused(name, "string_type", "Input should be a valid string")
    elif quoted and value not in quoted and not kind.endswith("|str"):
        raise Refused(name, "literal_error", f"Input should be one of {quoted}", {"expected": quoted})
    elif kind == "URL" and not value.startswith(("http://", "https://", "data:")):
        raise Refused(name, "file_download_error", "Input should be a valid URL")


def _check_size(name: str, words: list[str], value: Any) -> None:
    if isinstance(value, str):
        if value not in (*PRESETS, *words):
            raise Refused(name, "literal_error", "Input should be a size preset or an object")
    elif not isinstance(value, dict) or set(value) != {"width", "height"}:
        raise Refused(name, "missing", "Input should have width and height")
    elif not all(isinstance(side, int) and 0 < side <= 14_142 for side in value.values()):
        raise Refused(name, "less_than_equal", "Input should be less than or equal to 14142", {"le": 14_142})
