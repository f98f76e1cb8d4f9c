"""Pipelines on one device: loaded when they are asked for, kept within a budget of memory, the longest unused let go.

It is used by one thread at a time, for schedulers and adapters are parts of a pipeline and change with every call.
"""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import structlog
import torch
import transformers
from diffusers import (
    AutoPipelineForImage2Image,
    AutoPipelineForInpainting,
    ControlNetModel,
    DiffusionPipeline,
)

from easel.base.local_settings import LocalModels

from ..base import Operation
from ..errors import OutOfMemory
from . import folder
from .failures import is_out_of_memory

log = structlog.get_logger(__name__)

_GRAPHICS_SHARE = 0.8
_MACHINE_SHARE = 0.5
_GB = 1 << 30

for _library in (diffusers, transformers):
    _library.utils.logging.set_verbosity_error()
    _library.utils.logging.disable_progress_bar()


@dataclass
class Loaded:
    """A pipeline with its weights, and the ControlNets that were used with it. `size` is in bytes."""

    pipeline: Any
    size: int
    offloaded: bool = False
    controls: dict[str, Any] = field(default_factory=dict)
    scheduler: Any = None

    def for_operation(self, operation: Operation, control: Any = None) -> Any:
        """A pipeline for an operation, on the same weights."""
        kind = {
            Operation.IMAGE_TO_IMAGE: AutoPipelineForImage2Image,
            Operation.VARIATION: AutoPipelineForImage2Image,
            Operation.INPAINT: AutoPipelineForInpainting,
            Operation.OUTPAINT: AutoPipelineForInpainting,
        }.get(operation)
        pipe = self.pipeline
        if kind is not None:
            pipe = kind.from_pipe(self.pipeline, **({} if control is None else {"controlnet": control}))
        pipe.set_progress_bar_config(disable=True)
        return pipe


class Engine:
    """The device of this worker and what is loaded on it."""

    def __init__(self, settings: LocalModels) -> None:
        self._settings = settings
        self.device = torch.device(_device(settings.device))
        self.budget = int(settings.memory_gb * _GB) if settings.memory_gb else _usual_budget(self.device)
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()

    @property
    def used(self) -> int:
        """Bytes of everything loaded."""
        return sum(each.size for each in self._loaded.values())

    @property
    def names(self) -> tuple[str, ...]:
        """What is loaded, the longest unused first."""
        return tuple(self._loaded)

    def pipeline(self, found: Mapping[str, Any]) -> Loaded:
        """A pipeline, loaded if it is not yet. Raises `NotOffered`, `OutOfMemory`."""
        name = str(found["name"])
        if name in self._loaded:
            self._loaded.move_to_end(name)
            return self._loaded[name]
        hub = found["source"] == "hub"
        path = name if hub else str(folder.inside(self._settings.folder, name))
        variant, on_disk = (None, 0) if hub else folder.weights(Path(path))
        self._make_room(on_disk)
        log.info("local.loading", pipeline=name, device=str(self.device))
        loaded = self._fitting(name, self._read(path, variant, found, hub=hub))
        self._loaded[name] = loaded
        self._make_room(0, keep=name)
        log.info("local.loaded", pipeline=name, megabytes=loaded.size >> 20, offloaded=loaded.offloaded)
        return loaded

    def control(self, loaded: Loaded, name: str) -> Any:
        """A ControlNet of the folder, kept as long as the pipeline. Raises `NotOffered`."""
        if name not in loaded.controls:
            path = folder.inside(self._settings.folder, folder.CONTROLNETS, name)
            net = ControlNetModel.from_pretrained(
                str(path), dtype=loaded.pipeline.dtype, use_safetensors=True, local_files_only=True
            )
            loaded.controls = {name: net if loaded.offloaded else net.to(self.device)}
            loaded.size = _weight(loaded.pipeline) + _bytes_of(net)
        return loaded.controls[name]

    def adapter(self, kind: str, name: str) -> Path:
        """The file of a LoRA or IP-Adapter. Raises `NotOffered`."""
        return folder.inside(self._settings.folder, kind, f"{name}.safetensors")

    def forget(self, *, but: Loaded | None = None) -> bool:
        """Let go of everything else; whether there was anything."""
        others = [name for name, each in self._loaded.items() if each is not but]
        for name in others:
            del self._loaded[name]
        self._sweep()
        return bool(others)

    def _read(self, path: str, variant: str | None, found: Mapping[str, Any], *, hub: bool) -> Any:
        try:
            index = DiffusionPipeline.load_config(path, local_files_only=not hub)
            # Parts that are left out, such as T5 of Stable Diffusion 3, are to be named.
            left_out = {name: None for name, part in index.items() if part == [None, None]}
            return DiffusionPipeline.from_pretrained(
                path,
                **left_out,
                dtype=_precision(self.device, found),
                variant=variant,
                use_safetensors=True,
                local_files_only=not hub,
            )
        except OSError as error:
            raise folder.NotOffered(f"it could not be read: {str(error)[:300]}") from error

    def _fitting(self, name: str, pipeline: Any) -> Loaded:
        """The pipeline on the device, or where it is larger than the budget with one part at a time on it."""
        size = _weight(pipeline)
        loaded = Loaded(pipeline, size, scheduler=pipeline.scheduler)
        if size <= self.budget:
            self._make_room(size)
            try:
                pipeline.to(self.device)
                return loaded
            except RuntimeError as error:
                if not is_out_of_memory(error) or not self.forget():
                    raise
                pipeline.to(self.device)
                return loaded
        if self.device.type != "cuda":
            raise OutOfMemory(
                f"{name} takes {size / _GB:.1f} GB; EASEL_LOCAL_MEMORY_GB allows {self.budget / _GB:.1f}."
            )
        loaded.offloaded = True
        return loaded

    def _make_room(self, wanted: int, keep: str | None = None) -> None:
        """Let go of what was not used the longest until `wanted` bytes fit."""
        let_go = False
        while self._loaded and self.used + wanted > self.budget:
            name = next(iter(self._loaded))
            if name == keep:
                break
            del self._loaded[name]
            log.info("local.let_go", pipeline=name)
            let_go = True
        if let_go:
            self._sweep()

    def _sweep(self) -> None:
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def _device(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _usual_budget(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory * _GRAPHICS_SHARE)
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _MACHINE_SHARE)


def _precision(device: torch.device, found: Mapping[str, Any]) -> torch.dtype:
    """Half precision on graphics cards; transformers overflow in the smaller kind of it."""
    if device.type == "cpu":
        return torch.float32
    if device.type == "cuda" and not str(found["class"]).startswith(
        ("StableDiffusionP", "StableDiffusionXL")
    ):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float16


def _weight(pipeline: Any) -> int:
    """Bytes of a pipeline's weights."""
    return sum(_bytes_of(part) for part in pipeline.components.values() if isinstance(part, torch.nn.Module))


def _bytes_of(module: torch.nn.Module) -> int:
    return sum(each.nbytes for each in (*module.parameters(), *module.buffers()))
