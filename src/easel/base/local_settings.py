"""Settings of models that run on the worker's own machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from easel.base.section import Section

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,2})?")


class LocalModels(Section):
    """Models that workers run themselves with PyTorch and diffusers; `make local` installs those."""

    folder: Path | None = Field(
        None,
        alias="EASEL_LOCAL_MODELS",
        description="A folder whose subfolders are diffusers pipelines (each with a `model_index.json`);"
        " `loras`, `controlnets` and `ip-adapters` in it hold what goes with them.",
    )
    hub: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="EASEL_LOCAL_HUB_MODELS",
        description="Pipelines of the Hugging Face Hub, separated by commas, such as"
        " `stabilityai/stable-diffusion-xl-base-1.0`; they are downloaded at their first use.",
    )
    device: str = Field(
        "auto",
        alias="EASEL_LOCAL_DEVICE",
        description="`cuda`, `cuda:1`, `mps` or `cpu`; `auto`: the first of these that there is.",
    )
    memory_gb: float | None = Field(
        None,
        alias="EASEL_LOCAL_MEMORY_GB",
        gt=0,
        le=10_000,
        description="How much the loaded pipelines may take together; empty: four fifths of the graphics memory,"
        " or half of the machine's.",
    )

    @field_validator("folder")
    @classmethod
    def _whole(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("hub", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = tuple(part.strip() for part in value.split(",") if part.strip())
        if not all(isinstance(part, str) and _HUB_ID.fullmatch(part) for part in value):
            raise ValueError("must look like owner/name,owner/name")
        return value

    @field_validator("device")
    @classmethod
    def _known_device(cls, value: str) -> str:
        if not _DEVICE.fullmatch(value):
            raise ValueError("must be auto, cpu, mps, cuda or cuda:number")
        return value
