"""ComfyUI under the contract, with a checkpoint and an upscaler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import SecretStr

from easel.providers.base import Model, Provider
from easel.providers.comfyui import ComfyUI
from tests.servers import comfyui as server
from tests.servers.comfyui import ComfyServer, serving_comfyui

from .stage import Fault, Stage, Subject

LISTS = {"samplers": server.SAMPLERS, "schedulers": server.SCHEDULERS}


class Met(ComfyUI):
    """ComfyUI as if its models were declared."""

    models: ClassVar[tuple[Model, ...]] = (
        ComfyUI().known("comfyui/v1-5", {"kind": "checkpoint", "name": server.CHECKPOINTS[0], **LISTS}),
        ComfyUI().known("comfyui/esrgan", {"kind": "upscaler", "name": server.UPSCALERS[0]}),
    )


FAULTS: Mapping[Fault, str] = {
    Fault.REFUSES_INPUT: "invalid",
    Fault.BROKEN: "broken",
    Fault.FAILS: "oom",
    Fault.CUT_OFF: "cut off",
    Fault.NO_PICTURE: "strange",
}


@dataclass
class Service:
    """The server, and the adapter's way to it."""

    server: ComfyServer
    secrets: Mapping[str, str] = field(default_factory=dict)

    def provider(self) -> Provider:
        return Met(SecretStr(self.server.url))

    def provoke(self, fault: Fault) -> None:
        self.server.faults.append(FAULTS[fault])

    def hold(self) -> None:
        self.server.holding.set()

    def release(self) -> None:
        self.server.holding.clear()

    @property
    def submissions(self) -> int:
        return self.server.taken

    @property
    def cancelled(self) -> int:
        return self.server.stopped


@contextmanager
def _open() -> Iterator[Stage]:
    with serving_comfyui() as running:
        yield Service(running)
        running.holding.clear()


SUBJECT = Subject("comfyui", Met, _open, faults=frozenset(FAULTS), keeps_requests=True)
