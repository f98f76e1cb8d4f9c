"""Models made of what a self-hosted server has: a checkpoint that paints, and an upscaler that enlarges.

A server tells only names. What a name lets one expect (size, steps, guidance) is data in `checkpoints.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, create_model

from .base import Capability, Model, Options, Sizes
from .pricing import Price

PRICE = Price(explanation="Free: runs on a server of your own.")
_LONGEST_SLUG = 120
_STEPS = "How many steps the sampler takes: more are slower and finer."
_GUIDANCE = "How literally the prompt is taken (CFG). Distilled checkpoints want about 1."
_STRENGTH = "How far a picture that is started from may change. Without one it says nothing."


class CheckpointOptions(Options):
    """What every checkpoint takes; samplers and schedulers are added as the server has them."""

    steps: int = Field(25, ge=1, le=150, title="Steps", description=_STEPS)
    guidance: float = Field(7, ge=0, le=30, title="Guidance", description=_GUIDANCE)
    strength: float = Field(0.75, ge=0.05, le=1, title="Strength", description=_STRENGTH)


class UpscalerOptions(Options):
    """An upscaler takes nothing but the picture."""


def slugs(provider_id: str, names: Iterable[str]) -> dict[str, str]:
    """A model id for every name; the same name gets the same one as long as no other is spelled alike."""
    ids: dict[str, str] = {}
    for name in sorted(set(names)):
        plain = re.sub(r"\.(safetensors|ckpt|pth|pt|bin|sft|gguf)$", "", name.lower())
        slug = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:_LONGEST_SLUG]
        if not slug or f"{provider_id}/{slug}" in ids.values():
            slug = f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
        ids[name] = f"{provider_id}/{slug}"
    return ids


def checkpoint(
    model_id: str,
    name: str,
    *,
    server: str,
    capabilities: frozenset[Capability],
    samplers: Sequence[str],
    schedulers: Sequence[str],
    usual: tuple[str, str],
    found: dict[str, Any],
    documentation_url: str,
) -> Model:
    """A checkpoint as a model; `usual` are the sampler and scheduler to use where nothing is said."""
    family = _family(name)
    distilled = re.search(_expectations()["distilled"]["match"], name, re.IGNORECASE)
    expected = {**family, **(_expectations()["distilled"] if distilled else {})}
    size = family["size"]
    return Model(
        id=model_id,
        name=_shown(name),
        description=f"The checkpoint {name} on your own {server} server.",
        version="1",
        capabilities=capabilities,
        options=_options(expected, samplers, schedulers, usual),
        sizes=Sizes(minimum=64, maximum=2048, step=8, default=(size, size)),
        price=PRICE,
        category="self-hosted",
        speed=expected["speed"],
        quality=expected["quality"],
        best_use=f"{family['name']} on your own hardware: nothing leaves the house.",
        licence="As the checkpoint's maker says.",
        documentation_url=documentation_url,
        found=found,
    )


def upscaler(
    model_id: str, name: str, *, server: str, found: dict[str, Any], documentation_url: str
) -> Model:
    """An upscaler as a model."""
    return Model(
        id=model_id,
        name=_shown(name),
        description=f"The upscaler {name} on your own {server} server.",
        version="1",
        capabilities=frozenset({Capability.UPSCALE}),
        options=UpscalerOptions,
        sizes=Sizes(minimum=64, maximum=8192, default=(2048, 2048)),
        max_images=1,
        price=PRICE,
        category="self-hosted",
        speed=3,
        quality=3,
        best_use="Enlarging pictures on your own hardware.",
        licence="As the upscaler's maker says.",
        documentation_url=documentation_url,
        found=found,
    )


def _options(
    expected: dict[str, Any], samplers: Sequence[str], schedulers: Sequence[str], usual: tuple[str, str]
) -> type[Options]:
    fields: dict[str, Any] = {
        "steps": (int, Field(expected["steps"], ge=1, le=150, title="Steps", description=_STEPS)),
        "guidance": (
            float,
            Field(expected["guidance"], ge=0, le=30, title="Guidance", description=_GUIDANCE),
        ),
    }
    for field, title, values, first in (
        ("sampler", "Sampler", samplers, usual[0]),
        ("scheduler", "Scheduler", schedulers, usual[1]),
    ):
        if values:
            words = f"The {field}s of your server."
            default = first if first in values else values[0]
            fields[field] = (Literal[tuple(values)], Field(default, title=title, description=words))
    made: type[Options] = create_model(
        "CheckpointOptions", __base__=CheckpointOptions, __doc__="What this checkpoint takes.", **fields
    )
    return made


def _shown(name: str) -> str:
    """``SDXL/juggernaut_v9.safetensors [1a2b]`` as people know it: juggernaut_v9."""
    plain = re.sub(r"\s*\[[0-9a-f]+\]$", "", name.replace("\\", "/"))
    return re.sub(r"\.(safetensors|ckpt|pth|pt|bin|sft|gguf)$", "", PurePosixPath(plain).name) or name


def _family(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        family for family in _expectations()["families"] if re.search(family["match"], name, re.IGNORECASE)
    )
    return found


@cache
def _expectations() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("easel.providers").joinpath("checkpoints.json").read_text())
    return read
