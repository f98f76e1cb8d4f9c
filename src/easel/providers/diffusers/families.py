"""What a pipeline's class lets one expect: size, steps, samplers, what it can start from. Nothing here loads PyTorch.

The facts are data in `families.json`, by the class that a pipeline's ``model_index.json`` names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field, create_model

from ..base import Capability, Model, Options, Sizes
from ..pricing import Price

PRICE = Price(explanation="Free: runs on your own hardware.")
NONE = "none"
"""The choice of no LoRA and no ControlNet."""
LORAS = ("lora", "lora_2", "lora_3")
"""The options that each name a LoRA; with ``_scale`` behind, how much of it."""
SAMPLERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "euler": ("EulerDiscreteScheduler", {}),
    "euler a": ("EulerAncestralDiscreteScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
    "dpm++ 2m": ("DPMSolverMultistepScheduler", {}),
    "dpm++ 2m karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "dpm++ 2m sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    "unipc": ("UniPCMultistepScheduler", {}),
    "ddim": ("DDIMScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "pndm": ("PNDMScheduler", {"skip_prk_steps": True}),
    "lcm": ("LCMScheduler", {}),
}
"""Samplers of pipelines that predict noise: the class in diffusers, and what it is told."""
OWN_SAMPLER = "model's own"
_DOCUMENTATION = "https://huggingface.co/docs/diffusers"


class LocalOptions(Options):
    """What every pipeline takes; samplers and what goes with a model are added as they are there."""

    steps: int = Field(
        25,
        ge=1,
        le=150,
        title="Steps",
        description="How many steps the sampler takes: more are slower and finer.",
    )
    guidance: float = Field(
        7,
        ge=0,
        le=30,
        title="Guidance",
        description="How literally the prompt is taken (CFG). Distilled models want about 1.",
    )
    strength: float = Field(
        0.75,
        ge=0.05,
        le=1,
        title="Strength",
        description="How far a picture that is started from may change. Without one it says nothing.",
    )


@dataclass(frozen=True, slots=True)
class Family:
    """What pipelines of one class have in common.

    `text` says how it reads prompts: `clip` 75 tokens at a time and by weights, `t5` up to 512, `own` as it does.
    With `own_sampler` there is no other to choose. `latents` names the colours of their previews.
    """

    kind: str
    name: str
    size: int
    step: int
    steps: int
    guidance: float
    quality: int
    speed: int
    text: Literal["clip", "t5", "own"]
    negative: bool
    own_sampler: bool
    latents: str | None
    extras: tuple[str, ...]
    from_picture: bool
    inpaint: bool

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What such a pipeline can do, without what lies beside it."""
        can = {Capability.TEXT_TO_IMAGE, Capability.SEED, Capability.CUSTOM_SIZE}
        if self.from_picture:
            can |= {Capability.IMAGE_TO_IMAGE, Capability.VARIATION}
        if self.inpaint:
            can |= {Capability.INPAINT, Capability.OUTPAINT}
        if self.negative:
            can.add(Capability.NEGATIVE_PROMPT)
        if self.text == "clip":
            can.add(Capability.PROMPT_WEIGHTS)
        if self.latents:
            can.add(Capability.PREVIEWS)
        return frozenset(can)


def family(kind: str) -> Family | None:
    """The family of a pipeline's class; None for one that makes no pictures from words, or that is not known."""
    facts = _facts()
    from_picture, inpaint = kind in facts["image_to_image"], kind in facts["inpaint"]
    known = facts["families"].get(kind)
    if known is None:
        if not from_picture and kind not in facts["text_to_image_only"]:
            return None
        known = facts["other"] | {"name": kind.removesuffix("Pipeline")}
    return Family(
        kind=kind,
        from_picture=from_picture,
        inpaint=inpaint,
        **{**known, "extras": tuple(known["extras"])},
    )


def model_of(model_id: str, found: Mapping[str, Any]) -> Model:
    """A pipeline as a model, from what a worker found. Raises `ValueError` for a class that is not known."""
    known = family(found["class"])
    if known is None:
        raise ValueError(f"{found['class']} is not known")
    name = str(found["name"])
    distilled = re.search(_facts()["distilled"]["match"], name, re.IGNORECASE)
    expected = {"steps": known.steps, "guidance": known.guidance, "speed": known.speed}
    if distilled:
        expected |= {key: value for key, value in _facts()["distilled"].items() if key != "match"}
    size = int(found.get("size") or known.size)
    capabilities = set(known.capabilities)
    if found.get("ip_adapters"):
        capabilities.add(Capability.STYLE_IMAGE)
    return Model(
        id=model_id,
        name=name.rpartition("/")[2],
        description=f"{known.name}: {name}, run on this studio's own hardware.",
        version="1",
        capabilities=frozenset(capabilities),
        options=_options(known, expected, found),
        sizes=Sizes(minimum=64, maximum=2048, step=known.step, default=(size, size)),
        price=PRICE,
        category="self-hosted",
        speed=int(expected["speed"]),
        quality=known.quality,
        best_use="Pictures that never leave your own machines.",
        licence="As the model's maker says.",
        documentation_url=_DOCUMENTATION,
        found=dict(found),
    )


def _options(known: Family, expected: Mapping[str, Any], found: Mapping[str, Any]) -> type[Options]:
    described = LocalOptions.model_fields
    fields: dict[str, Any] = {}
    for name, kind, most in (("steps", int, 150), ("guidance", float, 30)):
        fields[name] = (
            kind,
            Field(
                expected[name],
                ge=1 if name == "steps" else 0,
                le=most,
                title=described[name].title,
                description=described[name].description,
            ),
        )
    if not known.own_sampler:
        fields["sampler"] = _choice(OWN_SAMPLER, SAMPLERS, "Sampler", "How noise is taken away step by step.")
    if known.text == "clip":
        fields["clip_skip"] = (
            int,
            Field(0, ge=0, le=8, title="Clip skip", description="Layers of the text encoder left out."),
        )
    if loras := found.get("loras"):
        # As many at once as there are, up to three.
        for name, order in zip(LORAS[: len(loras)], ("LoRA", "Second LoRA", "Third LoRA"), strict=False):
            fields[name] = _choice(NONE, loras, order, "An adapter of the folder `loras`.")
            fields[f"{name}_scale"] = _scale(1.0, f"{order} strength", "How much it changes.")
    if controls := found.get("controls"):
        fields["control"] = _choice(
            NONE, controls, "ControlNet", "Keeps the structure of the picture that it starts from."
        )
        fields["control_scale"] = _scale(1.0, "ControlNet strength", "How strictly the structure is kept.")
        fields["control_edges"] = (
            bool,
            Field(
                False,
                title="ControlNet sees edges",
                description="Hands the picture's edges to the ControlNet, as those named canny want them.",
            ),
        )
    if adapters := found.get("ip_adapters"):
        fields["ip_adapter"] = _choice(
            None, adapters, "IP-Adapter", "What carries over the style of a second picture."
        )
        fields["ip_adapter_scale"] = _scale(0.6, "Style strength", "How much of the second picture shows.")
    made: type[Options] = create_model(
        "LocalPipelineOptions", __base__=LocalOptions, __doc__="What this pipeline takes.", **fields
    )
    return made


def _choice(none: str | None, names: Sequence[str] | Mapping[str, Any], title: str, description: str) -> Any:
    values = (*((none,) if none else ()), *names)
    return (Literal[values], Field(values[0], title=title, description=description))


def _scale(default: float, title: str, description: str) -> Any:
    return (float, Field(default, ge=0, le=2, title=title, description=description))


@cache
def _facts() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        files("easel.providers.diffusers").joinpath("families.json").read_text()
    )
    return read
