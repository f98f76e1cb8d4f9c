"""Replicate under the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.responses import Response

from easel.providers.base import Provider
from easel.providers.replicate import Replicate
from tests.servers import replicate as server
from tests.servers.replicate import ReplicateService
from tests.servers.serving import KEY, cut_off, serving

from .stage import Fault, Stage, Subject

FAULTS: Mapping[Fault, server.Answer] = {
    Fault.REFUSES_INPUT: server.answers(422, "- input.prompt: is required", title="Input validation failed"),
    Fault.NO_CREDIT: server.answers(402, "You have insufficient credit to run this model."),
    Fault.RATE_LIMIT: server.answers(429, "Request was throttled.", retry_after=3),
    Fault.BROKEN: server.answers(500, "Something went wrong."),
    Fault.CUT_OFF: lambda request: cut_off(),
    Fault.NO_PICTURE: lambda request: Response("<html>Welcome</html>", media_type="text/html"),
}


@dataclass
class Service:
    """The server, and the adapter's way to it."""

    url: str
    server: ReplicateService
    secrets: Mapping[str, str] = field(default_factory=lambda: {"api_key": KEY})

    def provider(self) -> Provider:
        return Replicate(self.url, interval=0.02)

    def provoke(self, fault: Fault) -> None:
        if fault in (Fault.FAILS, Fault.REFUSES_CONTENT):
            self.server.ends = "failed"
            if fault is Fault.REFUSES_CONTENT:
                self.server.words = "NSFW content detected. Try running it again, or try a different prompt."
        else:
            self.server.faults.append(FAULTS[fault])

    def hold(self) -> None:
        self.server.held.set()

    def release(self) -> None:
        self.server.held.clear()

    @property
    def submissions(self) -> int:
        return self.server.submissions

    @property
    def cancelled(self) -> int:
        return self.server.cancelled


@contextmanager
def _open() -> Iterator[Stage]:
    service = ReplicateService()
    with serving(service.app()) as url:
        yield Service(url, service)


SUBJECT = Subject("replicate", Replicate, _open, keeps_requests=True)
