"""An AUTOMATIC1111-compatible server under the contract, with a checkpoint and an upscaler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import SecretStr

from easel.providers.a1111 import A1111
from easel.providers.base import Model, Provider
from tests.servers import a1111 as server
from tests.servers.a1111 import A1111Server, serving_a1111

from .stage import Fault, Stage, Subject

LISTS = {"samplers": server.SAMPLERS, "schedulers": server.SCHEDULERS}


class Met(A1111):
    """The adapter as if its models were declared."""

    models: ClassVar[tuple[Model, ...]] = (
        A1111().known("a1111/v1-5", {"kind": "checkpoint", "name": "v1-5-pruned.safetensors", **LISTS}),
        A1111().known("a1111/esrgan", {"kind": "upscaler", "name": server.UPSCALERS[2]}),
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

    server: A1111Server
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
    with serving_a1111() as running:
        yield Service(running)
        running.holding.clear()


SUBJECT = Subject("a1111", Met, _open, faults=frozenset(FAULTS))
