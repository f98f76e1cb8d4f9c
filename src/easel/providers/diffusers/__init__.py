"""Models that the worker itself runs, with PyTorch and diffusers: on its graphics card, or slowly without one.

Only a worker that has them (`make local`) takes the queue of these models; no other process loads PyTorch. `families`
and `folder` say what there is and what it takes, `engine` keeps what is loaded, `painting` makes the pictures.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import structlog

from easel.base.local_settings import LocalModels

from .. import checkpoints
from ..base import LOCAL, Call, Model, Produced, Request, Result, Secret
from ..errors import BadRequest, NotConfigured, OutcomeUnknown, ProviderError
from . import families, folder

if TYPE_CHECKING:
    from .engine import Engine
    from .painting import Told

__all__ = ["Diffusers"]

log = structlog.get_logger(__name__)

_LIBRARIES = ("torch", "diffusers", "transformers", "accelerate", "peft", "safetensors")


class Diffusers:
    """The provider. Its models are the pipelines that the local worker has."""

    id: ClassVar[str] = "local"
    title: ClassVar[str] = "This studio's own hardware"
    description: ClassVar[str] = (
        "Models that a worker of this studio runs itself, with PyTorch and diffusers."
    )
    secrets: ClassVar[tuple[Secret, ...]] = ()
    models: ClassVar[tuple[Model, ...]] = ()
    repeatable: ClassVar[bool] = True
    setting: ClassVar[str] = "EASEL_LOCAL_MODELS"
    queue: ClassVar[str] = LOCAL
    nobody: ClassVar[str] = (
        "No local worker is running. On the machine with the models: `make local` once, then `make serve`,"
        " or `easel worker --queues local` beside a studio that runs elsewhere."
    )
    seats: int | None = None
    # One on the device; one more waits in the queue, so that the device is never idle.
    seats_per_worker: int | None = 2

    def __init__(self, settings: LocalModels | None = None) -> None:
        self._settings = settings or LocalModels(_env_file=None)
        # One thread for ever: a pipeline is called by one at a time, and the device's memory is the limit anyway.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="diffusers")
        self._engine: Engine | None = None

    @property
    def configured(self) -> bool:
        return bool(self._settings.folder or self._settings.hub)

    @property
    def runs_here(self) -> bool:
        """Whether this machine has the libraries and knows of models."""
        return self.configured and not self._absent()

    @property
    def missing_here(self) -> str:
        """What this machine lacks, in words."""
        if absent := self._absent():
            return f"{', '.join(absent)} not installed on this machine; run `make local`, or install easel[local]."
        return f"set {self.setting} to the folder of your models."

    async def discover(self) -> tuple[Model, ...]:
        """The pipelines of the folder and of the hub that this machine can use."""
        found = await asyncio.to_thread(self._look)
        ids = checkpoints.slugs(self.id, (each["name"] for each in found))
        return tuple(self.known(ids[each["name"]], each) for each in found)

    def known(self, model_id: str, found: Mapping[str, Any]) -> Model:
        """A pipeline from what was kept of it."""
        return families.model_of(model_id, found)

    async def check(self, secrets: Mapping[str, str]) -> str:
        """That somebody takes the queue is known by whoever asks; here it is only said."""
        return "A local worker is running."

    async def generate(self, request: Request, call: Call) -> Result:
        """Make the pictures in the thread of the pipelines; a cancelled task ends it after the step it is at."""
        if request.operation.value not in {can.value for can in request.model.capabilities}:
            raise BadRequest(f"{request.model.name} cannot do {request.operation.value}.")
        if absent := self._absent():
            raise NotConfigured(f"{', '.join(absent)} not installed on this worker's machine.")
        course = _Course(asyncio.get_running_loop(), call)
        work = self._thread.submit(self._made, request, course)
        try:
            images = await asyncio.wrap_future(work)
        finally:
            course.stopped = True
        await course.heard()
        return Result(tuple(images))

    async def resume(self, request_id: str, request: Request, call: Call) -> Result:
        """Nothing is kept of a request: always raises `OutcomeUnknown`."""
        raise OutcomeUnknown

    async def cancel(self, request_id: str, secrets: Mapping[str, str]) -> None:
        """Nothing to do: cancelling the task of `generate` ends its work."""

    async def close(self) -> None:
        """Let the thread end; what it is at it ends after its step."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._engine = None

    def _made(self, request: Request, told: Told) -> list[Produced]:
        """In the thread of the pipelines, the only place where PyTorch is loaded."""
        from .engine import Engine
        from .painting import painted

        if self._engine is None:
            self._engine = Engine(self._settings)
        return painted(self._engine, request, told)

    def _absent(self) -> list[str]:
        return [name for name in _LIBRARIES if find_spec(name) is None]

    def _look(self) -> list[folder.Found]:
        place = self._settings.folder
        if place is not None and not place.is_dir():
            raise ProviderError(f"{self.setting}: there is no folder {place} on the local worker's machine.")
        found = list(folder.pipelines(place)) if place else []
        for name in self._settings.hub:
            try:
                found.append(folder.beside(place, folder.described(name, _index_at_hub(name), source="hub")))
            except (folder.NotOffered, OSError, ValueError) as error:
                log.warning("local.not_offered", pipeline=name, reason=str(error)[:300])
        return found


class _Course:
    """Carries what the thread tells to the loop that waits for it, in its order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, call: Call) -> None:
        self.stopped = False
        self._loop, self._call = loop, call
        self._told: list[concurrent.futures.Future[None]] = []

    def step(self, step: int, steps: int) -> None:
        self._tell(self._call.progress(step, steps))

    def preview(self, data: bytes) -> None:
        self._tell(self._call.preview(data))

    async def heard(self) -> None:
        """Return when all that was told has arrived."""
        await asyncio.gather(*map(asyncio.wrap_future, self._told))

    def _tell(self, words: Coroutine[Any, Any, None]) -> None:
        if self.stopped:
            words.close()
            return
        self._told.append(asyncio.run_coroutine_threadsafe(words, self._loop))


def _index_at_hub(name: str) -> dict[str, Any]:
    """A pipeline's index from the hub, or as it was kept of the last time. Raises `OSError`, `ValueError`."""
    from huggingface_hub import hf_hub_download

    read = json.loads(Path(hf_hub_download(name, folder.INDEX)).read_text())
    if not isinstance(read, dict):
        raise ValueError("its index cannot be read")
    return read
