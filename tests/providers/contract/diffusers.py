"""Models on the worker's own machine under the contract: a tiny pipeline on disk, and the real code on the CPU."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from easel.base.local_settings import LocalModels
from easel.providers.base import Model, Produced, Provider, Request
from easel.providers.diffusers import Diffusers, families
from tests.providers.local import tiny

from .stage import Fault, Stage, Subject

if TYPE_CHECKING:
    from easel.providers.diffusers.painting import Told

NAME = "tiny-turbo"
"""Named so, few steps are usual."""


class Met(Diffusers):
    """The provider as if its model were declared, and watched."""

    models: ClassVar[tuple[Model, ...]] = (
        families.model_of(
            f"local/{NAME}",
            {"source": "folder", "name": NAME, "class": "StableDiffusionPipeline", "size": 64},
        ),
    )

    def __init__(self, machine: Machine) -> None:
        super().__init__(
            LocalModels(_env_file=None, EASEL_LOCAL_MODELS=machine.folder, EASEL_LOCAL_DEVICE="cpu")
        )
        self._machine = machine

    def _made(self, request: Request, told: Told) -> list[Produced]:
        self._machine.submissions += 1
        try:
            return super()._made(request, Held(told, self._machine))
        finally:
            self._machine.mend()
            self._machine.cancelled += told.stopped


@dataclass
class Held:
    """Lets a pipeline wait after its step while the machine is held, as long as anybody wants the picture."""

    told: Told
    machine: Machine

    @property
    def stopped(self) -> bool:
        while not self.told.stopped and not self.machine.going.wait(0.02):
            pass
        return self.told.stopped

    def step(self, step: int, steps: int) -> None:
        self.told.step(step, steps)

    def preview(self, data: bytes) -> None:
        self.told.preview(data)


@dataclass
class Machine:
    """A folder with a pipeline, and what became of requests."""

    folder: Path
    secrets: Mapping[str, str] = field(default_factory=dict)
    submissions: int = 0
    cancelled: int = 0
    going: threading.Event = field(default_factory=threading.Event)

    def provider(self) -> Provider:
        return Met(self)

    def provoke(self, fault: Fault) -> None:
        self._weights.rename(self._weights.with_suffix(".away"))

    def mend(self) -> None:
        if (away := self._weights.with_suffix(".away")).exists():
            away.rename(self._weights)

    def hold(self) -> None:
        self.going.clear()

    def release(self) -> None:
        self.going.set()

    @property
    def _weights(self) -> Path:
        return self.folder / NAME / "unet" / "diffusion_pytorch_model.safetensors"


@contextmanager
def _open() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        tiny.stable_diffusion(Path(folder), NAME)
        machine = Machine(Path(folder))
        machine.release()
        yield machine
        machine.release()


SUBJECT = Subject("diffusers", Met, _open, faults=frozenset({Fault.FAILS}))
