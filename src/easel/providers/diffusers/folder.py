"""What a folder of models holds: pipelines, LoRAs, ControlNets and IP-Adapters. Nothing here loads PyTorch.

Only safetensors are taken. The older files (.bin, .ckpt, .pt) are Python pickles, and whoever made one can have it
run any program where it is opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog

from . import families

log = structlog.get_logger(__name__)

LORAS, CONTROLNETS, IP_ADAPTERS = "loras", "controlnets", "ip-adapters"
INDEX = "model_index.json"
_BESIDE = (LORAS, CONTROLNETS, IP_ADAPTERS)
_DEPTH = 3
_CONTROL_CLASSES = ("ControlNetModel",)
_PICKLES = (".bin", ".ckpt", ".pt", ".pth")

Found = dict[str, Any]


class NotOffered(ValueError):
    """A pipeline cannot be used; the text says why."""


def pipelines(folder: Path) -> tuple[Found, ...]:
    """Every pipeline of the folder that can be used, with what goes with it; the others are logged with the reason."""
    return tuple(_readable(folder, found, path) for found, path in _indexes(folder))


def described(name: str, index: Mapping[str, Any], *, source: str) -> Found:
    """What an index tells of a pipeline. Raises `NotOffered`."""
    kind = index.get("_class_name")
    known = families.family(kind) if isinstance(kind, str) else None
    if known is None:
        raise NotOffered(f"{kind} is no pipeline that Easel knows to make pictures from words")
    return {"source": source, "name": name, "class": known.kind}


def beside(folder: Path | None, found: Found) -> Found:
    """The same with the LoRAs, ControlNets and IP-Adapters of the folder that such a pipeline takes."""
    known = families.family(found["class"])
    if folder is None or known is None:
        return found
    more: dict[str, list[str]] = {}
    if "lora" in known.extras:
        more["loras"] = sorted(path.stem for path in folder.glob(f"{LORAS}/*.safetensors"))
    if "control" in known.extras:
        more["controls"] = sorted(_controlnets(folder))
    if "ip-adapter" in known.extras:
        more["ip_adapters"] = sorted(path.stem for path in folder.glob(f"{IP_ADAPTERS}/*.safetensors"))
    return found | {name: values for name, values in more.items() if values}


def weights(path: Path) -> tuple[str | None, int]:
    """The variant of a pipeline's weights to load, and their bytes. Raises `NotOffered` for one without safetensors."""
    plain, halved = [], []
    pickled = []
    for part in sorted(each for each in path.iterdir() if each.is_dir()):
        files = [each for each in part.iterdir() if each.is_file()]
        tensors = [each for each in files if each.suffix == ".safetensors"]
        fp16 = [each for each in tensors if ".fp16" in each.name]
        if not tensors and any(each.suffix in _PICKLES for each in files):
            pickled.append(part.name)
        plain.append([each for each in tensors if ".fp16" not in each.name])
        halved.append(fp16)
    if pickled:
        raise NotOffered(
            f"{', '.join(pickled)}: only pickled weights (.bin), which can run any program when they are opened;"
            " convert the pipeline to safetensors"
        )
    variant = None
    if any(half and not whole for half, whole in zip(halved, plain, strict=True)):
        variant = "fp16"
    chosen = [
        half if variant and half else whole
        for half, whole in zip(halved, plain, strict=True)
        if half or whole
    ]
    if not chosen:
        raise NotOffered("it has no weights in safetensors")
    return variant, sum(each.stat().st_size for files in chosen for each in files)


def inside(folder: Path | None, *parts: str) -> Path:
    """A path in the folder. Raises `NotOffered` where there is none such, or it leads out."""
    if folder is None:
        raise NotOffered("EASEL_LOCAL_MODELS is not set on this machine")
    path = folder.joinpath(*parts)
    if not path.resolve().is_relative_to(folder.resolve()) or not path.exists():
        raise NotOffered(f"{'/'.join(parts)} is not in {folder} on this machine any more")
    return path


def _indexes(folder: Path) -> Iterator[tuple[Found, Path]]:
    for index in sorted(_walk(folder, _DEPTH)):
        path = index.parent
        name = path.relative_to(folder).as_posix()
        try:
            found = described(name, _json(index), source="folder")
            weights(path)
        except NotOffered as error:
            log.warning("local.not_offered", pipeline=name, reason=str(error))
            continue
        yield found, path


def _readable(folder: Path, found: Found, path: Path) -> Found:
    size = _size(path, families.family(found["class"]))
    return beside(folder, found | ({"size": size} if size else {}))


def _size(path: Path, known: families.Family | None) -> int | None:
    """The side of the pictures that a pipeline was trained on, where its parts tell."""
    if known is None:
        return None
    for part in ("unet", "transformer"):
        config, vae = _json(path / part / "config.json"), _json(path / "vae" / "config.json")
        sample = config.get("sample_size")
        blocks = vae.get("block_out_channels")
        if part == "unet" and isinstance(sample, int) and isinstance(blocks, list) and blocks:
            size: int = sample * 2 ** (len(blocks) - 1)
            return min(2048, max(64, size - size % known.step))
    return None


def _controlnets(folder: Path) -> Iterator[str]:
    for config in (folder / CONTROLNETS).glob("*/config.json"):
        if _json(config).get("_class_name") in _CONTROL_CLASSES and list(config.parent.glob("*.safetensors")):
            yield config.parent.name


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """The indexes below a folder; there is none inside of a pipeline."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _BESIDE or not entry.is_dir():
            continue
        if (entry / INDEX).is_file():
            yield entry / INDEX
        elif depth > 1:
            yield from _walk(entry, depth - 1)


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
