"""What the contract asks of a service that stands in for the real one, and what a call is told.

`Subject` says how to open one; `tests.providers.contract.subjects` lists them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from easel.providers import errors
from easel.providers.base import Operation, Provider


class Fault(StrEnum):
    """What a service can be made to do to the next request. Each has its place in `EXPECTED`."""

    REFUSES_CONTENT = "refuses the content"
    REFUSES_INPUT = "refuses the input"
    NO_CREDIT = "has no credit left"
    RATE_LIMIT = "limits the rate"
    BROKEN = "answers the submission with 500"
    FAILS = "takes the request and fails to make anything"
    CUT_OFF = "takes the request, and the connection breaks before the answer"
    NO_PICTURE = "answers with something else than a picture"


@dataclass(frozen=True)
class Expected:
    """The error that a fault becomes; where `taken` is given, whether the service may have begun."""

    error: type[errors.ProviderError]
    taken: bool | None = None


EXPECTED: Mapping[Fault, Expected] = {
    Fault.REFUSES_CONTENT: Expected(errors.ContentRefused),
    Fault.REFUSES_INPUT: Expected(errors.BadRequest),
    Fault.NO_CREDIT: Expected(errors.OutOfCredit),
    Fault.RATE_LIMIT: Expected(errors.RateLimited, taken=False),
    Fault.BROKEN: Expected(errors.Unavailable),
    Fault.FAILS: Expected(errors.ProviderError),
    Fault.CUT_OFF: Expected(errors.ProviderError, taken=True),
    Fault.NO_PICTURE: Expected(errors.ProviderError),
}


class Stage(Protocol):
    """A service at work for one test, and the adapter's way to it."""

    secrets: Mapping[str, str]
    """Keys that the service accepts; empty where it wants none."""

    def provider(self) -> Provider:
        """A new adapter, as a new process would make it; the test closes it."""
        ...

    def provoke(self, fault: Fault) -> None:
        """Let the next request meet this fault."""
        ...

    def hold(self) -> None:
        """Let what is submitted from now on run without end, until `release`."""
        ...

    def release(self) -> None:
        """Let everything that was held finish."""
        ...

    @property
    def submissions(self) -> int:
        """How many requests for pictures the service took: what it would want money for."""
        ...

    @property
    def cancelled(self) -> int:
        """How many requests the service was told to stop, or saw its client leave."""
        ...


@dataclass(frozen=True)
class Subject:
    """A provider under the contract.

    `open` starts its service; `kind` is the adapter, or one made without a service, for what it declares.
    `faults` are those that the service can show. `keeps_requests`: it gives ids and can be asked again by them;
    `holds`: its requests can be held, to be cancelled. `sizes_exact` are the operations whose results have the very
    size that was asked for.
    """

    name: str
    kind: Provider | type[Provider]
    open: Callable[[], AbstractContextManager[Stage]]
    faults: frozenset[Fault] = frozenset(Fault)
    keeps_requests: bool = False
    holds: bool = True
    sizes_exact: frozenset[Operation] = frozenset(
        {Operation.TEXT_TO_IMAGE, Operation.INPAINT, Operation.OUTPAINT, Operation.UPSCALE}
        | {Operation.REMOVE_BACKGROUND}
    )


@dataclass
class Listener:
    """A `Call` that keeps what it is told."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    webhook_url: str | None = None
    accepted_ids: list[str] = field(default_factory=list)
    steps: list[tuple[int, int]] = field(default_factory=list)
    previews: list[bytes] = field(default_factory=list)
    has_id: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def accepted(self, request_id: str) -> None:
        self.accepted_ids.append(request_id)
        self.has_id.set()

    async def progress(self, step: int, steps: int) -> None:
        self.steps.append((step, steps))

    async def preview(self, data: bytes) -> None:
        self.previews.append(data)

    async def news(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.told.wait()
            self.told.clear()
        except TimeoutError:
            pass
